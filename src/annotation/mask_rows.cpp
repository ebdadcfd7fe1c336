#include "annotation/mask_rows.h"

#include <algorithm>

#include "annotation/measure.h"

namespace mifa::annotation {

const Column* mask_id_column(const Layer& layer) {
  for (const Role role : {Role::kInstance, Role::kId}) {
    const Column* column = layer.with_role(role);
    if (column && column->type() == ColumnType::kInteger) return column;
  }
  return nullptr;
}

MaskRows::MaskRows(const Layer& layer, double frame) {
  const Column* column = mask_id_column(layer);
  if (!column) return;
  for (std::uint32_t i = 0; i < layer.size(); ++i) {
    const auto id = column->integer(i);
    if (id && *id != 0 && is_on(layer, i, frame, std::numeric_limits<double>::quiet_NaN())) rows_.push_back({*id, i});
  }
  std::sort(rows_.begin(), rows_.end(),
            [](const Row& a, const Row& b) { return a.id != b.id ? a.id < b.id : a.object < b.object; });
  const auto end = std::unique(rows_.begin(), rows_.end(), [](const Row& a, const Row& b) { return a.id == b.id; });
  repeated_ = static_cast<std::size_t>(rows_.end() - end);
  rows_.erase(end, rows_.end());
}

std::optional<std::uint32_t> MaskRows::object(std::int64_t id) const {
  const auto at = std::lower_bound(rows_.begin(), rows_.end(), id, [](const Row& row, std::int64_t value) {
    return row.id < value;
  });
  if (at == rows_.end() || at->id != id) return std::nullopt;
  return at->object;
}

std::vector<std::uint32_t> MaskRows::colored(std::span<const std::uint8_t> colors) const {
  std::vector<std::uint32_t> words;
  words.reserve(3 * rows_.size());
  for (const Row& row : rows_) {
    const std::size_t at = std::size_t{4} * row.object;
    if (at + 4 > colors.size()) continue;
    const auto id = static_cast<std::uint64_t>(row.id);
    words.insert(words.end(), {static_cast<std::uint32_t>(id), static_cast<std::uint32_t>(id >> 32),
                               std::uint32_t{colors[at]} | std::uint32_t{colors[at + 1]} << 8 |
                                   std::uint32_t{colors[at + 2]} << 16 | std::uint32_t{colors[at + 3]} << 24});
  }
  return words;
}

MaskRows::Difference MaskRows::compare(std::span<const std::int64_t> ids) const {
  std::vector<std::int64_t> sorted(ids.begin(), ids.end());
  std::sort(sorted.begin(), sorted.end());
  sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
  Difference difference;
  for (const std::int64_t id : sorted) {
    if (id != 0 && !object(id)) difference.ids.push_back(id);
  }
  for (const Row& row : rows_) {
    if (!std::binary_search(sorted.begin(), sorted.end(), row.id)) difference.objects.push_back(row.object);
  }
  std::sort(difference.objects.begin(), difference.objects.end());
  return difference;
}

}  // namespace mifa::annotation
