// The Cell Tracking Challenge's man_track.txt and res_track.txt: a line a track, "L B E P" — its
// label in the masks, first and last frame (from 0), parent's label or 0. Positions are in the
// masks: the objects have frames and parents, and no geometry until a host gives it.

#include <array>
#include <optional>
#include <unordered_map>

#include "annotation/lineage.h"
#include "annotation/number_text.h"
#include "annotation/table_formats.h"

namespace mifa::annotation {

namespace {

constexpr std::size_t kLineBytes = 65'536;
using Track = std::array<std::int64_t, 4>;

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

class CtcReader : public Reader {
 public:
  CtcReader(const ReadOptions& options, LayerBuilder& builder)
      : file_(options.file), frames_(options.image.frames), builder_(builder), lineage_(builder) {
    builder_.set_kind(LayerKind::kTracks);
    track_ = builder_.column("track", ColumnType::kInteger, Role::kTrack);
    instance_ = builder_.column("label", ColumnType::kInteger, Role::kInstance);
    parent_ = builder_.column("parent", ColumnType::kInteger, Role::kParent);
  }

  Status feed(std::string_view window) override {
    pending_.append(window);
    std::size_t at = 0;
    for (;;) {
      const std::size_t end = pending_.find('\n', at);
      if (end == std::string::npos) break;
      take_line(std::string_view(pending_).substr(at, end - at));
      at = end + 1;
    }
    pending_.erase(0, at);
    if (pending_.size() <= kLineBytes) return Success{};
    return Error{ErrorCode::kFixData, "Expected lines of four whole numbers in " + file_ +
                                          ", received one of more than " +
                                          std::to_string(kLineBytes) + " bytes in line " +
                                          std::to_string(line_ + 1) + "."};
  }

  Status finish() override {
    take_line(pending_);
    lineage_.finish();
    return Success{};
  }

 private:
  void tell(const char* rule, std::string message, std::string expected, std::string received,
            std::string fix) {
    builder_.issue(rule, Severity::kError, std::move(message), {}, static_cast<int>(line_),
                   std::move(expected), std::move(received), std::move(fix));
  }

  void take_line(std::string_view line) {
    ++line_;
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
    const auto [known, is_new] = lines_.emplace(label, line_);
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
    if (!builder_.begin(ordinal_++, line_)) return;
    const std::size_t object = builder_.layer().size();
    builder_.frames(static_cast<double>(begin), static_cast<double>(end));
    if (track_) track_->set_integer(object, label);
    if (instance_) instance_->set_integer(object, label);
    if (parent_ && parent != 0) parent_->set_integer(object, parent);
    const std::uint32_t track = lineage_.track(std::to_string(label));
    lineage_.detect(track, static_cast<std::uint32_t>(object), static_cast<double>(begin), line_);
    lineage_.last_frame(track, static_cast<double>(end));
    if (parent != 0) lineage_.descend(track, lineage_.track(std::to_string(parent)), line_);
    builder_.end();
  }

  std::string file_;
  std::int64_t frames_;
  LayerBuilder& builder_;
  Lineage lineage_;
  Column *track_, *instance_, *parent_;
  std::unordered_map<std::int64_t, std::uint32_t> lines_;
  std::string pending_;
  std::uint32_t line_ = 0, ordinal_ = 0;
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
