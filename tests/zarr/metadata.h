// Array metadata as text, changed one member at a time.
#pragma once

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "zarr/array_metadata.h"

namespace mifa::zarr {

inline nlohmann::json v2_json() {
  return nlohmann::json::parse(R"({
    "zarr_format": 2, "shape": [100, 60], "chunks": [32, 60], "dtype": "<u2",
    "fill_value": 0, "order": "C", "filters": null, "compressor": null})");
}

inline nlohmann::json v3_json() {
  return nlohmann::json::parse(R"({
    "zarr_format": 3, "node_type": "array", "shape": [100, 60], "data_type": "uint16",
    "chunk_grid": {"name": "regular", "configuration": {"chunk_shape": [32, 60]}},
    "chunk_key_encoding": {"name": "default", "configuration": {"separator": "/"}},
    "fill_value": 0, "codecs": [{"name": "bytes", "configuration": {"endian": "little"}}]})");
}

inline JsonView view_of(const nlohmann::json& json, const std::string& file) {
  auto view = JsonDocument::parse(json.dump(), file);
  EXPECT_TRUE(view.ok());
  return view ? *view : JsonView();
}

inline Result<ArrayMetadata> parse(const nlohmann::json& json) {
  const bool v3 = json.contains("zarr_format") && json["zarr_format"] == 3;
  return parse_array(view_of(json, v3 ? "a/zarr.json" : "a/.zarray"));
}

// The changed array, which has to be right.
inline ArrayMetadata taken(const nlohmann::json& json) {
  auto array = parse(json);
  EXPECT_TRUE(array.ok()) << (array ? "" : array.error().message);
  return array ? *array : ArrayMetadata();
}

// `code: message` of the changed array, which has to be refused.
inline std::string refused(const nlohmann::json& json) {
  auto array = parse(json);
  if (array) return "taken";
  return std::string(error_code_name(array.error().code)) + ": " + array.error().message;
}

// The codecs' names, "transpose,bytes,blosc".
inline std::string chain(const ArrayMetadata& array) {
  std::string names;
  for (const CodecSpec& spec : array.codecs) names += (names.empty() ? "" : ",") + spec.name;
  return names;
}

}  // namespace mifa::zarr
