#include "annotation/yolo_names.h"

#include <cstdint>
#include <vector>

#include "annotation/text_values.h"

namespace mifa::annotation {

namespace {

std::vector<std::string_view> lines_of(std::string_view text) {
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

// Without a comment: "#" at the beginning or after a blank, outside of quotes.
std::string_view without_comment(std::string_view line) {
  char quote = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == '#' && (i == 0 || line[i - 1] == ' ' || line[i - 1] == '\t')) {
      return line.substr(0, i);
    }
  }
  return line;
}

std::string unquoted(std::string_view text) {
  text = stripped(text);
  if (text.size() >= 2 && (text.front() == '"' || text.front() == '\'') &&
      text.back() == text.front()) {
    text = text.substr(1, text.size() - 2);
  }
  return std::string(text);
}

// Cuts at commas outside of quotes.
std::vector<std::string_view> items_of(std::string_view flow) {
  std::vector<std::string_view> items;
  char quote = 0;
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= flow.size(); ++i) {
    const char c = i < flow.size() ? flow[i] : ',';
    if (quote != 0 && i < flow.size()) {
      if (c == quote) quote = 0;
    } else if ((c == '"' || c == '\'') && stripped(flow.substr(begin, i - begin)).empty()) {
      quote = c;
    } else if (c == ',') {
      if (const auto item = stripped(flow.substr(begin, i - begin)); !item.empty())
        items.push_back(item);
      begin = i + 1;
    }
  }
  return items;
}

// "3: name"
bool add_pair(std::string_view item, std::map<std::int64_t, std::string>& names) {
  const std::size_t colon = item.find(':');
  if (colon == std::string_view::npos) return false;
  const auto index = parse_integer(unquoted(item.substr(0, colon)));
  if (!index) return false;
  names[*index] = unquoted(item.substr(colon + 1));
  return true;
}

bool indented(std::string_view line) { return line.starts_with(' ') || line.starts_with('\t'); }

// The value of a key at the left margin: the rest of its line and the lines that belong to it.
std::vector<std::string_view> value_of(const std::vector<std::string_view>& lines,
                                       std::string_view key) {
  std::vector<std::string_view> value;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string_view line = lines[i];
    if (!line.starts_with(key) || !stripped(line.substr(key.size())).starts_with(':')) continue;
    value.push_back(stripped(without_comment(line.substr(line.find(':') + 1))));
    for (std::size_t j = i + 1; j < lines.size(); ++j) {
      const std::string_view next = stripped(without_comment(lines[j]));
      if (next.empty()) continue;
      // A list may stand at the margin itself.
      if (!indented(lines[j]) && !next.starts_with('-') && !next.starts_with(']') &&
          !next.starts_with('}'))
        break;
      value.push_back(next);
    }
    break;
  }
  return value;
}

std::string_view base_name(std::string_view path) {
  const std::size_t slash = path.find_last_of("/\\");
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

}  // namespace

std::map<std::int64_t, std::string> names_by_line(std::string_view text) {
  std::map<std::int64_t, std::string> names;
  std::int64_t index = 0;
  for (const std::string_view line : lines_of(text)) {
    if (const std::string_view name = stripped(line); !name.empty())
      names[index] = std::string(name);
    ++index;
  }
  return names;
}

YoloNames names_of_yaml(std::string_view text) {
  YoloNames found;
  const std::vector<std::string_view> lines = lines_of(text);
  std::string flow;
  std::int64_t next = 0;
  for (const std::string_view line : value_of(lines, "names")) {
    if (!flow.empty() || line.starts_with('[') || line.starts_with('{'))
      flow += std::string(line) + " ";
    else if (line.starts_with('-'))
      found.names[next++] = unquoted(line.substr(1));
    else
      add_pair(line, found.names);
  }
  if (!flow.empty()) {
    const std::size_t close = flow.find_last_of("]}");
    for (const std::string_view item : items_of(std::string_view(flow).substr(
             1, close == std::string::npos ? std::string::npos : close - 1))) {
      if (flow.front() == '[')
        found.names[next++] = unquoted(item);
      else
        add_pair(item, found.names);
    }
  }
  std::string shape;
  for (const std::string_view line : value_of(lines, "kpt_shape")) shape += std::string(line) + " ";
  const NumberList list = parse_numbers(shape, "[],-");
  if (list.numbers.size() == 2) {
    const double count = list.numbers[0], values = list.numbers[1];
    if (count >= 1 && count <= 1000 && (values == 2 || values == 3)) {
      found.keypoints = static_cast<int>(count);
      found.keypoint_values = static_cast<int>(values);
    }
  }
  return found;
}

YoloNames find_names(const std::map<std::string, std::string>& companions) {
  YoloNames found;
  for (const auto& [name, text] : companions) {
    if (!ends_with_word(name, ".yaml") && !ends_with_word(name, ".yml")) continue;
    found = names_of_yaml(text);
    found.file = name;
    if (!found.names.empty()) return found;
  }
  found.file.clear();
  for (const std::string_view wanted : {"classes.txt", "obj.names", ".names", "labels.txt"}) {
    for (const auto& [name, text] : companions) {
      const bool same = wanted.starts_with('.') ? ends_with_word(name, wanted)
                                                : equal_ignoring_case(base_name(name), wanted);
      if (!same) continue;
      found.names = names_by_line(text);
      found.file = name;
      return found;
    }
  }
  return found;
}

}  // namespace mifa::annotation
