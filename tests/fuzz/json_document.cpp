// Any text: parsed or refused with a message, and every place in it can be described and found.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "core/json.h"

namespace {

using mifa::JsonView;

void visit(const JsonView& view, int& left) {
  if (--left < 0) return;
  if (view.describe().empty() || !view.exists()) std::abort();
  // The line is found by another pass: only for some places, so that a run stays quick.
  if (left % 16 == 0 && view.line() < 1) std::abort();
  view.integer();
  view.unsigned_integer();
  view.number();
  view.text(20);
  for (const std::string& key : view.keys()) visit(view[key], left);
  if (view.is_array()) {
    for (std::int64_t i = 0; i < view.size() && left > 0; ++i) visit(view[i], left);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string text(reinterpret_cast<const char*>(data), size);
  auto view = mifa::JsonDocument::parse(std::move(text), "fuzz.json");
  if (!view) {
    if (view.error().message.empty()) std::abort();
    // A message is valid UTF-8: it can be written as JSON without replacements.
    if (nlohmann::json(view.error().message)
            .dump(-1, ' ', false, nlohmann::json::error_handler_t::ignore) !=
        nlohmann::json(view.error().message)
            .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)) {
      std::abort();
    }
    return 0;
  }
  int left = 200;
  visit(*view, left);
  view->issue("fuzz", mifa::Severity::kInfo, "");
  return 0;
}
