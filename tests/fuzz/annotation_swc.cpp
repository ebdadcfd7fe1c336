// Any text as an SWC skeleton.
#include "annotation/table_formats.h"
#include "annotation_reader.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mifa::annotation;
  return fuzz_reader(make_swc_reader, sniff_swc, data, size);
}
