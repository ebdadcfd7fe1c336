// Classes and counts in JSON, as people write them by hand: {"a.png": "mitotic"}, {"a.png": 12},
// {"a.png": {"nuclei": 12, "debris": 3}}, {"1": "neuron"} (a mask's values), and lists of flat
// records, which are tables. An object may be wrapped in another that has nothing else.

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "annotation/table_formats.h"
#include "annotation/table_objects.h"
#include "core/json.h"

namespace mifa::annotation {

namespace {

constexpr std::int64_t kSampleRows = 200;

enum class Form { kNone, kRecords, kClasses, kClassLists, kCounts, kCountsByClass };

bool is_scalar(const JsonView& value) {
  return value.exists() && !value.is_object() && !value.is_array();
}

bool is_flat(const JsonView& object) {
  if (!object.is_object() || object.size() == 0) return false;
  for (const std::string& key : object.keys()) {
    if (!is_scalar(object[key])) return false;
  }
  return true;
}

std::string text_of(const JsonView& value) {
  if (const auto text = value.string()) return *text;
  return value.is_null() ? "" : value.text(1000);
}

bool is_whole(std::string_view text) {
  return read_number(text).kind == TextNumber::Kind::kInteger;
}

// All values of an object, of one form; nothing mixed is guessed at.
Form form_of_members(const JsonView& object) {
  bool texts = true, numbers = true, lists = true, flat = true;
  const auto keys = object.keys();
  for (const std::string& key : keys) {
    const JsonView value = object[key];
    texts = texts && value.is_string();
    numbers = numbers && value.integer().has_value();
    flat = flat && is_flat(value);
    lists = lists && value.is_array() && value.size() > 0;
    for (std::int64_t i = 0; lists && i < value.size(); ++i) lists = value[i].is_string();
  }
  // Names of files, or a mask's values: else any settings file would be classes.
  const auto file = [](const std::string& key) {
    const std::size_t dot = key.rfind('.');
    return dot != std::string::npos && dot > 0 && key.size() - dot <= 6;
  };
  const bool files = std::all_of(keys.begin(), keys.end(), file);
  const bool ids =
      std::all_of(keys.begin(), keys.end(), [](const std::string& key) { return is_whole(key); });
  if (keys.empty() || !(files || ids)) return Form::kNone;
  if (texts) return Form::kClasses;
  if (!files) return flat ? Form::kRecords : Form::kNone;
  if (lists) return Form::kClassLists;
  if (numbers) return Form::kCounts;
  if (!flat) return Form::kNone;
  // {"a.png": {"class": …}} has names that tables have; {"a.png": {"nuclei": 12}} only numbers.
  for (const std::string& key : keys) {
    for (const std::string& name : object[key].keys()) {
      if (!object[key][name].integer()) return Form::kRecords;
    }
  }
  return Form::kCountsByClass;
}

struct Found {
  JsonView rows;
  Form form = Form::kNone;
};

Found find_rows(const JsonView& root, int deep = 0) {
  if (root.is_array()) {
    std::int64_t flat = 0, items = 0;
    for (; items < root.size() && items < kSampleRows; ++items)
      flat += is_flat(root[items]) ? 1 : 0;
    return flat * 2 > items ? Found{root, Form::kRecords} : Found{};
  }
  if (!root.is_object()) return {};
  if (const Form form = form_of_members(root); form != Form::kNone) return {root, form};
  const auto keys = root.keys();
  return deep == 0 && keys.size() == 1 ? find_rows(root[keys[0]], 1) : Found{};
}

class JsonRowsReader : public WholeFileReader {
 public:
  using WholeFileReader::WholeFileReader;

 private:
  struct Row {
    std::vector<std::string> cells;
    std::uint32_t ordinal = 0;
  };

  Status read(std::string_view text) override {
    auto root = JsonDocument::parse(std::string(text), options().file);
    if (!root) return root.error();
    const Found found = find_rows(*root);
    if (found.form == Form::kNone) {
      return root->mismatch(
          "classes or counts by image or by a mask's value, or a list of flat records");
    }
    gather(found);
    TableObjects objects(options(), builder());
    std::vector<ColumnSample> samples;
    for (std::size_t column = 0; column < names_.size(); ++column) {
      std::vector<std::string> values;
      for (std::size_t i = 0; i < rows_.size() && i < static_cast<std::size_t>(kSampleRows); ++i) {
        values.push_back(column < rows_[i].cells.size() ? rows_[i].cells[column] : "");
      }
      samples.push_back(sample_column(values, '.'));
    }
    std::vector<ColumnHeader> headers;
    for (const std::string& name : names_) headers.push_back(read_header(name));
    objects.start(recognise_table(std::move(headers), samples, options().mapping));
    std::vector<Cell> cells;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      cells.clear();
      for (const std::string& cell : rows_[i].cells) cells.push_back({read_number(cell), cell});
      objects.row(cells, rows_[i].ordinal, 0);
    }
    objects.finish();
    if (found.form == Form::kRecords && found.rows.is_array())
      builder().layer().pointer_before = found.rows.pointer() + "/";
    return Success{};
  }

  std::size_t column(const std::string& name) {
    const auto found = std::find(names_.begin(), names_.end(), name);
    if (found != names_.end()) return static_cast<std::size_t>(found - names_.begin());
    if (static_cast<std::int64_t>(names_.size()) >= options().limits.columns)
      return names_.size() - 1;
    names_.push_back(name);
    return names_.size() - 1;
  }

  void put(Row& row, const std::string& name, const JsonView& value) {
    const std::size_t at = column(name);
    if (row.cells.size() <= at) row.cells.resize(at + 1);
    row.cells[at] = text_of(value);
  }

  void gather(const Found& found) {
    if (found.rows.is_array()) {
      for (std::int64_t i = 0; i < found.rows.size(); ++i)
        add_record(found.rows[i], static_cast<std::uint32_t>(i));
      return;
    }
    const auto keys = found.rows.keys();
    const bool ids =
        std::all_of(keys.begin(), keys.end(), [](const std::string& key) { return is_whole(key); });
    names_ = {ids ? "label_id" : "image"};
    if (found.form == Form::kCounts)
      names_.push_back("count");
    else if (found.form == Form::kCountsByClass)
      names_.insert(names_.end(), {"class", "count"});
    else if (found.form != Form::kRecords)
      names_.push_back("class");
    for (const std::string& key : keys) {
      const JsonView value = found.rows[key];
      if (found.form == Form::kClassLists) {
        for (std::int64_t i = 0; i < value.size(); ++i) add({key, text_of(value[i])});
      } else if (found.form == Form::kCountsByClass) {
        for (const std::string& name : value.keys()) add({key, name, text_of(value[name])});
      } else if (found.form == Form::kRecords) {
        Row& row = add({key});
        for (const std::string& name : value.keys()) put(row, name, value[name]);
      } else {
        add({key, text_of(value)});
      }
    }
  }

  Row& add(std::vector<std::string> cells) {
    return rows_.emplace_back(Row{std::move(cells), static_cast<std::uint32_t>(rows_.size())});
  }

  void add_record(const JsonView& record, std::uint32_t ordinal) {
    if (record.is_object()) {
      Row& row = rows_.emplace_back(Row{{}, ordinal});
      for (const std::string& key : record.keys()) put(row, key, record[key]);
      return;
    }
    Issue issue = record.issue("json-rows/not-a-record", Severity::kError,
                               "An item is no record; it is left out.");
    issue.expected = "an object with texts and numbers";
    issue.fix = "Write every item as the others.";
    builder().issue(std::move(issue));
  }

  std::vector<std::string> names_;
  std::vector<Row> rows_;
};

// The items of a text that breaks off, closed: up to the last comma between them.
std::string closed(std::string_view text) {
  std::vector<char> open;
  std::size_t last = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c == '\\')
        ++i;
      else if (c == '"')
        quoted = false;
      continue;
    }
    if (c == '"')
      quoted = true;
    else if (c == '{' || c == '[')
      open.push_back(c == '{' ? '}' : ']');
    else if ((c == '}' || c == ']') && !open.empty())
      open.pop_back();
    else if (c == ',' && open.size() == 1)
      last = i;
  }
  if (last == 0 || open.empty()) return {};
  return std::string(text.substr(0, last)) + open.front();
}

}  // namespace

int sniff_json_rows(const Head& head) {
  std::string_view bytes = head.bytes;
  if (bytes.starts_with("\xef\xbb\xbf")) bytes.remove_prefix(3);
  const std::string_view start = stripped(bytes);
  if (start.empty() || (start.front() != '{' && start.front() != '[')) return 0;
  std::string text = head.complete ? std::string(bytes) : closed(bytes);
  if (text.empty()) return 0;
  const auto root = JsonDocument::parse(std::move(text), head.name);
  if (!root) return 0;
  const Form form = find_rows(*root).form;
  return form == Form::kNone ? 0 : 40;
}

std::unique_ptr<Reader> make_json_rows_reader(const ReadOptions& options, LayerBuilder& builder) {
  return std::make_unique<JsonRowsReader>(options, builder);
}

}  // namespace mifa::annotation
