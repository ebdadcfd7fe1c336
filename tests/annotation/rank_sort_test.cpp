#include "annotation/rank_sort.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <string>

#include "annotation/builder.h"
#include "annotation/object_table.h"

namespace mifa::annotation {
namespace {

TEST(RankSort, FindsTheSamePlacesInStepsOfAnySize) {
  std::mt19937 random(7);
  std::vector<std::uint64_t> values(100'000);
  for (auto& value : values) value = random() % 5000;
  std::vector<std::uint64_t> different(values);
  std::sort(different.begin(), different.end());
  different.erase(std::unique(different.begin(), different.end()), different.end());
  for (const std::size_t steps : {std::size_t{1000}, std::size_t{99'999}, std::size_t{10'000'000}}) {
    RankSort sort({values.size(), [&](std::uint32_t i) { return values[i]; }, {}});
    int rounds = 0;
    while (!sort.work(steps)) ++rounds;
    EXPECT_GE(rounds, steps == 1000 ? 300 : 0);
    const auto ranks = sort.take();
    ASSERT_EQ(ranks.size(), values.size());
    for (std::size_t i = 0; i < values.size(); i += 97) EXPECT_EQ(different[ranks[i]], values[i]);
  }
  RankSort none({0, [](std::uint32_t) { return std::uint64_t{0}; }, {}});
  EXPECT_TRUE(none.work(1));
  EXPECT_TRUE(none.take().empty());
}

TEST(RankSort, KeepsTheOrderOfDoubles) {
  const double values[] = {-INFINITY, -2.5, -0.0, 1e-300, 3, INFINITY, NAN};
  for (std::size_t i = 1; i < std::size(values); ++i) EXPECT_LT(order_key(values[i - 1]), order_key(values[i]));
  EXPECT_EQ(order_key(0.0), order_key(-0.0));
}

std::unique_ptr<Layer> named(int count) {
  LayerBuilder builder("names.csv");
  for (int i = 0; i < count; ++i) {
    builder.begin(static_cast<std::uint32_t>(i));
    builder.point(i, i);
    if (i % 10 != 3) builder.text("name", (i % 2 ? "Nucleus " : "nucleus ") + std::to_string((i * 7919) % count));
    builder.integer("id", (std::int64_t{1} << 60) - i);
    builder.end();
  }
  return builder.take();
}

TEST(ObjectTable, IsSortedInStepsAndKeepsTheOrder) {
  const auto layer = named(50'000);
  ObjectTable table(*layer);
  TableQuery query;
  query.sort = "name";
  int rounds = 0;
  while (!table.prepare(query, 10'000)) ++rounds;
  EXPECT_GT(rounds, 5);
  const auto up = table.rows(query, {});
  query.descending = true;
  EXPECT_TRUE(table.prepare(query, 1)) << "the other direction is there already";
  const auto down = table.rows(query, {});
  const auto with = static_cast<std::ptrdiff_t>(45'000);
  EXPECT_TRUE(std::equal(up.begin(), up.begin() + with, down.rend() - with)) << "all names are different";
  EXPECT_TRUE(std::equal(up.begin() + with, up.end(), down.begin() + with)) << "without a name: at the end, in their order";
  const auto name = [&](std::uint32_t object) {
    std::string text = layer->find("name")->text(object);
    text[0] = 'n';
    return text;
  };
  for (std::size_t i = 1; i < 45'000; ++i) ASSERT_LT(name(up[i - 1]), name(up[i]));
  // Another column drops what was begun.
  query.sort = "id";
  EXPECT_FALSE(table.prepare(query, 10));
  query.sort = "name";
  EXPECT_TRUE(table.prepare(query, 10));
  query.sort = "#";
  EXPECT_TRUE(table.prepare(query, 1));
}

TEST(ObjectTable, SortsIdsThatDoublesCannotTellApart) {
  const auto layer = named(100);
  ObjectTable table(*layer);
  TableQuery query;
  query.sort = "id";
  const auto rows = table.rows(query, {});
  EXPECT_EQ(rows.front(), 99U);
  EXPECT_EQ(rows.back(), 0U);
}

}  // namespace
}  // namespace mifa::annotation
