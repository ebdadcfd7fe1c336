/* What nlohmann/json calls in the place of strtod (WebAssembly only; see third_party/CMakeLists.txt).
 * The C library's does its sums in 128 bits, in 6 KB of compressed software; the browser's parser of
 * numbers rounds as correctly. Reads decimal numbers as RFC 8259 writes them, and no others. */

#include <emscripten.h>

EM_JS(double, mifascope_parse_number, (const char* begin, const char* end), {
  return parseFloat(String.fromCharCode.apply(null, HEAPU8.subarray(begin, end)));
});

static const char* digits(const char* at) {
  while (*at >= '0' && *at <= '9') ++at;
  return at;
}

/* As strtod: `text` ends with a zero byte; *end is set behind the number, or to `text` if there is none. */
double mifascope_strtod(const char* text, char** end) {
  const char* at = text + (*text == '-');
  const char* whole = digits(at);
  const char* stop = whole > at ? whole : text;
  if (stop != text) {
    if (*stop == '.') stop = digits(stop + 1);
    if (*stop == 'e' || *stop == 'E') {
      const char* sign = stop + 1 + (stop[1] == '-' || stop[1] == '+');
      const char* exponent = digits(sign);
      if (exponent > sign) stop = exponent;
    }
  }
  if (end) *end = (char*)stop;
  return stop == text ? 0 : mifascope_parse_number(text, stop);
}
