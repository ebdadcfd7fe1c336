// Any text as classes or counts in JSON.
#include "annotation/table_formats.h"
#include "annotation_reader.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mifa::annotation;
  return fuzz_reader(make_json_rows_reader, sniff_json_rows, data, size);
}
