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

// Eight bytes of a text without case, from its beginning behind what all have in common: they mostly decide.
std::uint64_t beginning_of(std::string_view text, std::size_t common) {
  std::uint64_t beginning = 0;
  for (std::size_t k = common; k < common + 8; ++k) {
    beginning = beginning << 8 | (k < text.size() ? static_cast<std::uint8_t>(lower(text[k])) : 0U);
  }
  return beginning;
}

// How many bytes all texts of a pool begin with, without case.
std::size_t common_beginning(const TextPool& pool) {
  if (pool.size() == 0) return 0;
  const std::string first(pool.text(0));
  std::size_t common = first.size();
  for (std::uint32_t i = 1; i < pool.size() && common > 0; ++i) {
    const std::string_view text = pool.text(i);
    common = std::min(common, text.size());
    std::size_t same = 0;
    while (same < common && lower(text[same]) == lower(first[same])) ++same;
    common = same;
  }
  return common;
}

// Of texts that repeat (TextPool::kInterned) both are the same.
RankSort::Values values_of_texts(const TextPool& pool) {
  const std::size_t common = common_beginning(pool);
  RankSort::Values values;
  values.count = pool.size();
  values.key = [&pool, common](std::uint32_t i) { return beginning_of(pool.text(i), common); };
  // A view is good until the next.
  values.compare = [&pool, common, first = std::string()](std::uint32_t a, std::uint32_t b) mutable {
    first = pool.text(a);
    const std::string_view second = pool.text(b);
    for (std::size_t i = common; i < first.size() && i < second.size(); ++i) {
      const int order = static_cast<unsigned char>(lower(first[i])) - static_cast<unsigned char>(lower(second[i]));
      if (order != 0) return order;
    }
    return first.size() < second.size() ? -1 : first.size() > second.size() ? 1 : 0;
  };
  return values;
}

std::uint64_t integer_key(std::int64_t value) {
  return static_cast<std::uint64_t>(value) ^ std::uint64_t{1} << 63;
}

// What sorts after all else: no value.
constexpr std::uint64_t kLastKey = ~std::uint64_t{0};
constexpr std::uint32_t kNoRank = 0xffffffff;

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
  query_ = query;
  search(query.search);
  sort(query.sort, query.descending);
  known_ = true;
  return rows_;
}

void ObjectTable::search(const std::string& words) {
  for (std::string& word : words_of(words)) {
    const WordSearch search(layer_, std::move(word));
    std::erase_if(rows_, [&](std::uint32_t object) { return !search.in(object); });
  }
}

std::optional<RankSort::Values> ObjectTable::values_of(const std::string& by) const {
  const Column* column = layer_.find(by);
  if (column && column->type() == ColumnType::kText) return values_of_texts(column->pool());
  RankSort::Values values;
  values.count = layer_.size();
  if (column && column->type() == ColumnType::kInteger) {
    values.key = [column](std::uint32_t i) {
      const auto value = column->integer(i);
      return value ? integer_key(*value) : kLastKey;
    };
  } else if (column) {
    values.key = [column](std::uint32_t i) { return order_key(column->number(i)); };
  } else if (by == "category") {
    values.key = [this, rank = category_ranks(layer_)](std::uint32_t i) -> std::uint64_t {
      const std::int32_t category = layer_.category[i];
      return category < 0 ? kLastKey : rank[static_cast<std::size_t>(category)];
    };
  } else if (by == "shape") {
    values.key = [this](std::uint32_t i) { return static_cast<std::uint64_t>(layer_.shapes[i]); };
  } else if (by == "area") {
    values.key = [this](std::uint32_t i) { return order_key(area_of(layer_, i)); };
  } else if (by == "frame") {
    values.key = [this](std::uint32_t i) { return order_key(frame_of(layer_, i)); };
  } else {
    return std::nullopt;
  }
  return values;
}

const ObjectTable::Order* ObjectTable::find_order(const std::string& column) const {
  const auto found = std::find_if(orders_.begin(), orders_.end(), [&](const Order& order) { return order.column == column; });
  return found == orders_.end() ? nullptr : &*found;
}

bool ObjectTable::prepare(const TableQuery& query, std::size_t steps) {
  if (sorting_ && sorting_column_ != query.sort) sorting_.reset();
  if (find_order(query.sort)) return true;
  if (!sorting_) {
    auto values = values_of(query.sort);
    if (!values) return true;
    sorting_ = std::make_unique<RankSort>(*std::move(values));
    sorting_column_ = query.sort;
  }
  if (!sorting_->work(steps)) return false;
  keep_order();
  return true;
}

void ObjectTable::keep_order() {
  Order order;
  order.column = sorting_column_;
  const Column* column = layer_.find(order.column);
  order.by_text = column && column->type() == ColumnType::kText;
  order.ranks = sorting_->take();
  sorting_.reset();
  for (const std::uint32_t rank : order.ranks) order.count = std::max(order.count, rank + 1);
  if (!order.by_text) {
    for (std::uint32_t i = 0; i < order.ranks.size(); ++i) {
      const bool has = column                       ? column->has(i) && !std::isnan(column->number(i))
                       : order.column == "category" ? layer_.category[i] >= 0
                       : order.column == "frame"    ? !std::isnan(frame_of(layer_, i))
                                                    : true;
      if (!has) order.ranks[i] = kNoRank;
    }
  }
  if (orders_.size() == kKeptOrders) orders_.erase(orders_.begin());
  orders_.push_back(std::move(order));
}

// Objects without a value stay at the end, in their order; so do those of equal values among themselves.
void ObjectTable::sort(const std::string& by, bool descending) {
  while (!prepare(query_, layer_.size() + 1)) {
  }
  const Order* order = find_order(by);
  if (!order) {
    if (descending) std::reverse(rows_.begin(), rows_.end());
    return;
  }
  const Column* column = order->by_text ? layer_.find(by) : nullptr;
  const auto rank_of = [&](std::uint32_t object) {
    if (!column) return order->ranks[object];
    return column->has(object) ? order->ranks[column->text_index(object)] : kNoRank;
  };
  std::sort(rows_.begin(), rows_.end());  // they are, but for TableQuery::only
  // As many places as ranks, and one for those without: counted, then filled.
  std::vector<std::uint32_t> places(std::size_t{order->count} + 2);
  const auto place_of = [&](std::uint32_t object) -> std::size_t {
    const std::uint32_t rank = rank_of(object);
    return rank == kNoRank ? order->count : descending ? order->count - 1 - rank : rank;
  };
  for (const std::uint32_t object : rows_) ++places[place_of(object) + 1];
  std::partial_sum(places.begin(), places.end(), places.begin());
  std::vector<std::uint32_t> sorted(rows_.size());
  for (const std::uint32_t object : rows_) sorted[places[place_of(object)]++] = object;
  rows_ = std::move(sorted);
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
