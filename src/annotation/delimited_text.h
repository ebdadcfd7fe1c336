// Text tables: how a table's cells are told apart, and a scanner that gives its records one by one,
// whatever windows the text comes in (RFC 4180, and what programs write besides).
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "annotation/builder.h"

namespace mifa::annotation {

struct Dialect {
  // ',', ';', '\t', '|', or ' ' for runs of blanks and tabs.
  char delimiter = ',';
  char decimal = '.';
  // Lines that begin with it are comments; 0: there are none.
  char comment = 0;
};

struct Sample {
  // Records of the head, comments and empty lines left out; cells as written, unquoted.
  std::vector<std::vector<std::string>> records;
  std::vector<std::string> comments;  // before the first record, without the comment character
};

struct DialectGuess {
  Dialect dialect;
  Sample sample;
  // Cells of a record, most often; 1 when the text is no table.
  std::size_t columns = 1;
  // The share of records with as many cells.
  double agreement = 0;
};

// How the beginning of a file divides into cells best. `complete`: it is the whole file; otherwise
// the last line may be cut and is left out.
DialectGuess guess_dialect(std::string_view head, bool complete);

struct Record {
  std::span<const std::string_view> cells;
  std::uint32_t line = 0;  // 1-based, of its beginning
};

class DelimitedScanner {
 public:
  // Longer records have a quote that is never closed: it is taken as a character.
  static constexpr std::size_t kRecordBytes = std::size_t{1} << 20;

  using Sink = std::function<void(const Record&)>;

  DelimitedScanner(Dialect dialect, LayerBuilder& issues) : dialect_(dialect), issues_(issues) {}

  // Gives every record that the window completes; the cells' texts are valid during the call.
  void feed(std::string_view window, const Sink& sink);
  // Gives the last record, which may have no line end.
  void finish(const Sink& sink);

  std::uint32_t lines() const { return line_; }

 private:
  // Scans one record at `at`; false if it is not complete. `last`: no more text comes.
  bool scan(std::size_t& at, bool last, const Sink& sink);
  bool scan_quoted(std::size_t& at, bool last, const Sink& sink);
  void drain(bool last, const Sink& sink);

  Dialect dialect_;
  LayerBuilder& issues_;
  std::string pending_;
  std::uint32_t line_ = 1;
  std::vector<std::string_view> cells_;
  std::vector<std::string> unquoted_;
};

}  // namespace mifa::annotation
