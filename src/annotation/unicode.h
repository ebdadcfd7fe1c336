// Texts of files that are not UTF-8, as spreadsheets write them.
#pragma once

#include <string>
#include <string_view>

namespace mifa::annotation {

bool is_utf8(std::string_view text);
// The text itself if it is UTF-8, else what its bytes mean as Latin-1.
std::string to_utf8(std::string_view text);

// Takes a byte order mark off a text given in windows; UTF-16 is turned into UTF-8.
class UnicodeDecoder {
 public:
  std::string decode(std::string_view window);

 private:
  enum class Encoding { kUnknown, kBytes, kLittle, kBig };
  void add_unit(unsigned unit, std::string& text);

  Encoding encoding_ = Encoding::kUnknown;
  std::string rest_;
  unsigned high_ = 0;  // a surrogate that waits for its other half
};

}  // namespace mifa::annotation
