// Result<T>: a value or an Error, never an exception. Bad data is an expected outcome here; see
// docs/architecture.md.
#pragma once

#include <cassert>
#include <optional>
#include <string>
#include <utility>

namespace mifa {

// What the caller can do about an error.
enum class ErrorCode {
  kRetry,        // The same request may work later (network, 429, 5xx).
  kFixData,      // The data is wrong; the message says what to change.
  kUnsupported,  // The data may be fine; this program does not know it.
  kMissing,      // Nothing is there (404, an absent key).
  kForbidden,    // The server refuses (401, 403, CORS).
  kLimit,        // A named limit of this program would be passed.
};

// The stable, lower-case name of a code, as it crosses to JavaScript and into reports.
const char* error_code_name(ErrorCode code);

struct Error {
  ErrorCode code = ErrorCode::kFixData;
  std::string message;  // "expected X, received Y, while doing Z to W; remedy"

  // The same error seen from further out: "context: message".
  Error within(const std::string& context) && {
    message = context + ": " + message;
    return std::move(*this);
  }
};

template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : value_(std::move(value)) {}          // NOLINT: implicit on purpose
  Result(Error error) : error_(std::move(error)) {}      // NOLINT: implicit on purpose

  bool ok() const { return value_.has_value(); }
  explicit operator bool() const { return ok(); }

  // Precondition: ok().
  T& value() & {
    assert(ok());
    return *value_;
  }
  const T& value() const& {
    assert(ok());
    return *value_;
  }
  T value() && {
    assert(ok());
    return std::move(*value_);
  }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  // Precondition: !ok().
  const Error& error() const& {
    assert(!ok());
    return error_;
  }
  Error error() && {
    assert(!ok());
    return std::move(error_);
  }

 private:
  std::optional<T> value_;
  Error error_;
};

// For operations that yield nothing but success.
struct Success {};
using Status = Result<Success>;

}  // namespace mifa
