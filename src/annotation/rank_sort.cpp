#include "annotation/rank_sort.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace mifa::annotation {

std::uint64_t order_key(double value) {
  if (std::isnan(value)) return ~std::uint64_t{0};
  if (value == 0) value = 0;  // -0 is 0
  std::uint64_t bits = 0;
  std::memcpy(&bits, &value, sizeof bits);
  constexpr std::uint64_t kSign = std::uint64_t{1} << 63;
  return bits & kSign ? ~bits : bits | kSign;
}

bool RankSort::less(const Entry& a, const Entry& b) const {
  if (a.key != b.key) return a.key < b.key;
  const int order = values_.compare ? values_.compare(a.index, b.index) : 0;
  return order != 0 ? order < 0 : a.index < b.index;
}

bool RankSort::work(std::size_t steps) {
  for (std::size_t done = 0; done < steps && stage_ != Stage::kDone;) {
    switch (stage_) {
      case Stage::kKeys: done += fill(steps - done); break;
      case Stage::kRuns: done += sort_run(); break;
      case Stage::kMerge: done += merge(steps - done); break;
      case Stage::kRanks: done += number(steps - done); break;
      case Stage::kDone: break;
    }
  }
  return stage_ == Stage::kDone;
}

std::size_t RankSort::fill(std::size_t steps) {
  if (at_ == 0) entries_.reserve(values_.count);
  const std::size_t end = std::min(values_.count, at_ + steps);
  const std::size_t begin = at_;
  for (; at_ < end; ++at_) {
    const auto index = static_cast<std::uint32_t>(at_);
    entries_.push_back({values_.key(index), index});
  }
  if (at_ == values_.count) {
    stage_ = Stage::kRuns;
    at_ = 0;
  }
  return end - begin;
}

std::size_t RankSort::sort_run() {
  const std::size_t end = std::min(entries_.size(), at_ + kRun);
  std::sort(entries_.begin() + static_cast<std::ptrdiff_t>(at_), entries_.begin() + static_cast<std::ptrdiff_t>(end),
            [this](const Entry& a, const Entry& b) { return less(a, b); });
  const std::size_t count = end - at_;
  at_ = end;
  if (at_ == entries_.size()) {
    stage_ = entries_.size() > kRun ? Stage::kMerge : Stage::kRanks;
    at_ = 0;
    merged_.clear();
    if (stage_ == Stage::kMerge) merged_.reserve(entries_.size());
  }
  return count;
}

// Two neighbouring runs of `width_` become one of twice that, from the first pair to the last, then again.
std::size_t RankSort::merge(std::size_t steps) {
  const std::size_t size = entries_.size();
  const std::size_t begin = at_, middle = std::min(size, at_ + width_), end = std::min(size, at_ + 2 * width_);
  std::size_t a = begin + left_, b = middle + right_, count = 0;
  for (; count < steps && (a < middle || b < end); ++count) {
    const bool first = b == end || (a < middle && !less(entries_[b], entries_[a]));
    merged_.push_back(entries_[first ? a++ : b++]);
  }
  left_ = a - begin;
  right_ = b - middle;
  if (a < middle || b < end) return count;
  left_ = right_ = 0;
  at_ = end;
  if (at_ < size) return count;
  std::swap(entries_, merged_);
  merged_.clear();
  at_ = 0;
  width_ *= 2;
  if (width_ >= size) {
    merged_ = {};
    stage_ = Stage::kRanks;
  }
  return count;
}

std::size_t RankSort::number(std::size_t steps) {
  if (at_ == 0) ranks_.resize(values_.count);
  const std::size_t end = std::min(entries_.size(), at_ + steps);
  const std::size_t begin = at_;
  for (; at_ < end; ++at_) {
    if (at_ > 0) {
      const Entry &now = entries_[at_], &before = entries_[at_ - 1];
      if (now.key != before.key || (values_.compare && values_.compare(now.index, before.index) != 0)) ++rank_;
    }
    ranks_[entries_[at_].index] = rank_;
  }
  if (at_ == entries_.size()) {
    stage_ = Stage::kDone;
    entries_ = {};
  }
  return end - begin;
}

}  // namespace mifa::annotation
