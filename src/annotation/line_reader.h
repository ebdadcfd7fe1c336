// Readers of formats that are read line by line: windows of any length in, whole lines out.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "annotation/format.h"

namespace mifa::annotation {

class LineReader : public Reader {
 public:
  Status feed(std::string_view window) final;

 protected:
  // `lines`: what the format's lines are, for messages ("lines of seven numbers"). Longer lines than
  // `most_bytes` end the reading.
  LineReader(std::string file, const char* lines, std::size_t most_bytes)
      : file_(std::move(file)), lines_(lines), most_bytes_(most_bytes) {}

  // Without its line feed; line_number() is its number.
  virtual void take_line(std::string_view line) = 0;
  // What is left when the file ends without a line feed: to be called by finish().
  void take_last_line();
  std::uint32_t line_number() const { return line_; }
  const std::string& file() const { return file_; }

 private:
  std::string file_;
  const char* lines_;
  std::size_t most_bytes_;
  std::string pending_;
  std::uint32_t line_ = 0;
};

}  // namespace mifa::annotation
