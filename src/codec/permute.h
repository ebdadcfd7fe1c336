// Moves the elements of a C-contiguous block into another order of axes, and swaps their bytes.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "codec/bytes.h"

namespace mifa::codec {

// A plan, made once an array: which loops copy the block.
class Permutation {
 public:
  Permutation() = default;
  // `shape` is the source's; axis i of the result is axis axes[i] of the source.
  Permutation(std::span<const std::int64_t> shape, std::span<const int> axes);

  // The result has the source's bytes in the source's order.
  bool is_identity() const { return loops_.size() <= 1; }

  // Copies source to target with each element's bytes swapped on request. Both hold the whole
  // block and do not overlap; element_size is 1, 2, 4 or 8.
  void run(Bytes source, MutableBytes target, int element_size, bool swap) const;

 private:
  struct Loop {
    std::int64_t count;
    std::int64_t source_stride;  // elements
    std::int64_t target_stride;
  };
  template <typename Word, bool kSwap>
  void copy(const std::byte* source, std::byte* target, std::size_t loop) const;

  // Outermost first, neighbours that walk memory as one merged, axes of extent 1 left out.
  std::vector<Loop> loops_;
};

// Swaps the bytes of each element in place.
void swap_bytes(MutableBytes elements, int element_size);

}  // namespace mifa::codec
