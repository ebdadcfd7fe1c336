#include "annotation/format.h"

namespace mifa::annotation {

namespace {

// simdjson reads up to this far beyond the text.
constexpr std::size_t kSpareBytes = 64;

std::string known_formats() {
  std::string names;
  for (const Format& format : formats()) {
    names += (names.empty() ? "" : ", ") + std::string(format.title) + " (" + format.extensions + ")";
  }
  return names;
}

// What a file looks like to someone who is told that it was not recognised.
std::string beginning(const Head& head) {
  if (head.bytes.empty()) return "an empty file";
  if (head.bytes.starts_with("\x89HDF\r\n\x1a\n")) {
    return "an HDF5 file (btrack, AnnData's .h5ad and others), which has to be exported as CSV or Zarr";
  }
  std::string text = "a file that begins with \"";
  for (const char c : head.bytes.substr(0, 32)) {
    text += c >= ' ' && c <= '~' ? c : '.';
  }
  return text + "\"";
}

}  // namespace

Status WholeFileReader::feed(std::string_view window) {
  const auto limit = static_cast<std::uint64_t>(options_.limits.whole_file);
  if (text_.size() + window.size() > limit) {
    return Error{ErrorCode::kLimit,
                 "Expected at most " + std::to_string(limit) + " bytes in " + options_.file +
                     ", a format that is read in one piece, received more. Split the file."};
  }
  text_.append(window);
  return Success{};
}

Status WholeFileReader::finish() {
  const std::size_t size = text_.size();
  text_.append(kSpareBytes, '\0');
  return read(std::string_view(text_).substr(0, size));
}

const Format* find_format(std::string_view id) {
  for (const Format& format : formats()) {
    if (id == format.id) return &format;
  }
  return nullptr;
}

Result<const Format*> detect_format(const Head& head) {
  const Format* best = nullptr;
  int surest = 0;
  for (const Format& format : formats()) {
    const int sure = format.sniff(head);
    if (sure > surest) {
      surest = sure;
      best = &format;
    }
  }
  if (best) return best;
  return Error{ErrorCode::kUnsupported, "Expected annotations in " + head.name + ", received " +
                                            beginning(head) +
                                            ". Known formats: " + known_formats() + "."};
}

}  // namespace mifa::annotation
