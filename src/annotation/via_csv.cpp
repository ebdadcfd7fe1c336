// The VGG Image Annotator's CSV: of versions 1 and 2 with a line a region (and one an image without
// regions), of version 3 with a line of "# CSV_HEADER" among comments. Some cells hold JSON.

#include <set>

#include "annotation/delimited_text.h"
#include "annotation/readers.h"
#include "annotation/text_values.h"
#include "annotation/via_region.h"

namespace mifa::annotation {

namespace {

constexpr std::string_view kHeading3 = "# CSV_HEADER = ";

// One line of the table that is about a region.
struct Row {
  std::uint32_t line = 0, ordinal = 0;
  std::string file, shape, attributes;
};

class ViaCsvReader final : public WholeFileReader {
 public:
  using WholeFileReader::WholeFileReader;

 private:
  Status read(std::string_view text) override;
  void read_heading(const Record& record);
  void read_record(const Record& record);
  void read_row(const Row& row);
  std::string cell(const Record& record, std::initializer_list<const char*> names) const;
  std::optional<simdjson::dom::element> parse_cell(const std::string& text, const char* column,
                                                   const Row& row);

  std::vector<std::string> columns_;
  std::vector<Row> rows_;
  std::vector<std::string> images_;
  std::set<std::string, std::less<>> known_images_;
  simdjson::dom::parser parser_;
  std::string cell_text_;
  bool version_3_ = false;
};

Status ViaCsvReader::read(std::string_view text) {
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  DelimitedScanner scanner({',', '.', 0}, builder());
  const auto sink = [&](const Record& record) { read_record(record); };
  scanner.feed(text, sink);
  scanner.finish(sink);
  if (columns_.empty()) {
    return Error{ErrorCode::kFixData,
                 "expected a heading with filename and region_shape_attributes in " +
                     options().file + ", received none"};
  }
  const ImageChoice choice = choose_image(images_, options().image);
  tell_choice(builder(), images_, options().image, choice);
  for (const Row& row : rows_) {
    if (choice.index && images_[*choice.index] == row.file)
      read_row(row);
    else
      ++builder().layer().elsewhere;
  }
  return Success{};
}

void ViaCsvReader::read_heading(const Record& record) {
  for (std::size_t i = 0; i < record.cells.size(); ++i) {
    std::string_view name = stripped(record.cells[i]);
    if (i == 0 && name.starts_with(kHeading3))
      name.remove_prefix(kHeading3.size());
    else if (i == 0 && name.starts_with('#'))
      name.remove_prefix(1);
    columns_.emplace_back(stripped(name));
  }
}

std::string ViaCsvReader::cell(const Record& record,
                               std::initializer_list<const char*> names) const {
  for (const char* name : names) {
    for (std::size_t i = 0; i < columns_.size() && i < record.cells.size(); ++i) {
      if (columns_[i] == name) return std::string(record.cells[i]);
    }
  }
  return {};
}

void ViaCsvReader::read_record(const Record& record) {
  if (record.cells.empty() || (record.cells.size() == 1 && stripped(record.cells[0]).empty()))
    return;
  const std::string_view first = record.cells[0];
  if (columns_.empty()) {
    version_3_ = first.starts_with(kHeading3);
    if (first.starts_with("# ") && !version_3_) return;
    return read_heading(record);
  }
  Row row;
  row.line = record.line;
  row.ordinal = static_cast<std::uint32_t>(rows_.size());
  row.file = cell(record, {"filename", "file_list"});
  if (version_3_ && row.file.starts_with("[\"")) {
    // ["a.png"]: an image a view. Views of several are named by their first.
    row.file = row.file.substr(2, row.file.find('"', 2) - 2);
  }
  row.shape = cell(record, {"region_shape_attributes", "spatial_coordinates"});
  row.attributes = cell(record, {"region_attributes", "metadata"});
  if (record.cells.size() != columns_.size()) {
    builder().issue("annotation/via-csv-cells", Severity::kError,
                    "A line has not the heading's cells; it is left out.", {},
                    static_cast<int>(record.line), std::to_string(columns_.size()) + " cells",
                    std::to_string(record.cells.size()), "export the annotations again");
    return;
  }
  if (known_images_.insert(row.file).second) images_.push_back(row.file);
  const std::string_view shape = stripped(row.shape);
  if (shape.empty() || shape == "{}" || shape == "[]") return;  // an image without regions
  rows_.push_back(std::move(row));
}

std::optional<simdjson::dom::element> ViaCsvReader::parse_cell(const std::string& text,
                                                               const char* column, const Row& row) {
  cell_text_ = text;
  cell_text_.append(simdjson::SIMDJSON_PADDING, ' ');
  auto result = parser_.parse(cell_text_.data(), text.size(), false);
  if (result.error() == simdjson::SUCCESS) return result.value_unsafe();
  builder().issue("annotation/via-csv-json", Severity::kError, "A cell holds no JSON.", {},
                  static_cast<int>(row.line), std::string("JSON as ") + column,
                  in_quotes(text) + ": " + simdjson::error_message(result.error()),
                  "export the annotations again");
  return std::nullopt;
}

void ViaCsvReader::read_row(const Row& row) {
  if (!builder().begin(row.ordinal, row.line)) return;
  const Frame frame{static_cast<double>(options().image.width),
                    static_cast<double>(options().image.height)};
  ViaRegion region(builder(), frame, {}, static_cast<int>(row.line));
  if (const auto shape = parse_cell(
          row.shape, version_3_ ? "spatial_coordinates" : "region_shape_attributes", row)) {
    version_3_ ? region.draw_numbers(*shape) : region.draw(*shape);
  }
  if (!stripped(row.attributes).empty()) {
    if (const auto attributes =
            parse_cell(row.attributes, version_3_ ? "metadata" : "region_attributes", row)) {
      region.classify(*attributes, {});
    }
  }
  builder().end();
}

}  // namespace

int sniff_via_csv(const Head& head) {
  if (head.bytes.find("region_shape_attributes") != std::string_view::npos &&
      head.bytes.find("filename") != std::string_view::npos && !begins_as_json(head.bytes, '{')) {
    return 95;
  }
  return head.bytes.find(kHeading3) != std::string_view::npos ? 95 : 0;
}

std::unique_ptr<Reader> make_via_csv(const ReadOptions& options, LayerBuilder& builder) {
  return std::make_unique<ViaCsvReader>(options, builder);
}

}  // namespace mifa::annotation
