#include "validate/chunk_files.h"

#include <algorithm>

#include "core/checked.h"
#include "zarr/chunk_grid.h"

namespace mifa::validate {

namespace {

// "d0/1/23/d1/0/c": the digits of each coordinate behind its marker.
std::optional<std::vector<std::int64_t>> parse_fanout_key(const zarr::ChunkKeyEncoding& encoding,
                                                          std::string_view key) {
  const std::string_view whole = key;
  std::vector<std::int64_t> index;
  while (!key.empty()) {
    const std::string_view node = key.substr(0, key.find('/'));
    key.remove_prefix(std::min(key.size(), node.size() + 1));
    if (node.starts_with('d')) {
      index.push_back(0);
    } else if (!index.empty() && node.size() < 18) {
      std::int64_t digit = 0;
      for (const char c : node) digit = digit * 10 + (c >= '0' && c <= '9' ? c - '0' : 0);
      const auto shifted = checked_multiply(index.back(), encoding.base);
      if (!shifted || *shifted > INT64_MAX - digit) return std::nullopt;
      if (node != "c") index.back() = *shifted + digit;
    }
  }
  // Whatever else was in it, one spelling alone is the chunk's.
  zarr::ChunkKeyEncoding plain = encoding;
  plain.prefix = plain.suffix = "";
  return zarr::chunk_key(plain, index) == whole ? std::optional(index) : std::nullopt;
}

}  // namespace

std::optional<std::vector<std::int64_t>> parse_chunk_key(const zarr::ArrayMetadata& array,
                                                         std::string_view key) {
  const zarr::ChunkKeyEncoding& encoding = array.key_encoding;
  if (key.size() < encoding.prefix.size() + encoding.suffix.size() ||
      !key.starts_with(encoding.prefix) || !key.ends_with(encoding.suffix)) {
    return std::nullopt;
  }
  key.remove_prefix(encoding.prefix.size());
  key.remove_suffix(encoding.suffix.size());
  if (encoding.style == zarr::ChunkKeyEncoding::Style::kFanout) {
    auto index = parse_fanout_key(encoding, key);
    if (index && static_cast<int>(index->size()) != array.rank()) index.reset();
    return index;
  }
  const bool prefixed = array.key_encoding.style == zarr::ChunkKeyEncoding::Style::kDefault;
  const char separator = array.key_encoding.separator;
  std::vector<std::int64_t> index;
  if (prefixed) {
    if (key == "c") return array.rank() == 0 ? std::optional(index) : std::nullopt;
    if (key.size() < 2 || key[0] != 'c' || key[1] != separator) return std::nullopt;
    key.remove_prefix(2);
  } else if (array.rank() == 0) {
    return key == "0" ? std::optional(index) : std::nullopt;
  }
  std::int64_t number = 0;
  int digits = 0;
  for (const char c : key) {
    if (c == separator && digits > 0) {
      index.push_back(number);
      number = digits = 0;
    } else if (c >= '0' && c <= '9' && digits < 18 && !(digits == 1 && number == 0)) {
      number = number * 10 + (c - '0');
      ++digits;
    } else {
      return std::nullopt;
    }
  }
  if (digits == 0) return std::nullopt;
  index.push_back(number);
  if (static_cast<int>(index.size()) != array.rank()) return std::nullopt;
  return index;
}

ChunkFiles find_chunks(const Tree& tree, const std::string& path,
                       const zarr::ArrayMetadata& array) {
  ChunkFiles result;
  const std::vector<std::int64_t> grid = zarr::grid_shape(array.shape, array.chunk_shape);
  result.expected = checked_product(grid).value_or(-1);
  const std::string prefix = path.empty() ? std::string() : path + "/";
  for (auto file = tree.first_below(path); file != tree.files.end(); ++file) {
    if (!file->first.starts_with(prefix)) break;
    auto index = parse_chunk_key(array, std::string_view(file->first).substr(prefix.size()));
    if (!index) continue;
    const bool inside = std::equal(index->begin(), index->end(), grid.begin(),
                                   [](std::int64_t i, std::int64_t n) { return i < n; });
    if (inside) {
      result.present.push_back({file->first, *std::move(index), file->second});
    } else {
      result.outside.push_back(file->first);
    }
  }
  std::sort(result.present.begin(), result.present.end(),
            [](const ChunkFile& a, const ChunkFile& b) { return a.index < b.index; });
  return result;
}

}  // namespace mifa::validate
