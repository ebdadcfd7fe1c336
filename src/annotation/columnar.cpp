#include "annotation/columnar.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <unordered_map>

#include "annotation/table_objects.h"
#include "annotation/wkb.h"
#include "core/json.h"

namespace mifa::annotation {

namespace {

constexpr std::string_view kMagic = "MIFACOL1";
constexpr std::size_t kPreamble = 16;
constexpr std::size_t kSampleRows = 200;
constexpr int kCircleVertices = 32;
constexpr std::int64_t kMostRows = 500'000'000;

enum class Type { kU1, kU2, kU4, kU8, kI1, kI2, kI4, kI8, kF4, kF8, kBool, kText, kWkb, kCategory };
struct TypeName {
  const char* name;
  Type type;
  std::size_t bytes;  // of a value; 0: by offsets
};
constexpr TypeName kTypes[] = {
    {"u1", Type::kU1, 1},     {"u2", Type::kU2, 2},
    {"u4", Type::kU4, 4},     {"u8", Type::kU8, 8},
    {"i1", Type::kI1, 1},     {"i2", Type::kI2, 2},
    {"i4", Type::kI4, 4},     {"i8", Type::kI8, 8},
    {"f4", Type::kF4, 4},     {"f8", Type::kF8, 8},
    {"bool", Type::kBool, 1}, {"text", Type::kText, 0},
    {"wkb", Type::kWkb, 0},   {"category", Type::kCategory, 4},
};

template <typename T>
T load(std::string_view data, std::size_t index) {
  T value;
  std::memcpy(&value, data.data() + index * sizeof(T), sizeof(T));
  return value;
}

// A column whose sections have been checked: every row can be read.
struct HostColumn {
  ColumnHeader header;
  std::string part;
  Type type = Type::kF8;
  std::string_view data, offsets, valid;
  std::vector<std::string> texts;

  std::string_view bytes(std::size_t row) const {
    const auto begin = load<std::uint32_t>(offsets, row),
               end = load<std::uint32_t>(offsets, row + 1);
    return begin <= end && end <= data.size() ? data.substr(begin, end - begin)
                                              : std::string_view();
  }
  Cell cell(std::size_t row) const;
};

Cell whole(std::int64_t value) {
  Cell cell;
  cell.value.kind = TextNumber::Kind::kInteger;
  cell.value.integer = value;
  cell.value.number = static_cast<double>(value);
  return cell;
}

Cell fraction(double value) {
  Cell cell;
  cell.value.kind = std::isnan(value) ? TextNumber::Kind::kMissing : TextNumber::Kind::kNumber;
  cell.value.number = value;
  return cell;
}

Cell HostColumn::cell(std::size_t row) const {
  Cell none;
  none.value.kind = TextNumber::Kind::kMissing;
  if (!valid.empty() && valid[row] == 0) return none;
  switch (type) {
    case Type::kU1:
      return whole(load<std::uint8_t>(data, row));
    case Type::kU2:
      return whole(load<std::uint16_t>(data, row));
    case Type::kU4:
      return whole(load<std::uint32_t>(data, row));
    case Type::kI1:
      return whole(load<std::int8_t>(data, row));
    case Type::kI2:
      return whole(load<std::int16_t>(data, row));
    case Type::kI4:
      return whole(load<std::int32_t>(data, row));
    case Type::kI8:
      return whole(load<std::int64_t>(data, row));
    case Type::kU8: {
      const auto value = load<std::uint64_t>(data, row);
      // What no signed integer holds is exact as a text only; hosts write it as one.
      if (value > static_cast<std::uint64_t>(INT64_MAX))
        return fraction(static_cast<double>(value));
      return whole(static_cast<std::int64_t>(value));
    }
    case Type::kF4:
      return fraction(static_cast<double>(load<float>(data, row)));
    case Type::kF8:
      return fraction(load<double>(data, row));
    case Type::kBool:
      return whole(data[row] != 0 ? 1 : 0);
    case Type::kWkb:
      return none;
    case Type::kText: {
      Cell cell;
      cell.text = bytes(row);
      cell.value.kind = cell.text.empty() ? TextNumber::Kind::kMissing : TextNumber::Kind::kText;
      return cell;
    }
    case Type::kCategory: {
      const auto code = load<std::int32_t>(data, row);
      if (code < 0 || static_cast<std::size_t>(code) >= texts.size()) return none;
      Cell cell;
      cell.text = texts[static_cast<std::size_t>(code)];
      cell.value.kind = cell.text.empty() ? TextNumber::Kind::kMissing : TextNumber::Kind::kText;
      return cell;
    }
  }
  return none;
}

class ColumnarReader : public WholeFileReader {
 public:
  using WholeFileReader::WholeFileReader;

 private:
  Status read(std::string_view file) override {
    if (!file.starts_with(kMagic) || file.size() < kPreamble)
      return wrong("the magic \"MIFACOL1\"", "another beginning");
    const std::size_t length = load<std::uint32_t>(file.substr(8, 4), 0);
    const std::size_t begin = (kPreamble + length + 7) / 8 * 8;
    if (begin > file.size())
      return wrong("a header of " + std::to_string(length) + " bytes", "the end of the file");
    data_ = file.substr(begin);
    auto header = JsonDocument::parse(std::string(file.substr(kPreamble, length)), options().file);
    if (!header) return header.error();
    header_ = *header;
    rows_ = header_["rows"].integer().value_or(-1);
    if (rows_ < 0 || rows_ > kMostRows)
      return wrong("rows from 0 to 500000000", header_["rows"].describe());
    if (Status status = read_columns(); !status) return status;
    if (Status status = read_edges(); !status) return status;
    file_issues();
    return build();
  }

  Error wrong(const std::string& expected, const std::string& received) const {
    return {ErrorCode::kFixData, "Expected " + expected + " in the columns of " + options().file +
                                     ", received " + received + "."};
  }

  // The bytes of a section, of which there must be `least`; nothing if there are not.
  std::optional<std::string_view> section(const JsonView& view, std::int64_t least) const {
    const auto at = view["at"].integer(), bytes = view["bytes"].integer();
    const auto size = static_cast<std::int64_t>(data_.size());
    if (!at || !bytes || *at < 0 || *bytes < least || *at > size || *bytes > size - *at)
      return std::nullopt;
    return data_.substr(static_cast<std::size_t>(*at), static_cast<std::size_t>(*bytes));
  }

  Status read_columns() {
    const JsonView columns = header_["columns"];
    if (columns.size() > options().limits.columns + static_cast<std::int64_t>(kParts)) {
      return Error{ErrorCode::kLimit,
                   "Expected at most " + std::to_string(options().limits.columns) +
                       " columns, received " + std::to_string(columns.size()) + "."};
    }
    for (std::int64_t i = 0; i < columns.size(); ++i) {
      if (Status status = read_column(columns[i]); !status) return status;
    }
    return Success{};
  }

  Status read_column(const JsonView& view) {
    HostColumn& column = columns_.emplace_back();
    column.header = read_header(view["name"].string().value_or(""));
    if (const auto unit = view["unit"].string(); unit && !unit->empty())
      column.header.unit = unit_word(*unit);
    column.part = view["part"].string().value_or("");
    const std::string type = view["type"].string().value_or("");
    const auto* known = std::find_if(std::begin(kTypes), std::end(kTypes),
                                     [&](const TypeName& one) { return type == one.name; });
    const std::string name = "the column \"" + column.header.name + "\"";
    if (known == std::end(kTypes)) return wrong("a known type of " + name, "\"" + type + "\"");
    column.type = known->type;
    const auto data = section(view["data"], rows_ * static_cast<std::int64_t>(known->bytes));
    if (!data) return wrong("a value a row in " + name, view["data"].describe());
    column.data = *data;
    if (known->bytes == 0) {
      const auto offsets = section(view["offsets"], 4 * (rows_ + 1));
      if (!offsets) return wrong("offsets of the rows in " + name, view["offsets"].describe());
      column.offsets = *offsets;
    }
    if (view["valid"].exists()) {
      const auto valid = section(view["valid"], rows_);
      if (!valid)
        return wrong("a byte a row that says what is valid in " + name, view["valid"].describe());
      column.valid = *valid;
    }
    for (std::int64_t i = 0; i < view["texts"].size(); ++i) {
      column.texts.push_back(view["texts"][i].string().value_or(""));
    }
    return Success{};
  }

  Status read_edges() {
    if (!header_["edges"].exists()) return Success{};
    const auto edges = section(header_["edges"]["data"], 0);
    if (!edges || edges->size() % 16 != 0)
      return wrong("pairs of ids", header_["edges"].describe());
    edges_ = *edges;
    return Success{};
  }

  void file_issues() {
    const JsonView issues = header_["issues"];
    for (std::int64_t i = 0; i < issues.size() && i < 1000; ++i) {
      const auto text = [&](const char* key) { return issues[i][key].string().value_or(""); };
      Issue issue;
      issue.rule = text("rule");
      const std::string severity = text("severity");
      issue.severity = severity == "error"  ? Severity::kError
                       : severity == "info" ? Severity::kInfo
                                            : Severity::kWarning;
      issue.message = text("message");
      issue.file = text("file");
      issue.pointer = text("pointer");
      issue.line = static_cast<int>(
          std::clamp<std::int64_t>(issues[i]["line"].integer().value_or(0), 0, INT32_MAX));
      issue.expected = text("expected");
      issue.received = text("received");
      issue.fix = text("fix");
      builder().issue(std::move(issue));
    }
  }

  TableScheme make_scheme() {
    std::vector<ColumnHeader> headers;
    std::vector<ColumnSample> samples;
    std::map<std::string, std::string> mapping = options().mapping;
    const bool recognise = header_["recognise"].boolean().value_or(false);
    for (const HostColumn& column : columns_) {
      headers.push_back(column.header);
      // A part that the host gives is not guessed at.
      if (!recognise || !column.part.empty()) headers.back().key.clear();
      std::vector<std::string> texts;
      for (std::size_t row = 0; row < kSampleRows && static_cast<std::int64_t>(row) < rows_;
           ++row) {
        texts.push_back(column.type == Type::kWkb ? "" : text_of(column.cell(row)));
      }
      samples.push_back(sample_column(texts, '.'));
    }
    TableScheme scheme = recognise_table(headers, samples, {});
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      for (std::size_t part = 0; part < kParts; ++part) {
        if (columns_[i].part == part_name(static_cast<Part>(part)))
          scheme.parts[part] = static_cast<int>(i);
      }
      scheme.columns[i].key = columns_[i].header.key;
    }
    if (!mapping.empty()) scheme = map_table(std::move(scheme), mapping);
    if (header_["space"].exists()) scheme.space = read_space(scheme.space);
    return scheme;
  }

  static std::string text_of(const Cell& cell) {
    switch (cell.value.kind) {
      case TextNumber::Kind::kText:
        return std::string(cell.text);
      case TextNumber::Kind::kInteger:
        return std::to_string(cell.value.integer);
      case TextNumber::Kind::kNumber:
        return number_text(cell.value.number);
      case TextNumber::Kind::kMissing:
        return {};
    }
    return {};
  }

  Space read_space(Space space) const {
    const JsonView view = header_["space"];
    const std::string unit = view["unit"].string().value_or("pixel");
    space.unit = unit == "physical"     ? Space::Unit::kPhysical
                 : unit == "normalized" ? Space::Unit::kNormalized
                                        : Space::Unit::kPixel;
    space.unit_name = view["unitName"].string().value_or(space.unit_name);
    space.corner = view["corner"].boolean().value_or(space.corner);
    space.depth_is_physical = view["depthIsPhysical"].boolean().value_or(space.depth_is_physical);
    for (std::size_t i = 0; i < 6; ++i) {
      space.affine[i] =
          view["affine"][static_cast<std::int64_t>(i)].number().value_or(space.affine[i]);
    }
    return space;
  }

  const HostColumn* with_part(std::string_view part) const {
    for (const HostColumn& column : columns_) {
      if (column.part == part) return &column;
    }
    return nullptr;
  }

  Status build() {
    Layer& layer = builder().layer();
    layer.pointer_before = header_["place"][0].string().value_or("/rows/");
    layer.pointer_after = header_["place"][1].string().value_or("");
    const HostColumn* geometry = with_part("geometry");
    const HostColumn* radius = with_part("radius");
    if (geometry && geometry->type != Type::kWkb)
      return wrong("WKB in the column of geometry", "another type");
    TableObjects objects(options(), builder());
    TableScheme scheme = make_scheme();
    if (geometry || radius) {
      objects.draw_with([this, geometry, radius, &scheme = objects.scheme()](std::uint32_t row) {
        draw(geometry, radius, scheme, row);
      });
    }
    objects.start(std::move(scheme),
                  [this](std::size_t column) { return columns_[column].type != Type::kWkb; });
    std::vector<Cell> cells(columns_.size());
    for (std::int64_t row = 0; row < rows_; ++row) {
      for (std::size_t i = 0; i < columns_.size(); ++i)
        cells[i] = columns_[i].cell(static_cast<std::size_t>(row));
      objects.row(cells, static_cast<std::uint32_t>(row), 0);
    }
    objects.finish();
    link_edges(objects.scheme());
    for (const LayerKind kind :
         {LayerKind::kPoints, LayerKind::kBoxes, LayerKind::kShapes, LayerKind::kMasks,
          LayerKind::kTracks, LayerKind::kGraph, LayerKind::kClassLabels, LayerKind::kCounts}) {
      if (header_["kind"].string() == layer_kind_name(kind)) builder().set_kind(kind);
    }
    return Success{};
  }

  void draw(const HostColumn* geometry, const HostColumn* radius, const TableScheme& scheme,
            std::uint32_t row) {
    if (radius) {
      const Cell size = radius->cell(row);
      const bool round = size.value.kind == TextNumber::Kind::kNumber ||
                         size.value.kind == TextNumber::Kind::kInteger;
      const std::optional<std::array<double, 2>> middle = middle_of(geometry, scheme, row);
      if (round && size.value.number > 0 && middle) return circle(*middle, size.value.number);
    }
    if (!geometry) {
      if (const auto middle = middle_of(nullptr, scheme, row))
        builder().point((*middle)[0], (*middle)[1]);
      return;
    }
    if (!geometry->valid.empty() && geometry->valid[row] == 0) return;
    const std::string_view bytes = geometry->bytes(row);
    if (bytes.empty()) return;
    const auto depth = add_wkb(bytes, builder());
    if (depth && depth->known) builder().slices(depth->least, depth->greatest);
    if (depth) return;
    builder().issue("columns/geometry", Severity::kError,
                    "The geometry of row " + std::to_string(row + 1) + " cannot be read: " +
                        depth.error().message + ". The row is listed, not drawn.",
                    builder().layer().pointer_before + std::to_string(row), 0, "WKB geometry",
                    "other bytes", "Write the geometry again.");
  }

  // Of a WKB point, or of x and y.
  std::optional<std::array<double, 2>> middle_of(const HostColumn* geometry,
                                                 const TableScheme& scheme,
                                                 std::uint32_t row) const {
    if (!geometry) {
      if (!scheme.has_points()) return std::nullopt;
      const Cell x = columns_[static_cast<std::size_t>(scheme.part(Part::kX))].cell(row);
      const Cell y = columns_[static_cast<std::size_t>(scheme.part(Part::kY))].cell(row);
      if (x.value.kind == TextNumber::Kind::kMissing || y.value.kind == TextNumber::Kind::kMissing)
        return std::nullopt;
      return std::array<double, 2>{x.value.number, y.value.number};
    }
    const std::string_view bytes = geometry->bytes(row);
    if (bytes.size() < 21 || bytes[0] != 1 ||
        load<std::uint32_t>(bytes.substr(1, 4), 0) % 1000 != 1)
      return std::nullopt;
    return std::array<double, 2>{load<double>(bytes.substr(5, 8), 0),
                                 load<double>(bytes.substr(13, 8), 0)};
  }

  void circle(const std::array<double, 2>& middle, double radius) {
    builder().part(PartKind::kRing);
    for (int i = 0; i < kCircleVertices; ++i) {
      const double angle = 6.283185307179586 * i / kCircleVertices;
      builder().vertex(middle[0] + radius * std::cos(angle), middle[1] + radius * std::sin(angle));
    }
  }

  void link_edges(const TableScheme& scheme) {
    const int id = scheme.part(Part::kId);
    if (edges_.empty() || id < 0) return;
    const std::string noun = header_["edges"]["noun"].string().value_or("node");
    const Layer& layer = builder().layer();
    std::unordered_map<std::int64_t, std::uint32_t> objects;
    const HostColumn& ids = columns_[static_cast<std::size_t>(id)];
    for (std::size_t i = 0; i < layer.size(); ++i) {
      const std::uint32_t row = layer.place_ordinal[i];
      const std::int64_t key = ids.cell(row).value.integer;
      if (objects.emplace(key, static_cast<std::uint32_t>(i)).second) continue;
      builder().issue(
          "graph/id-twice", Severity::kError,
          "Two " + noun + "s have the id " + std::to_string(key) + "; edges lead to the first.",
          layer.pointer(i), 0, "an id once", "twice", "Give one of them another id.");
    }
    std::int64_t backwards = 0, loops = 0;
    const bool timed = !layer.t_begin.empty();
    for (std::size_t i = 0; i < edges_.size() / 16; ++i) {
      const auto from_id = load<std::int64_t>(edges_, 2 * i),
                 to_id = load<std::int64_t>(edges_, 2 * i + 1);
      const auto from = objects.find(from_id), to = objects.find(to_id);
      if (from == objects.end() || to == objects.end()) {
        const std::int64_t missing = from == objects.end() ? from_id : to_id;
        builder().issue("graph/edge-without-node", Severity::kError,
                        "Edge " + std::to_string(i + 1) + " leads to the " + noun + " " +
                            std::to_string(missing) + ", which is not there; it is left out.",
                        {}, 0, "the id of a " + noun, std::to_string(missing),
                        "Correct the edge, or add the " + noun + ".");
        continue;
      }
      std::uint32_t a = from->second, b = to->second;
      if (a == b) {
        ++loops;
        continue;
      }
      if (timed && layer.t_begin[a] > layer.t_begin[b]) {
        ++backwards;
        std::swap(a, b);
      }
      builder().link(a, b);
    }
    if (loops > 0) {
      builder().issue(
          "graph/edge-to-itself", Severity::kWarning,
          std::to_string(loops) + " edges lead from a " + noun + " to itself; they are left out.",
          {}, 0, "edges between two " + noun + "s", std::to_string(loops) + " loops",
          "Remove them.");
    }
    if (backwards > 0) {
      builder().issue(
          "graph/edge-backwards", Severity::kWarning,
          std::to_string(backwards) + " edges lead back in time; they are drawn forwards.", {}, 0,
          "edges from the earlier to the later " + noun,
          std::to_string(backwards) + " the other way", "Exchange the ends of these edges.");
    }
    builder().set_kind(timed ? LayerKind::kTracks : LayerKind::kGraph);
  }

  std::string_view data_, edges_;
  JsonView header_;
  std::int64_t rows_ = 0;
  std::vector<HostColumn> columns_;
};

}  // namespace

int sniff_columnar(const Head& head) { return head.bytes.starts_with(kMagic) ? 100 : 0; }

std::unique_ptr<Reader> make_columnar_reader(const ReadOptions& options, LayerBuilder& builder) {
  return std::make_unique<ColumnarReader>(options, builder);
}

}  // namespace mifa::annotation
