// The images of a plate or of a bioformats2raw collection, found one after the other.
#pragma once

#include <memory>
#include <vector>

#include "ome/dataset.h"
#include "ome/loaders.h"
#include "ome/plate.h"

namespace mifa::ome {

class EntryLister {
 public:
  virtual ~EntryLister() = default;

  // Appends the entries found since the last call; never changes those that are there. True once
  // the list is complete. While `first_only`, asks for no more than the first entry needs: the
  // image's own keys go first.
  virtual bool advance(std::vector<Entry>& entries, bool first_only) = 0;
};

// A plate's wells in order, each with its fields. Wells without readable metadata are left out
// with an issue; those past OpenerLimits::maximum_wells are one entry each.
std::unique_ptr<EntryLister> list_plate(LoadContext context, std::vector<WellPlace> wells,
                                        int zarr_format);

// bioformats2raw.layout: the OME group's "series", or the groups 0, 1, 2, … until one is missing.
std::unique_ptr<EntryLister> list_series(LoadContext context, int zarr_format);

// Entries known from the start.
std::unique_ptr<EntryLister> list_known(std::vector<Entry> entries);

}  // namespace mifa::ome
