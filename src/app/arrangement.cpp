#include "app/arrangement.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace mifa::app {
namespace {

constexpr int kNotAsked = -2;
constexpr int kAllLevels = -1;
// Between the wells of a plate, as a share of a cell's longer edge.
constexpr double kGap = 0.06;
// A finer level is asked for once a texel of the one there fills this many pixels.
constexpr double kBlurredTexel = 2;
// A texel of the level that is asked for fills at least this much of a pixel.
constexpr double kMinimumTexel = 0.5;

std::size_t at(int index) { return static_cast<std::size_t>(index); }

// The image at the largest size that the cell takes, in its middle.
view::PlaneMap into_cell(const view::Rect& cell, const ome::Multiscale& image) {
  const view::Rect own = own_rect(image);
  double scale = std::min(cell.width() / own.width(), cell.height() / own.height());
  // Sizes that differ by a few pixels from well to well are shown as they are.
  if (!std::isfinite(scale) || std::abs(scale - 1) < 0.02) scale = 1;
  view::PlaneMap map;
  map.uu = map.vv = scale;
  map.u0 = cell.u0 + (cell.width() - scale * own.width()) / 2 - scale * own.u0;
  map.v0 = cell.v0 + (cell.height() - scale * own.height()) / 2 - scale * own.v0;
  return map;
}

}  // namespace

Arrangement Arrangement::of_plate(const ome::Dataset& dataset, const view::Rect& own) {
  Arrangement result;
  result.plate_ = true;
  const ome::Plate& plate = *dataset.plate;
  result.size_ = {own.width(), own.height()};
  const double gap = kGap * std::max(own.width(), own.height());
  result.pitch_ = {own.width() + gap, own.height() + gap};
  const auto columns = static_cast<std::int64_t>(plate.columns.size());
  const auto rows = static_cast<std::int64_t>(plate.rows.size());
  result.whole_ = {-gap, -gap, static_cast<double>(columns) * result.pitch_[0],
                   static_cast<double>(rows) * result.pitch_[1]};
  for (std::size_t i = 0; i < plate.wells.size(); ++i) {
    const ome::Well& well = plate.wells[i];
    if (well.row < 0 || well.row >= rows || well.column < 0 || well.column >= columns) continue;
    const double u = static_cast<double>(well.column) * result.pitch_[0];
    const double v = static_cast<double>(well.row) * result.pitch_[1];
    Cell cell;
    cell.entry = static_cast<int>(i);
    cell.rect = {u, v, u + own.width(), v + own.height()};
    result.cells_.push_back(std::move(cell));
  }
  return result;
}

Arrangement Arrangement::of_scene(const ome::Dataset& dataset, int view) {
  Arrangement result;
  result.view_ = view;
  for (const auto& item : dataset.scenes[at(view)].items) {
    Cell cell;
    cell.entry = item.entry;
    result.cells_.push_back(std::move(cell));
  }
  return result;
}

Result<SourcePlace> Arrangement::place_of(const ome::Dataset& dataset, int entry,
                                          const ome::Multiscale& image) const {
  const auto cell = std::find_if(cells_.begin(), cells_.end(),
                                 [&](const Cell& each) { return each.entry == entry; });
  if (cell == cells_.end()) return SourcePlace{image, {}};
  if (plate_) return SourcePlace{image, into_cell(cell->rect, image)};
  return place_image(image, *placement_of(dataset, entry));
}

const ome::Placement* Arrangement::placement_of(const ome::Dataset& dataset, int entry) const {
  if (plate_) return nullptr;
  for (const auto& item : dataset.scenes[at(view_)].items) {
    if (item.entry == entry) return &item.placement;
  }
  return nullptr;
}

void Arrangement::start(int entry) {
  for (Cell& cell : cells_) {
    if (cell.entry != entry) continue;
    cell.source = 0;
    cell.level = kAllLevels;
    cell.state = CellState::kShown;
  }
}

void Arrangement::retry() {
  for (Cell& cell : cells_) {
    const bool lost = cell.state == CellState::kFailed || cell.state == CellState::kMissing;
    if (lost) cell.state = CellState::kUnknown;
    if (lost) cell.level = kNotAsked;
  }
}

int Arrangement::missing() const {
  return static_cast<int>(std::count_if(cells_.begin(), cells_.end(), [](const Cell& cell) {
    return cell.state == CellState::kMissing;
  }));
}

// The level of the first image that suits a cell's size on the screen: the images of a plate are
// alike.
int Arrangement::level_for(const Cell& cell, const view::Scene& scene,
                           const view::Camera& camera) const {
  if (!plate_) return kAllLevels;
  const view::Source& first = scene.sources.front();
  const double own = camera.world_per_pixel() * first.own_per_world();
  const int suits = first.level_for(own, kMinimumTexel);
  if (cell.level < 0) return suits;
  const double texel = first.grid(std::min(cell.level, first.levels() - 1)).scale[0] / own;
  return texel > kBlurredTexel ? std::min(suits, cell.level) : cell.level;
}

bool Arrangement::take(Cell& cell, const ome::Dataset& dataset, const ome::Multiscale& image,
                       view::Scene& scene, const view::Limits& limits,
                       std::vector<std::string>& failures) {
  const auto fail = [&](const Error& error) {
    cell.state = CellState::kFailed;
    failures.push_back(error.message);
    return false;
  };
  const auto place = place_of(dataset, cell.entry, image);
  if (!place) return fail(place.error());
  auto source = make_source(*place, static_cast<int>(scene.sources.size()), limits);
  if (!source) return fail(source.error());
  const int index = source->index();
  scene.sources.push_back(*std::move(source));
  // An image that has got another level takes the place of its coarser self.
  const auto old = std::find(scene.images.begin(), scene.images.end(), cell.source);
  if (cell.source > 0 && old != scene.images.end()) {
    *old = index;
  } else {
    scene.images.push_back(index);
  }
  cell.source = index;
  cell.state = CellState::kShown;
  return true;
}

std::vector<int> Arrangement::update(ome::Opener& opener, view::Scene& scene,
                                     const view::Camera& camera, const view::Limits& limits,
                                     std::vector<std::string>& failures) {
  std::vector<int> added;
  struct Wanted {
    double distance;
    Cell* cell;
    int level;
  };
  std::vector<Wanted> wanted;
  waiting_ = 0;
  const view::Rect visible = camera.visible();
  for (Cell& cell : cells_) {
    if (cell.source == 0) continue;
    if (cell.state == CellState::kMissing || cell.state == CellState::kFailed) continue;
    if (cell.level != kNotAsked) {
      const ome::Member* member = opener.member(cell.entry);
      if (!member || member->state == ome::Member::State::kReading) {
        ++waiting_;
        continue;
      }
      if (member->state == ome::Member::State::kFailed) {
        if (cell.source >= 0) continue;  // Only the finer level is not there.
        const bool missing = member->error.code == ErrorCode::kMissing;
        cell.state = missing ? CellState::kMissing : CellState::kFailed;
        if (!plate_) failures.push_back(member->error.message);
        continue;
      }
      const bool grown =
          cell.source < 0 ||
          member->image.levels.size() > scene.sources[at(cell.source)].image().levels.size();
      if (grown && take(cell, opener.dataset(), member->image, scene, limits, failures))
        added.push_back(cell.source);
      if (cell.state == CellState::kFailed) continue;
    }
    if (plate_ && cell.rect.intersected(visible).empty()) continue;
    const int level = level_for(cell, scene, camera);
    if (level == cell.level) continue;
    const auto middle = camera.center();
    wanted.push_back({std::hypot((cell.rect.u0 + cell.rect.u1) / 2 - middle[0],
                                 (cell.rect.v0 + cell.rect.v1) / 2 - middle[1]),
                      &cell, level});
  }
  std::stable_sort(wanted.begin(), wanted.end(),
                   [](const Wanted& a, const Wanted& b) { return a.distance < b.distance; });
  // Later ones lie over earlier ones, whenever they come. The first stays at the bottom.
  if (!plate_ && !added.empty()) {
    scene.images.assign(1, 0);
    for (const Cell& cell : cells_) {
      if (cell.source > 0) scene.images.push_back(cell.source);
    }
  }
  for (const auto& [distance, cell, level] : wanted) {
    if (waiting_ >= kReadAtOnce) break;
    cell->level = level;
    opener.want_member(cell->entry, cell->level);
    ++waiting_;
  }
  return added;
}

view::Rect Arrangement::bounds(const view::Scene& scene) const {
  return plate_ ? whole_ : scene.bounds();
}

int Arrangement::cell_at(double u, double v) const {
  if (!plate_) return -1;
  for (std::size_t i = 0; i < cells_.size(); ++i) {
    const view::Rect& rect = cells_[i].rect;
    if (u >= rect.u0 && u < rect.u1 && v >= rect.v0 && v < rect.v1) return static_cast<int>(i);
  }
  return -1;
}

}  // namespace mifa::app
