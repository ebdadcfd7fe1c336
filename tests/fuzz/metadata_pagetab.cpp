// Any text as PageTab, in TSV and in JSON.
#include "metadata.h"
#include "mifa/containers/readers.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mifa::meta;
  const SourceFile file{"s.tsv", std::string(reinterpret_cast<const char*>(data), size), {}};
  fuzz_metadata(file, read_pagetab_tsv, "pagetab-tsv");
  fuzz_metadata(file, read_pagetab_json, "pagetab-json");
  return 0;
}
