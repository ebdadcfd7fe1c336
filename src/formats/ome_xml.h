// OME-XML as it stands in the first page of an OME-TIFF: what the pixels are, and in which page
// each plane is. The schema of 2016-06 (http://www.openmicroscopy.org/Schemas/OME/2016-06), and
// older ones alike.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/result.h"
#include "formats/raster.h"

namespace mifa::formats {

struct OmePlane {
  std::int64_t page = -1;  // in the file's chain, from 0; -1: not in this file
};

struct OmeImage {
  std::string name;
  std::int64_t size_x = 0, size_y = 0, size_z = 1, size_c = 1, size_t = 1;
  Step step_x, step_y, step_z, step_t;
  std::vector<RasterChannel> channels;  // as many as <Channel>, each of `samples[i]` samples
  std::vector<std::int64_t> samples;
  // Planes along c: fewer than size_c where channels are stored pixel by pixel.
  std::int64_t planes_c = 1;
  std::vector<OmePlane> planes;  // [t][c][z], planes_c along c
};

struct OmeXml {
  std::vector<OmeImage> images;
  // Other files that hold planes of these images, as the XML names them.
  std::vector<std::string> other_files;
  // The pixels are elsewhere: <BinaryOnly> names the file with the metadata.
  std::string metadata_file;
  Issues issues;
};

// Whether a page's description is OME-XML.
bool is_ome_xml(const std::string& description);

// Bad XML is an Error with line and column; what is odd in good XML is an issue. `file`: this
// file's name without folders, by which planes of other files are told from those of this one.
Result<OmeXml> parse_ome_xml(const std::string& text, const std::string& file,
                             const RasterLimits& limits);

// The step in another unit of length; as it is where one of the two is none. Units by their
// OME-Zarr names.
Step in_unit(const Step& step, const std::string& unit);

// The OME-Zarr name of an OME-XML unit ("µm" → "micrometer"), or of what ImageJ users write; empty:
// none.
std::string unit_name(const std::string& unit);

}  // namespace mifa::formats
