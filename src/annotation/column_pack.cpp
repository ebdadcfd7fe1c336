#include "annotation/column_pack.h"

#include <cstring>
#include <utility>

namespace mifa::annotation {

using Json = nlohmann::json;

Json ColumnPack::section(const void* data, std::size_t bytes) {
  const std::size_t at = data_.size();
  data_.append(static_cast<const char*>(data), bytes);
  data_.resize((data_.size() + 7) / 8 * 8);
  return {{"at", at}, {"bytes", bytes}};
}

void ColumnPack::add(std::string_view name, std::string_view part, std::string_view unit,
                     const std::vector<double>& values) {
  columns_.push_back({{"name", name}, {"part", part}, {"unit", unit}, {"type", "f8"},
                      {"data", section(values.data(), values.size() * sizeof(double))}});
}

void ColumnPack::add(std::string_view name, std::string_view part, std::string_view unit,
                     const std::vector<std::int64_t>& values) {
  columns_.push_back({{"name", name}, {"part", part}, {"unit", unit}, {"type", "i8"},
                      {"data", section(values.data(), values.size() * sizeof(std::int64_t))}});
}

void ColumnPack::set_edges(const std::vector<std::int64_t>& pairs) {
  edges_ = {{"data", section(pairs.data(), pairs.size() * sizeof(std::int64_t))}, {"noun", "node"}};
}

std::string ColumnPack::pack(Json space, std::string_view before) const {
  Json header = {{"rows", rows_}, {"columns", columns_}, {"space", std::move(space)},
                 {"place", {before, ""}}};
  if (!edges_.is_null()) header["edges"] = edges_;
  // Names come from files: what is no UTF-8 is replaced rather than thrown at.
  const std::string text = header.dump(-1, ' ', false, Json::error_handler_t::replace);
  std::string file = "MIFACOL1";
  const auto length = static_cast<std::uint32_t>(text.size());
  const std::uint32_t words[2] = {length, 0};
  file.append(reinterpret_cast<const char*>(words), sizeof words);
  file += text;
  file.resize((file.size() + 7) / 8 * 8);
  return file + data_;
}

}  // namespace mifa::annotation
