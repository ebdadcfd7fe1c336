// Where the command reads a dataset from.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "validate/runner.h"

namespace mifa::cli {

// Bytes of a file. Length 0: all of it.
struct Part {
  std::int64_t offset = 0, length = 0;
};

// All functions may be called from several threads.
class Store {
 public:
  virtual ~Store() = default;
  // The children of a folder ("" is the root); nothing where the store cannot list.
  virtual Result<std::optional<std::vector<validate::ListedEntry>>> list(
      const std::string& folder) const = 0;
  // The file, or a part of it, cut where it ends; kMissing where it is not there.
  virtual Result<std::vector<std::byte>> read(const std::string& key, Part part = {}) const = 0;
  // How many reads at once make it faster: more where each has to wait for a server.
  virtual unsigned readers() const = 0;
};

// "https://…" and "http://…" are read over the network; anything else is a folder, or a zip file.
Result<std::unique_ptr<Store>> open_store(const std::string& place);

// A whole file of this computer: of configurations. Not below a root.
Result<std::string> read_text_file(const std::string& path);

// A zip archive of this computer (a zipped OME-Zarr, a study packed whole). Keys start at its top.
Result<std::unique_ptr<Store>> open_zip_store(const std::string& path);

// Defined in store_http.cpp, or where the build found no libcurl in store_http_none.cpp.
Result<std::unique_ptr<Store>> open_http_store(const std::string& url);

}  // namespace mifa::cli
