#include "annotation/column.h"

#include <cmath>

#include "core/json.h"

namespace mifa::annotation {

namespace {

constexpr double kNoNumber = std::numeric_limits<double>::quiet_NaN();
// Integers up to here are exact as doubles.
constexpr double kExact = 9007199254740992.0;

template <typename T>
void put(Paged<T>& values, std::size_t object, T value, T none) {
  if (values.size() <= object) values.resize(object + 1, none);
  values[object] = value;
}

}  // namespace

const char* role_name(Role role) {
  switch (role) {
    case Role::kNone: return "";
    case Role::kId: return "id";
    case Role::kLabel: return "label";
    case Role::kScore: return "score";
    case Role::kTrack: return "track";
    case Role::kParent: return "parent";
    case Role::kInstance: return "instance";
    case Role::kImage: return "image";
    case Role::kSplit: return "split";
    case Role::kCount: return "count";
  }
  return "";
}

const char* column_type_name(ColumnType type) {
  switch (type) {
    case ColumnType::kNumber: return "number";
    case ColumnType::kInteger: return "integer";
    case ColumnType::kText: return "text";
  }
  return "text";
}

std::uint32_t TextPool::add(std::string_view text) {
  if (bytes_.size() + text.size() > kBytes) text = "…";
  if (interning_) {
    if (const auto found = known_.find(text); found != known_.end()) {
      ++repeated_;
      return found->second;
    }
    if (known_.size() == kTrial && repeated_ < kTrial / 8) {
      interning_ = false;
      known_ = {};
    }
  }
  for (const char c : text) bytes_.push_back(c);
  ends_.push_back(static_cast<std::uint32_t>(bytes_.size()));
  const auto index = static_cast<std::uint32_t>(ends_.size() - 1);
  if (interning_ && known_.size() < kInterned) known_.emplace(text, index);
  return index;
}

std::string_view TextPool::text(std::uint32_t index) const {
  const std::size_t begin = index == 0 ? 0 : ends_[index - 1];
  const std::size_t end = ends_[index];
  if (begin == end) return {};
  constexpr std::size_t kPage = Paged<char>::kPage;
  if (begin / kPage == (end - 1) / kPage) return {&bytes_[begin], end - begin};
  scratch_.clear();
  for (std::size_t i = begin; i < end; ++i) scratch_.push_back(bytes_[i]);
  return scratch_;
}

void Column::set_number(std::size_t object, double value) {
  if (std::isnan(value)) return;
  if (type_ == ColumnType::kInteger) {
    if (std::trunc(value) == value && std::abs(value) <= kExact) {
      return set_integer(object, static_cast<std::int64_t>(value));
    }
    become(ColumnType::kNumber);
  }
  if (type_ == ColumnType::kText) return set_text(object, number_text(value));
  put(numbers_, object, value, kNoNumber);
}

void Column::set_integer(std::size_t object, std::int64_t value) {
  switch (type_) {
    case ColumnType::kNumber:
      return put(numbers_, object, static_cast<double>(value), kNoNumber);
    case ColumnType::kInteger:
      return put(integers_, object, value, kNoInteger);
    case ColumnType::kText:
      return set_text(object, std::to_string(value));
  }
}

void Column::set_text(std::size_t object, std::string_view value) {
  if (type_ != ColumnType::kText) become(ColumnType::kText);
  put(texts_, object, pool_.add(value), kNoText);
}

void Column::truncate(std::size_t object) {
  if (numbers_.size() > object) numbers_.resize(object);
  if (integers_.size() > object) integers_.resize(object);
  if (texts_.size() > object) texts_.resize(object);
}

bool Column::has(std::size_t object) const {
  switch (type_) {
    case ColumnType::kNumber: return object < numbers_.size() && !std::isnan(numbers_[object]);
    case ColumnType::kInteger: return object < integers_.size() && integers_[object] != kNoInteger;
    case ColumnType::kText: return object < texts_.size() && texts_[object] != kNoText;
  }
  return false;
}

double Column::number(std::size_t object) const {
  if (!has(object)) return kNoNumber;
  switch (type_) {
    case ColumnType::kNumber: return numbers_[object];
    case ColumnType::kInteger: return static_cast<double>(integers_[object]);
    case ColumnType::kText: return kNoNumber;
  }
  return kNoNumber;
}

std::optional<std::int64_t> Column::integer(std::size_t object) const {
  if (!has(object)) return std::nullopt;
  if (type_ == ColumnType::kInteger) return integers_[object];
  if (type_ == ColumnType::kNumber) {
    const double value = numbers_[object];
    if (std::trunc(value) == value && std::abs(value) <= kExact) {
      return static_cast<std::int64_t>(value);
    }
  }
  return std::nullopt;
}

std::string Column::text(std::size_t object) const {
  if (!has(object)) return {};
  switch (type_) {
    case ColumnType::kNumber: return number_text(numbers_[object]);
    case ColumnType::kInteger: return std::to_string(integers_[object]);
    case ColumnType::kText: return std::string(pool_.text(texts_[object]));
  }
  return {};
}

std::uint32_t Column::text_index(std::size_t object) const {
  return has(object) ? texts_[object] : kNoText;
}

void Column::become(ColumnType type) {
  if (type == ColumnType::kNumber) {
    for (std::size_t i = 0; i < integers_.size(); ++i) {
      if (has(i)) put(numbers_, i, static_cast<double>(integers_[i]), kNoNumber);
    }
  } else {
    const std::size_t size = type_ == ColumnType::kNumber ? numbers_.size() : integers_.size();
    for (std::size_t i = 0; i < size; ++i) {
      if (has(i)) put(texts_, i, pool_.add(text(i)), kNoText);
    }
    numbers_.clear();
  }
  integers_.clear();
  type_ = type;
}

}  // namespace mifa::annotation
