#include "annotation/delimited_text.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <map>

#include "annotation/number_text.h"

namespace mifa::annotation {

namespace {

constexpr std::size_t kSampleRecords = 200;

std::string_view without_return(std::string_view line) {
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  return line;
}

// Cells of a line without quotes; runs of blanks count as one where the delimiter is a blank.
void split(std::string_view line, char delimiter, std::vector<std::string_view>& cells) {
  cells.clear();
  if (delimiter != ' ') {
    for (;;) {
      const std::size_t end = line.find(delimiter);
      cells.push_back(line.substr(0, end));
      if (end == std::string_view::npos) return;
      line.remove_prefix(end + 1);
    }
  }
  std::size_t at = 0;
  while (at < line.size()) {
    const std::size_t begin = line.find_first_not_of(" \t", at);
    if (begin == std::string_view::npos) break;
    const std::size_t end = std::min(line.find_first_of(" \t", begin), line.size());
    cells.push_back(line.substr(begin, end - begin));
    at = end;
  }
}

// A comment character that the first lines speak for. '#' may begin an id, too: only a line that
// begins the file with it makes it one.
char guess_comment(std::string_view head) {
  const std::string_view first = stripped(head.substr(0, head.find('\n')));
  return !first.empty() && (first.front() == '#' || first.front() == '%') ? first.front() : char{0};
}

struct Candidate {
  DialectGuess guess;
  double numeric = 0;  // share of cells that are numbers
  double score = 0;
};

Candidate try_delimiter(std::string_view head, bool complete, Dialect dialect) {
  Candidate candidate;
  candidate.guess.dialect = dialect;
  LayerBuilder unheard("");
  DelimitedScanner scanner({dialect.delimiter, '.', 0}, unheard);
  std::map<std::size_t, std::size_t> counts;
  std::int64_t cells = 0, numbers = 0;
  const auto sink = [&](const Record& record) {
    auto& sample = candidate.guess.sample;
    if (sample.records.size() >= kSampleRecords) return;
    const std::string_view first = stripped(record.cells[0]);
    if (dialect.comment != 0 && first.starts_with(dialect.comment)) {
      std::string line;
      for (const std::string_view cell : record.cells) {
        if (!line.empty()) line += dialect.delimiter;
        line += cell;
      }
      if (sample.records.empty())
        sample.comments.push_back(line.substr(line.find(dialect.comment) + 1));
      return;
    }
    if (record.cells.size() == 1 && first.empty()) return;
    ++counts[record.cells.size()];
    std::vector<std::string>& row = sample.records.emplace_back();
    for (const std::string_view cell : record.cells) {
      ++cells;
      const auto kind = read_number(cell, dialect.decimal).kind;
      if (kind == TextNumber::Kind::kInteger || kind == TextNumber::Kind::kNumber) ++numbers;
      row.emplace_back(cell);
    }
  };
  const std::size_t last = complete ? head.size() : head.rfind('\n');
  scanner.feed(head.substr(0, last == std::string_view::npos ? head.size() : last), sink);
  scanner.finish(sink);

  const auto& records = candidate.guess.sample.records;
  if (records.empty()) return candidate;
  const auto most =
      std::max_element(counts.begin(), counts.end(),
                       [](const auto& a, const auto& b) { return a.second < b.second; });
  candidate.guess.columns = most->first;
  candidate.guess.agreement =
      static_cast<double>(most->second) / static_cast<double>(records.size());
  candidate.numeric = cells == 0 ? 0 : static_cast<double>(numbers) / static_cast<double>(cells);
  if (candidate.guess.columns < 2) return candidate;
  // Agreement first; then cells that are numbers tell "1,5;2,5" apart; blanks are in texts, too.
  candidate.score = candidate.guess.agreement + candidate.numeric -
                    (dialect.delimiter == ' ' ? 0.3 : 0) + (dialect.decimal == ',' ? -0.05 : 0);
  return candidate;
}

}  // namespace

DialectGuess guess_dialect(std::string_view head, bool complete) {
  Dialect dialect;
  dialect.comment = guess_comment(head);
  if (head.starts_with("sep=") && head.size() > 4) {
    // Excel's way of saying it, on a line of its own.
    dialect.delimiter = head[4];
    const std::size_t end = head.find('\n');
    head.remove_prefix(end == std::string_view::npos ? head.size() : end + 1);
    Candidate candidate = try_delimiter(head, complete, dialect);
    dialect.decimal = ',';
    Candidate comma = try_delimiter(head, complete, dialect);
    return dialect.delimiter != ',' && comma.score > candidate.score ? comma.guess
                                                                     : candidate.guess;
  }
  Candidate best;
  best.score = -1;
  for (const auto& [delimiter, decimal] : std::array<std::pair<char, char>, 8>{{{',', '.'},
                                                                                {'\t', '.'},
                                                                                {';', '.'},
                                                                                {'|', '.'},
                                                                                {'\t', ','},
                                                                                {';', ','},
                                                                                {' ', '.'},
                                                                                {'|', ','}}}) {
    dialect.delimiter = delimiter;
    dialect.decimal = decimal;
    Candidate candidate = try_delimiter(head, complete, dialect);
    if (candidate.score > best.score + 1e-9) best = std::move(candidate);
  }
  return best.guess;
}

void DelimitedScanner::feed(std::string_view window, const Sink& sink) {
  pending_.append(window);
  drain(false, sink);
}

void DelimitedScanner::finish(const Sink& sink) {
  drain(true, sink);
  pending_.clear();
}

void DelimitedScanner::drain(bool last, const Sink& sink) {
  std::size_t at = 0;
  while (at < pending_.size() && scan(at, last, sink)) {
  }
  pending_.erase(0, at);
}

bool DelimitedScanner::scan(std::size_t& at, bool last, const Sink& sink) {
  const std::string_view rest = std::string_view(pending_).substr(at);
  const std::size_t newline = rest.find('\n');
  if (newline == std::string_view::npos && !last && rest.size() < kRecordBytes) return false;
  const std::string_view line = rest.substr(0, newline);
  if (line.find('"') != std::string_view::npos) return scan_quoted(at, last, sink);
  const std::string_view text = without_return(line);
  at += std::min(line.size() + 1, rest.size());
  const std::uint32_t number = line_++;
  split(text, dialect_.delimiter, cells_);
  if (cells_.empty()) cells_.push_back({});
  sink({cells_, number});
  return true;
}

bool DelimitedScanner::scan_quoted(std::size_t& at, bool last, const Sink& sink) {
  const std::string_view rest = std::string_view(pending_).substr(at);
  const char delimiter = dialect_.delimiter;
  const bool blanks = delimiter == ' ';
  unquoted_.clear();
  std::uint32_t inner_lines = 0;
  std::size_t i = 0;
  bool closed = true;
  const auto separates = [&](char c) { return c == delimiter || (blanks && c == '\t'); };
  for (;;) {
    if (blanks) {
      while (i < rest.size() && separates(rest[i])) ++i;
    }
    std::string cell;
    if (i < rest.size() && rest[i] == '"') {
      closed = false;
      for (++i; i < rest.size(); ++i) {
        if (rest[i] == '"') {
          if (i + 1 < rest.size() && rest[i + 1] == '"') {
            ++i;
          } else {
            closed = true;
            ++i;
            break;
          }
        }
        if (rest[i] == '\n') ++inner_lines;
        cell += rest[i];
        if (i > kRecordBytes) break;
      }
      if (!closed) break;
    }
    // What follows a closing quote, or a cell without quotes.
    const std::size_t begin = i;
    while (i < rest.size() && !separates(rest[i]) && rest[i] != '\n') ++i;
    cell += without_return(rest.substr(begin, i - begin));
    unquoted_.push_back(std::move(cell));
    if (i >= rest.size() || rest[i] == '\n') break;
    ++i;
  }
  if (!closed || (i >= rest.size() && !last && rest.size() < kRecordBytes)) {
    if (!last && rest.size() < kRecordBytes) return false;
    if (!closed) {
      // The quote is a character of its line, and the next line begins a record again.
      issues_.issue("table/quote", Severity::kWarning,
                    "A quote is opened in line " + std::to_string(line_) +
                        " and never closed; it is taken as a character of that line.",
                    {}, static_cast<int>(line_), "a closing quote", "none",
                    "Write a quote inside a cell twice, and the cell in quotes.");
      const std::string_view line = rest.substr(0, rest.find('\n'));
      at += std::min(line.size() + 1, rest.size());
      split(without_return(line), delimiter, cells_);
      if (cells_.empty()) cells_.push_back({});
      sink({cells_, line_++});
      return true;
    }
  }
  at += std::min(i + 1, rest.size());
  cells_.assign(unquoted_.begin(), unquoted_.end());
  const std::uint32_t number = line_;
  line_ += 1 + inner_lines;
  sink({cells_, number});
  return true;
}

}  // namespace mifa::annotation
