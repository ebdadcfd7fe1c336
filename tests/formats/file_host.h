// A host that supplies a file's bytes as a reader asks for them, and counts what it was asked.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/result.h"
#include "formats/raster_reader.h"

namespace mifa::formats {

class FileHost {
 public:
  FileHost(std::vector<std::byte> bytes, RasterOptions options, bool tell_size = true);

  int rounds = 0;               // calls that lacked bytes
  std::int64_t bytes_read = 0;  // in all
  std::int64_t most = 0;        // longest range

  Result<const Raster*> describe();
  Result<std::vector<std::byte>> decode(const ChunkPlace& place);
  // All elements of an image's level, in the order t, c, z, y, x.
  Result<std::vector<std::byte>> decode_all(std::int64_t image, std::int64_t level);

 private:
  bool supply();

  std::vector<std::byte> bytes_;
  RasterFile file_;
};

std::vector<std::byte> read_file(const std::filesystem::path& path);

// FNV-1a of 64 bits, as make_vectors.py has it.
std::string fnv(const std::vector<std::byte>& bytes);

}  // namespace mifa::formats
