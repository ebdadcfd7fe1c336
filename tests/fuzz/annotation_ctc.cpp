// Any text as the Cell Tracking Challenge's tracks.
#include "annotation/table_formats.h"
#include "annotation_reader.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mifa::annotation;
  return fuzz_reader(make_ctc_reader, sniff_ctc, data, size);
}
