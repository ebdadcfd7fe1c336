// The places of many values in their order, found in steps, so that a worker can hear a message in between.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

namespace mifa::annotation {

class RankSort {
 public:
  // Of value i. `key` decides; of those with equal keys `compare` does (below 0: the first comes before), where it is
  // given.
  struct Values {
    std::size_t count = 0;
    std::function<std::uint64_t(std::uint32_t)> key;
    std::function<int(std::uint32_t, std::uint32_t)> compare;
  };

  explicit RankSort(Values values) : values_(std::move(values)) {}

  // Goes on for about `steps` values; whether it is done.
  bool work(std::size_t steps);
  // The place of each value, from 0; equal ones have the same. Precondition: work() answered true.
  std::vector<std::uint32_t> take() { return std::move(ranks_); }

 private:
  enum class Stage { kKeys, kRuns, kMerge, kRanks, kDone };
  struct Entry {
    std::uint64_t key;
    std::uint32_t index;
  };
  bool less(const Entry& a, const Entry& b) const;
  // Each: at most about `steps` values; how many it was.
  std::size_t fill(std::size_t steps);
  std::size_t sort_run();
  std::size_t merge(std::size_t steps);
  std::size_t number(std::size_t steps);

  static constexpr std::size_t kRun = 32'768;  // values sorted at once

  Values values_;
  Stage stage_ = Stage::kKeys;
  std::vector<Entry> entries_, merged_;
  std::size_t at_ = 0;      // of the stage
  std::size_t width_ = kRun;  // of sorted runs
  std::size_t left_ = 0, right_ = 0;  // taken of the two runs that are being merged
  std::uint32_t rank_ = 0;
  std::vector<std::uint32_t> ranks_;
};

// Doubles as keys in their order. NaN comes after all others.
std::uint64_t order_key(double value);

}  // namespace mifa::annotation
