// Integer maths that says when it does not fit. Sizes are signed (std::int64_t) throughout.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

namespace mifa {

// a * b, or nothing on overflow.
inline std::optional<std::int64_t> checked_multiply(std::int64_t a, std::int64_t b) {
  std::int64_t result = 0;
  if (__builtin_mul_overflow(a, b, &result)) return std::nullopt;
  return result;
}

// The product of all factors (1 for none), or nothing on overflow.
inline std::optional<std::int64_t> checked_product(std::span<const std::int64_t> factors) {
  std::int64_t result = 1;
  for (const std::int64_t factor : factors) {
    const auto next = checked_multiply(result, factor);
    if (!next) return std::nullopt;
    result = *next;
  }
  return result;
}

// ceil(a / b) for a >= 0, b > 0.
inline std::int64_t ceil_divide(std::int64_t a, std::int64_t b) {
  return a / b + (a % b != 0 ? 1 : 0);
}

}  // namespace mifa
