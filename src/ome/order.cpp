#include "ome/order.h"

#include <algorithm>

namespace mifa::ome {

std::vector<std::size_t> sorted_order(std::size_t count,
                                      const std::function<bool(std::size_t, std::size_t)>& less) {
  std::vector<std::size_t> order(count);
  for (std::size_t i = 0; i < count; ++i) order[i] = i;
  // With the index as the last resort, so that this is stable without stable_sort's code.
  std::sort(order.begin(), order.end(),
            [&less](std::size_t a, std::size_t b) { return less(a, b) || (!less(b, a) && a < b); });
  return order;
}

}  // namespace mifa::ome
