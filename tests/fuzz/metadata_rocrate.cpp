// Any text as an RO-Crate, as Croissant and as objects of the BIA's API.
#include "metadata.h"
#include "mifa/containers/readers.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mifa::meta;
  const SourceFile file{
      "ro-crate-metadata.json", std::string(reinterpret_cast<const char*>(data), size), {}};
  fuzz_metadata(file, read_ro_crate, "ro-crate");
  fuzz_metadata(file, read_croissant, "croissant");
  fuzz_metadata(file, read_bia_api, "bia-api");
  return 0;
}
