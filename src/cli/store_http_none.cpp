#include "cli/store.h"

namespace mifa::cli {

Result<std::unique_ptr<Store>> open_http_store(const std::string& url) {
  return Error{ErrorCode::kUnsupported,
               "expected a folder, received " + url +
                   "; this build has no libcurl: install its development package and build again, or "
                   "use `npx mifascope`"};
}

}  // namespace mifa::cli
