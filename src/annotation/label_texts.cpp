#include "annotation/label_texts.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "annotation/measure.h"

namespace mifa::annotation {

namespace {

std::string shortened(std::string text) {
  if (text.size() <= kLabelBytes) return text;
  std::size_t end = kLabelBytes;
  // Not in the midst of a character of UTF-8.
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  text.resize(end);
  return text + "…";
}

class Texts {
 public:
  Texts(const Layer& layer, const LabelQuery& query) : layer_(layer), kind_(query.kind) {
    if (kind_ == LabelQuery::Kind::kId) column_ = layer.with_role(Role::kId);
    if (kind_ == LabelQuery::Kind::kTrack) column_ = layer.with_role(Role::kTrack);
    if (kind_ == LabelQuery::Kind::kColumn) column_ = layer.find(query.column);
  }

  bool has(std::uint32_t object) const {
    if (kind_ == LabelQuery::Kind::kCategory) return layer_.category[object] >= 0;
    return column_ ? column_->has(object) : kind_ == LabelQuery::Kind::kId;
  }

  // As in the table: where a file gives no ids, the object's number, from 1.
  std::string of(std::uint32_t object) const {
    if (kind_ == LabelQuery::Kind::kCategory) {
      return layer_.categories[static_cast<std::size_t>(layer_.category[object])].name;
    }
    return column_ ? column_->text(object) : std::to_string(std::uint64_t{object} + 1);
  }

 private:
  const Layer& layer_;
  LabelQuery::Kind kind_;
  const Column* column_ = nullptr;
};

struct Candidate {
  float half = 0;
  std::uint32_t place = 0;  // in the spatial order
  std::uint32_t object = 0;
  bool before(const Candidate& other) const {
    return half != other.half ? half > other.half : object < other.object;
  }
};

std::uint64_t cell_of(double x, double y, const LabelQuery& query) {
  const auto along = [](double value, double edge) {
    return static_cast<std::uint32_t>(static_cast<std::int64_t>(std::clamp(std::floor(value / edge), -2e9, 2e9)));
  };
  return std::uint64_t{along(x, query.cell_width)} << 32 | along(y, query.cell_height);
}

}  // namespace

std::vector<LabelText> label_texts(const Layer& layer, const SpatialOrder& order, const Mask& mask,
                                   const LabelQuery& query) {
  const double x0 = query.x0 - layer.origin[0], x1 = query.x1 - layer.origin[0];
  const double y0 = query.y0 - layer.origin[1], y1 = query.y1 - layer.origin[1];
  // No number: nothing is in view.
  if (!(x0 <= x1) || !(y0 <= y1)) return {};
  const bool cells = query.cell_width > 0 && query.cell_height > 0;
  const Texts texts(layer, query);
  std::unordered_map<std::uint64_t, Candidate> in_cells;
  std::vector<Candidate> found;
  for (std::size_t block = 0; block < order.blocks(); ++block) {
    const SpatialOrder::Box& around = order.block_boxes()[block];
    if (around.x1 < x0 || around.x0 > x1 || around.y1 < y0 || around.y0 > y1) continue;
    const std::size_t first = block * SpatialOrder::kBlock, count = order.block(block).size();
    for (std::size_t i = first; i < first + count; ++i) {
      const SpatialOrder::Box& box = order.boxes()[i];
      const double x = (double{box.x0} + box.x1) / 2, y = (double{box.y0} + box.y1) / 2;
      const std::uint32_t object = order.objects()[i];
      if (!(x >= x0 && x <= x1 && y >= y0 && y <= y1) || (!mask.empty() && !mask[object])) continue;
      if (!is_on(layer, object, query.frame, query.slice) || !texts.has(object)) continue;
      const Candidate candidate{half_of(box), static_cast<std::uint32_t>(i), object};
      if (!cells) {
        found.push_back(candidate);
        continue;
      }
      const auto [at, fresh] = in_cells.try_emplace(cell_of(x, y, query), candidate);
      if (!fresh && candidate.before(at->second)) at->second = candidate;
    }
  }
  for (const auto& [cell, candidate] : in_cells) found.push_back(candidate);
  const std::size_t kept = std::min(found.size(), kLabelsAtOnce);
  std::partial_sort(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(kept), found.end(),
                    [](const Candidate& a, const Candidate& b) { return a.before(b); });
  std::vector<LabelText> labels;
  for (std::size_t i = 0; i < kept; ++i) {
    const SpatialOrder::Box& box = order.boxes()[found[i].place];
    std::string text = shortened(texts.of(found[i].object));
    if (text.empty()) continue;
    labels.push_back({found[i].object, (double{box.x0} + box.x1) / 2 + layer.origin[0],
                      (double{box.y0} + box.y1) / 2 + layer.origin[1], found[i].half, std::move(text)});
  }
  return labels;
}

}  // namespace mifa::annotation
