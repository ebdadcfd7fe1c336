// Which pages of a TIFF make up which images: OME-TIFF, ImageJ's stacks, pyramids in SubIFDs or in
// reduced pages, and plain pages.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "formats/ome_xml.h"
#include "formats/raster_reader.h"
#include "formats/tiff_file.h"

namespace mifa::formats {

class TiffReader : public RasterReader {
 public:
  TiffReader(ByteSource& source, const RasterOptions& options);
  Result<Raster> describe() override;
  Status decode(const ChunkPlace& place, std::span<std::byte> out) override;

 private:
  // A plane by the page's place in the chain; -1: it is in another file, or nowhere.
  struct PlaneRef {
    std::int64_t page = -1;
    std::int64_t skip = 0;  // bytes after the first strip, for pages that ImageJ leaves out
  };
  struct Level {
    int sub_page = -1;             // in SubIFDs of the first level's page; -1: pages of its own
    std::vector<PlaneRef> planes;  // without sub_page: as many as the first level's
  };
  struct Layout {
    std::int64_t planes_c = 1, size_z = 1;
    std::int64_t samples = 1;  // channels of one page
    bool separate = false;
    std::vector<Level> levels;
  };

  Result<const TiffPage*> page_at(std::int64_t index);
  Status describe_ome(const TiffPage& first, Raster& raster);
  Status describe_ome_image(const OmeImage& ome, Raster& raster);
  Status describe_imagej(const TiffPage& first, Raster& raster);
  struct Pages {
    std::vector<const TiffPage*> all;  // null: cannot be shown
    std::vector<bool> taken;           // is in an image already
  };
  static std::vector<PlaneRef> take_like(const TiffPage& base, std::size_t start, Pages& pages,
                                         std::size_t count);
  Status describe_page_image(std::size_t start, Pages& pages, Raster& raster);
  Status describe_pages(const TiffPage& first, Raster& raster);
  Status read_chain(std::vector<const TiffPage*>& pages, Raster& raster);
  Status add_sub_pages(const TiffPage& page, RasterImage& image, Layout& layout, Raster& raster);
  RasterImage start_image(const TiffPage& page, std::string name) const;
  void note(Raster& raster, const char* rule, Severity severity, std::string message) const;
  void note_page(const TiffPage& page, Raster& raster) const;
  Result<TiffPlane> find_plane(const Layout& layout, const ChunkPlace& place, std::int64_t plane);

  ByteSource& source_;
  RasterOptions options_;
  TiffFile file_;
  std::vector<Layout> layouts_;  // one an image
};

}  // namespace mifa::formats
