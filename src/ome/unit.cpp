#include "ome/unit.h"

#include <utility>

namespace mifa::ome {

std::string unit_symbol(const std::string& unit) {
  static constexpr std::pair<const char*, const char*> kSymbols[] = {
      {"angstrom", "Å"},    {"picometer", "pm"},  {"nanometer", "nm"},  {"micrometer", "µm"},
      {"micron", "µm"},     {"um", "µm"},         {"millimeter", "mm"}, {"centimeter", "cm"},
      {"meter", "m"},       {"kilometer", "km"},  {"inch", "in"},       {"nanosecond", "ns"},
      {"microsecond", "µs"}, {"millisecond", "ms"}, {"second", "s"},    {"minute", "min"},
      {"hour", "h"},        {"day", "d"},         {"pixel", "px"},
  };
  for (const auto& [name, symbol] : kSymbols) {
    if (unit == name) return symbol;
  }
  return unit;
}

}  // namespace mifa::ome
