#include "ome/concat.h"

namespace mifa::ome {

[[gnu::noinline]] void append_part(std::string& text, const char* part) { text += part; }
[[gnu::noinline]] void append_part(std::string& text, const std::string& part) { text += part; }
[[gnu::noinline]] void append_part(std::string& text, std::string_view part) { text += part; }
[[gnu::noinline]] void append_number(std::string& text, std::int64_t number) {
  text += std::to_string(number);
}

}  // namespace mifa::ome
