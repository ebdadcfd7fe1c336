#include "core/issue.h"
#include "core/result.h"

namespace mifa {

const char* error_code_name(ErrorCode code) {
  switch (code) {
    case ErrorCode::kRetry:
      return "retry";
    case ErrorCode::kFixData:
      return "fix-data";
    case ErrorCode::kUnsupported:
      return "unsupported";
    case ErrorCode::kMissing:
      return "missing";
    case ErrorCode::kForbidden:
      return "forbidden";
    case ErrorCode::kLimit:
      return "limit";
  }
  return "unknown";
}

const char* severity_name(Severity severity) {
  switch (severity) {
    case Severity::kError:
      return "error";
    case Severity::kWarning:
      return "warning";
    case Severity::kInfo:
      return "info";
  }
  return "unknown";
}

}  // namespace mifa
