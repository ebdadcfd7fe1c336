// numcodecs' filters: shuffle, delta, fixedscaleoffset, packbits. Rare in images, so plain code.

#include <shuffle.h>

#include <bit>
#include <cmath>
#include <limits>
#include <type_traits>

#include "codec/byte_codec.h"

namespace mifa::codec {
namespace {

using zarr::DataType;
using zarr::V2DataType;

template <typename T>
T swapped(T value) {
  std::byte bytes[sizeof(T)];
  std::memcpy(bytes, &value, sizeof(T));
  for (std::size_t i = 0; i < sizeof(T) / 2; ++i) std::swap(bytes[i], bytes[sizeof(T) - 1 - i]);
  std::memcpy(&value, bytes, sizeof(T));
  return value;
}

// binary16, with float's arithmetic.
struct Half {
  std::uint16_t bits = 0;
};

// Calls use(T{}) with the type of the elements.
template <typename Use>
void with_type(DataType type, Use use) {
  switch (type) {
    case DataType::kBool:
    case DataType::kUInt8: return use(std::uint8_t{});
    case DataType::kInt8: return use(std::int8_t{});
    case DataType::kInt16: return use(std::int16_t{});
    case DataType::kUInt16: return use(std::uint16_t{});
    case DataType::kInt32: return use(std::int32_t{});
    case DataType::kUInt32: return use(std::uint32_t{});
    case DataType::kInt64: return use(std::int64_t{});
    case DataType::kUInt64: return use(std::uint64_t{});
    case DataType::kFloat16: return use(Half{});
    case DataType::kFloat32: return use(float{});
    case DataType::kFloat64: return use(double{});
  }
}

template <typename T>
T load(const std::byte* at, bool big_endian) {
  T value;
  std::memcpy(&value, at, sizeof(T));
  return big_endian ? swapped(value) : value;
}

template <typename T>
void store(std::byte* at, T value, bool big_endian) {
  if (big_endian) value = swapped(value);
  std::memcpy(at, &value, sizeof(T));
}

template <typename T>
auto arithmetic(T value) {
  if constexpr (std::is_same_v<T, Half>) {
    return zarr::half_to_float(value.bits);
  } else {
    return value;
  }
}

// NumPy's astype: C's conversion, but defined for every value.
template <typename To, typename From>
To converted(From value) {
  if constexpr (std::is_same_v<To, Half>) {
    return Half{zarr::float_to_half(static_cast<float>(value))};
  } else if constexpr (std::is_integral_v<To> && std::is_floating_point_v<From>) {
    constexpr double kTwoTo63 = 9223372036854775808.0;
    if (!(std::fabs(static_cast<double>(value)) < 2 * kTwoTo63)) return To{0};  // NaN too
    const double magnitude = std::trunc(std::fabs(static_cast<double>(value)));
    const auto whole = static_cast<std::uint64_t>(magnitude);
    return static_cast<To>(value < 0 ? std::uint64_t{0} - whole : whole);
  } else {
    return static_cast<To>(value);
  }
}

// Integers wrap around, as NumPy's do.
template <typename T>
T sum(T a, T b) {
  if constexpr (std::is_integral_v<T>) {
    using Unsigned = std::make_unsigned_t<T>;
    return static_cast<T>(static_cast<Unsigned>(static_cast<Unsigned>(a) + static_cast<Unsigned>(b)));
  } else {
    return a + b;
  }
}

Error wrong_length(Bytes in, int element, std::int64_t most) {
  return damaged("a multiple of " + count_bytes(element) + " (one element), at most " +
                     std::to_string(most),
                 count_bytes(ssize(in)));
}

// Elements in `in`, or -1 if their decoded form does not fit `out` or one is cut.
std::int64_t element_count(Bytes in, MutableBytes out, int encoded_size, int decoded_size) {
  if (ssize(in) % encoded_size != 0) return -1;
  const std::int64_t count = ssize(in) / encoded_size;
  return count > ssize(out) / decoded_size ? -1 : count;
}

}  // namespace

Result<Bytes> decode_shuffle(const zarr::CodecSpec& spec, Bytes in, MutableBytes out, Workspace&) {
  const int element = spec.get_if<zarr::ShuffleCodec>()->element_size;
  if (ssize(in) % element != 0 || in.size() > out.size()) return wrong_length(in, element, ssize(out));
  blosc_internal_unshuffle(static_cast<std::size_t>(element), in.size(),
                           reinterpret_cast<const std::uint8_t*>(in.data()),
                           reinterpret_cast<std::uint8_t*>(out.data()));
  return first(out, in.size());
}

Result<Bytes> decode_delta(const zarr::CodecSpec& spec, Bytes in, MutableBytes out, Workspace&) {
  const auto& delta = *spec.get_if<zarr::DeltaCodec>();
  const int encoded_size = zarr::byte_size(delta.encoded.type);
  const int decoded_size = zarr::byte_size(delta.decoded.type);
  const std::int64_t count = element_count(in, out, encoded_size, decoded_size);
  if (count < 0) return wrong_length(in, encoded_size, ssize(out) / decoded_size * encoded_size);
  with_type(delta.encoded.type, [&](auto encoded) {
    with_type(delta.decoded.type, [&](auto decoded) {
      using Encoded = decltype(encoded);
      using Decoded = decltype(decoded);
      auto total = arithmetic(Decoded{});
      for (std::int64_t i = 0; i < count; ++i) {
        const Encoded step = load<Encoded>(in.data() + i * encoded_size, delta.encoded.big_endian);
        total = sum(total, arithmetic(converted<Decoded>(arithmetic(step))));
        // Each partial sum is rounded to the decoded type, as numpy.cumsum(out=…) does.
        const Decoded element = converted<Decoded>(total);
        total = arithmetic(element);
        store(out.data() + i * decoded_size, element, delta.decoded.big_endian);
      }
    });
  });
  return first(out, count * decoded_size);
}

Result<Bytes> decode_fixed_scale_offset(const zarr::CodecSpec& spec, Bytes in, MutableBytes out,
                                        Workspace&) {
  const auto& codec = *spec.get_if<zarr::FixedScaleOffsetCodec>();
  const int encoded_size = zarr::byte_size(codec.encoded.type);
  const int decoded_size = zarr::byte_size(codec.decoded.type);
  const std::int64_t count = element_count(in, out, encoded_size, decoded_size);
  if (count < 0) return wrong_length(in, encoded_size, ssize(out) / decoded_size * encoded_size);
  with_type(codec.encoded.type, [&](auto encoded) {
    with_type(codec.decoded.type, [&](auto decoded) {
      using Encoded = decltype(encoded);
      using Decoded = decltype(decoded);
      // NumPy divides integers as doubles and floats in their own precision.
      using Real = std::conditional_t<std::is_same_v<Encoded, float> || std::is_same_v<Encoded, Half>,
                                      float, double>;
      const Real scale = static_cast<Real>(codec.scale);
      const Real offset = static_cast<Real>(codec.offset);
      for (std::int64_t i = 0; i < count; ++i) {
        const Encoded value = load<Encoded>(in.data() + i * encoded_size, codec.encoded.big_endian);
        const Real real = static_cast<Real>(arithmetic(value)) / scale + offset;
        store(out.data() + i * decoded_size, converted<Decoded>(real), codec.decoded.big_endian);
      }
    });
  });
  return first(out, count * decoded_size);
}

Result<Bytes> decode_packbits(const zarr::CodecSpec&, Bytes in, MutableBytes out, Workspace&) {
  if (in.empty() || static_cast<unsigned>(in[0]) > 7) {
    return damaged("a count of padding bits from 0 to 7", first_bytes(in));
  }
  const std::int64_t bits = (ssize(in) - 1) * 8 - static_cast<int>(in[0]);
  if (bits < 0 || bits > ssize(out)) {
    return damaged(count_bytes(1 + (ssize(out) + 7) / 8) + " for " + std::to_string(out.size()) +
                       " bits",
                   count_bytes(ssize(in)));
  }
  for (std::int64_t i = 0; i < bits; ++i) {
    const auto packed = static_cast<unsigned>(in[static_cast<std::size_t>(1 + i / 8)]);
    out[static_cast<std::size_t>(i)] = static_cast<std::byte>((packed >> (7 - i % 8)) & 1);
  }
  return first(out, bits);
}

}  // namespace mifa::codec
