// A raster as an OME-Zarr 0.5 hierarchy that nobody wrote: the text of its metadata files. Chunks
// are keyed as Zarr v3 does by default ("0/c/0/0/1/2") and hold plain little-endian bytes.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "formats/raster.h"

namespace mifa::formats {

// Metadata files by key: "zarr.json", "0/zarr.json"… A raster of several images is a bioformats2raw
// collection whose images are the groups "0", "1"…; else the root is the image. With `labels` each
// image is an image-label, with the palette's colours.
std::map<std::string, std::string> zarr_files(const Raster& raster, bool labels);

// The chunk that a key below names, or nothing if it is none.
std::optional<ChunkPlace> chunk_of_key(const Raster& raster, const std::string& key);

}  // namespace mifa::formats
