#include "annotation/column.h"

#include <gtest/gtest.h>

#include <cmath>

namespace mifa::annotation {
namespace {

TEST(Column, KeepsIntegersExactly) {
  Column column("id", ColumnType::kInteger);
  column.set_integer(2, 9'007'199'254'740'993);
  EXPECT_EQ(column.integer(2), 9'007'199'254'740'993);
  EXPECT_EQ(column.text(2), "9007199254740993");
  EXPECT_FALSE(column.has(0));
  EXPECT_FALSE(column.has(3));
  EXPECT_TRUE(std::isnan(column.number(1)));
}

TEST(Column, TurnsIntegersIntoNumbersWithTheFirstFraction) {
  Column column("score", ColumnType::kInteger);
  column.set_integer(0, 1);
  column.set_number(1, 2.0);
  EXPECT_EQ(column.type(), ColumnType::kInteger);
  column.set_number(2, 0.5);
  EXPECT_EQ(column.type(), ColumnType::kNumber);
  EXPECT_EQ(column.number(0), 1);
  EXPECT_EQ(column.number(2), 0.5);
  EXPECT_EQ(column.integer(1), 2);
  EXPECT_EQ(column.integer(2), std::nullopt);
}

TEST(Column, TurnsAnythingIntoTextWithTheFirstText) {
  Column column("mixed", ColumnType::kNumber);
  column.set_number(0, 0.25);
  column.set_integer(2, 7);
  column.set_text(3, "n/a");
  EXPECT_EQ(column.type(), ColumnType::kText);
  EXPECT_EQ(column.text(0), "0.25");
  EXPECT_FALSE(column.has(1));
  EXPECT_EQ(column.text(2), "7");
  EXPECT_EQ(column.text(3), "n/a");
  EXPECT_TRUE(std::isnan(column.number(0)));
}

TEST(Column, ForgetsTheValuesOfLaterObjects) {
  Column column("name", ColumnType::kText);
  column.set_text(0, "a");
  column.set_text(1, "b");
  column.truncate(1);
  EXPECT_TRUE(column.has(0));
  EXPECT_FALSE(column.has(1));
}

TEST(TextPool, StoresATextOnceAndReadsItAcrossPages) {
  TextPool pool;
  const std::string longer(20'000, 'x');
  const std::uint32_t a = pool.add("a"), x = pool.add(longer), again = pool.add("a");
  EXPECT_EQ(a, again);
  EXPECT_EQ(pool.size(), 2U);
  EXPECT_EQ(pool.text(a), "a");
  EXPECT_EQ(pool.text(x), longer);
  EXPECT_EQ(pool.text(pool.add("")), "");
}

TEST(TextPool, StopsLookingForTextsThatNeverRepeat) {
  TextPool names, classes;
  for (std::size_t i = 0; i < 3 * TextPool::kTrial; ++i) {
    names.add("object " + std::to_string(i));
    classes.add("class " + std::to_string(i % 100));
  }
  EXPECT_EQ(names.add("object 5"), 3 * TextPool::kTrial);
  EXPECT_EQ(names.text(names.add("object 6")), "object 6");
  EXPECT_EQ(classes.size(), 100U);
}

TEST(Paged, GrowsAndShrinksOverPages) {
  Paged<int> values;
  values.resize(Paged<int>::kPage + 1, 3);
  EXPECT_EQ(values.back(), 3);
  values.resize(1);
  values.push_back(4);
  EXPECT_EQ(values.size(), 2U);
  EXPECT_EQ(values[1], 4);
}

}  // namespace
}  // namespace mifa::annotation
