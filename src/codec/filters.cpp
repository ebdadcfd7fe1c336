// Codecs that work on elements: shuffle, delta, fixedscaleoffset, astype, packbits. Rare in images,
// so one loop for all types, that asks for the type of every element, and not one for each pair of
// types.

#include <shuffle.h>

#include <algorithm>
#include <cmath>

#include "codec/byte_codec.h"

namespace mifa::codec {
namespace {

using zarr::DataType;
using zarr::V2DataType;

// An element of any type.
struct Number {
  bool real = false;
  bool negative = false;   // an integer's sign
  double value = 0;        // if real
  std::uint64_t bits = 0;  // if not: two's complement, sign-extended
};

double as_real(const Number& number) {
  if (number.real) return number.value;
  return number.negative ? static_cast<double>(static_cast<std::int64_t>(number.bits))
                         : static_cast<double>(number.bits);
}

float as_float(const Number& number) {  // not by way of double, which would round twice
  if (number.real) return static_cast<float>(number.value);
  return number.negative ? static_cast<float>(static_cast<std::int64_t>(number.bits))
                         : static_cast<float>(number.bits);
}

// NumPy's astype to an integer: C's conversion, but defined for every value.
std::uint64_t as_bits(const Number& number) {
  if (!number.real) return number.bits;
  constexpr double kTwoTo64 = 18446744073709551616.0;
  if (!(std::fabs(number.value) < kTwoTo64)) return 0;  // NaN too
  const auto whole = static_cast<std::uint64_t>(std::trunc(std::fabs(number.value)));
  return number.value < 0 ? std::uint64_t{0} - whole : whole;
}

// An integer of the type, from the lowest bits of `bits`.
Number integer(std::uint64_t bits, DataType type) {
  const int unused = 64 - 8 * zarr::byte_size(type);
  bits <<= unused;
  const bool negative = zarr::is_signed(type) && (bits >> 63U) != 0;
  // Shifting right a negative number carries its sign along (C++20).
  bits = negative ? static_cast<std::uint64_t>(static_cast<std::int64_t>(bits) >> unused)
                  : bits >> unused;
  return {false, negative, 0, bits};
}

Number load(const std::byte* at, V2DataType type) {
  zarr::Element element{};
  const auto size = static_cast<std::size_t>(zarr::byte_size(type.type));
  std::memcpy(element.data(), at, size);
  if (type.big_endian) std::reverse(element.begin(), element.begin() + size);
  if (zarr::is_float(type.type)) return {true, false, zarr::to_double(element, type.type), 0};
  std::uint64_t bits = 0;
  std::memcpy(&bits, element.data(), sizeof(bits));
  return integer(bits, type.type);
}

void store(std::byte* at, const Number& number, V2DataType type) {
  zarr::Element element{};
  const auto size = static_cast<std::size_t>(zarr::byte_size(type.type));
  const auto put = [&](const auto& value) { std::memcpy(element.data(), &value, sizeof(value)); };
  switch (type.type) {
    case DataType::kFloat16:
      put(zarr::float_to_half(as_float(number)));
      break;
    case DataType::kFloat32:
      put(as_float(number));
      break;
    case DataType::kFloat64:
      put(as_real(number));
      break;
    case DataType::kBool:
      put(static_cast<std::uint8_t>(as_real(number) != 0));
      break;
    default:
      put(as_bits(number));
  }
  if (type.big_endian) std::reverse(element.begin(), element.begin() + size);
  std::memcpy(at, element.data(), size);
}

// The number as an element of the type would keep it.
Number rounded(const Number& number, DataType type) {
  std::byte element[8];
  store(element, number, {type, false});
  return load(element, {type, false});
}

Error wrong_length(Bytes in, int element, std::int64_t most) {
  return damaged(
      "a multiple of " + count_bytes(element) + " (one element), at most " + std::to_string(most),
      count_bytes(ssize(in)));
}

// Decodes each element: decode(Number) -> Number.
template <typename Decode>
Result<Bytes> each_element(const zarr::ElementTypes& types, Bytes in, MutableBytes out,
                           Decode decode) {
  const int encoded_size = zarr::byte_size(types.encoded.type);
  const int decoded_size = zarr::byte_size(types.decoded.type);
  const std::int64_t most = ssize(out) / decoded_size;
  const std::int64_t count = ssize(in) / encoded_size;
  if (ssize(in) % encoded_size != 0 || count > most) {
    return wrong_length(in, encoded_size, most * encoded_size);
  }
  for (std::int64_t i = 0; i < count; ++i) {
    const Number number = decode(load(in.data() + i * encoded_size, types.encoded));
    store(out.data() + i * decoded_size, number, types.decoded);
  }
  return first(out, count * decoded_size);
}

}  // namespace

Result<Bytes> decode_shuffle(const zarr::CodecSpec& spec, Bytes in, MutableBytes out, Workspace&) {
  const int element = spec.get_if<zarr::ShuffleCodec>()->element_size;
  if (ssize(in) % element != 0 || in.size() > out.size())
    return wrong_length(in, element, ssize(out));
  blosc_internal_unshuffle(static_cast<std::size_t>(element), in.size(),
                           reinterpret_cast<const std::uint8_t*>(in.data()),
                           reinterpret_cast<std::uint8_t*>(out.data()));
  return first(out, in.size());
}

Result<Bytes> decode_delta(const zarr::CodecSpec& spec, Bytes in, MutableBytes out, Workspace&) {
  const auto& delta = *spec.get_if<zarr::DeltaCodec>();
  const DataType type = delta.decoded.type;
  Number total = integer(0, type);
  total.real = zarr::is_float(type);
  // Each partial sum is rounded to the decoded type, as numpy.cumsum(out=…) does; integers wrap.
  return each_element(delta, in, out, [&](const Number& encoded) {
    const Number step = rounded(encoded, type);
    total.value += step.value;
    total.bits += step.bits;
    total = total.real ? rounded(total, type) : integer(total.bits, type);
    return total;
  });
}

Result<Bytes> decode_fixed_scale_offset(const zarr::CodecSpec& spec, Bytes in, MutableBytes out,
                                        Workspace&) {
  const auto& codec = *spec.get_if<zarr::FixedScaleOffsetCodec>();
  // NumPy divides integers as doubles and floats in their own precision.
  const DataType type =
      zarr::is_float(codec.encoded.type) ? codec.encoded.type : DataType::kFloat64;
  const auto in_type = [&](double value) { return rounded({true, false, value, 0}, type).value; };
  const double scale = in_type(codec.scale);
  const double offset = in_type(codec.offset);
  return each_element(codec, in, out, [&](const Number& encoded) {
    return Number{true, false, in_type(in_type(as_real(encoded) / scale) + offset), 0};
  });
}

Result<Bytes> decode_cast(const zarr::CodecSpec& spec, Bytes in, MutableBytes out, Workspace&) {
  return each_element(*spec.get_if<zarr::CastCodec>(), in, out,
                      [](const Number& encoded) { return encoded; });
}

Result<Bytes> decode_packbits(const zarr::CodecSpec& spec, Bytes in, MutableBytes out, Workspace&) {
  using Padding = zarr::PackBitsCodec::Padding;
  const auto& codec = *spec.get_if<zarr::PackBitsCodec>();
  const int element_size = zarr::byte_size(codec.type);
  const std::int64_t most = ssize(out) / element_size;
  Bytes packed = in;
  unsigned padding = 0;
  if (codec.padding != Padding::kNone) {
    const bool at_start = codec.padding == Padding::kFirstByte;
    const Bytes count = in.empty() ? in : at_start ? in.first(1) : in.last(1);
    if (in.empty() || static_cast<unsigned>(count[0]) > 7) {
      return damaged("a count of padding bits from 0 to 7", first_bytes(at_start ? in : count));
    }
    padding = static_cast<unsigned>(count[0]);
    packed = at_start ? in.subspan(1) : in.first(in.size() - 1);
  }
  // Where they are not counted, the padding is what all elements leave of the last byte.
  if (codec.padding == Padding::kNone) padding = static_cast<unsigned>(-most * codec.bits & 7);
  const std::int64_t bits = ssize(packed) * 8 - padding;
  const std::int64_t elements = bits / codec.bits;
  if (bits < 0 || bits > most * codec.bits) {
    const std::int64_t counts = codec.padding == Padding::kNone ? 0 : 1;
    return damaged(count_bytes(counts + (most * codec.bits + 7) / 8) + " for " +
                       std::to_string(most * codec.bits) + " bits",
                   count_bytes(ssize(in)));
  }
  std::int64_t at = 0;
  for (std::int64_t i = 0; i < elements; ++i) {
    std::uint64_t value = 0;
    for (int bit = 0; bit < codec.bits; ++bit, ++at) {
      const auto byte = static_cast<unsigned>(packed[static_cast<std::size_t>(at / 8)]);
      const auto shift = static_cast<unsigned>(codec.most_significant_first ? 7 - at % 8 : at % 8);
      value |= std::uint64_t{byte >> shift & 1U} << bit;
    }
    // The highest bit that is kept is the sign.
    if (zarr::is_signed(codec.type) && codec.bits < 64 && (value >> (codec.bits - 1) & 1U) != 0) {
      value |= ~std::uint64_t{0} << codec.bits;
    }
    value <<= codec.first_bit;
    std::memcpy(out.data() + i * element_size, &value, static_cast<std::size_t>(element_size));
  }
  return first(out, elements * element_size);
}

}  // namespace mifa::codec
