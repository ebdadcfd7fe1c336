#include "codec/permute.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

namespace mifa::codec {
namespace {

// Element by element, as the definition says.
std::vector<std::uint32_t> expected(const std::vector<std::int64_t>& shape,
                                    const std::vector<int>& axes,
                                    const std::vector<std::uint32_t>& source) {
  const std::size_t rank = shape.size();
  std::vector<std::uint32_t> target;
  std::vector<std::int64_t> index(rank, 0);  // of the target
  for (std::size_t n = 0; n < source.size(); ++n) {
    std::vector<std::int64_t> from(rank);
    for (std::size_t i = 0; i < rank; ++i) from[static_cast<std::size_t>(axes[i])] = index[i];
    std::int64_t flat = 0;
    for (std::size_t i = 0; i < rank; ++i) flat = flat * shape[i] + from[i];
    target.push_back(source[static_cast<std::size_t>(flat)]);
    for (std::size_t i = rank; i-- > 0;) {
      if (++index[i] < shape[static_cast<std::size_t>(axes[i])]) break;
      index[i] = 0;
    }
  }
  return target;
}

TEST(Permutation, MatchesItsDefinitionForEveryOrderOfFourAxes) {
  for (const std::vector<std::int64_t>& shape :
       std::vector<std::vector<std::int64_t>>{{2, 3, 4, 5}, {1, 33, 1, 65}, {3, 1, 1, 40}}) {
    std::vector<int> axes = {0, 1, 2, 3};
    std::vector<std::uint32_t> source(static_cast<std::size_t>(
        std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>())));
    std::iota(source.begin(), source.end(), 0U);
    do {
      const Permutation permutation(shape, axes);
      std::vector<std::uint32_t> target(source.size());
      permutation.run(std::as_bytes(std::span(source)),
                      std::as_writable_bytes(std::span(target)), 4, false);
      ASSERT_EQ(target, expected(shape, axes, source)) << axes[0] << axes[1] << axes[2] << axes[3];
    } while (std::next_permutation(axes.begin(), axes.end()));
  }
}

TEST(Permutation, AxesOfExtentOneDoNotCount) {
  const std::vector<std::int64_t> shape = {1, 8, 1, 9};
  EXPECT_TRUE(Permutation(shape, std::vector<int>{2, 1, 0, 3}).is_identity());
  EXPECT_FALSE(Permutation(shape, std::vector<int>{2, 3, 0, 1}).is_identity());
  EXPECT_TRUE(Permutation({}, {}).is_identity());
}

}  // namespace
}  // namespace mifa::codec
