// Writes JSON: what crosses to the page. Texts may hold any bytes; what is not UTF-8 is replaced by
// whoever decodes it.
#pragma once

#include <cmath>
#include <concepts>
#include <cstdio>
#include <string>
#include <string_view>

namespace mifa::annotation {

class JsonText {
 public:
  JsonText& begin_object() { return open('{'); }
  JsonText& end_object() { return close('}'); }
  JsonText& begin_array() { return open('['); }
  JsonText& end_array() { return close(']'); }
  JsonText& key(std::string_view name) {
    separate();
    quote(name);
    out_ += ':';
    comma_ = false;
    return *this;
  }
  JsonText& value(std::string_view text) {
    separate();
    quote(text);
    return *this;
  }
  JsonText& value(const char* text) { return value(std::string_view(text)); }
  JsonText& value(const std::string& text) { return value(std::string_view(text)); }
  template <std::integral T>
  JsonText& value(T number) {
    separate();
    if constexpr (std::same_as<T, bool>) out_ += number ? "true" : "false";
    else out_ += std::to_string(number);
    return *this;
  }
  // Not finite: null.
  JsonText& value(double number) {
    separate();
    char buffer[32];
    if (std::isfinite(number)) std::snprintf(buffer, sizeof buffer, "%.15g", number);
    out_ += std::isfinite(number) ? buffer : "null";
    return *this;
  }
  JsonText& null() {
    separate();
    out_ += "null";
    return *this;
  }
  template <typename T>
  JsonText& member(std::string_view name, const T& content) {
    key(name);
    return value(content);
  }
  std::string take() { return std::move(out_); }

 private:
  JsonText& open(char bracket) {
    separate();
    out_ += bracket;
    comma_ = false;
    return *this;
  }
  JsonText& close(char bracket) {
    out_ += bracket;
    comma_ = true;
    return *this;
  }
  void separate() {
    if (comma_) out_ += ',';
    comma_ = true;
  }
  void quote(std::string_view text) {
    out_ += '"';
    for (const char c : text) {
      if (c == '"' || c == '\\') {
        out_ += '\\';
        out_ += c;
      } else if (static_cast<unsigned char>(c) < 0x20) {
        char buffer[8];
        std::snprintf(buffer, sizeof buffer, "\\u%04x", static_cast<unsigned>(c));
        out_ += buffer;
      } else {
        out_ += c;
      }
    }
    out_ += '"';
  }

  std::string out_;
  bool comma_ = false;
};

}  // namespace mifa::annotation
