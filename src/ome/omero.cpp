#include "ome/omero.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdlib>
#include <string>

#include "ome/concat.h"

namespace mifa::ome {
namespace {

constexpr Rgb kWhite = {255, 255, 255};
constexpr Rgb kPrimaries[3] = {{255, 0, 0}, {0, 255, 0}, {0, 0, 255}};

std::optional<int> hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return std::nullopt;
}

void report(const JsonView& place, IssueLog& log, const char* rule, Severity severity,
            std::string_view message, std::string_view expected, std::string_view fix) {
  log.at(
      place,
      {.rule = rule, .severity = severity, .message = message, .expected = expected, .fix = fix});
}

// A member that may be absent or null; anything else but the wanted type is an issue.
void check_type(const JsonView& value, bool right, const char* expected, IssueLog& log) {
  if (!value.exists() || value.is_null() || right) return;
  report(value, log, "ome-zarr/omero-type", Severity::kError,
         "A display setting has the wrong type and is not used.", expected,
         "Correct the setting or leave it out.");
}

// In the place of the minor version: metadata that a store made of a file that has no such settings.
constexpr int kMadeUp = 1000;

// Since 0.5 the schema no longer asks for colour and window, though the text still does.
void report_missing(const JsonView& channel, const char* what, int minor, IssueLog& log) {
  if (minor == kMadeUp) return;
  report(channel, log, "ome-zarr/omero-required",
         minor <= 4 ? Severity::kError : Severity::kWarning,
         concat("The channel has no ", what, "."), concat("a member \"", what, "\""),
         "Add it, so that every program shows the channel alike.");
}

// 0xRRGGBB; OMERO's own 0xRRGGBBAA, which is negative from half red on; or [r, g, b].
std::optional<Rgb> color_of_numbers(const JsonView& value) {
  Rgb color{};
  auto packed = value.integer();
  if (packed && *packed >= INT32_MIN && *packed <= UINT32_MAX) {
    if (*packed < 0 || *packed > 0xFFFFFF) packed = (*packed & 0xFFFFFFFF) >> 8;
    for (std::size_t i = 0; i < 3; ++i) {
      color[i] = static_cast<std::uint8_t>(*packed >> (16 - 8 * i) & 0xFF);
    }
    return color;
  }
  if (!value.is_array() || value.size() < 3) return std::nullopt;
  for (int i = 0; i < 3; ++i) {
    const auto part = value[i].integer();
    if (!part || *part < 0 || *part > 255) return std::nullopt;
    color[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(*part);
  }
  return color;
}

std::optional<Rgb> read_color(const JsonView& channel, int minor, IssueLog& log) {
  const JsonView value = channel["color"];
  if (!value.exists()) {
    report_missing(channel, "color", minor, log);
    return std::nullopt;
  }
  const auto text = value.string();
  auto color = text ? parse_color(*text) : std::nullopt;
  if (color) return color;
  color = color_of_numbers(value);
  report(value, log, "ome-zarr/omero-color", Severity::kError,
         color ? "The channel's colour is written as numbers, read as red, green and blue."
               : "The channel's colour cannot be read.",
         "six hexadecimal digits such as \"FF8000\"",
         "Write red, green and blue as two hexadecimal digits each, as a string.");
  return color;
}

// One bound. Wrong types are issues; an absent one too when it is required.
std::optional<double> read_bound(const JsonView& window, const char* key, int minor,
                                 IssueLog& log) {
  const JsonView value = window[key];
  const auto number = value.number();
  if (number && std::isfinite(*number)) return number;
  if (value.exists()) {
    // "255", as a string.
    const auto text = value.string().value_or("");
    char* end = nullptr;
    const double written = std::strtod(text.c_str(), &end);
    const bool read = !text.empty() && *end == 0 && std::isfinite(written);
    report(value, log, "ome-zarr/omero-window", Severity::kError,
           read ? "A bound of the channel's window is a string; the number in it is used."
                : "A bound of the channel's window is not a number.",
           "a number", "Write the bound as a plain number.");
    if (read) return written;
  } else {
    report(window, log, "ome-zarr/omero-window", minor <= 4 ? Severity::kError : Severity::kWarning,
           concat("The channel's window has no \"", key, "\"."),
           "numbers for min, max, start and end", "Add the missing bound.");
  }
  return std::nullopt;
}

std::optional<Window> read_window(const JsonView& channel, int minor, IssueLog& log) {
  const JsonView value = channel["window"];
  if (!value.exists() || value.is_null()) {
    report_missing(channel, "window", minor, log);
    return std::nullopt;
  }
  if (!value.is_object()) {
    check_type(value, false, "an object with min, max, start and end", log);
    return std::nullopt;
  }
  Window window;
  window.min = read_bound(value, "min", minor, log);
  window.max = read_bound(value, "max", minor, log);
  const auto start = read_bound(value, "start", minor, log);
  const auto end = read_bound(value, "end", minor, log);
  if (window.min && window.max && *window.min > *window.max) {
    report(value, log, "ome-zarr/omero-window", Severity::kWarning,
           "The window's min is above its max; both are left out.", "min ≤ max",
           "Exchange the two.");
    window.min = window.max = std::nullopt;
  }
  if (!start || !end) return std::nullopt;
  if (*end <= *start) {
    report(value, log, "ome-zarr/omero-window", Severity::kWarning,
           "The window is empty: its end is not above its start. It is worked out from the "
           "pixels instead.",
           "start < end", "Write the range of values to show.");
    return std::nullopt;
  }
  window.start = *start;
  window.end = *end;
  return window;
}

Channel read_channel(const JsonView& value, int minor, IssueLog& log) {
  Channel channel;
  if (!value.is_object()) {
    report(value, log, "ome-zarr/omero-type", Severity::kError,
           "A channel is not described by an object.", "an object with label, color and window",
           "Describe the channel by an object.");
    return channel;
  }
  const JsonView label = value["label"];
  channel.label = label.string().value_or("");
  check_type(label, label.is_string(), "a string", log);
  channel.color = read_color(value, minor, log);
  channel.window = read_window(value, minor, log);
  const JsonView active = value["active"];
  channel.active = active.boolean();
  check_type(active, active.is_boolean(), "true or false", log);
  const JsonView inverted = value["inverted"];
  channel.inverted = inverted.boolean().value_or(false);
  check_type(inverted, inverted.is_boolean(), "true or false", log);
  const JsonView coefficient = value["coefficient"];
  const double factor = coefficient.number().value_or(1);
  check_type(coefficient, coefficient.is_number(), "a number", log);
  channel.coefficient = std::isfinite(factor) && factor > 0 ? factor : 1;
  const JsonView family = value["family"];
  check_type(family, family.is_string(), "a string such as \"linear\"", log);
  // OMERO's linear and logarithmic maps take no coefficient.
  const auto shape = family.string();
  if (shape == "linear" || shape == "logarithmic") channel.coefficient = 1;
  const JsonView lut = value["lut"];
  channel.lut = lut.string().value_or("");
  check_type(lut, lut.is_string(), "a string such as \"fire.lut\"", log);
  return channel;
}

std::optional<std::int64_t> read_default(const JsonView& rdefs, const char* key, IssueLog& log) {
  const JsonView value = rdefs[key];
  const auto index = value.integer();
  check_type(value, index.has_value(), "an index from 0", log);
  return index;
}

// The default within [0, extent), or nothing when the image has no such axis.
std::optional<std::int64_t> clamp_default(std::optional<std::int64_t> index, const char* key,
                                          const Multiscale& image, int axis, const JsonView& omero,
                                          IssueLog& log) {
  if (!index || axis < 0) return std::nullopt;
  const std::int64_t last = image.extent(axis) - 1;
  if (*index >= 0 && *index <= last) return index;
  report(omero["rdefs"][key], log, "ome-zarr/omero-rdefs", Severity::kWarning,
         "The plane to show first is not in the image; the nearest one is shown.",
         concat("an index from 0 to ", last), "Correct the index.");
  return std::clamp<std::int64_t>(*index, 0, last);
}

bool means(const std::string& label, std::string_view word) {
  if (label.empty() || (label.size() != 1 && label.size() != word.size())) return false;
  for (std::size_t i = 0; i < label.size(); ++i) {
    if (std::tolower(static_cast<unsigned char>(label[i])) != word[i]) return false;
  }
  return true;
}

bool full_range(const Channel& channel) {
  return !channel.window || (channel.window->start == 0 && channel.window->end == 255);
}

// See Multiscale::rgb.
bool is_rgb(const Omero& omero, const Multiscale& image) {
  if (image.c_axis < 0 || image.extent(image.c_axis) != 3 || omero.greyscale) return false;
  if (image.levels.front().array.data_type != zarr::DataType::kUInt8) return false;
  constexpr std::string_view kWords[] = {"red", "green", "blue"};
  const bool named = means(image.axes[static_cast<std::size_t>(image.c_axis)].name, "rgb") &&
                     image.axes[static_cast<std::size_t>(image.c_axis)].name.size() == 3;
  for (std::size_t i = 0; i < 3; ++i) {
    const Channel& channel = image.channels[i];
    if (channel.inverted || channel.coefficient != 1 || !full_range(channel)) return false;
    // A colour decides; only where there is none, the name does.
    if (channel.color ? *channel.color != kPrimaries[i]
                      : !named && !means(channel.label, kWords[i])) {
      return false;
    }
  }
  return true;
}

}  // namespace

std::optional<Rgb> parse_color(std::string_view text) {
  if (text.starts_with('#')) text.remove_prefix(1);
  if (text.size() != 3 && text.size() != 6 && text.size() != 8) return std::nullopt;
  std::vector<int> digits;
  for (const char c : text) {
    const auto digit = hex_digit(c);
    if (!digit) return std::nullopt;
    digits.push_back(*digit);
  }
  Rgb color{};
  for (std::size_t i = 0; i < 3; ++i) {
    color[i] = static_cast<std::uint8_t>(
        digits.size() == 3 ? digits[i] * 17 : digits[2 * i] * 16 + digits[2 * i + 1]);
  }
  return color;
}

Omero parse_omero(const GroupMetadata& group, int minor, const OpenerLimits& limits,
                  IssueLog& log) {
  Omero omero;
  omero.where = group.ome["omero"];
  if (!omero.where.exists() || omero.where.is_null()) return omero;
  const JsonView channels = omero.where["channels"];
  if (!channels.is_array()) {
    report(channels.exists() ? channels : omero.where, log, "ome-zarr/omero-channels",
           Severity::kError, "\"omero\" has no channels.", "an array \"channels\"",
           "List the channels, or leave \"omero\" out.");
  }
  omero.present = channels.is_array();
  if (omero.where["_made_up"].boolean().value_or(false)) minor = kMadeUp;
  for (std::int64_t i = 0; i < std::min(channels.size(), limits.maximum_channels); ++i) {
    omero.channels.push_back(read_channel(channels[i], minor, log));
  }
  const JsonView rdefs = omero.where["rdefs"];
  check_type(rdefs, rdefs.is_object(), "an object", log);
  const JsonView model = rdefs["model"];
  check_type(model, model.is_string(), "\"color\" or \"greyscale\"", log);
  omero.greyscale = model.string() == "greyscale";
  omero.default_z = read_default(rdefs, "defaultZ", log);
  omero.default_t = read_default(rdefs, "defaultT", log);
  return omero;
}

void apply_omero(const Omero& omero, Multiscale& image, const OpenerLimits& limits, IssueLog& log) {
  const std::int64_t extent = image.extent(image.c_axis);
  const std::int64_t count = std::min(extent, limits.maximum_channels);
  const auto listed = static_cast<std::int64_t>(omero.channels.size());
  if (omero.present && listed != extent) {
    report(omero.where["channels"], log, "ome-zarr/omero-channels", Severity::kWarning,
           concat("\"omero\" lists ", omero.where["channels"].size(),
                  " channels, and the arrays have ", extent, "."),
           concat(extent, " channels"), "Describe each channel of the arrays once.");
  }
  image.channels.assign(static_cast<std::size_t>(count), Channel{});
  for (std::int64_t i = 0; i < count; ++i) {
    Channel& channel = image.channels[static_cast<std::size_t>(i)];
    if (i < listed) channel = omero.channels[static_cast<std::size_t>(i)];
  }
  image.rgb = is_rgb(omero, image);
  image.greyscale = omero.greyscale;
  bool shown = false;
  for (std::size_t i = 0; i < image.channels.size(); ++i) {
    Channel& channel = image.channels[i];
    if (channel.label.empty()) channel.label = concat("Channel ", i + 1);
    if (!omero.greyscale) continue;
    channel.color = kWhite;
    channel.active = channel.active.value_or(true) && !shown;
    shown = shown || *channel.active;
  }
  if (omero.greyscale && !shown && !image.channels.empty()) image.channels.front().active = true;
  image.default_z =
      clamp_default(omero.default_z, "defaultZ", image, image.z_axis, omero.where, log);
  image.default_t =
      clamp_default(omero.default_t, "defaultT", image, image.t_axis, omero.where, log);
}

}  // namespace mifa::ome
