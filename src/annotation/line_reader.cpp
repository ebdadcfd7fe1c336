#include "annotation/line_reader.h"

namespace mifa::annotation {

Status LineReader::feed(std::string_view window) {
  pending_.append(window);
  std::size_t at = 0;
  for (;;) {
    const std::size_t end = pending_.find('\n', at);
    if (end == std::string::npos) break;
    ++line_;
    take_line(std::string_view(pending_).substr(at, end - at));
    at = end + 1;
  }
  pending_.erase(0, at);
  if (pending_.size() <= most_bytes_) return Success{};
  return Error{ErrorCode::kFixData, std::string("Expected ") + lines_ + " in " + file_ +
                                        ", received one of more than " + std::to_string(most_bytes_) +
                                        " bytes in line " + std::to_string(line_ + 1) +
                                        ". Export the file again."};
}

void LineReader::take_last_line() {
  if (pending_.empty()) return;
  ++line_;
  take_line(pending_);
  pending_.clear();
}

}  // namespace mifa::annotation
