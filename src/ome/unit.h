// Unit names of OME-Zarr (UDUNITS-2) as people write them.
#pragma once

#include <string>

namespace mifa::ome {

// "micrometer" -> "µm"; a unit that is not in the table comes back as it is.
std::string unit_symbol(const std::string& unit);

// Metres in one of a unit of length; 0 for any other.
double unit_meters(const std::string& unit);

}  // namespace mifa::ome
