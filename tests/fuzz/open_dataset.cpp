// Opens a dataset whose replies are the fuzzer's bytes: the input is cut at each 0x00 byte, and the
// parts answer the keys in the order in which they are asked for. A part's first byte says how it
// is delivered; when the parts run out, keys are missing.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>

#include "ome/opener.h"

namespace {

using mifa::ome::Opener;

// Everything the viewer relies on once an image is ready.
void check(const Opener& opener) {
  const auto stage = opener.stage();
  if (stage == Opener::Stage::kFailed && opener.failure().message.empty()) std::abort();
  if (stage != Opener::Stage::kImageReady && stage != Opener::Stage::kComplete) return;
  const auto& image = opener.dataset().image;
  const int axes = static_cast<int>(image.axes.size());
  if (image.levels.empty() || axes < 2 || image.channels.empty()) std::abort();
  if (image.x_axis < 0 || image.y_axis < 0 || image.x_axis == image.y_axis) std::abort();
  for (const int axis : {image.x_axis, image.y_axis, image.z_axis, image.t_axis, image.c_axis}) {
    if (axis >= axes) std::abort();
  }
  for (const auto& level : image.levels) {
    if (level.array.rank() != axes || level.scale.size() != image.axes.size() ||
        level.translation.size() != image.axes.size()) {
      std::abort();
    }
    for (const double scale : level.scale) {
      if (!(scale > 0)) std::abort();
    }
  }
}

class Replies {
 public:
  Replies(const std::uint8_t* data, std::size_t size) : rest_(data, size) {}

  bool empty() const { return rest_.empty(); }

  void answer(Opener& opener, const std::string& key) {
    std::size_t length = 0;
    while (length < rest_.size() && rest_[length] != 0) ++length;
    const auto part = rest_.first(length);
    rest_ = rest_.subspan(length < rest_.size() ? length + 1 : length);
    if (part.empty() || part[0] == '-') return opener.deliver_missing(key);
    if (part[0] == '!') {
      const auto code =
          part.size() > 1 && part[1] == 'r' ? mifa::ErrorCode::kRetry : mifa::ErrorCode::kForbidden;
      return opener.deliver_error(key, {code, "fuzz"});
    }
    opener.deliver_found(key, std::as_bytes(part));
  }

 private:
  std::span<const std::uint8_t> rest_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  mifa::ome::OpenerLimits limits;
  limits.maximum_wells = 50;  // Enough to reach all code, few enough to be quick.
  limits.maximum_entries = 100;
  Opener opener("fuzz", limits);
  Replies replies(data, size);
  int entry = 1;
  for (int keys = 0; keys < 2000;) {
    const auto requests = opener.take_requests();
    for (const std::string& key : requests) {
      replies.answer(opener, key);
      check(opener);
      ++keys;
    }
    if (!requests.empty()) continue;
    if (replies.empty() || entry > 3) break;
    opener.open_entry(entry++);
    check(opener);
  }
  return 0;
}
