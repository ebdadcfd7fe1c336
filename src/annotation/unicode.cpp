#include "annotation/unicode.h"

namespace mifa::annotation {

namespace {

void append_utf8(unsigned point, std::string& text) {
  if (point < 0x80) {
    text += static_cast<char>(point);
  } else if (point < 0x800) {
    text += static_cast<char>(0xc0 | (point >> 6));
    text += static_cast<char>(0x80 | (point & 0x3f));
  } else if (point < 0x10000) {
    text += static_cast<char>(0xe0 | (point >> 12));
    text += static_cast<char>(0x80 | ((point >> 6) & 0x3f));
    text += static_cast<char>(0x80 | (point & 0x3f));
  } else {
    text += static_cast<char>(0xf0 | (point >> 18));
    text += static_cast<char>(0x80 | ((point >> 12) & 0x3f));
    text += static_cast<char>(0x80 | ((point >> 6) & 0x3f));
    text += static_cast<char>(0x80 | (point & 0x3f));
  }
}

constexpr unsigned kReplacement = 0xfffd;

}  // namespace

bool is_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x80) {
      ++i;
      continue;
    }
    const std::size_t more = byte >= 0xf0 ? 3 : byte >= 0xe0 ? 2 : 1;
    if (byte < 0xc2 || byte > 0xf4 || i + more >= text.size()) return false;
    unsigned point = byte & (0x3fU >> more);
    for (std::size_t k = 1; k <= more; ++k) {
      const auto next = static_cast<unsigned char>(text[i + k]);
      if ((next & 0xc0) != 0x80) return false;
      point = (point << 6) | (next & 0x3fU);
    }
    const bool overlong = (more == 2 && point < 0x800) || (more == 3 && point < 0x10000);
    if (overlong || point > 0x10ffff || (point >= 0xd800 && point < 0xe000)) return false;
    i += more + 1;
  }
  return true;
}

std::string to_utf8(std::string_view text) {
  if (is_utf8(text)) return std::string(text);
  std::string result;
  for (const char c : text) append_utf8(static_cast<unsigned char>(c), result);
  return result;
}

std::string UnicodeDecoder::decode(std::string_view window) {
  std::string bytes = std::move(rest_);
  rest_.clear();
  bytes.append(window);
  std::string_view view = bytes;
  if (encoding_ == Encoding::kUnknown) {
    if (view.starts_with("\xff\xfe"))
      encoding_ = Encoding::kLittle;
    else if (view.starts_with("\xfe\xff"))
      encoding_ = Encoding::kBig;
    else if (view.starts_with("\xef\xbb\xbf") || view.size() >= 3)
      encoding_ = Encoding::kBytes;
    if (encoding_ == Encoding::kUnknown) {
      // Only a mark that is not complete waits for more.
      const bool mark = view == "\xff" || view == "\xfe" || view == "\xef" || view == "\xef\xbb";
      if (!mark) {
        if (!bytes.empty()) encoding_ = Encoding::kBytes;
        return bytes;
      }
      rest_ = std::move(bytes);
      return {};
    }
    if (encoding_ != Encoding::kBytes)
      view.remove_prefix(2);
    else if (view.starts_with("\xef\xbb\xbf"))
      view.remove_prefix(3);
  }
  if (encoding_ == Encoding::kBytes) return std::string(view);
  std::string text;
  std::size_t i = 0;
  for (; i + 1 < view.size(); i += 2) {
    const auto first = static_cast<unsigned char>(view[i]);
    const auto second = static_cast<unsigned char>(view[i + 1]);
    const bool little = encoding_ == Encoding::kLittle;
    add_unit(static_cast<unsigned>(little ? first | (second << 8) : (first << 8) | second), text);
  }
  rest_ = std::string(view.substr(i));
  return text;
}

void UnicodeDecoder::add_unit(unsigned unit, std::string& text) {
  if (high_ != 0) {
    const unsigned high = high_;
    high_ = 0;
    if (unit >= 0xdc00 && unit < 0xe000) {
      return append_utf8(0x10000 + ((high - 0xd800) << 10) + (unit - 0xdc00), text);
    }
    append_utf8(kReplacement, text);
  }
  if (unit >= 0xd800 && unit < 0xdc00)
    high_ = unit;
  else
    append_utf8(unit >= 0xdc00 && unit < 0xe000 ? kReplacement : unit, text);
}

}  // namespace mifa::annotation
