// Lookup tables: a channel's values as colours that change along the way.
#pragma once

#include <cstdint>
#include <string_view>

#include "ome/dataset.h"

namespace mifa::view {

// One of the tables known by name. They are approximations by few colours with straight lines
// between them: close to the originals by eye, not byte for byte.
struct LookupTable {
  const char* name;
  std::uint16_t first;  // of its colours, among those of all tables
  std::uint8_t count;
  bool steps;  // flat steps instead of straight lines

  // The colour of `value`, 0 to 1.
  ome::Rgb at(double value) const;
  ome::Rgb top() const { return at(1); }
  // its place among the tables.
  int row() const;
};

// The table that omero metadata, ImageJ or matplotlib call `name`: in any case, with or without
// ".lut", with '-', ' ' or '_'. Null if it is not known or empty.
const LookupTable* find_lookup_table(std::string_view name);

// How many there are.
int lookup_tables();
// The table in a row. Precondition: 0 <= row < lookup_tables().
const LookupTable& lookup_table(int row);

}  // namespace mifa::view
