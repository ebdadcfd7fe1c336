// When a failed read is worth another try. Shared by metadata and chunks.
#pragma once

#include <algorithm>

#include "core/result.h"
#include "view/limits.h"

namespace mifa::view {

// The pause in milliseconds before try number `attempts` + 1, or a negative number when there is to
// be none: the error will not go away, or it has been tried often enough. `retry_after_ms` is what
// the server asked for (0 for nothing).
inline double retry_pause(const Limits& limits, const Error& error, int attempts,
                          double retry_after_ms) {
  if (error.code != ErrorCode::kRetry || attempts >= limits.attempts) return -1;
  const double own = limits.retry_pause_ms * static_cast<double>(1 << std::min(attempts - 1, 10));
  return std::max(own, retry_after_ms);
}

}  // namespace mifa::view
