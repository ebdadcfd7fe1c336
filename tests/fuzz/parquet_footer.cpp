// Any bytes as a Parquet footer: it is read or refused with words; what it says of geometries is checked.
#include "annotation/parquet_footer.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mifa;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const std::string_view tail = bytes.substr(size - std::min<std::size_t>(size, annotation::kParquetTail));
  const auto length = annotation::parquet_footer_bytes(tail, static_cast<std::int64_t>(size));
  if (length && (*length <= 0 || *length > static_cast<std::int64_t>(size))) std::abort();
  const auto footer = annotation::parse_parquet_footer(bytes);
  if (!footer) {
    if (footer.error().message.empty()) std::abort();
    return 0;
  }
  Issues issues;
  annotation::check_geoparquet(*footer, "fuzz.parquet", issues);
  for (const Issue& issue : issues) {
    if (issue.message.empty() || issue.fix.empty()) std::abort();
  }
  return 0;
}
