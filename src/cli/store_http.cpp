// A dataset on a web server, read by libcurl.
#include <curl/curl.h>

#include <chrono>
#include <mutex>
#include <thread>

#include "cli/store.h"

namespace mifa::cli {
namespace {

constexpr std::size_t kLargestFile = std::size_t{4} << 30;  // bytes held in memory at once
constexpr long kConnectSeconds = 30;
constexpr long kStallSeconds = 60;  // without a byte
constexpr int kAttempts = 3;

std::size_t take(char* data, std::size_t size, std::size_t count, void* target) {
  auto& bytes = *static_cast<std::vector<std::byte>*>(target);
  const std::size_t length = size * count;
  if (bytes.size() + length > kLargestFile) return 0;
  const auto* first = reinterpret_cast<const std::byte*>(data);
  bytes.insert(bytes.end(), first, first + length);
  return length;
}

// One handle a thread: it keeps the connection.
CURL* thread_handle() {
  struct Handle {
    CURL* curl = curl_easy_init();
    ~Handle() { curl_easy_cleanup(curl); }
  };
  thread_local Handle handle;
  return handle.curl;
}

void cut(std::vector<std::byte>& bytes, Part part) {
  const auto size = static_cast<std::int64_t>(bytes.size());
  const std::int64_t from = std::min(size, part.offset);
  const std::int64_t end = std::min(size, from + part.length);
  bytes.erase(bytes.begin() + end, bytes.end());
  bytes.erase(bytes.begin(), bytes.begin() + from);
}

std::string escaped_path(CURL* curl, const std::string& key) {
  std::string result;
  std::size_t at = 0;
  while (at <= key.size()) {
    const std::size_t slash = std::min(key.find('/', at), key.size());
    char* part = curl_easy_escape(curl, key.data() + at, static_cast<int>(slash - at));
    result += part ? part : "";
    curl_free(part);
    if (slash == key.size()) break;
    result += '/';
    at = slash + 1;
  }
  return result;
}

class HttpStore : public Store {
 public:
  explicit HttpStore(const std::string& url) {
    const std::size_t query = url.find('?');
    root_ = url.substr(0, query);
    if (query != std::string::npos) query_ = url.substr(query);
    while (root_.ends_with('/')) root_.pop_back();
  }

  Result<std::optional<std::vector<validate::ListedEntry>>> list(const std::string&) const override {
    return std::optional<std::vector<validate::ListedEntry>>();
  }

  Result<std::vector<std::byte>> read(const std::string& key, Part part) const override {
    Result<std::vector<std::byte>> result = Error{ErrorCode::kRetry, ""};
    for (int attempt = 0; attempt < kAttempts; ++attempt) {
      if (attempt > 0) std::this_thread::sleep_for(std::chrono::milliseconds(500 << attempt));
      result = read_once(key, part);
      if (result || result.error().code != ErrorCode::kRetry) break;
    }
    return result;
  }

  unsigned readers() const override { return 16; }

 private:
  Result<std::vector<std::byte>> read_once(const std::string& key, Part part) const {
    CURL* curl = thread_handle();
    std::vector<std::byte> bytes;
    const std::string where = root_ + "/" + key;
    const std::string url = root_ + "/" + escaped_path(curl, key) + query_;
    curl_easy_reset(curl);
    curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &bytes);
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 1L);
    curl_easy_setopt(curl, CURLOPT_MAXREDIRS, 5L);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, kConnectSeconds);
    curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
    curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, kStallSeconds);
    curl_easy_setopt(curl, CURLOPT_USERAGENT, "mifascope");
    const std::string range = std::to_string(part.offset) + "-" + std::to_string(part.offset + part.length - 1);
    if (part.length > 0) curl_easy_setopt(curl, CURLOPT_RANGE, range.c_str());
    const CURLcode code = curl_easy_perform(curl);
    if (code != CURLE_OK) {
      return Error{ErrorCode::kRetry, "expected an answer from " + where + ", received: " +
                                          curl_easy_strerror(code)};
    }
    long status = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    if (part.length > 0 && status == 416) return std::vector<std::byte>();  // it begins behind the file's end
    if (part.length > 0 && status == 200) cut(bytes, part);  // servers may send all
    if (status >= 200 && status < 300) return bytes;
    const std::string message = "expected the file " + where + ", received HTTP " + std::to_string(status);
    if (status == 404 || status == 410) return Error{ErrorCode::kMissing, message};
    if (status == 429 || status >= 500) return Error{ErrorCode::kRetry, message};
    return Error{ErrorCode::kForbidden, message};
  }

  std::string root_, query_;
};

}  // namespace

Result<std::unique_ptr<Store>> open_http_store(const std::string& url) {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
  return std::unique_ptr<Store>(std::make_unique<HttpStore>(url));
}

}  // namespace mifa::cli
