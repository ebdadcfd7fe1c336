// A table whose rows carry the ids of a mask's pixels: which row an id has, what colour it gives it, and
// which ids and rows have nobody on the other side.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "annotation/layer.h"
#include "annotation/style.h"

namespace mifa::annotation {

// The column that says which pixels of a mask a row is about: of the role instance, else the ids that are whole
// numbers; null where there is none.
const Column* mask_id_column(const Layer& layer);

// Objects by mask id, those of one frame. Where several rows have one id, the first has it. 0 is background.
class MaskRows {
 public:
  // `frame`: NaN for all. `layer` must stay.
  MaskRows(const Layer& layer, double frame);

  std::optional<std::uint32_t> object(std::int64_t id) const;
  // Three words of each id, ascending: id low, id high, red | green << 8 | blue << 16 | alpha << 24. `colors`: RGBA
  // an object (Style::colors).
  std::vector<std::uint32_t> colored(std::span<const std::uint8_t> colors) const;

  struct Difference {
    std::vector<std::int64_t> ids;       // of the mask that no row has, ascending
    std::vector<std::uint32_t> objects;  // whose ids the mask does not have, by number
  };
  // `ids`: all of the mask's.
  Difference compare(std::span<const std::int64_t> ids) const;
  // Rows whose id an earlier row of the frame has.
  std::size_t repeated() const { return repeated_; }

 private:
  struct Row {
    std::int64_t id;
    std::uint32_t object;
  };
  std::vector<Row> rows_;  // by id
  std::size_t repeated_ = 0;
};

}  // namespace mifa::annotation
