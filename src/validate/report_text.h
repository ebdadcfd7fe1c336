// Words that the reports share.
#pragma once

#include <string>

#include "validate/report.h"

namespace mifa::validate {

// "3 errors, 1 warning and 2 remarks", "no issues".
std::string counts_text(const Report& report);
// "2 images, 1 label image, 12 files (3.4 MB), 5 of 8 chunks decoded" and the like.
std::string inventory_text(const Report& report);
// "labels/.zattrs, line 3, /labels/0"; empty for the dataset as a whole.
std::string place_text(const Issue& issue);
// "1.2 MB", in powers of ten.
std::string bytes_text(std::int64_t bytes);
// Valid UTF-8 without control characters but line ends, for text that came from a file.
std::string printable(std::string_view text);

}  // namespace mifa::validate
