// Types of a pixel's value, by their Zarr names.
#pragma once

#include <cstdint>

namespace mifa::formats {

enum class SampleType {
  kUint8,
  kUint16,
  kUint32,
  kUint64,
  kInt8,
  kInt16,
  kInt32,
  kInt64,
  kFloat16,
  kFloat32,
  kFloat64,
};

inline const char* zarr_name(SampleType type) {
  constexpr const char* kNames[] = {"uint8", "uint16", "uint32",  "uint64",  "int8",   "int16",
                                    "int32", "int64",  "float16", "float32", "float64"};
  return kNames[static_cast<int>(type)];
}

inline std::int64_t sample_bytes(SampleType type) {
  constexpr std::int64_t kBytes[] = {1, 2, 4, 8, 1, 2, 4, 8, 2, 4, 8};
  return kBytes[static_cast<int>(type)];
}

inline bool is_float(SampleType type) { return type >= SampleType::kFloat16; }

}  // namespace mifa::formats
