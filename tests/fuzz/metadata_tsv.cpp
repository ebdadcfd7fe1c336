// Any text as a file list, in TSV and in JSON.
#include "metadata.h"
#include "mifa/containers/readers.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mifa::meta;
  const SourceFile file{"l.tsv", std::string(reinterpret_cast<const char*>(data), size), {}};
  fuzz_metadata(file, read_file_list_tsv, "file-list-tsv");
  fuzz_metadata(file, read_file_list_json, "file-list-json");
  return 0;
}
