// The Cell Tracking Challenge's man_track.txt and res_track.txt: a line a track, "L B E P" — its
// label in the masks, first and last frame (from 0), parent's label or 0. Positions are in the
// masks: without them a track is one object that has frames and a parent, and no geometry. A host that has
// read the masks gives the companion kMaskPositions, a line "label frame x y z" for every object in them
// (pixels, the corner of the first at 0; z a slice, from 0); then each of a track's frames is an object.

#include <array>
#include <cmath>
#include <map>
#include <optional>
#include <unordered_map>

#include "annotation/line_reader.h"
#include "annotation/lineage.h"
#include "annotation/number_text.h"
#include "annotation/table_formats.h"

namespace mifa::annotation {

namespace {

constexpr std::size_t kLineBytes = 65'536;
constexpr const char* kMaskPositions = "mask-positions";
using Track = std::array<std::int64_t, 4>;

struct MaskPosition {
  double x = 0, y = 0, z = 0;
};
// By label and frame.
using MaskPositions = std::map<std::pair<std::int64_t, std::int64_t>, MaskPosition>;

// A host writes it: a line that is none is passed over.
MaskPositions read_positions(std::string_view text) {
  MaskPositions positions;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    std::string_view line = stripped(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    std::array<double, 5> values{};
    std::size_t count = 0;
    while (!line.empty() && count < values.size()) {
      const std::size_t gap = line.find(' ');
      const TextNumber number = read_number(line.substr(0, gap));
      if (number.kind != TextNumber::Kind::kInteger && number.kind != TextNumber::Kind::kNumber) break;
      if (!(std::abs(number.number) < 1e15)) break;
      values[count++] = number.number;
      line = gap == std::string_view::npos ? std::string_view() : stripped(line.substr(gap + 1));
    }
    if (count < 5) continue;
    positions[{static_cast<std::int64_t>(values[0]), static_cast<std::int64_t>(values[1])}] = {values[2], values[3], values[4]};
  }
  return positions;
}

std::optional<Track> read_track(std::string_view line) {
  Track track{};
  std::size_t count = 0;
  std::string_view rest = stripped(line);
  while (!rest.empty()) {
    const std::size_t end = rest.find_first_of(" \t,;");
    const TextNumber number = read_number(rest.substr(0, end));
    if (count == 4 || number.kind != TextNumber::Kind::kInteger) return std::nullopt;
    track[count++] = number.integer;
    rest = end == std::string_view::npos ? std::string_view() : stripped(rest.substr(end + 1));
  }
  return count == 4 ? std::optional(track) : std::nullopt;
}

class CtcReader : public LineReader {
 public:
  CtcReader(const ReadOptions& options, LayerBuilder& builder)
      : LineReader(options.file, "lines of four whole numbers", kLineBytes),
        frames_(options.image.frames), builder_(builder), lineage_(builder) {
    builder_.set_kind(LayerKind::kTracks);
    track_ = builder_.column("track", ColumnType::kInteger, Role::kTrack);
    instance_ = builder_.column("label", ColumnType::kInteger, Role::kInstance);
    parent_ = builder_.column("parent", ColumnType::kInteger, Role::kParent);
    if (const auto given = options.companions.find(kMaskPositions); given != options.companions.end()) {
      positions_ = read_positions(given->second);
      depth_ = options.image.depth > 1;
    }
  }

  Status finish() override {
    take_last_line();
    lineage_.finish();
    return Success{};
  }

 private:
  void tell(const char* rule, std::string message, std::string expected, std::string received,
            std::string fix) {
    builder_.issue(rule, Severity::kError, std::move(message), {}, static_cast<int>(line_number()),
                   std::move(expected), std::move(received), std::move(fix));
  }

  void take_line(std::string_view line) override {
    if (stripped(line).empty()) return;
    const std::optional<Track> read = read_track(line);
    if (!read) {
      tell("ctc/not-four-numbers", "The line is no track; it is left out.",
           "four whole numbers: label, first frame, last frame, parent or 0",
           "\"" + std::string(stripped(line).substr(0, 80)) + "\"",
           "Write the four numbers of the track.");
      return;
    }
    const auto [label, begin, end, parent] = *read;
    const std::string name = std::to_string(label);
    const auto [known, is_new] = lines_.emplace(label, line_number());
    if (!is_new) {
      tell("ctc/label-twice",
           "Label " + name + " is in line " + std::to_string(known->second) +
               " already; the second is left out.",
           "a label once", "twice", "Give one of the tracks another label, in the masks too.");
      return;
    }
    if (label < 1) {
      tell("ctc/label-background", "Label " + name + " cannot be a track: 0 is the background.",
           "labels from 1 on", name, "Give the track a label of its own.");
    } else if (begin > end || begin < 0) {
      tell("ctc/frames",
           "Track " + name + " begins on frame " + std::to_string(begin) + " and ends on frame " +
               std::to_string(end) + ".",
           "a first frame from 0 on that is not after the last",
           std::to_string(begin) + " to " + std::to_string(end),
           "Correct the frames of the track.");
    } else if (frames_ > 1 && end >= frames_ && !frames_told_) {
      frames_told_ = true;
      tell("ctc/frames-of-the-image",
           "Track " + name + " lasts until frame " + std::to_string(end) +
               "; the image ends before.",
           "frames up to " + std::to_string(frames_ - 1), std::to_string(end),
           "Check that the tracks belong to this image, and that frames are counted from 0.");
    }
    add(*read);
  }

  void add(const Track& read) {
    const auto [label, begin, end, parent] = read;
    const std::uint32_t ordinal = ordinal_++;
    const std::uint32_t track = lineage_.track(std::to_string(label));
    std::int64_t found = 0;
    // Not frame by frame: who writes a last frame of 10^18 has nothing there.
    for (auto at = positions_.lower_bound({label, begin}); at != positions_.end() && at->first.first == label && at->first.second <= end; ++at) {
      const double frame = static_cast<double>(at->first.second);
      if (!add_object(ordinal, read, frame, frame, &at->second)) return;
      lineage_.detect(track, static_cast<std::uint32_t>(builder_.layer().size() - 1), frame, line_number());
      ++found;
    }
    if (!positions_.empty() && begin >= 0 && begin <= end && found <= end - begin) {
      tell("ctc/label-not-in-mask",
           "Label " + std::to_string(label) + " is not in the masks of all its frames.",
           "its pixels on " + std::to_string(static_cast<std::uint64_t>(end - begin) + 1) + " frames, " + std::to_string(begin) + " to " + std::to_string(end),
           "on " + std::to_string(found), "Correct the frames of the track, or draw the label in the masks.");
    }
    if (found == 0) {
      if (!add_object(ordinal, read, static_cast<double>(begin), static_cast<double>(end), nullptr)) return;
      lineage_.detect(track, static_cast<std::uint32_t>(builder_.layer().size() - 1), static_cast<double>(begin), line_number());
      lineage_.last_frame(track, static_cast<double>(end));
    }
    if (parent != 0) lineage_.descend(track, lineage_.track(std::to_string(parent)), line_number());
  }

  bool add_object(std::uint32_t ordinal, const Track& read, double first, double last, const MaskPosition* position) {
    const auto [label, begin, end, parent] = read;
    if (!builder_.begin(ordinal, line_number())) return false;
    const std::size_t object = builder_.layer().size();
    builder_.frames(first, last);
    if (position) builder_.point(position->x, position->y);
    if (position && depth_) builder_.slices(std::round(position->z), std::round(position->z));
    if (track_) track_->set_integer(object, label);
    if (instance_) instance_->set_integer(object, label);
    if (parent_ && parent != 0) parent_->set_integer(object, parent);
    builder_.end();
    return true;
  }

  std::int64_t frames_;
  LayerBuilder& builder_;
  Lineage lineage_;
  Column *track_, *instance_, *parent_;
  MaskPositions positions_;
  bool depth_ = false;  // the image has slices
  std::unordered_map<std::int64_t, std::uint32_t> lines_;
  std::uint32_t ordinal_ = 0;
  bool frames_told_ = false;
};

}  // namespace

int sniff_ctc(const Head& head) {
  std::string_view rest = head.bytes;
  std::size_t lines = 0, tracks = 0;
  bool ordered = true;
  while (!rest.empty()) {
    const std::size_t end = rest.find('\n');
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    if (stripped(line).empty() || (rest.empty() && !head.complete)) continue;
    ++lines;
    const std::optional<Track> track = read_track(line);
    if (!track) continue;
    ++tracks;
    ordered = ordered && (*track)[1] <= (*track)[2] && (*track)[0] != (*track)[3];
  }
  const bool named = head.name.ends_with("man_track.txt") || head.name.ends_with("res_track.txt");
  // With its name, a few faults do not make it another format.
  if (named) return tracks * 2 > lines ? 95 : 0;
  return lines > 0 && tracks == lines && ordered ? 45 : 0;
}

std::unique_ptr<Reader> make_ctc_reader(const ReadOptions& options, LayerBuilder& builder) {
  return std::make_unique<CtcReader>(options, builder);
}

}  // namespace mifa::annotation
