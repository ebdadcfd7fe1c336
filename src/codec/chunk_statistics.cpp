#include "codec/chunk_statistics.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <type_traits>

namespace mifa::codec {
namespace {

using zarr::DataType;

// Stored as sign-magnitude, compared as an integer, so that the loop needs no float conversion.
struct Half {
  std::uint16_t bits;
};

// The running extremes of one type: independent lanes, so that the compiler makes SIMD of them
// without being allowed to reorder float comparisons.
template <typename T>
class Extremes {
 public:
  Extremes() {
    std::fill(std::begin(low_), std::end(low_), kHighest);
    std::fill(std::begin(high_), std::end(high_), kLowest);
  }

  void add(const std::byte* data, std::int64_t count) {
    std::int64_t i = 0;
    for (; i + kLanes <= count; i += kLanes) {
      T values[kLanes];
      std::memcpy(values, data + i * kSize, sizeof(values));
      for (int lane = 0; lane < kLanes; ++lane) take(lane, values[lane]);
    }
    for (; i < count; ++i) {
      T value;
      std::memcpy(&value, data + i * kSize, sizeof(value));
      take(0, value);
    }
  }

  void finish(ChunkStatistics& result) const {
    const T low = *std::min_element(std::begin(low_), std::end(low_));
    const T high = *std::max_element(std::begin(high_), std::end(high_));
    result.has_finite = low <= high;
    for (const bool nan : nan_) result.has_nan = result.has_nan || nan;
    if (!result.has_finite) return;
    result.minimum = static_cast<double>(low);
    result.maximum = static_cast<double>(high);
  }

 private:
  static constexpr std::int64_t kSize = sizeof(T);
  static constexpr int kLanes = 64 / sizeof(T);
  static constexpr T kLowest = std::numeric_limits<T>::lowest();
  static constexpr T kHighest = std::numeric_limits<T>::max();

  void take(int lane, T value) {
    if constexpr (std::is_floating_point_v<T>) {
      const bool finite = std::fabs(value) <= kHighest;
      low_[lane] = finite && value < low_[lane] ? value : low_[lane];
      high_[lane] = finite && value > high_[lane] ? value : high_[lane];
      nan_[lane] = nan_[lane] | (value != value);
    } else {
      low_[lane] = std::min(low_[lane], value);
      high_[lane] = std::max(high_[lane], value);
    }
  }

  using Flag = std::conditional_t<sizeof(T) == 8, std::int64_t, std::int32_t>;
  T low_[kLanes];
  T high_[kLanes];
  Flag nan_[kLanes] = {};
};

template <>
class Extremes<Half> {
 public:
  void add(const std::byte* data, std::int64_t count) {
    std::int16_t low = low_;
    std::int16_t high = high_;
    std::int16_t nan = nan_;
    for (std::int64_t i = 0; i < count; ++i) {
      std::int16_t bits;
      std::memcpy(&bits, data + 2 * i, sizeof(bits));
      const auto magnitude = static_cast<std::int16_t>(bits & 0x7fff);
      const auto key = static_cast<std::int16_t>(bits < 0 ? -magnitude : magnitude);
      const bool finite = magnitude < kInfinity;
      low = std::min(low, finite ? key : std::int16_t{kInfinity});
      high = std::max(high, finite ? key : std::int16_t{-kInfinity});
      nan = static_cast<std::int16_t>(nan | (magnitude > kInfinity ? 1 : 0));
    }
    low_ = low;
    high_ = high;
    nan_ = nan;
  }

  void finish(ChunkStatistics& result) const {
    result.has_nan = nan_ != 0;
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
  std::int16_t nan_ = 0;
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
    const double place = samples == total ? 0 : std::fmod(static_cast<double>(i) * kGolden, 1.0);
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
