// The images of a bioformats2raw collection, found one after the other.
#pragma once

#include <string>
#include <vector>

#include "ome/dataset.h"
#include "ome/loaders.h"

namespace mifa::ome {

// bioformats2raw.layout in the group at `base`: the OME group's "series", or the groups 0, 1, 2, …
// until one is missing.
class SeriesLister {
 public:
  SeriesLister(LoadContext context, std::string base, int zarr_format)
      : context_(context), base_(std::move(base)), zarr_format_(zarr_format) {}

  // Appends the entries found since the last call, named by their paths. True once the list is
  // complete. While `first_only`, asks for no more than the first entry needs: the image's own keys
  // go first.
  bool advance(std::vector<Entry>& entries, bool first_only);

 private:
  std::string key_of(std::int64_t number) const;
  void add_listed(const JsonView& series, std::vector<Entry>& entries);
  bool probe(std::vector<Entry>& entries, bool first_only);

  LoadContext context_;
  std::string base_;
  int zarr_format_;
  bool complete_ = false;
  bool checked_list_ = false;
  std::int64_t next_ = 0;
};

}  // namespace mifa::ome
