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

std::vector<std::vector<int>> covering_instances(const Plan& plan, int width, int height) {
  std::vector<std::vector<int>> pixels(static_cast<std::size_t>(width * height));
  for (std::size_t i = 0; i < plan.draw.instances.size(); ++i) {
    const auto& rect = plan.draw.instances[i].rect;
    for (int y = 0; y < height; ++y) {
      for (int x = 0; x < width; ++x) {
        const double px = x + 0.5;
        const double py = y + 0.5;
        if (px < rect[0] || px >= rect[2] || py < rect[1] || py >= rect[3]) continue;
        pixels[static_cast<std::size_t>(y * width + x)].push_back(static_cast<int>(i));
      }
    }
  }
  return pixels;
}

}  // namespace mifa::view
