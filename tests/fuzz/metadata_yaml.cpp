// Any text as a YAML document of bia-agent, and as one of MIFA's LinkML model.
#include "metadata.h"
#include "mifa/containers/readers.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mifa::meta;
  const SourceFile file{"m.yaml", std::string(reinterpret_cast<const char*>(data), size), {}};
  fuzz_metadata(file, read_bia_agent, "bia-agent");
  fuzz_metadata(file, read_linkml, "mifa-linkml");
  return 0;
}
