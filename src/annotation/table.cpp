// Text tables (CSV, TSV and their like), read in windows.

#include <algorithm>
#include <array>
#include <deque>
#include <optional>

#include "annotation/delimited_text.h"
#include "annotation/table_formats.h"
#include "annotation/table_objects.h"
#include "annotation/unicode.h"

namespace mifa::annotation {

namespace {

constexpr std::size_t kHeaderRows = 4;  // TrackMate: names, long names, short names, units

bool is_numeric(std::string_view cell, char decimal) {
  const auto kind = read_number(cell, decimal).kind;
  return kind == TextNumber::Kind::kInteger || kind == TextNumber::Kind::kNumber;
}

// What a table's first lines say: the columns, and how many records are no rows.
struct Heading {
  std::vector<ColumnHeader> columns;
  std::size_t records = 0;  // of headers
  bool from_comment = false;
  bool guessed = false;  // There is no header.
  std::string duplicate;
};

using Rows = std::vector<std::vector<std::string>>;

// Columns of which most values are numbers, in the records from `first` on.
std::vector<bool> numeric_columns(const Rows& records, std::size_t first, std::size_t columns,
                                  char decimal) {
  std::vector<bool> numeric(columns, false);
  for (std::size_t column = 0; column < columns; ++column) {
    std::int64_t numbers = 0, texts = 0;
    for (std::size_t i = first; i < records.size(); ++i) {
      if (column >= records[i].size() || stripped(records[i][column]).empty()) continue;
      ++(is_numeric(records[i][column], decimal) ? numbers : texts);
    }
    numeric[column] = numbers > 0 && numbers >= 4 * texts;
  }
  return numeric;
}

std::vector<ColumnHeader> headers_of(const std::vector<std::string>& cells) {
  std::vector<ColumnHeader> headers;
  for (const std::string& cell : cells) headers.push_back(read_header(to_utf8(cell)));
  return headers;
}

bool is_header(const Rows& records, std::size_t columns, char decimal) {
  const std::vector<std::string>& first = records[0];
  const bool number = std::any_of(first.begin(), first.end(), [&](const std::string& cell) {
    return is_numeric(cell, decimal);
  });
  // Columns may be called by numbers, but then others are called by words.
  if (number && !has_known_name(headers_of(first))) return false;
  if (number) {
    const auto numeric = numeric_columns(records, 1, columns, decimal);
    for (std::size_t i = 0; i < first.size() && i < columns; ++i) {
      if (numeric[i] && is_numeric(first[i], decimal)) return false;
    }
    return true;
  }
  if (records.size() == 1) return true;
  const auto numeric = numeric_columns(records, 1, columns, decimal);
  if (std::find(numeric.begin(), numeric.end(), true) != numeric.end()) return true;
  return has_known_name(headers_of(first));
}

void make_unique(Heading& heading) {
  for (std::size_t i = 0; i < heading.columns.size(); ++i) {
    ColumnHeader& header = heading.columns[i];
    if (header.name.empty()) {
      // pandas leaves the name of its index empty.
      header.name = i == 0 ? "index" : "column " + std::to_string(i + 1);
      header.key = i == 0 ? "unnamedindex" : "";
    }
    const auto same = [&](std::size_t other) { return heading.columns[other].name == header.name; };
    for (int number = 2;; ++number) {
      std::size_t other = 0;
      while (other < i && !same(other)) ++other;
      if (other == i) break;
      if (heading.duplicate.empty()) heading.duplicate = header.name;
      header.name = heading.columns[other].name + " (" + std::to_string(number) + ")";
      header.key.clear();
    }
  }
}

// TrackMate writes three more rows of names, the last with units.
void skip_more_headers(Heading& heading, const Rows& records, char decimal) {
  if (records.size() < 3) return;
  const std::size_t columns = heading.columns.size();
  const auto numeric =
      numeric_columns(records, std::min(kHeaderRows, records.size() - 1), columns, decimal);
  if (std::count(numeric.begin(), numeric.end(), true) < 2) return;
  while (heading.records < kHeaderRows && heading.records < records.size()) {
    const auto& row = records[heading.records];
    for (std::size_t i = 0; i < row.size() && i < columns; ++i) {
      if (numeric[i] && is_numeric(row[i], decimal)) return;
    }
    for (std::size_t i = 0; i < row.size() && i < columns; ++i) {
      const std::string cell = to_utf8(row[i]);
      const std::string_view text = stripped(cell);
      if (text.size() > 2 && text.front() == '(' && text.back() == ')') {
        heading.columns[i].unit = unit_word(text.substr(1, text.size() - 2));
      }
    }
    ++heading.records;
  }
}

// Without names: two numbers are a place, names of files belong to images.
void name_by_content(Heading& heading, const Rows& records, char decimal) {
  heading.guessed = true;
  std::size_t columns = 0;
  for (const auto& row : records) columns = std::max(columns, row.size());
  const auto numeric = numeric_columns(records, 0, columns, decimal);
  constexpr std::array<const char*, 3> kAxes = {"x", "y", "z"};
  std::size_t axis = 0, texts = 0;
  for (std::size_t i = 0; i < columns; ++i) {
    ColumnHeader header = read_header("column " + std::to_string(i + 1));
    header.key.clear();
    if (numeric[i]) {
      if (axis < kAxes.size()) header.key = kAxes[axis];
      ++axis;
    } else {
      std::vector<std::string> values;
      for (const auto& row : records) {
        if (i < row.size()) values.push_back(row[i]);
      }
      const ColumnSample sample = sample_column(values, decimal);
      header.key = sample.file_names * 2 > sample.values ? "filename" : texts++ == 0 ? "class" : "";
    }
    heading.columns.push_back(std::move(header));
  }
  // One number beside a name is how many there are.
  for (ColumnHeader& header : heading.columns) {
    if (axis == 1 && header.key == "x") header.key = "count";
  }
}

Heading read_heading(const DialectGuess& guess) {
  Heading heading;
  const Rows& records = guess.sample.records;
  if (records.empty()) return heading;
  const char decimal = guess.dialect.decimal;
  if (is_header(records, guess.columns, decimal)) {
    heading.columns = headers_of(records[0]);
    heading.records = 1;
    skip_more_headers(heading, records, decimal);
  } else if (!guess.sample.comments.empty()) {
    // numpy.savetxt writes the names as a comment.
    DialectGuess names = guess_dialect(guess.sample.comments.back() + "\n", true);
    if (!names.sample.records.empty() && names.sample.records[0].size() == guess.columns) {
      heading.columns = headers_of(names.sample.records[0]);
      heading.from_comment = true;
    }
  }
  if (heading.columns.empty()) name_by_content(heading, records, decimal);
  make_unique(heading);
  return heading;
}

class TableReader : public Reader {
 public:
  TableReader(const ReadOptions& options, LayerBuilder& builder)
      : options_(options), builder_(builder), objects_(options_, builder) {}

  Status feed(std::string_view window) override {
    if (started_) {
      scan(decoder_.decode(window));
      return Success{};
    }
    head_.append(decoder_.decode(window));
    return head_.size() < kHeadBytes ? Status(Success{}) : start(false);
  }

  Status finish() override {
    if (!started_) {
      if (Status status = start(true); !status) return status;
    }
    scanner_->finish([this](const Record& record) { take(record); });
    tell_widths();
    objects_.finish();
    if (ordinal_ == 0) {
      builder_.issue("table/no-rows", Severity::kWarning,
                     "The table has names of columns and no rows.", {}, 1, "at least one row",
                     "none", "Export the table again, or remove it.");
    }
    if (latin_) {
      builder_.issue("table/not-utf-8", Severity::kInfo,
                     "Texts of the table are not UTF-8; they are read as Latin-1.", {},
                     static_cast<int>(latin_), "UTF-8", "other bytes", "Save the table as UTF-8.");
    }
    return Success{};
  }

 private:
  Status start(bool complete) {
    started_ = true;
    const DialectGuess guess = guess_dialect(head_, complete);
    if (guess.sample.records.empty()) {
      return Error{ErrorCode::kFixData,
                   "Expected a table in " + options_.file +
                       ", received a file without a line of text. Export it again."};
    }
    dialect_ = guess.dialect;
    Heading heading = read_heading(guess);
    skip_ = heading.records;
    width_ = heading.columns.size();
    std::vector<ColumnSample> samples;
    const Rows& records = guess.sample.records;
    for (std::size_t column = 0; column < width_; ++column) {
      std::vector<std::string> values;
      for (std::size_t i = skip_; i < records.size(); ++i) {
        if (column < records[i].size()) values.push_back(records[i][column]);
      }
      samples.push_back(sample_column(values, dialect_.decimal));
    }
    if (!heading.duplicate.empty()) {
      builder_.issue("table/same-name", Severity::kWarning,
                     "Two columns are called \"" + heading.duplicate.substr(0, 80) +
                         "\"; the later one has a number added.",
                     {}, 1, "different names", "the same name twice", "Rename one of them.");
    }
    TableScheme scheme = recognise_table(std::move(heading.columns), samples, options_.mapping);
    scheme.names_are_numbers = heading.guessed;
    if (heading.guessed && scheme.has_geometry()) {
      builder_.issue(
          "table/no-header", Severity::kInfo,
          "The table has no names of columns; the first numbers of a row are taken as x and y.", {},
          1, "a first line with names such as x, y, class", "values",
          "Add a line of names, or choose the columns in the layer's settings.");
    }
    objects_.start(std::move(scheme));
    scanner_.emplace(dialect_, builder_);
    if (head_.starts_with("sep=")) sep_line_ = true;
    scan(head_);
    head_.clear();
    head_.shrink_to_fit();
    return Success{};
  }

  void scan(std::string_view text) {
    scanner_->feed(text, [this](const Record& record) { take(record); });
  }

  void take(const Record& record) {
    const std::string_view first = stripped(record.cells[0]);
    if (record.cells.size() == 1 && first.empty()) return;
    if (dialect_.comment != 0 && first.starts_with(dialect_.comment)) return;
    if (sep_line_ && record.line == 1) return;
    if (skip_ > 0) {
      --skip_;
      return;
    }
    if (record.cells.size() != width_) count_width(record);
    cells_.clear();
    texts_.clear();
    for (const std::string_view cell : record.cells.first(std::min(width_, record.cells.size()))) {
      Cell& one = cells_.emplace_back();
      one.text = cell;
      one.value = read_number(cell, dialect_.decimal);
      if (one.value.kind == TextNumber::Kind::kText && !is_utf8(cell)) {
        if (latin_ == 0) latin_ = record.line;
        texts_.push_back(to_utf8(cell));
        one.text = texts_.back();
      }
    }
    objects_.row(cells_, ordinal_++, record.line);
  }

  void count_width(const Record& record) {
    Issue issue;
    issue.rule = "table/row-length";
    issue.severity = Severity::kWarning;
    issue.message = "Row " + std::to_string(ordinal_ + 1) + " has " +
                    std::to_string(record.cells.size()) + " cells, not " + std::to_string(width_) +
                    "; " +
                    (record.cells.size() < width_ ? "the missing ones are empty."
                                                  : "those beyond are left out.");
    issue.line = static_cast<int>(record.line);
    issue.row = static_cast<std::int64_t>(ordinal_) + 1;
    issue.expected = std::to_string(width_) + " cells";
    issue.received = std::to_string(record.cells.size());
    issue.fix =
        "Write every cell, also empty ones, and quotes around cells that contain the separator.";
    widths_.push_back(std::move(issue));
    if (widths_.size() > static_cast<std::size_t>(options_.limits.issues_per_rule)) {
      builder_.issue(std::move(widths_.back()));
      widths_.pop_back();
    }
  }

  // A row that is too long because its text has a comma in it has no number where one is wanted,
  // too: the length is the fault, and is told instead.
  void tell_widths() {
    Layer& layer = builder_.layer();
    for (Issue& issue : widths_) {
      std::erase_if(layer.issues, [&](const Issue& other) {
        return other.line == issue.line &&
               (other.rule == "table/missing-value" || other.rule == "table/not-a-number");
      });
      builder_.issue(std::move(issue));
    }
    widths_.clear();
  }

  ReadOptions options_;
  LayerBuilder& builder_;
  TableObjects objects_;
  UnicodeDecoder decoder_;
  std::string head_;
  bool started_ = false, sep_line_ = false;
  Dialect dialect_;
  std::optional<DelimitedScanner> scanner_;
  std::size_t skip_ = 0, width_ = 0;
  std::uint32_t ordinal_ = 0;
  std::uint32_t latin_ = 0;  // the first line that is not UTF-8
  std::vector<Cell> cells_;
  std::deque<std::string> texts_;
  std::vector<Issue> widths_;
};

}  // namespace

int sniff_table(const Head& head) {
  UnicodeDecoder decoder;
  const std::string text = decoder.decode(head.bytes);
  const std::string_view start = stripped(text);
  if (start.empty() || start.front() == '{' || start.front() == '[' || start.front() == '<')
    return 0;
  // No text has these, whatever its encoding.
  if (std::any_of(text.begin(), text.end(), [](char c) { return c >= 0 && c < 9; })) return 0;
  const DialectGuess guess = guess_dialect(text, head.complete);
  if (guess.columns < 2 || guess.agreement < 0.6) return 0;
  const bool blanks = guess.dialect.delimiter == ' ';
  const Heading heading = read_heading(guess);
  const bool known = !heading.guessed && has_known_name(heading.columns);
  const bool named = head.name.ends_with(".csv") || head.name.ends_with(".tsv");
  // Sentences have blanks and commas, too.
  if (heading.guessed && !named && (blanks || guess.agreement < 0.95)) return blanks ? 10 : 0;
  return (known ? 50 : 25) + (named ? 15 : 0) - (blanks ? 10 : 0);
}

std::unique_ptr<Reader> make_table_reader(const ReadOptions& options, LayerBuilder& builder) {
  return std::make_unique<TableReader>(options, builder);
}

}  // namespace mifa::annotation
