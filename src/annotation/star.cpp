// STAR files of particles, as RELION and its kin write them: the first loop with coordinates. A
// particle lies at its coordinate minus its origin (the shift that refinement found), in pixels of
// the micrograph or tomogram; RELION 5's centred coordinates are Å from the middle of the tomogram.

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "annotation/line_reader.h"
#include "annotation/table_formats.h"
#include "annotation/table_objects.h"
#include "annotation/unicode.h"

namespace mifa::annotation {

namespace {

constexpr std::size_t kLineBytes = std::size_t{1} << 20;
constexpr std::size_t kOpticsGroups = 10'000;

// Cells of a line: by blanks, quotes around those with blanks in them, a comment after "#".
void split_tokens(std::string_view line, std::vector<std::string_view>& tokens) {
  tokens.clear();
  std::size_t at = 0;
  for (;;) {
    while (at < line.size() && (line[at] == ' ' || line[at] == '\t' || line[at] == '\r')) ++at;
    if (at >= line.size() || line[at] == '#') return;
    const char quote = line[at];
    if (quote == '\'' || quote == '"') {
      const std::size_t end = line.find(quote, at + 1);
      if (end != std::string_view::npos) {
        tokens.push_back(line.substr(at + 1, end - at - 1));
        at = end + 1;
        continue;
      }
    }
    const std::size_t begin = at;
    while (at < line.size() && line[at] != ' ' && line[at] != '\t' && line[at] != '\r') ++at;
    tokens.push_back(line.substr(begin, at - begin));
  }
}

// The key that recognise_table() knows a column by. The prefix says whose name it is (rln, wrp, fa,
// …).
ColumnHeader star_header(std::string_view label) {
  ColumnHeader header = read_header(label);
  static const std::map<std::string_view, std::pair<const char*, const char*>> kKeys = {
      {"coordinatex", {"x", ""}},
      {"coordinatey", {"y", ""}},
      {"coordinatez", {"z", ""}},
      {"centeredcoordinatexangst", {"x", "angstrom"}},
      {"centeredcoordinateyangst", {"y", "angstrom"}},
      {"centeredcoordinatezangst", {"z", "angstrom"}},
      {"classnumber", {"class", ""}},
      {"autopickfigureofmerit", {"figureofmerit", ""}},
      {"lccmax", {"figureofmerit", ""}},
      {"micrographname", {"micrographname", ""}},
      {"tomoname", {"micrographname", ""}},
      {"tomoparticleid", {"particlenumber", ""}},
  };
  const std::string_view key = header.key;
  if (key.size() < 3) return header;
  const auto found = kKeys.find(key.substr(key.starts_with("fa") ? 2 : 3));
  if (found != kKeys.end()) {
    header.key = found->second.first;
    header.unit = found->second.second;
  }
  return header;
}

class StarReader : public LineReader {
 public:
  StarReader(const ReadOptions& options, LayerBuilder& builder)
      : LineReader(options.file, "lines of at most 1 MiB", kLineBytes),
        options_(options),
        builder_(builder), objects_(options_, builder) {}

  Status finish() override {
    take_last_line();
    if (!started_) {
      return Error{ErrorCode::kFixData,
                   "Expected a loop with _rlnCoordinateX and _rlnCoordinateY in " + options_.file +
                       ", received " +
                       (blocks_.empty() ? "no block of data" : "the blocks " + blocks_) +
                       ". Choose the STAR file of particles (particles.star, run_data.star)."};
    }
    objects_.finish();
    if (ordinal_ == 0) {
      builder_.issue("star/no-rows", Severity::kWarning, "The loop of particles has no rows.", {},
                     loop_line_, "at least one row", "none",
                     "Export the file again, or remove it.");
    }
    return Success{};
  }

 private:
  enum class State { kOutside, kLabels, kRows };

  void take_line(std::string_view line) override {
    if (line.starts_with(';')) {
      in_text_ = !in_text_;
      return;
    }
    if (in_text_) return;
    split_tokens(line, tokens_);
    if (tokens_.empty()) {
      // RELION ends a loop so.
      if (state_ == State::kRows) end_loop();
      return;
    }
    const std::string_view first = tokens_[0];
    if (first.starts_with("data_")) {
      end_loop();
      if (blocks_.size() < 200)
        blocks_ += (blocks_.empty() ? "" : ", ") + to_utf8(first.substr(0, 60));
    } else if (first == "loop_") {
      end_loop();
      state_ = State::kLabels;
      loop_line_ = static_cast<int>(line_number());
    } else if (first.starts_with('_') && state_ != State::kRows) {
      take_label(first.substr(1));
    } else if (state_ != State::kOutside) {
      if (state_ == State::kLabels) begin_rows();
      take_row();
    }
  }

  void take_label(std::string_view label) {
    if (state_ == State::kLabels) labels_.push_back(to_utf8(label));
  }

  void end_loop() {
    state_ = State::kOutside;
    labels_.clear();
    in_particles_ = false;
  }

  int label(std::string_view name) const {
    const auto found = std::find(labels_.begin(), labels_.end(), name);
    return found == labels_.end() ? -1 : static_cast<int>(found - labels_.begin());
  }

  void begin_rows() {
    state_ = State::kRows;
    width_ = labels_.size();
    std::vector<ColumnHeader> headers;
    for (const std::string& one : labels_) headers.push_back(star_header(one));
    const auto has = [&](std::string_view key) {
      return std::any_of(headers.begin(), headers.end(),
                         [&](const auto& one) { return one.key == key; });
    };
    if (started_ || !has("x") || !has("y")) return;
    started_ = in_particles_ = true;
    find_shifts();
    TableScheme scheme = recognise_table(std::move(headers), {}, options_.mapping);
    if (centered_) place_centered(scheme);
    objects_.start(std::move(scheme));
  }

  void find_shifts() {
    const char* kAxes[] = {"X", "Y", "Z"};
    group_ = label("rlnOpticsGroup");
    for (std::size_t i = 0; i < 3; ++i) {
      const std::string axis = kAxes[i];
      Shift& shift = shifts_[i];
      shift.coordinate = label("rlnCoordinate" + axis);
      shift.origin = label("rlnOrigin" + axis);
      shift.origin_angstrom = label("rlnOrigin" + axis + "Angst");
      const int centered = label("rlnCenteredCoordinate" + axis + "Angst");
      if (shift.coordinate >= 0 || centered < 0) continue;
      shift.coordinate = centered;
      centered_ = true;
    }
  }

  // From the middle of the image, where its size is known.
  void place_centered(TableScheme& scheme) {
    scheme.space.depth_is_physical = true;
    const ImageContext& image = options_.image;
    double angstroms = 0;
    for (const auto& [unit, size] :
         {std::pair{"angstrom", 1.0}, std::pair{"nanometer", 10.0}, std::pair{"micrometer", 1e4}}) {
      if (image.unit == unit) angstroms = size;
    }
    if (angstroms == 0 || image.width == 0 || image.pixel_width == 0) {
      builder_.issue(
          "star/middle-unknown", Severity::kWarning,
          "Coordinates are given from the middle of the tomogram, whose size in Å is not known "
          "here; they are shown from its corner.",
          {}, loop_line_, "an image with a pixel size in Å, nm or µm", "none",
          "Move the layer by half of the image's size, or give the image a pixel size.");
      return;
    }
    shifts_[0].middle = static_cast<double>(image.width) * image.pixel_width * angstroms / 2;
    shifts_[1].middle = static_cast<double>(image.height) * image.pixel_height * angstroms / 2;
    shifts_[2].middle = static_cast<double>(image.depth) * image.slice_distance * angstroms / 2;
  }

  void take_row() {
    if (!in_particles_) return take_optics();
    if (tokens_.size() != width_) {
      Issue issue;
      issue.rule = "star/row-length";
      issue.severity = Severity::kError;
      issue.message = "Row " + std::to_string(ordinal_ + 1) + " has " +
                      std::to_string(tokens_.size()) + " values for " + std::to_string(width_) +
                      " labels; it is left out.";
      issue.line = static_cast<int>(line_number());
      issue.row = static_cast<std::int64_t>(ordinal_) + 1;
      issue.expected = std::to_string(width_) + " values";
      issue.received = std::to_string(tokens_.size());
      issue.fix = "Write a value for every label, in quotes where it has blanks in it.";
      builder_.issue(std::move(issue));
      ++ordinal_;
      return;
    }
    cells_.clear();
    texts_.clear();
    texts_.reserve(tokens_.size());
    for (const std::string_view token : tokens_) {
      Cell& cell = cells_.emplace_back();
      cell.value = read_number(token);
      if (token == "<NA>") cell.value.kind = TextNumber::Kind::kMissing;
      texts_.push_back(to_utf8(token));
      cell.text = texts_.back();
    }
    for (const Shift& shift : shifts_) move(shift);
    objects_.row(cells_, ordinal_++, line_number());
  }

  const Cell* number_at(int column) const {
    if (column < 0) return nullptr;
    const Cell& cell = cells_[static_cast<std::size_t>(column)];
    const bool number = cell.value.kind == TextNumber::Kind::kNumber ||
                        cell.value.kind == TextNumber::Kind::kInteger;
    return number ? &cell : nullptr;
  }

  struct Shift {
    int coordinate = -1, origin = -1, origin_angstrom = -1;
    double middle = 0;
  };

  void move(const Shift& shift) {
    if (!number_at(shift.coordinate)) return;
    double by = shift.middle;
    if (const Cell* origin = number_at(shift.origin)) by -= origin->value.number;
    if (const Cell* origin = number_at(shift.origin_angstrom)) {
      const Cell* group = number_at(group_);
      const auto found = pixel_sizes_.find(group ? group->value.integer : 1);
      const double pixel = centered_ ? 1 : found != pixel_sizes_.end() ? found->second : 0;
      if (pixel > 0)
        by -= origin->value.number / pixel;
      else if (origin->value.number != 0)
        tell_pixel_size();
    }
    if (by == 0) return;
    TextNumber& value = cells_[static_cast<std::size_t>(shift.coordinate)].value;
    value.kind = TextNumber::Kind::kNumber;
    value.number += by;
  }

  void tell_pixel_size() {
    if (pixel_told_) return;
    pixel_told_ = true;
    builder_.issue(
        "star/pixel-size", Severity::kWarning,
        "Origins are in Å and the pixel size is not in the file; particles are shown where they "
        "were picked.",
        {}, static_cast<int>(line_number()),
        "rlnMicrographPixelSize or rlnImagePixelSize of the optics group", "none",
        "Use a STAR file with its data_optics block.");
  }

  void take_optics() {
    if (started_ || pixel_sizes_.size() >= kOpticsGroups) return;
    const auto number = [&](std::string_view name) {
      const int column = label(name);
      return column < 0 || static_cast<std::size_t>(column) >= tokens_.size()
                 ? TextNumber{}
                 : read_number(tokens_[static_cast<std::size_t>(column)]);
    };
    const TextNumber group = number("rlnOpticsGroup");
    if (group.kind != TextNumber::Kind::kInteger) return;
    // Of the image that particles were picked in, before that of the boxes cut out.
    for (const char* name :
         {"rlnMicrographPixelSize", "rlnTomoTiltSeriesPixelSize", "rlnImagePixelSize"}) {
      const double size = number(name).number;
      if (!(size > 0) || !std::isfinite(size)) continue;
      pixel_sizes_.emplace(group.integer, size);
      return;
    }
  }

  ReadOptions options_;
  LayerBuilder& builder_;
  TableObjects objects_;
  State state_ = State::kOutside;
  bool in_text_ = false, started_ = false, in_particles_ = false, centered_ = false,
       pixel_told_ = false;
  std::string blocks_;
  std::vector<std::string> labels_;
  std::map<std::int64_t, double> pixel_sizes_;  // of optics groups, in Å
  std::array<Shift, 3> shifts_;
  int group_ = -1;
  std::size_t width_ = 0;
  std::uint32_t ordinal_ = 0;
  int loop_line_ = 0;
  std::vector<std::string_view> tokens_;
  std::vector<Cell> cells_;
  std::vector<std::string> texts_;
};

}  // namespace

int sniff_star(const Head& head) {
  // Comments and blank lines, then a block, and a loop or a pair in it.
  std::string_view rest = head.bytes;
  bool block = false;
  while (!rest.empty()) {
    const std::size_t end = rest.find('\n');
    const std::string_view line = stripped(rest.substr(0, end));
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    if (line.empty() || line.front() == '#') continue;
    if (!block) {
      if (!line.starts_with("data_")) return 0;
      block = true;
      continue;
    }
    return line == "loop_" || line.front() == '_' ? 95 : 0;
  }
  return 0;
}

std::unique_ptr<Reader> make_star_reader(const ReadOptions& options, LayerBuilder& builder) {
  return std::make_unique<StarReader>(options, builder);
}

}  // namespace mifa::annotation
