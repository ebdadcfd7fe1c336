#include "formats/tiff_reader.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/checked.h"
#include "formats/imagej.h"

namespace mifa::formats {
namespace {

Error waiting() { return {ErrorCode::kRetry, "expected bytes that are not there yet"}; }

// Whether `small` can be a coarser level of `large`: one factor along both sides, up to rounding.
bool is_level_of(const TiffPage& small, const TiffPage& large) {
  if (!small.same_kind(large) || small.width >= large.width || small.height > large.height)
    return false;
  const double across = static_cast<double>(large.width) / static_cast<double>(small.width);
  const double down = static_cast<double>(large.height) / static_cast<double>(small.height);
  // Half a pixel of the small one, along each side.
  const double slack =
      across * (0.5 / static_cast<double>(small.width) + 0.5 / static_cast<double>(small.height)) +
      0.02 * across;
  return across >= 1.5 && std::fabs(across - down) <= slack;
}

RasterLevel level_of(const TiffPage& page) {
  return {page.width, page.height, page.chunk_width, page.chunk_height};
}

std::string without_extension(const std::string& name) {
  const auto lower = [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  };
  for (const char* ending :
       {".ome.tiff", ".ome.tif", ".ome.tf8", ".ome.btf", ".tiff", ".tif", ".tf8", ".btf"}) {
    const std::string_view end(ending);
    if (name.size() > end.size() &&
        std::equal(end.begin(), end.end(), name.end() - static_cast<std::ptrdiff_t>(end.size()),
                   [&](char a, char b) { return a == lower(b); })) {
      return name.substr(0, name.size() - end.size());
    }
  }
  return name;
}

std::string size_text(std::int64_t width, std::int64_t height) {
  return std::to_string(width) + " by " + std::to_string(height);
}

std::string joined(const std::vector<std::string>& names) {
  constexpr std::size_t kNamed = 5;
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), kNamed); ++i)
    text += (i > 0 ? ", " : "") + names[i];
  if (names.size() > kNamed) text += " and " + std::to_string(names.size() - kNamed) + " more";
  return text;
}

}  // namespace

TiffReader::TiffReader(ByteSource& source, const RasterOptions& options)
    : source_(source), options_(options), file_(source, options.labels, options.limits) {}

void TiffReader::note(Raster& raster, const char* rule, Severity severity,
                      std::string message) const {
  Issue issue;
  issue.rule = rule;
  issue.severity = severity;
  issue.message = std::move(message);
  issue.file = options_.name;
  const bool known = std::any_of(raster.issues.begin(), raster.issues.end(),
                                 [&](const Issue& each) { return each.message == issue.message; });
  if (!known) raster.issues.push_back(std::move(issue));
}

void TiffReader::note_page(const TiffPage& page, Raster& raster) const {
  if (page.orientation != 1) {
    note(raster, "tiff/orientation", Severity::kWarning,
         "The file says that its pixels are stored turned or mirrored (Orientation " +
             std::to_string(page.orientation) +
             "). They are shown as they are stored: that is what annotations count in.");
  }
  if (page.has_alpha) {
    note(raster, "tiff/alpha", Severity::kInfo, "The channel of transparency is left out.");
  }
  if (page.path == PixelPath::kPalette) {
    note(raster, "tiff/palette", Severity::kInfo,
         "The values are indices into a palette, and are shown in its colours.");
  }
}

Result<const TiffPage*> TiffReader::page_at(std::int64_t index) {
  auto offset = file_.page_offset(index);
  if (!offset) return std::move(offset).error();
  if (*offset == 0) {
    return Error{ErrorCode::kFixData,
                 "expected a page " + std::to_string(index + 1) +
                     " in the TIFF, received a shorter file; it is cut off: copy it again"};
  }
  auto page = file_.page(*offset);
  if (page || source_.waiting()) return page;
  return std::move(page).error().within("page " + std::to_string(index + 1));
}

RasterImage TiffReader::start_image(const TiffPage& page, std::string name) const {
  RasterImage image;
  image.name = std::move(name);
  image.type = page.type;
  image.size_c = page.channels;
  image.chunk_channels = page.chunk_channels();
  image.levels.push_back(level_of(page));
  image.color = page.color;
  image.palette = page.palette;
  if (page.photometric == 0 && !options_.labels) {
    image.channels.assign(static_cast<std::size_t>(page.channels), {});
    for (RasterChannel& channel : image.channels) channel.inverted = true;
  }
  return image;
}

Status TiffReader::add_sub_pages(const TiffPage& page, RasterImage& image, Layout& layout,
                                 Raster& raster) {
  const TiffPage* before = &page;
  for (std::size_t i = 0; i < page.sub_pages.size(); ++i) {
    if (page.sub_pages[i] <= 0) continue;
    auto sub = file_.page(page.sub_pages[i]);
    if (source_.waiting()) return waiting();
    if (!sub || !is_level_of(**sub, *before)) {
      note(raster, "tiff/sub-ifd", Severity::kInfo,
           "A sub-page (" + std::to_string(i + 1) + " of " + std::to_string(page.sub_pages.size()) +
               ") is no coarser level of its page" + (sub ? "" : ": " + sub.error().message) +
               ". It is left out.");
      continue;
    }
    image.levels.push_back(level_of(**sub));
    layout.levels.push_back({static_cast<int>(i), {}});
    before = *sub;
  }
  return Success{};
}

Result<Raster> TiffReader::describe() {
  auto first = page_at(0);
  if (!first) return std::move(first).error();
  layouts_.clear();
  Raster raster;
  const TiffPage& page = **first;
  note_page(page, raster);
  Status done = Success{};
  if (is_ome_xml(page.description)) {
    done = describe_ome(page, raster);
    if (!done && !source_.waiting()) {
      note(raster, "ome-tiff/xml", Severity::kError,
           "The OME-XML of this file cannot be read, and its pages are shown without it: " +
               done.error().message + ".");
      layouts_.clear();
      raster.images.clear();
      done = describe_pages(page, raster);
    }
  } else if (is_imagej(page.description)) {
    done = describe_imagej(page, raster);
  } else {
    done = describe_pages(page, raster);
  }
  if (!done) return std::move(done).error();
  return raster;
}

// --- OME-TIFF

Status TiffReader::describe_ome(const TiffPage& first, Raster& raster) {
  raster.format = "OME-TIFF";
  auto xml = parse_ome_xml(first.description, options_.name, options_.limits);
  if (!xml) return std::move(xml).error();
  if (!xml->metadata_file.empty()) {
    return Error{ErrorCode::kFixData,
                 "expected the image's metadata, received a reference to the file " +
                     xml->metadata_file + "; open that one"};
  }
  for (const OmeImage& image : xml->images) {
    if (auto done = describe_ome_image(image, raster); !done) return done;
  }
  if (!xml->other_files.empty()) {
    note(raster, "ome-tiff/other-files", Severity::kWarning,
         "Planes of this image are in " + std::to_string(xml->other_files.size()) +
             " other file(s), which are not read: " + joined(xml->other_files) +
             ". Their planes are black. Write the image into one file to see all of it.");
  }
  return Success{};
}

Status TiffReader::describe_ome_image(const OmeImage& ome, Raster& raster) {
  const auto there = std::find_if(ome.planes.begin(), ome.planes.end(),
                                  [](const OmePlane& plane) { return plane.page >= 0; });
  if (there == ome.planes.end()) return Success{};  // all of it in other files
  auto page = page_at(there->page);
  if (!page) return std::move(page).error();
  RasterImage image =
      start_image(**page, ome.name.empty() ? without_extension(options_.name) : ome.name);
  image.size_t = ome.size_t;
  image.size_z = ome.size_z;
  image.size_c = ome.planes_c * (*page)->channels;
  // One unit for all: a picture whose sides are in different ones has no shape.
  image.step_x = ome.step_x;
  image.step_y = in_unit(ome.step_y, ome.step_x.unit);
  image.step_z = in_unit(ome.step_z, ome.step_x.unit);
  image.step_t = ome.step_t;
  if ((ome.size_x != image.levels[0].width || ome.size_y != image.levels[0].height)) {
    note(raster, "ome-tiff/size", Severity::kError,
         "The OME-XML says " + size_text(ome.size_x, ome.size_y) + " pixels, the TIFF has " +
             size_text(image.levels[0].width, image.levels[0].height) +
             ". The TIFF is right about its pixels.");
  }
  Layout layout{ome.planes_c, ome.size_z, (*page)->channels, (*page)->separate(), {Level{}}};
  for (const OmePlane& plane : ome.planes) layout.levels[0].planes.push_back({plane.page, 0});
  if (image.size_c == static_cast<std::int64_t>(ome.channels.size())) {
    image.channels = ome.channels;
    image.color = false;
  }
  if (auto done = add_sub_pages(**page, image, layout, raster); !done) return done;
  raster.images.push_back(std::move(image));
  layouts_.push_back(std::move(layout));
  return Success{};
}

// --- ImageJ

Status TiffReader::describe_imagej(const TiffPage& first, Raster& raster) {
  raster.format = "ImageJ TIFF";
  const ImageJStack stack = parse_imagej(first.description, options_.limits);
  RasterImage image = start_image(first, without_extension(options_.name));
  image.size_t = stack.frames;
  image.size_z = stack.slices;
  image.size_c = stack.channels * first.channels;
  if (!stack.unit.empty()) {
    if (first.x_resolution > 0) image.step_x = {1 / first.x_resolution, stack.unit};
    if (first.y_resolution > 0) image.step_y = {1 / first.y_resolution, stack.unit};
    if (stack.z_step > 0) image.step_z = {stack.z_step, stack.unit};
  }
  if (stack.frame_step > 0) image.step_t = {stack.frame_step, "second"};
  if (stack.has_range && image.size_c == 1) {
    image.channels.resize(1);
    image.channels[0].window = {stack.minimum, stack.maximum};
  }
  Layout layout{stack.channels, stack.slices, first.channels, first.separate(), {Level{}}};
  auto second = file_.page_offset(1);
  if (!second) return std::move(second).error();
  // One page that stands for all: their pixels follow its own.
  const bool only_page =
      *second == 0 && stack.images > 1 && first.plain_rows() && !first.separate();
  const std::int64_t plane_bytes = first.row_bytes() * first.height;
  // ImageJ's order is channels, slices, frames, channels fastest; ours has slices fastest.
  for (std::int64_t t = 0; t < stack.frames; ++t) {
    for (std::int64_t c = 0; c < stack.channels; ++c) {
      for (std::int64_t z = 0; z < stack.slices; ++z) {
        const std::int64_t index = (t * stack.slices + z) * stack.channels + c;
        layout.levels[0].planes.push_back(only_page ? PlaneRef{0, index * plane_bytes}
                                                    : PlaneRef{index, 0});
      }
    }
  }
  raster.images.push_back(std::move(image));
  layouts_.push_back(std::move(layout));
  return Success{};
}

// --- plain pages

// All pages of the file that can be shown; what cannot is an issue, unless it is the first.
Status TiffReader::read_chain(std::vector<const TiffPage*>& pages, Raster& raster) {
  for (std::int64_t index = 0;; ++index) {
    auto offset = file_.page_offset(index);
    if (source_.waiting()) return waiting();
    if (!offset) {
      note(raster, "tiff/pages", Severity::kError,
           "Only the first " + std::to_string(index) +
               " pages are shown: " + offset.error().message + ".");
      return Success{};
    }
    if (*offset == 0) return Success{};
    auto page = file_.page(*offset);
    if (source_.waiting()) return waiting();
    if (!page) {
      note(raster, "tiff/page", Severity::kWarning,
           "Page " + std::to_string(index + 1) + " is left out: " + page.error().message + ".");
    }
    pages.push_back(page ? *page : nullptr);
  }
}

// Of the pages from `start` on that are not taken: those like `base`.
std::vector<TiffReader::PlaneRef> TiffReader::take_like(const TiffPage& base, std::size_t start,
                                                        Pages& pages, std::size_t count) {
  std::vector<PlaneRef> planes;
  for (std::size_t i = start; i < pages.all.size(); ++i) {
    const TiffPage* page = pages.all[i];
    const bool like = page && !pages.taken[i] && page->width == base.width &&
                      page->height == base.height && page->same_kind(base) &&
                      (!page->reduced || base.reduced);
    if (like) planes.push_back({static_cast<std::int64_t>(i), 0});
  }
  if (count > 0 && planes.size() != count) return {};
  for (const PlaneRef& plane : planes) pages.taken[static_cast<std::size_t>(plane.page)] = true;
  return planes;
}

// One image: the page at `start`, all others like it, and coarser ones, as many of each.
Status TiffReader::describe_page_image(std::size_t start, Pages& pages, Raster& raster) {
  const TiffPage& base = *pages.all[start];
  std::string name = without_extension(options_.name);
  if (start > 0) name += ", page " + std::to_string(start + 1);
  RasterImage image = start_image(base, std::move(name));
  Layout layout{1, 1, base.channels, base.separate(), {}};
  layout.levels.push_back({-1, take_like(base, start, pages, 0)});
  const std::size_t count = layout.levels[0].planes.size();
  const TiffPage* before = &base;
  for (std::size_t i = start; i < pages.all.size(); ++i) {
    const TiffPage* page = pages.all[i];
    if (!page || pages.taken[i] || !is_level_of(*page, *before)) continue;
    std::vector<PlaneRef> planes = take_like(*page, i, pages, count);
    if (planes.empty()) continue;
    image.levels.push_back(level_of(*page));
    layout.levels.push_back({-1, std::move(planes)});
    before = page;
  }
  if (image.levels.size() == 1) {
    if (auto done = add_sub_pages(base, image, layout, raster); !done) return done;
  }
  (options_.pages_are_times ? image.size_t : image.size_z) = static_cast<std::int64_t>(count);
  layout.size_z = image.size_z;
  // Centimetres are what microscopes write; inches are a printer's.
  if (base.resolution_unit == 3 && base.x_resolution > 0 && base.y_resolution > 0) {
    image.step_x = {10000 / base.x_resolution, "micrometer"};
    image.step_y = {10000 / base.y_resolution, "micrometer"};
  }
  raster.images.push_back(std::move(image));
  layouts_.push_back(std::move(layout));
  return Success{};
}

Status TiffReader::describe_pages(const TiffPage& first, Raster& raster) {
  raster.format = "TIFF";
  Pages pages;
  if (auto done = read_chain(pages.all, raster); !done) return done;
  pages.taken.assign(pages.all.size(), false);
  for (std::size_t start = 0; start < pages.all.size(); ++start) {
    const TiffPage* base = pages.all[start];
    const bool mask = base && base != &first && base->transparency_mask;
    if (!base || mask || pages.taken[start]) continue;
    if (static_cast<std::int64_t>(raster.images.size()) >= options_.limits.images) break;
    if (auto done = describe_page_image(start, pages, raster); !done) return done;
  }
  if (!raster.images.empty()) return Success{};
  return Error{ErrorCode::kFixData, "expected a page with an image in the TIFF, received none"};
}

// --- pixels

Result<TiffPlane> TiffReader::find_plane(const Layout& layout, const ChunkPlace& place,
                                         std::int64_t plane) {
  const Level& level = layout.levels[static_cast<std::size_t>(place.level)];
  const auto& planes = level.sub_page >= 0 ? layout.levels[0].planes : level.planes;
  const PlaneRef ref = plane < static_cast<std::int64_t>(planes.size())
                           ? planes[static_cast<std::size_t>(plane)]
                           : PlaneRef{};
  if (ref.page < 0) return TiffPlane{};
  auto page = page_at(ref.page);
  if (!page) return std::move(page).error();
  if (level.sub_page < 0) return TiffPlane{(*page)->offset, ref.skip};
  const auto sub = static_cast<std::size_t>(level.sub_page);
  if (sub >= (*page)->sub_pages.size()) {
    return Error{ErrorCode::kFixData, "expected " + std::to_string(sub + 1) +
                                          " sub-pages in page " + std::to_string(ref.page + 1) +
                                          ", received " +
                                          std::to_string((*page)->sub_pages.size())};
  }
  return TiffPlane{(*page)->sub_pages[sub], 0};
}

Status TiffReader::decode(const ChunkPlace& place, std::span<std::byte> out) {
  const Layout& layout = layouts_[static_cast<std::size_t>(place.image)];
  const std::int64_t c = layout.separate ? place.c / layout.samples : place.c;
  const std::int64_t sample = layout.separate ? place.c % layout.samples : 0;
  const std::int64_t plane = (place.t * layout.planes_c + c) * layout.size_z + place.z;
  auto found = find_plane(layout, place, plane);
  if (!found) return std::move(found).error();
  return file_.decode(*found, sample, place.y, place.x, out);
}

}  // namespace mifa::formats
