#include "codec/chunk_statistics.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <type_traits>

namespace mifa::codec {
namespace {

using zarr::DataType;

// binary16, compared as an integer so that the loop needs no float conversion.
struct Half {
  std::uint16_t bits;
};

// 16 bytes of T as one SIMD register (a GCC and Clang extension; both compilers make plain loops of
// it where there is no SIMD). Loops over plain arrays are not turned into SIMD for WebAssembly.
template <typename T>
struct Simd {
  static constexpr std::int64_t kLanes = 16 / sizeof(T);
  typedef T Vector __attribute__((vector_size(16)));

  static Vector load(const std::byte* at) {
    Vector vector;
    std::memcpy(&vector, at, sizeof(vector));
    return vector;
  }
  static Vector filled(T value) {
    Vector vector;
    for (int lane = 0; lane < kLanes; ++lane) vector[lane] = value;
    return vector;
  }
};

// The running extremes of the finite values of one type.
template <typename T>
class Extremes {
 public:
  void add(const std::byte* data, std::int64_t count) {
    constexpr std::int64_t kLanes = Simd<T>::kLanes;
    constexpr std::int64_t kStep = 4 * kLanes;  // four registers hide the latency of a comparison
    using Vector = typename Simd<T>::Vector;
    std::int64_t i = 0;
    if (count >= kStep) {
      Vector low[4];
      Vector high[4];
      std::fill_n(low, 4, Simd<T>::filled(low_));
      std::fill_n(high, 4, Simd<T>::filled(high_));
      auto nan = Simd<T>::filled(0) != Simd<T>::filled(0);  // all lanes false
      for (; i + kStep <= count; i += kStep) {
        for (int part = 0; part < 4; ++part) {
          const Vector value = Simd<T>::load(data + (i + part * kLanes) * kSize);
          if constexpr (std::is_floating_point_v<T>) {
            // Infinities lose every comparison once replaced by the value that is there.
            const auto finite = (value <= Simd<T>::filled(kHighest)) &
                                (value >= Simd<T>::filled(kLowest));
            low[part] = (finite & (value < low[part])) ? value : low[part];
            high[part] = (finite & (value > high[part])) ? value : high[part];
            nan |= value != value;
          } else {
            low[part] = value < low[part] ? value : low[part];
            high[part] = value > high[part] ? value : high[part];
          }
        }
      }
      for (int part = 0; part < 4; ++part) {
        for (int lane = 0; lane < kLanes; ++lane) {
          low_ = std::min<T>(low_, low[part][lane]);
          high_ = std::max<T>(high_, high[part][lane]);
        }
      }
      for (int lane = 0; lane < kLanes; ++lane) nan_ = nan_ || nan[lane] != 0;
    }
    for (; i < count; ++i) {
      T value;
      std::memcpy(&value, data + i * kSize, sizeof(value));
      if constexpr (std::is_floating_point_v<T>) {
        nan_ = nan_ || value != value;
        if (!(std::fabs(value) <= kHighest)) continue;
      }
      low_ = std::min(low_, value);
      high_ = std::max(high_, value);
    }
  }

  void finish(ChunkStatistics& result) const {
    result.has_nan = nan_;
    result.has_finite = low_ <= high_;
    if (!result.has_finite) return;
    result.minimum = static_cast<double>(low_);
    result.maximum = static_cast<double>(high_);
  }

 private:
  static constexpr std::int64_t kSize = sizeof(T);
  static constexpr T kLowest = std::numeric_limits<T>::lowest();
  static constexpr T kHighest = std::numeric_limits<T>::max();
  T low_ = kHighest;
  T high_ = kLowest;
  bool nan_ = false;
};

template <>
class Extremes<Half> {
 public:
  void add(const std::byte* data, std::int64_t count) {
    for (std::int64_t i = 0; i < count; ++i) {
      std::int16_t bits;
      std::memcpy(&bits, data + 2 * i, sizeof(bits));
      const auto magnitude = static_cast<std::int16_t>(bits & 0x7fff);
      nan_ = nan_ || magnitude > kInfinity;
      if (magnitude >= kInfinity) continue;
      const auto key = static_cast<std::int16_t>(bits < 0 ? -magnitude : magnitude);
      low_ = std::min(low_, key);
      high_ = std::max(high_, key);
    }
  }

  void finish(ChunkStatistics& result) const {
    result.has_nan = nan_;
    result.has_finite = low_ <= high_;
    if (!result.has_finite) return;
    result.minimum = value(low_);
    result.maximum = value(high_);
  }

 private:
  static constexpr std::int16_t kInfinity = 0x7c00;
  static double value(std::int16_t key) {
    const float magnitude = zarr::half_to_float(static_cast<std::uint16_t>(key < 0 ? -key : key));
    return key < 0 ? -static_cast<double>(magnitude) : static_cast<double>(magnitude);
  }
  std::int16_t low_ = kInfinity;
  std::int16_t high_ = -kInfinity;
  bool nan_ = false;
};

// The valid part as rows that are contiguous in memory.
struct Rows {
  std::int64_t length = 1;      // elements a row
  std::int64_t row_count = 1;
  std::vector<std::int64_t> counts;   // rows along each outer axis, outermost first
  std::vector<std::int64_t> strides;  // elements between them

  Rows(std::span<const std::int64_t> shape, std::span<const std::int64_t> valid) {
    bool contiguous = true;
    std::int64_t stride = 1;
    for (std::size_t i = shape.size(); i-- > 0;) {
      if (contiguous) {
        length *= valid[i];
      } else if (valid[i] != 1) {
        counts.insert(counts.begin(), valid[i]);
        strides.insert(strides.begin(), stride);
        row_count *= valid[i];
      }
      contiguous = contiguous && valid[i] == shape[i];
      stride *= shape[i];
    }
  }

  // Where row `index` starts, in elements.
  std::int64_t start(std::int64_t index) const {
    std::int64_t offset = 0;
    for (std::size_t i = counts.size(); i-- > 0;) {
      offset += index % counts[i] * strides[i];
      index /= counts[i];
    }
    return offset;
  }
};

template <typename T>
double to_double(const std::byte* at) {
  T value;
  std::memcpy(&value, at, sizeof(value));
  if constexpr (std::is_same_v<T, Half>) {
    return static_cast<double>(zarr::half_to_float(value.bits));
  } else {
    return static_cast<double>(value);
  }
}

template <typename T>
ChunkStatistics measure_as(Bytes pixels, const Rows& rows) {
  ChunkStatistics result;
  const std::int64_t total = rows.length * rows.row_count;
  if (total == 0) return result;
  constexpr std::int64_t kSize = sizeof(T);
  Extremes<T> extremes;
  for (std::int64_t row = 0; row < rows.row_count; ++row) {
    extremes.add(pixels.data() + rows.start(row) * kSize, rows.length);
  }
  extremes.finish(result);

  // One sample from each of n equal parts, its place within the part walking by the golden ratio:
  // a fixed step would hit the same few columns whenever it divides the row length.
  const std::int64_t samples = std::min(total, kMaximumSamples);
  result.samples.reserve(static_cast<std::size_t>(samples));
  constexpr double kGolden = 0.6180339887498949;
  const double step = static_cast<double>(total) / static_cast<double>(samples);
  for (std::int64_t i = 0; i < samples; ++i) {
    const double turns = static_cast<double>(i) * kGolden;
    const double place = samples == total ? 0 : turns - std::floor(turns);
    const auto flat = std::min(
        total - 1, static_cast<std::int64_t>((static_cast<double>(i) + place) * step));
    const std::int64_t element = rows.start(flat / rows.length) + flat % rows.length;
    result.samples.push_back(to_double<T>(pixels.data() + element * kSize));
  }
  return result;
}

}  // namespace

ChunkStatistics measure(Bytes pixels, DataType type, std::span<const std::int64_t> shape,
                        std::span<const std::int64_t> valid) {
  const Rows rows(shape, valid);
  switch (type) {
    case DataType::kBool:
    case DataType::kUInt8: return measure_as<std::uint8_t>(pixels, rows);
    case DataType::kInt8: return measure_as<std::int8_t>(pixels, rows);
    case DataType::kInt16: return measure_as<std::int16_t>(pixels, rows);
    case DataType::kUInt16: return measure_as<std::uint16_t>(pixels, rows);
    case DataType::kInt32: return measure_as<std::int32_t>(pixels, rows);
    case DataType::kUInt32: return measure_as<std::uint32_t>(pixels, rows);
    case DataType::kInt64: return measure_as<std::int64_t>(pixels, rows);
    case DataType::kUInt64: return measure_as<std::uint64_t>(pixels, rows);
    case DataType::kFloat16: return measure_as<Half>(pixels, rows);
    case DataType::kFloat32: return measure_as<float>(pixels, rows);
    case DataType::kFloat64: return measure_as<double>(pixels, rows);
  }
  return {};
}

}  // namespace mifa::codec
