#include "annotation/object_table.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <span>

#include "annotation/measure.h"
#include "core/json.h"

namespace mifa::annotation {

namespace {

constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = lower(c);
  return result;
}

// `word` is in lower case.
bool contains(std::string_view text, std::string_view word) {
  return std::search(text.begin(), text.end(), word.begin(), word.end(),
                     [](char a, char b) { return lower(a) == b; }) != text.end();
}

std::vector<std::string> words_of(const std::string& text) {
  std::vector<std::string> words;
  std::string word;
  for (const char c : text + " ") {
    if (c != ' ') {
      word += lower(c);
    } else if (!word.empty()) {
      words.push_back(std::move(word));
      word.clear();
    }
  }
  return words;
}

// Whether a number's text can have the word in it.
bool is_numeric(std::string_view word) { return word.find_first_not_of("0123456789.+-e") == word.npos; }

// A number's text in ten digits. number_text is exact, and takes ten times as long: a search of a
// million rows with ten columns would take seconds.
std::string_view quick_text(double value, char (&buffer)[40]) {
  char* at = buffer;
  if (value < 0) *at++ = '-';
  double rest = std::abs(value);
  if (!(rest < 1e15)) return {};
  auto whole = static_cast<std::uint64_t>(rest);
  rest -= static_cast<double>(whole);
  int decimals = 10;
  for (std::uint64_t scale = 1; scale <= whole && decimals > 0; scale *= 10) --decimals;
  std::uint64_t power = 1;
  for (int i = 0; i < decimals; ++i) power *= 10;
  auto fraction = static_cast<std::uint64_t>(rest * static_cast<double>(power) + 0.5);
  if (fraction >= power) {
    fraction -= power;
    ++whole;
  }
  char digits[24];
  int count = 0;
  do digits[count++] = static_cast<char>('0' + whole % 10);
  while (whole /= 10);
  while (count > 0) *at++ = digits[--count];
  if (fraction == 0) return {buffer, static_cast<std::size_t>(at - buffer)};
  *at++ = '.';
  for (power /= 10; power > 0 && fraction > 0; power /= 10) {
    *at++ = static_cast<char>('0' + fraction / power);
    fraction %= power;
  }
  return {buffer, static_cast<std::size_t>(at - buffer)};
}

// Whether a word is in a row, column by column. Texts are looked at once each, not once a row.
class WordSearch {
 public:
  WordSearch(const Layer& layer, std::string word) : layer_(layer), word_(std::move(word)) {
    for (const Category& category : layer.categories) categories_.push_back(contains(category.name, word_));
    const bool numeric = is_numeric(word_);
    for (const auto& column : layer.columns) {
      if (column->type() == ColumnType::kText) {
        Texts texts{column.get(), std::vector<std::uint8_t>(column->pool().size())};
        bool any = false;
        for (std::uint32_t i = 0; i < texts.matches.size(); ++i) {
          texts.matches[i] = contains(column->pool().text(i), word_);
          any = any || texts.matches[i];
        }
        if (any) texts_.push_back(std::move(texts));
      } else if (numeric) {
        numbers_.push_back(column.get());
      }
    }
    for (int i = 0; i <= static_cast<int>(Shape::kMixed); ++i) {
      shapes_.push_back(contains(shape_name(static_cast<Shape>(i)), word_));
    }
    numeric_ = numeric;
  }

  bool in(std::uint32_t object) const {
    const std::int32_t category = layer_.category[object];
    if (category >= 0 && categories_[static_cast<std::size_t>(category)]) return true;
    if (shapes_[static_cast<std::size_t>(layer_.shapes[object])]) return true;
    for (const Texts& texts : texts_) {
      if (texts.column->has(object) && texts.matches[texts.column->text_index(object)]) return true;
    }
    if (!numeric_) return false;
    char buffer[40];
    if (contains(quick_text(object, buffer), word_)) return true;
    for (const Column* column : numbers_) {
      if (!column->has(object)) continue;
      const auto integer = column->type() == ColumnType::kInteger ? column->integer(object) : std::nullopt;
      if (integer && std::abs(*integer) >= 1'000'000'000'000'000) {
        if (contains(std::to_string(*integer), word_)) return true;
      } else if (contains(quick_text(column->number(object), buffer), word_)) {
        return true;
      }
    }
    return false;
  }

 private:
  struct Texts {
    const Column* column;
    std::vector<std::uint8_t> matches;
  };
  const Layer& layer_;
  std::string word_;
  bool numeric_ = false;
  std::vector<bool> categories_, shapes_;
  std::vector<Texts> texts_;
  std::vector<const Column*> numbers_;
};

// The place of each text of a pool in their order.
std::vector<std::uint32_t> ranks(const TextPool& pool) {
  struct Entry {
    std::uint64_t beginning;  // the first eight bytes, which mostly decide
    std::uint32_t index;
  };
  std::vector<Entry> entries(pool.size());
  for (std::uint32_t i = 0; i < entries.size(); ++i) {
    const std::string_view text = pool.text(i);
    std::uint64_t beginning = 0;
    for (std::size_t k = 0; k < 8; ++k) {
      beginning = beginning << 8 | (k < text.size() ? static_cast<std::uint8_t>(lower(text[k])) : 0U);
    }
    entries[i] = {beginning, i};
  }
  const auto rest = [&](std::uint32_t index) { return lower(pool.text(index)); };
  std::sort(entries.begin(), entries.end(), [&](const Entry& a, const Entry& b) {
    if (a.beginning != b.beginning) return a.beginning < b.beginning;
    if ((a.beginning & 0xff) != 0) {
      const std::string x = rest(a.index), y = rest(b.index);
      if (x != y) return x < y;
    }
    return a.index < b.index;
  });
  std::vector<std::uint32_t> result(entries.size());
  std::uint32_t rank = 0;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    // Texts that repeat (TextPool::kInterned) are one.
    if (i > 0 && (entries[i].beginning != entries[i - 1].beginning || rest(entries[i].index) != rest(entries[i - 1].index))) {
      ++rank;
    }
    result[entries[i].index] = rank;
  }
  return result;
}

std::vector<std::uint32_t> category_ranks(const Layer& layer) {
  std::vector<std::uint32_t> order(layer.categories.size()), rank(order.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    const auto key = [&](std::uint32_t i) { return std::pair(lower(layer.categories[i].name), i); };
    return key(a) < key(b);
  });
  for (std::uint32_t i = 0; i < order.size(); ++i) rank[order[i]] = i;
  return rank;
}

// Sorts rows by a number of each; rows without one stay at the end, in their order.
template <typename KeyOf>
void sort_rows(std::vector<std::uint32_t>& rows, bool descending, KeyOf key_of) {
  struct Entry {
    double key;
    std::uint32_t object;
  };
  std::vector<Entry> entries;
  entries.reserve(rows.size());
  std::vector<std::uint32_t> without;
  for (const std::uint32_t object : rows) {
    const double key = key_of(object);
    if (std::isnan(key)) without.push_back(object);
    else entries.push_back({descending ? -key : key, object});
  }
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    return a.key != b.key ? a.key < b.key : a.object < b.object;
  });
  std::size_t at = 0;
  for (const Entry& entry : entries) rows[at++] = entry.object;
  std::copy(without.begin(), without.end(), rows.begin() + static_cast<std::ptrdiff_t>(at));
}

double frame_of(const Layer& layer, std::size_t object) {
  return object < layer.t_begin.size() ? layer.t_begin[object] : kNothing;
}

std::string measure_text(double value) {
  // Areas of floats have no more true digits than this.
  return number_text(value < 1e6 ? std::round(value * 100) / 100 : std::round(value));
}

}  // namespace

ObjectTable::ObjectTable(const Layer& layer) : layer_(layer) {
  bool areas = false, several = false;
  for (std::size_t i = 0; i < layer.size(); ++i) {
    const Shape shape = layer.shapes[i];
    areas = areas || shape == Shape::kBox || shape == Shape::kPolygon || shape == Shape::kMixed;
    several = several || shape != layer.shapes[0];
  }
  columns_.push_back("#");
  const auto own = [&](const char* name, bool says) {
    if (says && !layer.find(name)) columns_.push_back(name);
  };
  own("category", !layer.categories.empty());
  own("shape", several);
  own("area", areas);
  own("frame", !layer.t_begin.empty());
  for (const auto& column : layer.columns) columns_.push_back(column->name());
}

bool ObjectTable::has(const char* name) const {
  return std::find(columns_.begin(), columns_.end(), name) != columns_.end() && !layer_.find(name);
}

const std::vector<std::uint32_t>& ObjectTable::rows(const TableQuery& query, const Mask& mask) {
  if (known_ && query == query_) return rows_;
  rows_.clear();
  const auto take = [&](std::uint32_t object) {
    if (object < layer_.size() && (!query.filtered || mask.empty() || mask[object])) rows_.push_back(object);
  };
  if (query.only) {
    for (const std::uint32_t object : *query.only) take(object);
  } else {
    for (std::uint32_t i = 0; i < layer_.size(); ++i) take(i);
  }
  search(query.search);
  sort(query.sort, query.descending);
  query_ = query;
  known_ = true;
  return rows_;
}

void ObjectTable::search(const std::string& words) {
  for (std::string& word : words_of(words)) {
    const WordSearch search(layer_, std::move(word));
    std::erase_if(rows_, [&](std::uint32_t object) { return !search.in(object); });
  }
}

void ObjectTable::sort(const std::string& by, bool descending) {
  const Column* column = layer_.find(by);
  if (column && column->type() == ColumnType::kText) {
    const std::vector<std::uint32_t> rank = ranks(column->pool());
    return sort_rows(rows_, descending, [&](std::uint32_t object) -> double {
      return column->has(object) ? rank[column->text_index(object)] : kNothing;
    });
  }
  if (column) {
    return sort_rows(rows_, descending, [&](std::uint32_t object) { return column->number(object); });
  }
  if (by == "category") {
    const std::vector<std::uint32_t> rank = category_ranks(layer_);
    return sort_rows(rows_, descending, [&](std::uint32_t object) -> double {
      const std::int32_t category = layer_.category[object];
      return category < 0 ? kNothing : rank[static_cast<std::size_t>(category)];
    });
  }
  if (by == "shape") {
    return sort_rows(rows_, descending,
                     [&](std::uint32_t object) { return static_cast<double>(layer_.shapes[object]); });
  }
  if (by == "area") {
    return sort_rows(rows_, descending, [&](std::uint32_t object) { return area_of(layer_, object); });
  }
  if (by == "frame") {
    return sort_rows(rows_, descending, [&](std::uint32_t object) { return frame_of(layer_, object); });
  }
  if (descending) std::reverse(rows_.begin(), rows_.end());
}

std::vector<std::string> ObjectTable::cells(std::uint32_t object) const {
  std::vector<std::string> cells = {std::to_string(object)};
  const std::int32_t category = layer_.category[object];
  if (has("category")) {
    cells.push_back(category < 0 ? "" : layer_.categories[static_cast<std::size_t>(category)].name);
  }
  if (has("shape")) cells.push_back(shape_name(layer_.shapes[object]));
  if (has("area")) cells.push_back(measure_text(area_of(layer_, object)));
  if (has("frame")) {
    const double frame = frame_of(layer_, object);
    cells.push_back(std::isnan(frame) ? "" : number_text(frame));
  }
  for (const auto& column : layer_.columns) cells.push_back(column->text(object));
  return cells;
}

}  // namespace mifa::annotation
