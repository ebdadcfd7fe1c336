#pragma once

namespace mifa::annotation {

// RFC 8259, section 2: what may stand between tokens.
constexpr bool is_json_space(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }

}  // namespace mifa::annotation
