#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace mifa {

// The bytes of a base64 text (RFC 4648, section 4; the padding may be missing). Nothing if a
// character is not of its alphabet, or if bits are left over that are not 0.
std::optional<std::vector<std::byte>> decode_base64(std::string_view text);

}  // namespace mifa
