// A zip archive on this computer, mapped into memory: its members are unpacked as they are asked for.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <thread>

#include "annotation/zip_members.h"
#include "cli/store.h"

namespace mifa::cli {
namespace {

using annotation::ZipMembers;

constexpr std::uint64_t kLargestMember = std::uint64_t{4} << 30;  // bytes, unpacked

// The bytes of a file, for as long as this lives.
class MappedFile {
 public:
  explicit MappedFile(const std::string& path) {
    const int file = ::open(path.c_str(), O_RDONLY);
    if (file < 0) return;
    struct stat info {};
    if (::fstat(file, &info) == 0 && info.st_size > 0) {
      size_ = static_cast<std::size_t>(info.st_size);
      void* at = ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, file, 0);
      if (at != MAP_FAILED) data_ = static_cast<const char*>(at);
    }
    ::close(file);
  }
  ~MappedFile() {
    if (data_) ::munmap(const_cast<char*>(data_), size_);
  }
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  std::string_view bytes() const { return data_ ? std::string_view(data_, size_) : std::string_view(); }

 private:
  const char* data_ = nullptr;
  std::size_t size_ = 0;
};

// "a/./b//c" → "a/b/c"; nothing for what leads out of the archive, and for folders.
std::optional<std::string> key_of(std::string_view name) {
  if (name.ends_with('/') || name.find('\\') != std::string_view::npos) return std::nullopt;
  std::string key;
  while (!name.empty()) {
    const std::string_view part = name.substr(0, name.find('/'));
    name.remove_prefix(std::min(part.size() + 1, name.size()));
    if (part.empty() || part == ".") continue;
    if (part == "..") return std::nullopt;
    key += (key.empty() ? "" : "/") + std::string(part);
  }
  return key.empty() ? std::nullopt : std::optional(key);
}

class ZipStore : public Store {
 public:
  ZipStore(std::unique_ptr<MappedFile> file, ZipMembers members)
      : file_(std::move(file)) {
    for (const ZipMembers::Member& member : members.members()) {
      if (auto key = key_of(member.name)) members_.emplace(*key, member);
    }
    for (const auto& [key, member] : members_) {
      std::string folder;
      for (std::size_t at = key.find('/'); at != std::string::npos; at = key.find('/', at + 1)) {
        const std::string below = key.substr(0, at);
        auto& entries = children_[folder];
        if (!children_.contains(below)) {
          entries.push_back({below.substr(folder.empty() ? 0 : folder.size() + 1), true, -1});
          children_[below];
        }
        folder = below;
      }
      children_[folder].push_back({key.substr(folder.empty() ? 0 : folder.size() + 1), false,
                                   static_cast<std::int64_t>(member.unpacked)});
    }
    unpackers_.push_back(std::move(members));
  }

  Result<std::optional<std::vector<validate::ListedEntry>>> list(const std::string& folder) const override {
    const auto found = children_.find(folder);
    if (found != children_.end()) return std::optional(found->second);
    return std::optional(std::vector<validate::ListedEntry>());
  }

  Result<std::vector<std::byte>> read(const std::string& key, Part part) const override {
    const auto found = members_.find(key);
    if (found == members_.end()) return Error{ErrorCode::kMissing, "expected " + key + " in the archive"};
    auto unpacker = take_unpacker();
    if (!unpacker) return std::move(unpacker).error();
    auto text = unpacker->read(found->second, kLargestMember);
    if (!text) return std::move(text).error();
    std::string_view bytes = *text;
    if (part.length > 0) {
      bytes.remove_prefix(std::min(bytes.size(), static_cast<std::size_t>(part.offset)));
      bytes = bytes.substr(0, static_cast<std::size_t>(part.length));
    }
    const auto* data = reinterpret_cast<const std::byte*>(bytes.data());
    std::vector<std::byte> result(data, data + bytes.size());
    const std::lock_guard lock(mutex_);
    unpackers_.push_back(std::move(unpacker).value());
    return result;
  }

  unsigned readers() const override { return std::max(1U, std::thread::hardware_concurrency()); }

 private:
  // Each unpacks one member at a time; there are as many as threads read together.
  Result<ZipMembers> take_unpacker() const {
    {
      const std::lock_guard lock(mutex_);
      if (!unpackers_.empty()) {
        ZipMembers taken = std::move(unpackers_.back());
        unpackers_.pop_back();
        return taken;
      }
    }
    return ZipMembers::open(file_->bytes());
  }

  std::unique_ptr<MappedFile> file_;
  std::map<std::string, ZipMembers::Member> members_;
  std::map<std::string, std::vector<validate::ListedEntry>> children_;
  mutable std::mutex mutex_;
  mutable std::vector<ZipMembers> unpackers_;
};

}  // namespace

Result<std::unique_ptr<Store>> open_zip_store(const std::string& path) {
  auto file = std::make_unique<MappedFile>(path);
  if (!file->bytes().starts_with("PK")) {
    return Error{ErrorCode::kUnsupported,
                 "expected a folder, a zip (.zip, .ozx) or a URL, received the file " + path};
  }
  auto members = ZipMembers::open(file->bytes());
  if (!members) return std::move(members).error();
  return std::unique_ptr<Store>(std::make_unique<ZipStore>(std::move(file), std::move(members).value()));
}

}  // namespace mifa::cli
