#include "cli/store.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <mutex>
#include <set>
#include <thread>

namespace mifa::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kLargestFile = std::int64_t{4} << 30;  // bytes held in memory at once

Result<std::vector<std::byte>> read_file(const fs::path& path, Part part = {}) {
  std::error_code error;
  const auto all = fs::file_size(path, error);
  if (error) {
    const bool missing = error == std::errc::no_such_file_or_directory ||
                         error == std::errc::not_a_directory || error == std::errc::is_a_directory;
    return Error{missing ? ErrorCode::kMissing
                 : error == std::errc::permission_denied ? ErrorCode::kForbidden
                                                         : ErrorCode::kRetry,
                 "expected a file at " + path.string() + ", received: " + error.message()};
  }
  const auto from = std::min(static_cast<std::int64_t>(all), part.offset);
  const std::int64_t rest = static_cast<std::int64_t>(all) - from;
  const std::int64_t size = part.length > 0 ? std::min(rest, part.length) : rest;
  if (size > kLargestFile) {
    return Error{ErrorCode::kLimit, "expected a file of at most 4 GiB, received " + path.string()};
  }
  std::FILE* file = std::fopen(path.c_str(), "rb");
  if (!file) {
    return Error{ErrorCode::kForbidden, "expected a file that can be read, received " + path.string()};
  }
  std::vector<std::byte> bytes(static_cast<std::size_t>(size));
  if (from > 0) fseeko(file, static_cast<off_t>(from), SEEK_SET);
  const std::size_t read = std::fread(bytes.data(), 1, bytes.size(), file);
  std::fclose(file);
  if (read != bytes.size()) {
    return Error{ErrorCode::kRetry, "expected " + std::to_string(bytes.size()) + " bytes of " +
                                        path.string() + ", received " + std::to_string(read)};
  }
  return bytes;
}

class FolderStore : public Store {
 public:
  explicit FolderStore(fs::path root) : root_(std::move(root)) {}

  Result<std::optional<std::vector<validate::ListedEntry>>> list(
      const std::string& folder) const override {
    std::error_code error;
    std::vector<validate::ListedEntry> entries;
    const fs::path path = folder.empty() ? root_ : root_ / folder;
    if (!first_visit(path)) return std::optional(std::move(entries));
    fs::directory_iterator items(path, error);
    for (; !error && items != fs::directory_iterator(); items.increment(error)) {
      validate::ListedEntry entry;
      entry.name = items->path().filename().string();
      std::error_code ignored;
      entry.folder = items->is_directory(ignored);
      if (!entry.folder) {
        const auto size = items->file_size(ignored);
        entry.size = ignored ? -1 : static_cast<std::int64_t>(size);
      }
      entries.push_back(std::move(entry));
    }
    if (error) {
      return Error{error == std::errc::permission_denied ? ErrorCode::kForbidden : ErrorCode::kRetry,
                   "expected a folder that can be listed, received " + path.string() + ": " +
                       error.message()};
    }
    return std::optional(std::move(entries));
  }

  Result<std::vector<std::byte>> read(const std::string& key, Part part) const override {
    return read_file(root_ / key, part);
  }

  unsigned readers() const override { return std::max(1U, std::thread::hardware_concurrency()); }

 private:
  // Links may lead in circles: a folder's content is listed once, by whatever path it is met first.
  bool first_visit(const fs::path& path) const {
    std::error_code error;
    const fs::path real = fs::canonical(path, error);
    const std::lock_guard lock(mutex_);
    return error || visited_.insert(real.string()).second;
  }

  fs::path root_;
  mutable std::mutex mutex_;
  mutable std::set<std::string> visited_;
};

}  // namespace

Result<std::unique_ptr<Store>> open_store(const std::string& place) {
  if (place.starts_with("http://") || place.starts_with("https://")) return open_http_store(place);
  std::error_code error;
  const fs::path path = place.starts_with("file://") ? place.substr(7) : place;
  if (!fs::exists(path, error)) {
    return Error{ErrorCode::kMissing, "expected a folder, a zip or a URL, received " + place +
                                          ", which is not there"};
  }
  if (!fs::is_directory(path, error)) return open_zip_store(path.string());
  return std::unique_ptr<Store>(std::make_unique<FolderStore>(path));
}

Result<std::string> read_text_file(const std::string& path) {
  auto bytes = read_file(path);
  if (!bytes) return std::move(bytes).error();
  return std::string(reinterpret_cast<const char*>(bytes->data()), bytes->size());
}

}  // namespace mifa::cli
