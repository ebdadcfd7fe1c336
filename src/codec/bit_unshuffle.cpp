#include "codec/bit_unshuffle.h"

#include <shuffle.h>

#include <type_traits>
#include <utility>

namespace mifa::codec {
namespace {

// 16 bytes in a register, seen as bytes or as words (GCC and Clang; SIMD where there is any).
typedef std::uint8_t Vector __attribute__((vector_size(16)));
typedef std::uint16_t Words __attribute__((vector_size(16)));

// f(0), …, f(n - 1) written out with constants, so that arrays of vectors stay in registers: left as
// loops, Clang 14 keeps them in memory and takes four times as long.
template <typename F, int... kIndex>
[[gnu::always_inline]] inline void written_out(F f, std::integer_sequence<int, kIndex...>) {
  (f(std::integral_constant<int, kIndex>{}), ...);
}
template <int kCount, typename F>
[[gnu::always_inline]] inline void times(F f) {
  written_out(f, std::make_integer_sequence<int, kCount>{});
}

[[gnu::always_inline]] inline Words load(const std::byte* at) {
  Words vector;
  std::memcpy(&vector, at, sizeof(vector));
  return vector;
}

// Swaps the bits of `a` under mask << shift with the bits of `b` under mask. Bits that a shift
// carries from byte to byte are outside the mask.
template <int kShift, int kMask>
[[gnu::always_inline]] inline void swap_bits(Words& a, Words& b) {
  const Words moved = ((a >> kShift) ^ b) & static_cast<std::uint16_t>(kMask * 0x0101);
  b ^= moved;
  a ^= moved << kShift;
}

// Eight planes with bit j of a byte for element j become eight rows with bit r for plane r.
[[gnu::always_inline]] inline void transpose_bits(Words (&rows)[8]) {
  times<4>([&](auto i) { swap_bits<4, 0x0f>(rows[i], rows[i + 4]); });
  times<4>([&](auto i) {
    constexpr int kRow = i / 2 * 4 + i % 2;
    swap_bits<2, 0x33>(rows[kRow], rows[kRow + 2]);
  });
  times<4>([&](auto i) { swap_bits<1, 0x55>(rows[2 * i], rows[2 * i + 1]); });
}

// Interleaving the two halves of 16 * kCount bytes rotates the bits of each byte's place by one.
template <int kCount>
[[gnu::always_inline]] inline void interleave(Vector (&vectors)[kCount]) {
  Vector next[kCount];
  times<kCount / 2>([&](auto i) {
    const Vector a = vectors[i];
    const Vector b = vectors[i + kCount / 2];
    next[2 * i] =
        __builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    next[2 * i + 1] =
        __builtin_shufflevector(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
  });
  times<kCount>([&](auto i) { vectors[i] = next[i]; });
}

// One byte of each plane is eight elements; 16 bytes of each are 128. (c-blosc takes a movemask and a
// 2-byte store for every 16 bits.)
template <int kSize>
void unshuffle_128(const std::byte* in, std::int64_t plane_bytes, std::byte* out) {
  constexpr int kVectors = 8 * kSize;
  // Vector j * kSize + h holds, for the j-th of every eight elements, byte h.
  Vector vectors[kVectors];
  times<kSize>([&](auto h) {
    Words rows[8];
    times<8>([&](auto bit) { rows[bit] = load(in + (8 * h + bit) * plane_bytes); });
    transpose_bits(rows);
    times<8>([&](auto j) { vectors[j * kSize + h] = reinterpret_cast<Vector>(rows[j]); });
  });
  // As many rounds as j and h have bits bring the order [j][h][group] to [group][j][h].
  constexpr int kRounds = kSize == 1 ? 3 : 4;
  times<kRounds>([&](auto) { interleave(vectors); });
  times<kVectors>([&](auto i) { std::memcpy(out + 16 * i, &vectors[i], sizeof(Vector)); });
}

template <int kSize>
void unshuffle(Bytes in, std::byte* out) {
  const std::int64_t plane_bytes = ssize(in) / kSize / 8;
  std::int64_t group = 0;
  for (; group + 16 <= plane_bytes; group += 16) {
    unshuffle_128<kSize>(in.data() + group, plane_bytes, out + group * 8 * kSize);
  }
  for (; group < plane_bytes; ++group) {
    for (int j = 0; j < 8; ++j) {
      for (int h = 0; h < kSize; ++h) {
        unsigned byte = 0;
        for (int bit = 0; bit < 8; ++bit) {
          const std::byte plane = in.data()[(8 * h + bit) * plane_bytes + group];
          byte |= ((static_cast<unsigned>(plane) >> j) & 1U) << bit;
        }
        out[(group * 8 + j) * kSize + h] = static_cast<std::byte>(byte);
      }
    }
  }
}

}  // namespace

bool bit_unshuffle(Bytes in, MutableBytes out, MutableBytes scratch, int element_size) {
  const std::int64_t count = ssize(in) / element_size;
  if (count % 8 != 0) {
    std::memcpy(out.data(), in.data(), in.size());
    return true;
  }
  const auto whole = static_cast<std::size_t>(count * element_size);
  switch (element_size) {  // images of 1 and 2 bytes; the rest is rare
    case 1: unshuffle<1>(in.first(whole), out.data()); break;
    case 2: unshuffle<2>(in.first(whole), out.data()); break;
    default:
      return blosc_internal_bitunshuffle(static_cast<std::size_t>(element_size), in.size(),
                                         reinterpret_cast<const std::uint8_t*>(in.data()),
                                         reinterpret_cast<const std::uint8_t*>(out.data()),
                                         reinterpret_cast<const std::uint8_t*>(scratch.data())) >= 0;
  }
  std::memcpy(out.data() + whole, in.data() + whole, in.size() - whole);
  return true;
}

}  // namespace mifa::codec
