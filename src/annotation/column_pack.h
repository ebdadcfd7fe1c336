// Writes what columnar.h reads: the columns of a source that C++ reads itself.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace mifa::annotation {

class ColumnPack {
 public:
  explicit ColumnPack(std::size_t rows) : rows_(rows) {}
  std::size_t rows() const { return rows_; }
  // Preconditions: as many values as rows. `part`, `unit`: as in columnar.h, may be empty.
  void add(std::string_view name, std::string_view part, std::string_view unit, const std::vector<double>& values);
  void add(std::string_view name, std::string_view part, std::string_view unit, const std::vector<std::int64_t>& values);
  // Pairs of ids.
  void set_edges(const std::vector<std::int64_t>& pairs);
  // `space`, `before`: "space" and the first of "place" in columnar.h.
  std::string pack(nlohmann::json space, std::string_view before) const;

 private:
  nlohmann::json section(const void* data, std::size_t bytes);

  std::size_t rows_;
  nlohmann::json columns_ = nlohmann::json::array(), edges_;
  std::string data_;
};

}  // namespace mifa::annotation
