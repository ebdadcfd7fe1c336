// Any text as a session of TrackMate.
#include "annotation/table_formats.h"
#include "annotation_reader.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mifa::annotation;
  return fuzz_reader(make_trackmate_reader, sniff_trackmate, data, size);
}
