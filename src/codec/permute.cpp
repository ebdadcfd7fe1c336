#include "codec/permute.h"

#include <algorithm>
#include <bit>

namespace mifa::codec {

static_assert(std::endian::native == std::endian::little,
              "decoded elements are handed on as little-endian; a big-endian host needs a swap here");

namespace {

inline std::uint16_t swapped(std::uint16_t v) { return __builtin_bswap16(v); }
inline std::uint32_t swapped(std::uint32_t v) { return __builtin_bswap32(v); }
inline std::uint64_t swapped(std::uint64_t v) { return __builtin_bswap64(v); }

template <typename Word, bool kSwap>
inline void move_one(const std::byte* source, std::byte* target) {
  Word word;
  std::memcpy(&word, source, sizeof(Word));
  if constexpr (kSwap) word = swapped(word);
  std::memcpy(target, &word, sizeof(Word));
}

template <typename Word>
void swap_all(MutableBytes elements) {
  for (std::size_t i = 0; i + sizeof(Word) <= elements.size(); i += sizeof(Word)) {
    move_one<Word, true>(elements.data() + i, elements.data() + i);
  }
}

}  // namespace

Permutation::Permutation(std::span<const std::int64_t> shape, std::span<const int> axes) {
  const std::size_t rank = shape.size();
  std::vector<std::int64_t> strides(rank, 1);
  for (std::size_t i = rank; i-- > 1;) strides[i - 1] = strides[i] * shape[i];
  std::int64_t target_stride = 1;
  for (std::size_t i = rank; i-- > 0;) {  // innermost first
    const auto axis = static_cast<std::size_t>(axes[i]);
    const std::int64_t count = shape[axis];
    if (count == 1) continue;
    if (!loops_.empty() && loops_.back().source_stride * loops_.back().count == strides[axis]) {
      loops_.back().count *= count;
    } else {
      loops_.push_back({count, strides[axis], target_stride});
    }
    target_stride *= count;
  }
  std::reverse(loops_.begin(), loops_.end());
}

template <typename Word, bool kSwap>
void Permutation::copy(const std::byte* source, std::byte* target, std::size_t loop) const {
  constexpr auto kSize = static_cast<std::int64_t>(sizeof(Word));
  const Loop& outer = loops_[loop];
  if (loop + 2 == loops_.size()) {
    // A transposed plane, in tiles, so that neither side leaves its cache lines half used.
    constexpr std::int64_t kTile = 32;
    const Loop& inner = loops_[loop + 1];
    for (std::int64_t y0 = 0; y0 < outer.count; y0 += kTile) {
      const std::int64_t y1 = std::min(outer.count, y0 + kTile);
      for (std::int64_t x0 = 0; x0 < inner.count; x0 += kTile) {
        const std::int64_t x1 = std::min(inner.count, x0 + kTile);
        for (std::int64_t y = y0; y < y1; ++y) {
          const std::byte* from = source + y * outer.source_stride * kSize;
          std::byte* to = target + y * outer.target_stride * kSize;
          for (std::int64_t x = x0; x < x1; ++x) {
            move_one<Word, kSwap>(from + x * inner.source_stride * kSize, to + x * kSize);
          }
        }
      }
    }
    return;
  }
  for (std::int64_t i = 0; i < outer.count; ++i) {
    copy<Word, kSwap>(source + i * outer.source_stride * kSize,
                      target + i * outer.target_stride * kSize, loop + 1);
  }
}

void Permutation::run(Bytes source, MutableBytes target, int element_size, bool swap) const {
  if (is_identity()) {
    std::memcpy(target.data(), source.data(), source.size());
    if (swap) swap_bytes(target, element_size);
    return;
  }
  const std::byte* from = source.data();
  std::byte* to = target.data();
  switch (element_size) {
    case 1: return copy<std::uint8_t, false>(from, to, 0);
    case 2:
      return swap ? copy<std::uint16_t, true>(from, to, 0) : copy<std::uint16_t, false>(from, to, 0);
    case 4:
      return swap ? copy<std::uint32_t, true>(from, to, 0) : copy<std::uint32_t, false>(from, to, 0);
    default:
      return swap ? copy<std::uint64_t, true>(from, to, 0) : copy<std::uint64_t, false>(from, to, 0);
  }
}

void swap_bytes(MutableBytes elements, int element_size) {
  if (element_size == 2) swap_all<std::uint16_t>(elements);
  if (element_size == 4) swap_all<std::uint32_t>(elements);
  if (element_size == 8) swap_all<std::uint64_t>(elements);
}

}  // namespace mifa::codec
