#include "annotation/lineage.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/json.h"

namespace mifa::annotation {

std::uint32_t Lineage::track(std::string_view key) {
  if (const auto found = numbers_.find(key); found != numbers_.end()) return found->second;
  const auto number = static_cast<std::uint32_t>(names_.size());
  names_.emplace_back(key);
  last_frames_.push_back(std::numeric_limits<double>::quiet_NaN());
  numbers_.emplace(key, number);
  return number;
}

void Lineage::detect(std::uint32_t track, std::uint32_t object, double frame, std::uint32_t line) {
  detections_.push_back({track, object, frame, line});
}

void Lineage::last_frame(std::uint32_t track, double frame) { last_frames_[track] = frame; }

void Lineage::descend(std::uint32_t track, std::uint32_t parent, std::uint32_t line) {
  // Tables repeat it in every row of the track.
  if (!descents_.empty() && descents_.back().track == track && descents_.back().parent == parent) {
    return;
  }
  descents_.push_back({track, parent, line});
}

bool Lineage::has_links() const { return !descents_.empty() || detections_.size() > names_.size(); }

std::string Lineage::quoted(std::uint32_t track) const {
  return noun_ + " " + names_[track].substr(0, 80);
}

void Lineage::finish(std::string_view noun) {
  noun_ = noun;
  // Objects whose frame is not known come first, in the order of the file.
  const auto frame = [](const Detection& one) {
    return std::isnan(one.frame) ? -std::numeric_limits<double>::infinity() : one.frame;
  };
  std::stable_sort(detections_.begin(), detections_.end(), [&](const auto& a, const auto& b) {
    return a.track != b.track ? a.track < b.track : frame(a) < frame(b);
  });
  spans_.assign(names_.size(), {});
  for (std::size_t i = 0; i < detections_.size(); ++i) {
    Span& span = spans_[detections_[i].track];
    if (span.begin == span.end) span.begin = i;
    span.end = i + 1;
  }
  std::stable_sort(descents_.begin(), descents_.end(), [](const Descent& a, const Descent& b) {
    return a.track != b.track ? a.track < b.track : a.parent < b.parent;
  });
  descents_.erase(std::unique(descents_.begin(), descents_.end(),
                              [](const Descent& a, const Descent& b) {
                                return a.track == b.track && a.parent == b.parent;
                              }),
                  descents_.end());
  link_detections();
  drop_cycles();
  link_descents();
}

void Lineage::link_detections() {
  for (const Span& span : spans_) {
    std::size_t previous = span.begin;
    for (std::size_t i = span.begin + 1; i < span.end; ++i) {
      const Detection& now = detections_[i];
      if (now.frame == detections_[previous].frame) {
        builder_.issue("tracks/twice-in-a-frame", Severity::kWarning,
                       "Two objects of " + quoted(now.track) + " are on frame " +
                           number_text(now.frame) + "; the second is linked to none.",
                       {}, static_cast<int>(now.line), "one object of a " + noun_ + " a frame",
                       "two", "Give one of them another " + noun_ + ", or remove it.");
        continue;
      }
      builder_.link(detections_[previous].object, now.object);
      previous = i;
    }
  }
}

// A cycle is told once; none of its steps becomes a link.
void Lineage::drop_cycles() {
  constexpr std::uint32_t kNone = 0xffffffff;
  // The first parent of each track: where tracks merge, others cannot close a cycle unseen, for
  // link_descents() takes only parents that begin earlier.
  std::vector<std::uint32_t> first(names_.size(), kNone);
  for (std::size_t i = descents_.size(); i-- > 0;)
    first[descents_[i].track] = static_cast<std::uint32_t>(i);
  std::vector<std::uint32_t> seen(names_.size(), 0);
  for (std::uint32_t start = 0; start < names_.size(); ++start) {
    const std::uint32_t mark = start + 1;
    std::uint32_t at = start;
    while (seen[at] == 0 && first[at] != kNone) {
      seen[at] = mark;
      at = descents_[first[at]].parent;
    }
    if (seen[at] != mark || first[at] == kNone) {
      if (seen[at] == 0) seen[at] = mark;
      continue;
    }
    std::string path;
    std::uint32_t step = at, line = 0;
    int told = 0;
    do {
      Descent& descent = descents_[first[step]];
      descent.wrong = true;
      line = line == 0 ? descent.line : std::min(line, descent.line);
      if (++told <= 8) path += names_[step].substr(0, 40) + " from ";
      step = descent.parent;
    } while (step != at);
    path += told > 8 ? "… from " + names_[at].substr(0, 40) : names_[at].substr(0, 40);
    builder_.issue(
        "tracks/cycle", Severity::kError,
        "Parents go round in a circle: " + path + "; none of these is drawn as a descent.", {},
        static_cast<int>(line), "a parent that is no descendant",
        told == 1 ? "a " + noun_ + " that is its own parent"
                  : std::to_string(told) + " " + noun_ + "s in a circle",
        "Correct the parent of one of them.");
  }
}

void Lineage::link_descents() {
  for (const Descent& descent : descents_) {
    if (descent.wrong) continue;
    const Span& child = spans_[descent.track];
    const Span& parent = spans_[descent.parent];
    const auto tell = [&](const char* rule, const std::string& message,
                          const std::string& received) {
      builder_.issue(
          rule, Severity::kError, message, {}, static_cast<int>(descent.line),
          "a parent that is in the file and begins before its child", received,
          "Correct the parent of " + quoted(descent.track) + ", or add the missing rows.");
    };
    if (child.begin == child.end) {
      tell("tracks/child-missing",
           "A parent is given for " + quoted(descent.track) + ", which has no objects.",
           "no child");
      continue;
    }
    if (parent.begin == parent.end) {
      const std::string& name = names_[descent.parent];
      if (name == "0" || name == "-1") continue;  // ways of writing that there is none
      tell("tracks/parent-missing",
           "The parent of " + quoted(descent.track) + ", " + quoted(descent.parent) +
               ", is not in the file.",
           "no parent");
      continue;
    }
    const Detection& first = detections_[child.begin];
    // The parent's last object before the child; several may overlap in time.
    std::size_t from = parent.end;
    for (std::size_t i = parent.end; i-- > parent.begin;) {
      if (std::isnan(detections_[i].frame) || std::isnan(first.frame) ||
          detections_[i].frame < first.frame) {
        from = i;
        break;
      }
    }
    if (from == parent.end) {
      tell("tracks/parent-later",
           "The parent of " + quoted(descent.track) + ", " + quoted(descent.parent) +
               ", begins on frame " + number_text(detections_[parent.begin].frame) +
               ", not before its child on frame " + number_text(first.frame) + ".",
           "a parent that begins later");
      continue;
    }
    const double last = last_frames_[descent.parent];
    if (!std::isnan(last) && !std::isnan(first.frame) && last >= first.frame) {
      tell("tracks/parent-lasts",
           "The parent of " + quoted(descent.track) + ", " + quoted(descent.parent) +
               ", lasts until frame " + number_text(last) + ", and its child begins on frame " +
               number_text(first.frame) + ".",
           "a parent that is still there");
    }
    builder_.link(detections_[from].object, first.object);
  }
}

}  // namespace mifa::annotation
