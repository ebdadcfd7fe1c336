// The order of things that are sorted by what lies beside them.
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

namespace mifa::ome {

// Indices below `count` so that less(i, k) holds for no k before i; what is equal keeps its order.
std::vector<std::size_t> sorted_order(std::size_t count,
                                      const std::function<bool(std::size_t, std::size_t)>& less);

}  // namespace mifa::ome
