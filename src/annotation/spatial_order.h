// The objects of a layer in an order in which neighbours lie together, cut into blocks: what is in
// view is a few blocks, whatever the layer holds. Where objects are on many frames, those of some frames that follow
// one another lie together first. Built once, when a layer is complete.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "annotation/layer.h"

namespace mifa::annotation {

class SpatialOrder {
 public:
  static constexpr std::size_t kBlock = 1024;  // objects; the last block may have fewer
  static constexpr std::size_t kTableFloats = 10;  // of a block in table()

  // x0, y0, x1, y1 as in Layer::xy: without origin.
  struct Box {
    float x0, y0, x1, y1;
  };

  explicit SpatialOrder(const Layer& layer);

  // Objects that have geometry, in the order.
  std::span<const std::uint32_t> objects() const { return objects_; }
  // Of each of them.
  std::span<const Box> boxes() const { return boxes_; }
  std::size_t blocks() const { return block_boxes_.size(); }
  std::span<const std::uint32_t> block(std::size_t index) const;
  // Around all objects of each block.
  std::span<const Box> block_boxes() const { return block_boxes_; }
  // Around everything; zero without geometry.
  const Box& bounds() const { return bounds_; }

  // 16 bytes an object, as PointBuffer in web/annotations/layer.ts.
  std::vector<std::uint8_t> points() const;
  // kTableFloats a block, as BlockTable there.
  std::vector<float> table() const;

 private:
  std::vector<std::uint32_t> objects_;
  std::vector<Box> boxes_;
  std::vector<Box> block_boxes_;
  std::vector<std::array<float, 2>> block_frames_;  // first and last; infinite where an object is on all
  Box bounds_ = {0, 0, 0, 0};
};

// Half the longer edge.
inline float half_of(const SpatialOrder::Box& box) {
  const float width = box.x1 - box.x0, height = box.y1 - box.y0;
  return (width > height ? width : height) / 2;
}

}  // namespace mifa::annotation
