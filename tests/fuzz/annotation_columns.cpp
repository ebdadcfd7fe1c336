// Any bytes as columns of a host.
#include "annotation/columnar.h"
#include "annotation_reader.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mifa::annotation;
  return fuzz_reader(make_columnar_reader, sniff_columnar, data, size);
}
