// Any bytes as a WKB geometry: its parts are added whole, or none is.
#include "annotation/wkb.h"

#include "annotation_reader.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mifa::annotation;
  LayerBuilder builder("fuzz");
  builder.begin(0);
  const auto depth = add_wkb({reinterpret_cast<const char*>(data), size}, builder);
  if (!depth && (builder.layer().parts() != 0 || depth.error().message.empty())) std::abort();
  builder.end();
  check_layer(*builder.take());
  return 0;
}
