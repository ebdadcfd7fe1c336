#include "viewer.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace mifa::view {

Viewer::Viewer(const Limits& given) : limits(given), tiles(given), chunks(given) {}

void Viewer::show(const ome::Multiscale& image) {
  scene.sources.push_back(make_source(image, 0, limits));
  scene.channels.resize(static_cast<std::size_t>(image.extent(image.c_axis)));
  scene.position.assign(image.axes.size(), 0);
  const TileGrid& grid = scene.sources.front().grid(0);
  camera.set_content(grid.world(), std::min(grid.scale[0], grid.scale[1]));
  camera.fit();
}

Source& Viewer::add_image(const ome::Multiscale& image, const PlaneMap& map) {
  const int index = static_cast<int>(scene.sources.size());
  auto source = Source::make(image, index, image.x_axis, image.y_axis, limits, map);
  EXPECT_TRUE(source.ok());
  scene.sources.push_back(*std::move(source));
  scene.images.push_back(index);
  camera.set_content(scene.bounds(), scene.finest_texel());
  return scene.sources.back();
}

void Viewer::add_label(const ome::Multiscale& image) {
  LabelLayer layer;
  layer.source = static_cast<int>(scene.sources.size());
  scene.sources.push_back(make_source(image, layer.source, limits));
  scene.labels.push_back(layer);
}

const Plan& Viewer::step(std::int64_t upload_bytes, int prefetch_axis) {
  plan = plan_frame(scene, camera, tiles, chunks, limits, {upload_bytes, prefetch_axis});
  chunks.want(plan.wants, [this](const ChunkKey& key) {
    return scene.sources[static_cast<std::size_t>(key.source)].chunk_bytes(key.level);
  });
  const auto commands = chunks.update(0);
  for (const std::uint32_t ticket : commands.cancel) {
    std::erase_if(requests, [&](const Request& request) { return request.ticket == ticket; });
  }
  for (const auto& start : commands.start) requests.push_back({start.key, start.ticket});
  started += static_cast<int>(commands.start.size());
  cancelled += static_cast<int>(commands.cancel.size());
  dropped += static_cast<int>(commands.drop.size());
  return plan;
}

const Plan& Viewer::settle() {
  do step();
  while (!plan.uploads.empty());
  return plan;
}

const Plan& Viewer::load(int rounds) {
  for (settle(); !requests.empty(); settle()) {
    if (--rounds < 0) {
      ADD_FAILURE() << "still asking after " << started << " requests";
      return plan;
    }
    while (!requests.empty()) answer(0);
  }
  return plan;
}

void Viewer::answer(std::size_t index, bool missing) {
  const std::uint32_t ticket = requests[index].ticket;
  requests.erase(requests.begin() + static_cast<std::ptrdiff_t>(index));
  EXPECT_TRUE(missing ? chunks.empty(ticket) : chunks.decoded(ticket));
}

void Viewer::answer_random(std::mt19937& random, double missing_share) {
  if (requests.empty()) return;
  const std::size_t index = random() % requests.size();
  answer(index, static_cast<double>(random() % 1000) < missing_share * 1000);
}

std::array<double, 2> to_frame(const Plan& plan, const DrawGroup& group, double x, double y) {
  const DrawFrame& frame = plan.draw.frames[static_cast<std::size_t>(group.frame)];
  const std::array<double, 4> turn = {frame.turn[0], frame.turn[1], frame.turn[2], frame.turn[3]};
  const double determinant = turn[0] * turn[3] - turn[1] * turn[2];
  const double dx = x - frame.shift[0];
  const double dy = y - frame.shift[1];
  return {(turn[3] * dx - turn[1] * dy) / determinant, (turn[0] * dy - turn[2] * dx) / determinant};
}

std::vector<DrawGroup> tile_groups(const Plan& plan) {
  std::vector<DrawGroup> groups = plan.draw.groups;
  std::erase_if(groups, [](const DrawGroup& group) {
    return group.kind == DrawGroup::Kind::kBackdrop;
  });
  return groups;
}

const DrawGroup& group_of(const Plan& plan, int instance) {
  for (const DrawGroup& group : plan.draw.groups) {
    if (instance >= group.first && instance < group.first + group.count) return group;
  }
  ADD_FAILURE() << "instance " << instance << " is in no group";
  return plan.draw.groups.front();
}

std::vector<std::vector<int>> covering_instances(const Plan& plan, int width, int height) {
  std::vector<std::vector<int>> pixels(static_cast<std::size_t>(width * height));
  for (const DrawGroup& group : tile_groups(plan)) {
    for (int i = group.first; i < group.first + group.count; ++i) {
      const auto& rect = plan.draw.instances[static_cast<std::size_t>(i)].rect;
      for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
          const auto p = to_frame(plan, group, x + 0.5, y + 0.5);
          if (p[0] < rect[0] || p[0] >= rect[2] || p[1] < rect[1] || p[1] >= rect[3]) continue;
          pixels[static_cast<std::size_t>(y * width + x)].push_back(i);
        }
      }
    }
  }
  return pixels;
}

}  // namespace mifa::view
