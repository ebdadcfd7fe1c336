#include "view/lookup_table.h"

namespace mifa::view {

ome::Rgb LookupTable::at(double) const { return {255, 255, 255}; }
int LookupTable::row() const { return 0; }
const LookupTable* find_lookup_table(std::string_view) { return nullptr; }
int lookup_tables() { return 0; }

}  // namespace mifa::view
