// Lookup tables: a channel's values as colours that change along the way.
#pragma once

#include <cstdint>
#include <string_view>

#include "ome/dataset.h"

namespace mifa::view {

// One of the tables known by name. All but the plain ones are approximations by few colours: close to
// the originals by eye, not byte for byte.
struct LookupTable {
  enum class Kind : std::uint8_t {
    kLines,   // straight lines between colours at equal distances
    kHalves,  // one line for the lower half, another for the upper
    kSteps,   // flat steps of equal length
    kHiLo,    // greys, but for the two ends
    kBits,    // three bits of red, three of green, two of blue
  };
  const char* name;  // as in normalised names: lower case, '_', no ".lut"
  Kind kind;
  std::uint8_t count;   // of its colours
  std::uint16_t first;  // among those of all tables

  // The colour of `value`, 0 to 1.
  ome::Rgb at(double value) const;
  ome::Rgb top() const { return at(1); }
  // Its place among the tables.
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
