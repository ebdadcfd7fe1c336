// App: annotation layers over the image.
#include "app/app.h"

namespace mifa::app {
namespace {

std::size_t at(int index) { return static_cast<std::size_t>(index); }

}  // namespace

std::optional<view::VectorView> App::vector_view() const {
  // The wells of a plate are many images; annotations belong to one.
  if (scene_.sources.empty() || (arrangement_ && arrangement_->is_plate())) return std::nullopt;
  const view::Source& source = scene_.sources.front();
  const view::TileGrid& grid = source.grid(0);
  const view::PlaneMap own{grid.scale[0], 0, grid.edge[0], 0, grid.scale[1], grid.edge[1]};
  const auto origin = camera_.to_pixel(0, 0);
  const double pixels = 1 / camera_.world_per_pixel();
  const view::PlaneMap screen{pixels, 0, origin[0], 0, pixels, origin[1]};
  view::VectorView view;
  view.to_device = composed(screen, composed(source.map(), own));
  view.width = camera_.width();
  view.height = camera_.height();
  view.pixel_ratio = pixel_ratio_;
  const ome::Multiscale& image = source.image();
  if (image.extent(image.t_axis) > 1) {
    view.frame = static_cast<double>(scene_.position[at(image.t_axis)]);
  }
  if (image.extent(image.z_axis) > 1) {
    view.slice = static_cast<double>(scene_.position[at(image.z_axis)]);
  }
  return view;
}

void App::plan_vectors() {
  const auto view = vector_view();
  if (view) {
    vectors_.plan(*view);
  } else {
    vectors_.plan_nothing();
  }
  for (const view::VectorKey& key : vectors_.take_requests()) {
    commands_.push_back(RequestShapes{key.layer, key.block});
  }
  // Dropping is left to the renderer, which has the buffers.
  for (const view::VectorKey& key : vectors_.take_drops()) {
    commands_.push_back(DropShapes{key.layer, key.block});
  }
  const int before = std::exchange(vectors_waiting_, vectors_.waiting());
  if (before != vectors_waiting_) state_changed();
}

view::VectorLayers& App::change_vectors() {
  invalidate();
  return vectors_;
}

}  // namespace mifa::app
