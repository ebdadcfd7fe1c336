// The table of annotation formats. The README's table "annotation formats" has a row for each.

#include "annotation/format.h"

namespace mifa::annotation {

std::span<const Format> formats() {
  static const std::vector<Format> kFormats = {
      // {id, title, extensions, sniff, make}
  };
  return kFormats;
}

}  // namespace mifa::annotation
