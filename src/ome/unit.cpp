#include "ome/unit.h"

#include <utility>

namespace mifa::ome {

std::string unit_symbol(const std::string& unit) {
  static constexpr std::pair<const char*, const char*> kSymbols[] = {
      {"angstrom", "Å"},     {"picometer", "pm"},   {"nanometer", "nm"},  {"micrometer", "µm"},
      {"micron", "µm"},      {"um", "µm"},          {"millimeter", "mm"}, {"centimeter", "cm"},
      {"meter", "m"},        {"kilometer", "km"},   {"inch", "in"},       {"nanosecond", "ns"},
      {"microsecond", "µs"}, {"millisecond", "ms"}, {"second", "s"},      {"minute", "min"},
      {"hour", "h"},         {"day", "d"},          {"pixel", "px"},
  };
  for (const auto& [name, symbol] : kSymbols) {
    if (unit == name) return symbol;
  }
  return unit;
}

double unit_meters(const std::string& unit) {
  static constexpr std::pair<const char*, double> kMeters[] = {
      {"angstrom", 1e-10},   {"picometer", 1e-12}, {"nanometer", 1e-9},  {"micrometer", 1e-6},
      {"micron", 1e-6},      {"um", 1e-6},         {"millimeter", 1e-3}, {"centimeter", 1e-2},
      {"decimeter", 1e-1},   {"meter", 1},         {"kilometer", 1e3},   {"inch", 0.0254},
      {"femtometer", 1e-15},
  };
  for (const auto& [name, meters] : kMeters) {
    if (unit == name) return meters;
  }
  return 0;
}

}  // namespace mifa::ome
