#include "mifa/transformation.h"

#include <algorithm>
#include <cctype>
#include <cmath>

#include "mifa/words.h"

namespace mifa::meta {
namespace {

using Rows = std::vector<std::vector<double>>;

// Whether the text looks like numbers between brackets, not like a sentence with numbers in it.
bool looks_like_matrix(std::string_view text) {
  int letters = 0;
  int digits = 0;
  bool bracket = false;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalpha(byte) != 0 || byte >= 0x80) ++letters;
    if (std::isdigit(byte) != 0) ++digits;
    bracket = bracket || c == '[' || c == '(' || c == '{';
  }
  if (digits == 0) return false;
  return bracket ? letters * 2 <= digits || letters <= 6 : letters == 0;
}

// The numbers of one row; false when something else stands there.
bool read_row(std::string_view text, std::vector<double>& row, std::string& odd) {
  std::string word;
  const auto finish = [&]() {
    if (word.empty()) return true;
    double value = 0;
    if (!parse_number(word, value)) {
      odd = word;
      return false;
    }
    row.push_back(value);
    word.clear();
    return true;
  };
  for (const char c : text) {
    if (c == ',' || c == ' ' || c == '\t' || c == '\r' || c == '\n') {
      if (!finish()) return false;
    } else {
      word += c;
    }
  }
  return finish();
}

// The texts of the rows: what stands between innermost brackets, else between semicolons or lines.
std::vector<std::string> row_texts(std::string_view text) {
  std::vector<std::string> rows;
  if (text.find_first_of("[({") != std::string_view::npos) {
    std::string row;
    for (const char c : text) {
      if (c == '[' || c == '(' || c == '{') {
        row.clear();
      } else if (c == ']' || c == ')' || c == '}') {
        if (!trimmed(row).empty() && trimmed(row) != ",") rows.push_back(row);
        row.clear();
      } else {
        row += c;
      }
    }
    std::erase_if(rows, [](const std::string& one) {
      return std::none_of(one.begin(), one.end(),
                          [](unsigned char c) { return std::isalnum(c) != 0; });
    });
    if (rows.size() == 1 && rows.front().find(';') != std::string::npos) {
      return split(rows.front(), ';');
    }
    return rows;
  }
  return split(text, text.find(';') != std::string_view::npos ? ';' : '\n');
}

bool balanced(std::string_view text) {
  std::string open;
  for (const char c : text) {
    if (c == '[' || c == '(' || c == '{') open += c == '[' ? ']' : c == '(' ? ')' : '}';
    if (c == ']' || c == ')' || c == '}') {
      if (open.empty() || open.back() != c) return false;
      open.pop_back();
    }
  }
  return open.empty();
}

double determinant(Rows m) {
  double result = 1;
  for (std::size_t c = 0; c < m.size(); ++c) {
    std::size_t pivot = c;
    for (std::size_t r = c + 1; r < m.size(); ++r) {
      if (std::fabs(m[r][c]) > std::fabs(m[pivot][c])) pivot = r;
    }
    if (m[pivot][c] == 0) return 0;
    if (pivot != c) {
      std::swap(m[pivot], m[c]);
      result = -result;
    }
    result *= m[c][c];
    for (std::size_t r = c + 1; r < m.size(); ++r) {
      const double factor = m[r][c] / m[c][c];
      for (std::size_t k = c; k < m.size(); ++k) m[r][k] -= factor * m[c][k];
    }
  }
  return result;
}

// A flat list of numbers as the matrix it can only be.
bool unflatten(Rows& rows) {
  if (rows.size() != 1) return true;
  const std::vector<double> flat = rows.front();
  std::size_t columns = 0;
  switch (flat.size()) {
    case 4:
      columns = 2;
      break;
    case 6:
    case 9:
      columns = 3;
      break;
    case 12:
    case 16:
      columns = 4;
      break;
    default:
      return false;
  }
  rows.clear();
  for (std::size_t i = 0; i < flat.size(); i += columns) {
    rows.emplace_back(flat.begin() + static_cast<std::ptrdiff_t>(i),
                      flat.begin() + static_cast<std::ptrdiff_t>(i + columns));
  }
  return true;
}

}  // namespace

TransformationReading read_transformation(std::string_view text) {
  TransformationReading result;
  text = trimmed(text);
  const std::string word = folded(text);
  for (const std::string_view none : {"", "none", "identity", "na", "notapplicable",
                                      "notransformation", "notransformations", "nil", "null"}) {
    if (word == none) {
      result.state = TransformationReading::State::kNone;
      return result;
    }
  }
  if (text.size() > 4096 || !looks_like_matrix(text)) return result;
  result.state = TransformationReading::State::kUnreadable;
  if (!balanced(text)) {
    result.problem = "the brackets do not match";
    return result;
  }
  for (const std::string& row : row_texts(text)) {
    result.rows.emplace_back();
    std::string odd;
    if (!read_row(row, result.rows.back(), odd)) {
      result.problem = "\"" + shortened(odd, 40) + "\" is not a number";
      return result;
    }
  }
  if (!unflatten(result.rows)) {
    result.problem = std::to_string(result.rows.front().size()) + " numbers are no matrix";
    return result;
  }
  const std::size_t height = result.rows.size();
  const std::size_t width = height == 0 ? 0 : result.rows.front().size();
  for (const auto& row : result.rows) {
    if (row.size() != width) {
      result.problem = "the rows differ in length";
      return result;
    }
  }
  const bool square = height == width && height >= 2 && height <= 4;
  const bool affine = (height == 2 && width == 3) || (height == 3 && width == 4);
  if (!square && !affine) {
    result.problem = "it is " + std::to_string(height) + " by " + std::to_string(width);
    return result;
  }
  Rows linear = result.rows;
  for (auto& row : linear) row.resize(height);
  const bool finite = std::isfinite(determinant(linear));
  if (!finite || std::fabs(determinant(linear)) < 1e-12) {
    result.state = TransformationReading::State::kSingular;
    result.problem = "its determinant is 0";
    return result;
  }
  result.state = TransformationReading::State::kMatrix;
  return result;
}

}  // namespace mifa::meta
