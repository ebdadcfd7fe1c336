// ImageJ's .roi files and archives of them (RoiSet.zip): the layout is that of
// ij/io/RoiDecoder.java, to version 229. Numbers are big-endian.
//
// Where (0, 0) is: ImageJ 1.52u and later draw area selections from pixels' corners, lines and
// points from their centres (release notes of 1.52u; ij/gui/Roi.java, useLineSubpixelConvention();
// github.com/imagej/ImageJ/issues/182). So half a pixel is added to lines and points.

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numbers>
#include <optional>
#include <set>

#include "annotation/curves.h"
#include "annotation/readers.h"
#include "annotation/text_values.h"
#include "annotation/zip_members.h"

namespace mifa::annotation {

namespace {

enum Type {
  kPolygon,
  kRectangle,
  kOval,
  kLine,
  kFreeLine,
  kPolyline,
  kNoRoi,
  kFreehand,
  kTraced,
  kAngle,
  kPoint
};
enum Subtype { kPlain, kText, kArrow, kEllipse, kImage, kTurnedRectangle };
constexpr const char* kTypeNames[] = {"polygon",  "rectangle", "oval",   "line",
                                      "freeline", "polyline",  "no roi", "freehand",
                                      "traced",   "angle",     "point"};
constexpr std::size_t kHeaderSize = 64;
constexpr int kSubPixelOption = 128;

std::uint64_t big_endian(std::string_view bytes, std::size_t at, std::size_t count) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < count; ++i)
    value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

// One .roi file in memory.
class RoiBytes {
 public:
  explicit RoiBytes(std::string_view bytes) : bytes_(bytes) {}

  std::size_t size() const { return bytes_.size(); }
  bool holds(std::size_t at, std::uint64_t count) const {
    return at <= bytes_.size() && bytes_.size() - at >= count;
  }
  // 0 beyond the end: old versions have fewer fields.
  std::uint64_t number(std::size_t at, std::size_t count) const {
    return holds(at, count) ? big_endian(bytes_, at, count) : 0;
  }
  int byte(std::size_t at) const { return static_cast<int>(number(at, 1)); }
  // ImageJ takes shorts below -5000 for unsigned ones.
  int coordinate(std::size_t at) const {
    const int value = static_cast<std::int16_t>(number(at, 2));
    return value < -5000 ? value + 65536 : value;
  }
  int integer(std::size_t at) const { return static_cast<std::int32_t>(number(at, 4)); }
  double real(std::size_t at) const {
    const auto bits = static_cast<std::uint32_t>(number(at, 4));
    float value = 0;
    std::memcpy(&value, &bits, sizeof value);
    return value;
  }
  // UTF-16 as UTF-8.
  std::string text(std::size_t at, std::size_t units) const;

 private:
  std::string_view bytes_;
};

std::string RoiBytes::text(std::size_t at, std::size_t units) const {
  std::string out;
  if (!holds(at, 2 * static_cast<std::uint64_t>(units))) return out;
  for (std::size_t i = 0; i < units; ++i) {
    std::uint32_t code = static_cast<std::uint32_t>(number(at + 2 * i, 2));
    if (code >= 0xd800 && code < 0xdc00 && i + 1 < units) {
      const auto low = static_cast<std::uint32_t>(number(at + 2 * (i + 1), 2));
      if (low >= 0xdc00 && low < 0xe000) {
        code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
        ++i;
      }
    }
    if (code >= 0xd800 && code < 0xe000) code = 0xfffd;
    if (code < 0x80) {
      out += static_cast<char>(code);
    } else if (code < 0x800) {
      out += {static_cast<char>(0xc0 | code >> 6), static_cast<char>(0x80 | (code & 63))};
    } else if (code < 0x10000) {
      out += {static_cast<char>(0xe0 | code >> 12), static_cast<char>(0x80 | (code >> 6 & 63)),
              static_cast<char>(0x80 | (code & 63))};
    } else {
      out += {static_cast<char>(0xf0 | code >> 18), static_cast<char>(0x80 | (code >> 12 & 63)),
              static_cast<char>(0x80 | (code >> 6 & 63)), static_cast<char>(0x80 | (code & 63))};
    }
  }
  return out;
}

// Reads one .roi into an object.
class RoiReader {
 public:
  RoiReader(LayerBuilder& builder, const ImageContext& image) : builder_(builder), image_(image) {}

  // `name`: its file's, without ".roi". False when it is no ROI; it is told then.
  bool read(std::string_view bytes, std::string name, std::uint32_t ordinal,
            const std::string& file);

 private:
  bool read_shape(const RoiBytes& roi);
  bool read_vertices(const RoiBytes& roi, PartKind kind, double shift);
  bool read_composite(const RoiBytes& roi, std::size_t floats);
  void read_oval(const RoiBytes& roi);
  void read_rectangle(const RoiBytes& roi);
  std::optional<std::size_t> counters_of(const RoiBytes& roi) const;
  void read_counted_points(const RoiBytes& roi, const std::string& name, std::uint32_t ordinal, std::size_t counters);
  Vertex vertex_at(const RoiBytes& roi, std::size_t i, std::size_t n) const;
  void read_properties(const RoiBytes& roi, std::size_t second);
  void read_names_and_planes(const RoiBytes& roi, std::string name);
  void read_color(const RoiBytes& roi);
  bool fail(std::string expected, std::string received);

  LayerBuilder& builder_;
  const ImageContext& image_;
  std::string file_;
  int version_ = 0, type_ = 0, subtype_ = 0;
  bool sub_pixel_ = false;
};

bool RoiReader::fail(std::string expected, std::string received) {
  builder_.issue({.rule = "annotation/imagej-roi",
                  .severity = Severity::kError,
                  .message = "A ROI cannot be read; it is left out.",
                  .file = file_,
                  .pointer = {},
                  .line = 0,
                  .expected = std::move(expected),
                  .received = std::move(received),
                  .fix = "save the ROI again from ImageJ",
                  .related = {}});
  return false;
}

bool RoiReader::read(std::string_view bytes, std::string name, std::uint32_t ordinal,
                     const std::string& file) {
  file_ = file;
  const RoiBytes roi(bytes);
  if (!bytes.starts_with("Iout")) {
    return fail(
        "a file that begins with \"Iout\"",
        bytes.empty() ? "an empty file" : std::to_string(bytes.size()) + " bytes that do not");
  }
  if (roi.size() < kHeaderSize) {
    return fail("a header of " + std::to_string(kHeaderSize) + " bytes",
                std::to_string(roi.size()) + " bytes");
  }
  version_ = static_cast<int>(roi.number(4, 2));
  type_ = roi.byte(6);
  subtype_ = version_ >= 218 ? static_cast<int>(roi.number(48, 2)) : 0;
  sub_pixel_ = version_ >= 222 && (roi.number(50, 2) & kSubPixelOption) != 0;
  if (const auto counters = counters_of(roi)) {
    read_counted_points(roi, name, ordinal, *counters);
    return true;
  }
  if (!builder_.begin(ordinal)) return false;
  if (!read_shape(roi)) {
    builder_.abandon();
    return false;
  }
  read_names_and_planes(roi, std::move(name));
  builder_.end();
  return true;
}

bool RoiReader::read_shape(const RoiBytes& roi) {
  if (const int floats = version_ >= 217 ? roi.integer(36) : 0; floats > 0) {
    return read_composite(roi, static_cast<std::size_t>(floats));
  }
  const char* told = type_ >= 0 && type_ <= kPoint ? kTypeNames[type_] : "";
  switch (type_) {
    case kRectangle:
      if (subtype_ == kText) told = "text";
      if (subtype_ == kImage) told = "image";
      read_rectangle(roi);
      break;
    case kOval:
      read_oval(roi);
      break;
    case kLine: {
      builder_.part(PartKind::kLine);
      builder_.vertex(roi.real(18) + 0.5, roi.real(22) + 0.5);
      builder_.vertex(roi.real(26) + 0.5, roi.real(30) + 0.5);
      if (subtype_ == kArrow) told = "arrow";
      break;
    }
    case kFreehand:
      if (subtype_ == kEllipse || subtype_ == kTurnedRectangle) {
        // The axis from (x1, y1) to (x2, y2); the ellipse's aspect ratio, the rectangle's width.
        const double x1 = roi.real(18), y1 = roi.real(22), x2 = roi.real(26), y2 = roi.real(30);
        const double length = std::hypot(x2 - x1, y2 - y1), angle = std::atan2(y2 - y1, x2 - x1);
        const double x = (x1 + x2) / 2, y = (y1 + y2) / 2, other = roi.real(52);
        const bool ellipse = subtype_ == kEllipse;
        add_part(builder_, PartKind::kRing,
                 ellipse ? ellipse_ring(x, y, length / 2, length / 2 * other, angle)
                         : turned_box(x, y, length, other, angle));
        told = ellipse ? "ellipse" : "turned rectangle";
        break;
      }
      [[fallthrough]];
    case kPolygon:
    case kTraced:
      if (!read_vertices(roi, PartKind::kRing, 0)) return false;
      break;
    case kFreeLine:
    case kPolyline:
    case kAngle:
      if (!read_vertices(roi, PartKind::kLine, 0.5)) return false;
      break;
    case kPoint:
      if (!read_vertices(roi, PartKind::kPoints, 0.5)) return false;
      break;
    default:
      return fail("a type from 0 (polygon) to 10 (point)", "type " + std::to_string(type_));
  }
  builder_.text("shape", told);
  return true;
}

void RoiReader::read_rectangle(const RoiBytes& roi) {
  double x = roi.coordinate(10), y = roi.coordinate(8), x1 = roi.coordinate(14),
         y1 = roi.coordinate(12);
  if (sub_pixel_ && version_ >= 223) {
    x = roi.real(18), y = roi.real(22);
    x1 = x + roi.real(26), y1 = y + roi.real(30);
  }
  builder_.box(x, y, x1, y1);
}

void RoiReader::read_oval(const RoiBytes& roi) {
  double x = roi.coordinate(10), y = roi.coordinate(8);
  double width = roi.coordinate(14) - x, height = roi.coordinate(12) - y;
  if (sub_pixel_ && version_ >= 223) {
    x = roi.real(18), y = roi.real(22);
    width = roi.real(26), height = roi.real(30);
  }
  add_part(builder_, PartKind::kRing,
           ellipse_ring(x + width / 2, y + height / 2, width / 2, height / 2));
}

bool RoiReader::read_vertices(const RoiBytes& roi, PartKind kind, double shift) {
  // More than 65,535 vertices are counted in the place of x1.
  std::uint64_t count = roi.number(16, 2);
  if (count == 0) count = roi.number(18, 4);
  // Shorts from the upper left corner of the box, all x and then all y; then floats from (0, 0).
  const std::uint64_t bytes = count * (sub_pixel_ ? 12 : 4);
  if (count == 0 || !roi.holds(kHeaderSize, bytes)) {
    return fail(count == 0 ? std::string("one or more vertices")
                           : std::to_string(count) + " vertices in " +
                                 std::to_string(bytes + kHeaderSize) + " bytes",
                count == 0 ? "none" : "a file of " + std::to_string(roi.size()) + " bytes");
  }
  const auto n = static_cast<std::size_t>(count);
  builder_.part(kind);
  for (std::size_t i = 0; i < n; ++i) {
    const Vertex vertex = vertex_at(roi, i, n);
    builder_.vertex(vertex.x + shift, vertex.y + shift);
  }
  return true;
}

// Vertex i of n. Precondition: the file holds them. Shorts below 0 count as 0, as in ImageJ.
Vertex RoiReader::vertex_at(const RoiBytes& roi, std::size_t i, std::size_t n) const {
  const std::size_t reals = kHeaderSize + 4 * n;
  if (sub_pixel_) return {roi.real(reals + 4 * i), roi.real(reals + 4 * (n + i))};
  return {0.0 + roi.coordinate(10) + std::max(0, roi.coordinate(kHeaderSize + 2 * i)),
          0.0 + roi.coordinate(8) + std::max(0, roi.coordinate(kHeaderSize + 2 * (n + i)))};
}

// Where the counters of a multi-point selection stand (ij/gui/PointRoi.java, getCounters()): of each point an
// integer, its counter in the lower 8 bits, the number of its plane above. Nothing where all are the same ROI's.
std::optional<std::size_t> RoiReader::counters_of(const RoiBytes& roi) const {
  const auto second = static_cast<std::size_t>(roi.number(60, 4));
  if (type_ != kPoint || version_ < 227 || second == 0) return std::nullopt;
  const auto at = static_cast<std::size_t>(roi.number(second + 48, 4));
  const std::uint64_t count = roi.number(16, 2);
  if (at == 0 || count < 2 || !roi.holds(at, 4 * count) || !roi.holds(kHeaderSize, count * (sub_pixel_ ? 12 : 4))) {
    return std::nullopt;
  }
  for (std::uint64_t i = 0; i < count; ++i) {
    if (roi.number(at + 4 * static_cast<std::size_t>(i), 4) != 0) return at;
  }
  return std::nullopt;
}

// Each point is an object of its counter, on its plane.
void RoiReader::read_counted_points(const RoiBytes& roi, const std::string& name, std::uint32_t ordinal,
                                    std::size_t counters) {
  const auto n = static_cast<std::size_t>(roi.number(16, 2));
  for (std::size_t i = 0; i < n && builder_.begin(ordinal); ++i) {
    const auto counter = static_cast<std::uint32_t>(roi.number(counters + 4 * i, 4));
    const Vertex vertex = vertex_at(roi, i, n);
    builder_.point(vertex.x + 0.5, vertex.y + 0.5);
    builder_.text("shape", "point");
    read_names_and_planes(roi, name);
    const std::string id = std::to_string(counter & 0xff);
    builder_.category(builder_.define_category("counter " + id, id));
    const double plane = static_cast<double>(counter >> 8) - 1;
    // Of a hyperstack the number counts channels too, which nobody tells us here.
    const bool film = image_.frames > 1 && image_.depth <= 1, stack = image_.depth > 1 && image_.frames <= 1;
    if (plane >= 0 && film) builder_.frames(plane, plane);
    if (plane >= 0 && stack) builder_.slices(plane, plane);
    if (plane >= 0) builder_.integer("plane", static_cast<std::int64_t>(plane) + 1);
    builder_.end();
  }
}

// Lines "key: value" (ij/gui/Roi.java, getProperties()).
void RoiReader::read_properties(const RoiBytes& roi, std::size_t second) {
  const std::uint64_t at = roi.number(second + 40, 4), length = roi.number(second + 44, 4);
  if (at == 0 || length == 0 || length > 100'000) return;
  const std::string text = roi.text(static_cast<std::size_t>(at), static_cast<std::size_t>(length));
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::size_t end = rest.find('\n');
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    const std::size_t colon = line.find(": ");
    if (colon == std::string_view::npos || colon == 0) continue;
    add_value(builder_, std::string(stripped(line.substr(0, colon))).c_str(), stripped(line.substr(colon + 2)));
  }
}

// A path of java.awt.geom.PathIterator: 0 move, 1 line, 2 quadratic, 3 cubic, 4 close, as floats.
// Its rings are filled by the even-odd rule; a ring within others is a hole where their number is
// odd.
bool RoiReader::read_composite(const RoiBytes& roi, std::size_t floats) {
  if (!roi.holds(kHeaderSize, 4 * static_cast<std::uint64_t>(floats))) {
    return fail("a path of " + std::to_string(floats) + " numbers",
                "a file of " + std::to_string(roi.size()) + " bytes");
  }
  constexpr std::size_t kControls[] = {1, 1, 2, 3, 0};
  std::vector<std::vector<Vertex>> rings;
  for (std::size_t i = 0; i < floats;) {
    const double code = roi.real(kHeaderSize + 4 * i);
    if (!(code >= 0 && code <= 4) || code != std::floor(code)) {
      return fail("path segments from 0 to 4", short_number(code));
    }
    const std::size_t controls = kControls[static_cast<std::size_t>(code)];
    ++i;
    if (floats - i < 2 * controls) return fail("whole path segments", "one that breaks off");
    std::vector<Vertex> points;
    for (std::size_t k = 0; k < controls; ++k, i += 2) {
      points.push_back({roi.real(kHeaderSize + 4 * i), roi.real(kHeaderSize + 4 * i + 4)});
    }
    if (code == 0) rings.emplace_back();
    if (rings.empty()) return fail("a path that begins by a move", "segment " + short_number(code));
    std::vector<Vertex>& ring = rings.back();
    if (code <= 1) {
      ring.push_back(points[0]);
    } else if (code <= 3) {
      if (!ring.empty()) points.insert(points.begin(), ring.back());
      append_bezier(ring, points);
    }
  }
  add_nested_rings(builder_, rings);
  builder_.text("shape", "composite");
  return true;
}

void RoiReader::read_names_and_planes(const RoiBytes& roi, std::string name) {
  const std::size_t second = static_cast<std::size_t>(roi.number(60, 4));
  int channel = 0, slice = 0, frame = 0;
  bool grouped = false;
  if (second > 0 && roi.holds(second, 36)) {
    channel = roi.integer(second + 4);
    slice = roi.integer(second + 8);
    frame = roi.integer(second + 12);
    const std::uint64_t at = roi.number(second + 16, 4), length = roi.number(second + 20, 4);
    if (length > 0 && length < 10'000) {
      const std::string inside =
          roi.text(static_cast<std::size_t>(at), static_cast<std::size_t>(length));
      if (!inside.empty()) name = inside;
    }
    if (version_ >= 224) read_properties(roi, second);
    int group = roi.byte(second + 30);
    if (group == 0 && version_ >= 229) group = static_cast<int>(roi.number(second + 52, 2));
    if (group > 0) {
      const std::string id = std::to_string(group);
      builder_.category(builder_.define_category("group " + id, id));
      grouped = true;
    }
  }
  if (!grouped) read_color(roi);
  if (!name.empty()) {
    builder_.column("name", ColumnType::kText, Role::kLabel);
    builder_.text("name", name);
  }
  // Positions count from 1; 0 is "all". A stack that is no hyperstack has one number only.
  const int position = roi.integer(56);
  if (slice <= 0 && frame <= 0 && channel <= 0 && position > 0) {
    (image_.frames > 1 && image_.depth <= 1 ? frame : slice) = position;
  }
  if (slice > 0) builder_.slices(slice - 1, slice - 1);
  if (frame > 0) builder_.frames(frame - 1, frame - 1);
  if (channel > 0) builder_.integer("channel", channel);
  if (subtype_ == kText && type_ == kRectangle && version_ >= 218) {
    // Font size, style, lengths of its name and of the text, then both.
    const std::uint64_t font = roi.number(kHeaderSize + 8, 4),
                        length = roi.number(kHeaderSize + 12, 4);
    if (font < 1000 && length < 100'000) {
      const std::string text = roi.text(kHeaderSize + 16 + 2 * static_cast<std::size_t>(font),
                                        static_cast<std::size_t>(length));
      if (!text.empty()) builder_.text("text", stripped(text));
    }
  }
}

// ARGB; 0 where ImageJ's default colour is used. ROIs have groups for classes; those without, of
// one colour, are taken for a class.
void RoiReader::read_color(const RoiBytes& roi) {
  if (version_ < 218) return;
  for (const std::size_t at : {std::size_t{40}, std::size_t{44}}) {
    const auto argb = static_cast<std::uint32_t>(roi.number(at, 4));
    if (argb == 0) continue;
    const Color color = {static_cast<std::uint8_t>(argb >> 16),
                         static_cast<std::uint8_t>(argb >> 8), static_cast<std::uint8_t>(argb)};
    builder_.category(builder_.define_category(color_text(color), {}, color));
    return;
  }
}

class ImagejRoiReader final : public WholeFileReader {
 public:
  using WholeFileReader::WholeFileReader;

 private:
  Status read(std::string_view bytes) override {
    RoiReader reader(builder(), options().image);
    std::string name = builder().layer().name;
    if (ends_with_word(name, ".roi")) name.resize(name.size() - 4);
    reader.read(bytes, std::move(name), 0, options().file);
    return Success{};
  }
};

class ImagejRoiZipReader final : public WholeFileReader {
 public:
  using WholeFileReader::WholeFileReader;

 private:
  Status read(std::string_view bytes) override;
};

Status ImagejRoiZipReader::read(std::string_view bytes) {
  auto zip = ZipMembers::open(bytes);
  if (!zip) return std::move(zip).error().within(options().file);
  if (!zip->whole()) {
    builder().issue("annotation/zip-broken", Severity::kError,
                    "The archive has no directory at its end; what stands before is read.", {}, 0,
                    "a whole zip archive", "one that breaks off or was changed",
                    "pack or load the archive again");
  }
  RoiReader reader(builder(), options().image);
  std::uint32_t ordinal = 0;
  for (const ZipMembers::Member& member : zip->members()) {
    if (!ends_with_word(member.name, ".roi")) continue;
    const std::string path(member.name);
    const auto content = zip->read(member);
    if (!content) {
      const auto [expected, received] = mismatch_of(content.error());
      builder().issue({.rule = "annotation/zip-member",
                       .severity = Severity::kError,
                       .message = "A member of the archive cannot be read.",
                       .file = options().file + "/" + path,
                       .pointer = {},
                       .line = 0,
                       .expected = expected,
                       .received = received,
                       .fix = "pack the archive again",
                       .related = {}});
      ++ordinal;
      continue;
    }
    const std::size_t slash = path.find_last_of('/');
    std::string name = slash == std::string::npos ? path : path.substr(slash + 1);
    name.resize(name.size() - 4);
    reader.read(*content, std::move(name), ordinal++, options().file + "/" + path);
  }
  if (ordinal == 0) {
    return Error{ErrorCode::kUnsupported,
                 "expected a zip archive of ImageJ ROIs (members *.roi) as " + options().file +
                     ", received one without"};
  }
  return Success{};
}

}  // namespace

int sniff_imagej_roi(const Head& head) { return head.bytes.starts_with("Iout") ? 100 : 0; }

int sniff_imagej_roi_zip(const Head& head) {
  if (!head.bytes.starts_with("PK\x03\x04") || head.bytes.size() < 30) return 0;
  const std::size_t length = static_cast<unsigned char>(head.bytes[26]) |
                             static_cast<std::size_t>(static_cast<unsigned char>(head.bytes[27]))
                                 << 8;
  const std::string_view first = head.bytes.substr(30, length);
  if (ends_with_word(first, ".roi")) return 100;
  return head.bytes.find(".roi") != std::string_view::npos ? 60 : 0;
}

std::unique_ptr<Reader> make_imagej_roi(const ReadOptions& options, LayerBuilder& builder) {
  return std::make_unique<ImagejRoiReader>(options, builder);
}

std::unique_ptr<Reader> make_imagej_roi_zip(const ReadOptions& options, LayerBuilder& builder) {
  return std::make_unique<ImagejRoiZipReader>(options, builder);
}

}  // namespace mifa::annotation
