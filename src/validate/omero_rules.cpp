// What holds for "omero", which says how channels are shown.
#include <cctype>
#include <cmath>
#include <optional>
#include <string>

#include "ome/concat.h"
#include "validate/findings.h"
#include "validate/subject.h"

namespace mifa::validate {
namespace {

using ome::concat;

constexpr const char* kOmero = "https://ngff.openmicroscopy.org/0.5/#omero-md";
constexpr std::int64_t kMostChannels = 4'096;

std::int64_t channel_count(const Subject& subject) {
  const JsonView channels = subject.where["channels"];
  return channels.is_array() ? std::min(channels.size(), kMostChannels) : 0;
}

void check_channels(const Subject& subject, Findings& findings) {
  const JsonView channels = subject.where["channels"];
  if (!subject.where.is_object() || !channels.is_array()) {
    findings.at(channels.exists() ? channels : subject.where, "\"omero\" lists no channels.",
                "an object with an array \"channels\"");
  }
}

void check_form(const Subject& subject, Findings& findings) {
  struct Member {
    const char* key;
    bool (JsonView::*right)() const;
    const char* expected;
  };
  static constexpr Member kMembers[] = {
      {"label", &JsonView::is_string, "a string"},
      {"family", &JsonView::is_string, "a string such as \"linear\""},
      {"active", &JsonView::is_boolean, "true or false"},
      {"window", &JsonView::is_object, "an object with min, max, start and end"},
  };
  for (std::int64_t i = 0; i < channel_count(subject); ++i) {
    const JsonView channel = subject.where["channels"][i];
    if (!channel.is_object()) {
      findings.at(channel, "A channel is not described by an object.",
                  "an object with label, color and window");
      continue;
    }
    for (const Member& member : kMembers) {
      const JsonView value = channel[member.key];
      if (value.exists() && !(value.*member.right)()) {
        findings.at(value, concat("The channel's \"", member.key, "\" has the wrong type."),
                    member.expected);
      }
    }
  }
}

bool is_hex_color(const std::string& text) {
  if (text.size() != 6) return false;
  for (const char c : text) {
    if (!std::isxdigit(static_cast<unsigned char>(c))) return false;
  }
  return true;
}

void check_color(const Subject& subject, Findings& findings) {
  for (std::int64_t i = 0; i < channel_count(subject); ++i) {
    const JsonView color = subject.where["channels"][i]["color"];
    if (!color.exists() || is_hex_color(color.string().value_or(""))) continue;
    findings.at(color, "The channel's colour cannot be read.",
                "six hexadecimal digits such as \"FF8000\"");
  }
}

// Required by the text of all versions; the schemas require them up to 0.4.
void check_required(const Subject& subject, Findings& findings) {
  if (subject.version.minor > 4) return;
  for (std::int64_t i = 0; i < channel_count(subject); ++i) {
    const JsonView channel = subject.where["channels"][i];
    for (const char* key : {"color", "window"}) {
      if (channel.is_object() && !channel[key].exists()) {
        findings.at(channel, concat("The channel has no ", key, "."),
                    concat("a member \"", key, "\""));
      }
    }
  }
}

void check_recommended(const Subject& subject, Findings& findings) {
  if (subject.version.minor <= 4) return;
  for (std::int64_t i = 0; i < channel_count(subject); ++i) {
    const JsonView channel = subject.where["channels"][i];
    for (const char* key : {"color", "window"}) {
      if (channel.is_object() && !channel[key].exists()) {
        findings.at(channel, concat("The channel has no ", key, "."),
                    concat("a member \"", key, "\""));
      }
    }
  }
}

void check_window(const Subject& subject, Findings& findings) {
  for (std::int64_t i = 0; i < channel_count(subject); ++i) {
    const JsonView window = subject.where["channels"][i]["window"];
    if (!window.is_object()) continue;
    for (const char* key : {"min", "max", "start", "end"}) {
      const auto number = window[key].number();
      if (number && std::isfinite(*number)) continue;
      findings.at(window[key].exists() ? window[key] : window,
                  window[key].exists() ? "A bound of the channel's window is not a number."
                                       : concat("The channel's window has no \"", key, "\"."),
                  "numbers for min, max, start and end");
      break;
    }
  }
}

void check_window_order(const Subject& subject, Findings& findings) {
  for (std::int64_t i = 0; i < channel_count(subject); ++i) {
    const JsonView window = subject.where["channels"][i]["window"];
    const auto low = window["start"].number(), high = window["end"].number();
    const auto least = window["min"].number(), most = window["max"].number();
    if (low && high && *low >= *high) {
      findings.at(window, "The channel's window is empty: its end is not above its start.",
                  "start < end", "Write the range of values to show.");
    } else if (least && most && *least > *most) {
      findings.at(window, "The window's min is above its max.", "min ≤ max",
                  "Exchange the two.");
    }
  }
}

void check_defaults(const Subject& subject, Findings& findings) {
  const JsonView rdefs = subject.where["rdefs"];
  if (rdefs.exists() && !rdefs.is_object()) {
    findings.at(rdefs, "\"rdefs\" is not an object.", "an object");
    return;
  }
  for (const char* key : {"defaultZ", "defaultT"}) {
    const JsonView value = rdefs[key];
    if (!value.exists()) continue;
    const auto index = value.integer();
    if (!index || *index < 0) {
      findings.at(value, "The plane to show first is no index.", "a whole number from 0");
    }
  }
}

constexpr Rule kRules[] = {
    {.id = "ome-zarr/omero-channels",
     .severity = Severity::kError,
     .kind = Kind::kOmero,
     .applies_to = "all versions",
     .spec = kOmero,
     .title = "\"omero\" lists channels",
     .why = "It is there to describe channels; programs expect the list.",
     .fix = "List the channels, or leave \"omero\" out.",
     .check = check_channels},
    {.id = "ome-zarr/omero-type",
     .severity = Severity::kError,
     .kind = Kind::kOmero,
     .applies_to = "all versions",
     .spec = kOmero,
     .title = "Settings of channels have the right types",
     .why = "Programs cannot use the setting.",
     .fix = "Correct the setting or leave it out.",
     .check = check_form},
    {.id = "ome-zarr/omero-color",
     .severity = Severity::kError,
     .kind = Kind::kOmero,
     .applies_to = "all versions",
     .spec = kOmero,
     .title = "Colours are six hexadecimal digits",
     .why = "Programs show the channel in another colour, or not at all.",
     .fix = "Write red, green and blue as two hexadecimal digits each, without \"#\".",
     .check = check_color},
    {.id = "ome-zarr/omero-required",
     .severity = Severity::kError,
     .kind = Kind::kOmero,
     .applies_to = "0.1 to 0.4",
     .spec = kOmero,
     .title = "Channels have a colour and a window",
     .why = "Every program shows the channel otherwise.",
     .fix = "Add them.",
     .check = check_required},
    {.id = "ome-zarr/omero-recommended",
     .severity = Severity::kWarning,
     .kind = Kind::kOmero,
     .applies_to = "0.5 and later",
     .spec = kOmero,
     .title = "Channels have a colour and a window",
     .why = "Every program shows the channel otherwise.",
     .fix = "Add them.",
     .check = check_recommended},
    {.id = "ome-zarr/omero-window",
     .severity = Severity::kError,
     .kind = Kind::kOmero,
     .applies_to = "all versions",
     .spec = kOmero,
     .title = "Windows have min, max, start and end",
     .why = "Programs cannot tell what to show as black and as white.",
     .fix = "Add the missing bound as a plain number.",
     .check = check_window},
    {.id = "ome-zarr/omero-window-order",
     .severity = Severity::kWarning,
     .kind = Kind::kOmero,
     .applies_to = "all versions",
     .spec = kOmero,
     .title = "Windows end above their start",
     .why = "The channel is shown as one flat colour.",
     .fix = "Write the range of values to show.",
     .check = check_window_order},
    {.id = "ome-zarr/omero-rdefs",
     .severity = Severity::kWarning,
     .kind = Kind::kOmero,
     .applies_to = "all versions",
     .spec = kOmero,
     .title = "The plane to show first is a plane of the image",
     .why = "Programs start at another plane.",
     .fix = "Correct the index.",
     .check = check_defaults},
};

}  // namespace

std::span<const Rule> omero_rules() { return kRules; }

}  // namespace mifa::validate
