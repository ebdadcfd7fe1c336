#pragma once

#include <cstdint>

#include "codec/bytes.h"

namespace mifa::codec {

// CRC-32C (Castagnoli, RFC 3720 appendix B.4) of the bytes.
std::uint32_t crc32c(Bytes bytes);

}  // namespace mifa::codec
