#include "ome/affine_map.h"

#include <algorithm>
#include <cmath>

namespace mifa::ome {

AffineMap zero_map(std::size_t outputs, std::size_t inputs) {
  return {inputs, std::vector<double>(outputs * (inputs + 1), 0.0)};
}

AffineMap diagonal_map(const std::vector<double>& scale, const std::vector<double>& translation) {
  AffineMap map = zero_map(scale.size(), scale.size());
  for (std::size_t i = 0; i < scale.size(); ++i) {
    map.at(i, i) = scale[i];
    map.at(i, scale.size()) = translation[i];
  }
  return map;
}

AffineMap identity_map(std::size_t rank) {
  return diagonal_map(std::vector<double>(rank, 1.0), std::vector<double>(rank, 0.0));
}

AffineMap compose(const AffineMap& outer, const AffineMap& inner) {
  AffineMap result = zero_map(outer.outputs(), inner.inputs);
  for (std::size_t row = 0; row < outer.outputs(); ++row) {
    result.at(row, inner.inputs) = outer.at(row, outer.inputs);
    for (std::size_t i = 0; i < outer.inputs; ++i) {
      const double factor = outer.at(row, i);
      if (factor == 0) continue;
      for (std::size_t column = 0; column <= inner.inputs; ++column) {
        result.at(row, column) += factor * inner.at(i, column);
      }
    }
  }
  return result;
}

// Gauss and Jordan, with the largest pivot of each column.
std::optional<AffineMap> invert(const AffineMap& map) {
  const std::size_t rank = map.inputs;
  if (map.outputs() != rank) return std::nullopt;
  AffineMap left = map;
  AffineMap right = identity_map(rank);
  for (std::size_t column = 0; column < rank; ++column) {
    double largest = 0;
    for (std::size_t row = 0; row < rank; ++row) {
      largest = std::max(largest, std::abs(map.at(row, column)));
    }
    std::size_t pivot = column;
    for (std::size_t row = column; row < rank; ++row) {
      if (std::abs(left.at(row, column)) > std::abs(left.at(pivot, column))) pivot = row;
    }
    if (!(std::abs(left.at(pivot, column)) > largest * 1e-12)) return std::nullopt;
    for (std::size_t i = 0; i < rank; ++i) {
      std::swap(left.at(pivot, i), left.at(column, i));
      std::swap(right.at(pivot, i), right.at(column, i));
    }
    const double divisor = left.at(column, column);
    for (std::size_t i = 0; i < rank; ++i) {
      left.at(column, i) /= divisor;
      right.at(column, i) /= divisor;
    }
    for (std::size_t row = 0; row < rank; ++row) {
      const double factor = left.at(row, column);
      if (row == column || factor == 0) continue;
      for (std::size_t i = 0; i < rank; ++i) {
        left.at(row, i) -= factor * left.at(column, i);
        right.at(row, i) -= factor * right.at(column, i);
      }
    }
  }
  for (std::size_t row = 0; row < rank; ++row) {
    for (std::size_t i = 0; i < rank; ++i) {
      right.at(row, rank) -= right.at(row, i) * map.at(i, rank);
    }
  }
  if (!is_finite(right)) return std::nullopt;
  return right;
}

bool is_finite(const AffineMap& map) {
  return std::all_of(map.numbers.begin(), map.numbers.end(),
                     [](double number) { return std::isfinite(number); });
}

void SystemGraph::add(const SystemId& from, const SystemId& to, AffineMap map) {
  touching_[from].push_back(edges_.size());
  touching_[to].push_back(edges_.size());
  edges_.push_back({from, to, std::move(map)});
}

std::map<SystemId, AffineMap> SystemGraph::into(const SystemId& target, std::size_t rank) const {
  std::map<SystemId, AffineMap> result = {{target, identity_map(rank)}};
  std::vector<SystemId> order = {target};
  for (std::size_t i = 0; i < order.size(); ++i) {
    const SystemId here = order[i];
    const AffineMap so_far = result.at(here);
    const auto touching = touching_.find(here);
    if (touching == touching_.end()) continue;
    for (const std::size_t index : touching->second) {
      const Edge& edge = edges_[index];
      const bool forward = edge.to == here;
      const SystemId& other = forward ? edge.from : edge.to;
      if (result.contains(other)) continue;
      const auto step = forward ? std::optional(edge.map) : invert(edge.map);
      if (!step || step->outputs() != so_far.inputs) continue;
      AffineMap whole = compose(so_far, *step);
      if (!is_finite(whole)) continue;
      result.emplace(other, std::move(whole));
      order.push_back(other);
    }
  }
  return result;
}

}  // namespace mifa::ome
