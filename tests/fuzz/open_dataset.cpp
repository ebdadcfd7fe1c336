// Opens a dataset whose replies are the fuzzer's bytes: the input is cut at each 0x00 byte, and the
// parts answer the keys in the order in which they are asked for. A part's first byte says how it
// is delivered; when the parts run out, keys are missing.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>
#include <vector>

#include "ome/opener.h"
#include "ome/placement.h"

namespace {

using mifa::ome::Opener;

void check_image(const mifa::ome::Multiscale& image) {
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
  if (image.placement >= static_cast<int>(image.placements.size())) std::abort();
}

void check_placement(const mifa::ome::Multiscale& image, const mifa::ome::Placement& placement) {
  if (placement.matrix.empty()) std::abort();
  const auto placed = mifa::ome::place(image, placement);
  if (!placed) return;
  check_image(placed->image);
  if (placed->u_axis != placed->image.x_axis || placed->v_axis != placed->image.y_axis)
    std::abort();
  for (const double number : placed->plane) {
    if (!std::isfinite(number)) std::abort();
  }
}

// Everything the viewer relies on once an image is ready.
void check(const Opener& opener) {
  const auto stage = opener.stage();
  const auto& dataset = opener.dataset();
  if (stage == Opener::Stage::kFailed && opener.failure().message.empty()) std::abort();
  if (dataset.plate && dataset.plate->wells.size() != dataset.entries.size()) std::abort();
  if (dataset.entry >= static_cast<int>(dataset.entries.size()) ||
      dataset.field >= static_cast<int>(dataset.fields.size())) {
    std::abort();
  }
  for (const auto& scene : dataset.scenes) {
    for (const auto& item : scene.items) {
      if (item.entry < 0 || item.entry >= static_cast<int>(dataset.entries.size())) std::abort();
    }
  }
  if (stage != Opener::Stage::kImageReady && stage != Opener::Stage::kComplete) return;
  check_image(dataset.image);
}

// Slower checks, once at the end.
void check_all(const Opener& opener) {
  const auto stage = opener.stage();
  const auto& dataset = opener.dataset();
  if (stage == Opener::Stage::kImageReady || stage == Opener::Stage::kComplete) {
    for (const auto& placement : dataset.image.placements)
      check_placement(dataset.image, placement);
  }
  for (int i = 0; i < static_cast<int>(dataset.entries.size()); ++i) {
    const auto* member = opener.member(i);
    if (!member) continue;
    if (member->state == mifa::ome::Member::State::kFailed && member->error.message.empty()) {
      std::abort();
    }
    if (member->state != mifa::ome::Member::State::kReady) continue;
    check_image(member->image);
    for (const auto& scene : dataset.scenes) {
      for (const auto& item : scene.items) {
        if (item.entry == i) check_placement(member->image, item.placement);
      }
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

  // A part of names between bars; those in capitals are folders.
  void list(Opener& opener, const std::string& folder) {
    std::size_t length = 0;
    while (length < rest_.size() && rest_[length] != 0) ++length;
    const std::string part(rest_.begin(), rest_.begin() + static_cast<std::ptrdiff_t>(length));
    rest_ = rest_.subspan(length < rest_.size() ? length + 1 : length);
    if (part.empty() || part[0] == '-') return opener.deliver_unlisted(folder);
    std::vector<Opener::ListedEntry> entries;
    for (std::size_t start = 0; start < part.size();) {
      const std::size_t end = std::min(part.find('|', start), part.size());
      const std::string name = part.substr(start, end - start);
      entries.push_back({name, !name.empty() && name[0] >= 'A' && name[0] <= 'Z'});
      start = end + 1;
    }
    opener.deliver_listing(folder, entries);
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
  int step = 0;
  for (int keys = 0; keys < 2000;) {
    const auto folders = opener.take_listings();
    for (const std::string& folder : folders) replies.list(opener, folder);
    const auto requests = opener.take_requests();
    for (const std::string& key : requests) {
      replies.answer(opener, key);
      check(opener);
      ++keys;
    }
    if (!requests.empty() || !folders.empty()) continue;
    if (replies.empty() || step > 9) break;
    switch (step++) {
      case 0:
        for (int i = 0; i < 4; ++i) opener.want_member(i, i - 1);
        break;
      case 1:
        opener.open_entry(1);
        break;
      case 2:
        opener.open_field(1);
        break;
      case 3:
        opener.open_multiscale(1);
        break;
      case 4:
        for (int i = 0; i < 4; ++i) opener.want_member(i, -1);
        break;
      default:
        opener.open_entry(step - 4);
        break;
    }
    check(opener);
  }
  check_all(opener);
  return 0;
}
