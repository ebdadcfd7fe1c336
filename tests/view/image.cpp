#include "image.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace mifa::view {

ome::Multiscale make_image(const std::string& axes, const std::vector<LevelShape>& levels,
                           zarr::DataType type) {
  ome::Multiscale image;
  image.name = "made";
  for (std::size_t i = 0; i < axes.size(); ++i) {
    const char letter = axes[i];
    ome::Axis axis;
    axis.name = std::string(1, letter);
    axis.type = letter == 't'   ? ome::AxisType::kTime
                : letter == 'c' ? ome::AxisType::kChannel
                                : ome::AxisType::kSpace;
    image.axes.push_back(axis);
    const int index = static_cast<int>(i);
    if (letter == 'x') image.x_axis = index;
    if (letter == 'y') image.y_axis = index;
    if (letter == 'z') image.z_axis = index;
    if (letter == 't') image.t_axis = index;
    if (letter == 'c') image.c_axis = index;
  }
  for (const LevelShape& shape : levels) {
    ome::Level level;
    level.path = std::to_string(image.levels.size());
    level.array.shape = shape.shape;
    level.array.chunk_shape = shape.chunk;
    level.array.data_type = type;
    level.array.key_encoding = {zarr::ChunkKeyEncoding::Style::kV2, '/'};
    level.array.codecs.push_back({"dtype", zarr::BytesCodec{}});
    level.scale = shape.scale.empty() ? std::vector<double>(axes.size(), 1.0) : shape.scale;
    level.translation =
        shape.translation.empty() ? std::vector<double>(axes.size(), 0.0) : shape.translation;
    image.levels.push_back(std::move(level));
  }
  image.channels.resize(static_cast<std::size_t>(image.extent(image.c_axis)));
  return image;
}

ome::Multiscale make_pyramid(std::int64_t width, std::int64_t height, std::int64_t chunk, int levels,
                             double factor, bool round_up, zarr::DataType type) {
  std::vector<LevelShape> shapes;
  double scale = 1;
  for (int level = 0; level < levels; ++level, scale *= factor) {
    const auto along = [&](std::int64_t size) {
      const double exact = static_cast<double>(size) / scale;
      return std::max<std::int64_t>(
          static_cast<std::int64_t>(round_up ? std::ceil(exact) : std::floor(exact)), 1);
    };
    const double offset = (scale - 1) / 2;
    shapes.push_back(
        {{along(height), along(width)}, {chunk, chunk}, {scale, scale}, {offset, offset}});
  }
  return make_image("yx", shapes, type);
}

Source make_source(const ome::Multiscale& image, int index, const Limits& limits) {
  auto source = Source::make(image, index, image.x_axis, image.y_axis, limits);
  EXPECT_TRUE(source.ok()) << (source ? "" : source.error().message);
  return *std::move(source);
}

}  // namespace mifa::view
