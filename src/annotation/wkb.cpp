#include "annotation/wkb.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <string>

namespace mifa::annotation {

namespace {

constexpr int kDeepest = 32;  // collections within collections
constexpr std::array<const char*, 18> kTypes = {"Geometry",
                                                "Point",
                                                "LineString",
                                                "Polygon",
                                                "MultiPoint",
                                                "MultiLineString",
                                                "MultiPolygon",
                                                "GeometryCollection",
                                                "CircularString",
                                                "CompoundCurve",
                                                "CurvePolygon",
                                                "MultiCurve",
                                                "MultiSurface",
                                                "Curve",
                                                "Surface",
                                                "PolyhedralSurface",
                                                "TIN",
                                                "Triangle"};

enum Type : std::uint32_t {
  kPoint = 1,
  kLineString,
  kPolygon,
  kMultiPoint,
  kMultiLineString,
  kMultiPolygon,
  kCollection
};

class Walker {
 public:
  // Without a builder it only checks.
  Walker(std::string_view bytes, LayerBuilder* builder) : bytes_(bytes), builder_(builder) {}

  Status walk() {
    if (Status status = geometry(0); !status) return status;
    if (at_ == bytes_.size()) return Success{};
    return fail("the end of the geometry", std::to_string(bytes_.size() - at_) + " more bytes");
  }
  const WkbDepth& depth() const { return depth_; }

 private:
  struct Header {
    std::uint32_t type = 0;
    int dimensions = 2;
    bool has_z = false;
  };

  Error fail(const std::string& expected, const std::string& received) const {
    return {ErrorCode::kFixData, "expected " + expected + " at byte " + std::to_string(at_) +
                                     " of a WKB geometry, received " + received};
  }

  template <typename T>
  bool read(T& value) {
    if (bytes_.size() - at_ < sizeof(T)) return false;
    std::array<char, sizeof(T)> raw;
    std::memcpy(raw.data(), bytes_.data() + at_, sizeof(T));
    if (!little_) std::reverse(raw.begin(), raw.end());
    std::memcpy(&value, raw.data(), sizeof(T));
    at_ += sizeof(T);
    return true;
  }

  Result<Header> header() {
    const Error cut = fail("a byte order and a type", "the end of the bytes");
    if (at_ >= bytes_.size()) return cut;
    const auto order = static_cast<unsigned char>(bytes_[at_]);
    if (order > 1) return fail("a byte order, 0 or 1", std::to_string(order));
    ++at_;
    little_ = order == 1;
    std::uint32_t code = 0;
    if (!read(code)) return cut;
    Header header;
    bool m = (code & 0x40000000U) != 0;
    header.has_z = (code & 0x80000000U) != 0;
    if (const bool srid = (code & 0x20000000U) != 0; srid) {
      std::uint32_t ignored = 0;
      if (!read(ignored)) return cut;
    }
    code &= 0x1fffffffU;
    const std::uint32_t variant = code / 1000;
    header.has_z = header.has_z || variant == 1 || variant == 3;
    m = m || variant == 2 || variant == 3;
    header.type = code % 1000;
    header.dimensions = 2 + (header.has_z ? 1 : 0) + (m ? 1 : 0);
    if (variant > 3 || header.type == 0 || header.type > kCollection) {
      at_ -= 4;
      const bool named = variant <= 3 && header.type < kTypes.size();
      return Error{ErrorCode::kUnsupported,
                   fail("a Point, LineString, Polygon, a Multi… of these, or a GeometryCollection",
                        named ? kTypes[header.type] : "type " + std::to_string(code))
                       .message};
    }
    return header;
  }

  // How many items follow; each has at least `bytes` bytes.
  Result<std::uint32_t> count(std::size_t bytes) {
    std::uint32_t number = 0;
    if (!read(number)) return fail("a number of items", "the end of the bytes");
    if (number <= (bytes_.size() - at_) / bytes) return number;
    return fail(std::to_string(number) + " items", std::to_string(bytes_.size() - at_) + " bytes");
  }

  Status vertices(const Header& header, std::uint32_t number) {
    for (std::uint32_t i = 0; i < number; ++i) {
      std::array<double, 4> v = {};
      for (int k = 0; k < header.dimensions; ++k) {
        if (!read(v[static_cast<std::size_t>(k)]))
          return fail("a coordinate", "the end of the bytes");
      }
      if (header.has_z && std::isfinite(v[2])) {
        depth_.least = depth_.known ? std::min(depth_.least, v[2]) : v[2];
        depth_.greatest = depth_.known ? std::max(depth_.greatest, v[2]) : v[2];
        depth_.known = true;
      }
      if (builder_) builder_->vertex(v[0], v[1]);
    }
    return Success{};
  }

  Status line(const Header& header, PartKind kind) {
    const auto number = count(8 * static_cast<std::size_t>(header.dimensions));
    if (!number) return number.error();
    if (builder_ && *number > 0) builder_->part(kind);
    return vertices(header, *number);
  }

  Status point(const Header& header) {
    const std::size_t begin = at_;
    double x = 0;
    if (!read(x)) return fail("a coordinate", "the end of the bytes");
    at_ = begin;
    // An empty point is written as not-a-number.
    const bool empty = std::isnan(x);
    LayerBuilder* const builder = builder_;
    if (builder_ && !empty) builder_->part(PartKind::kPoints);
    if (empty) builder_ = nullptr;
    Status status = vertices(header, 1);
    builder_ = builder;
    return status;
  }

  Status geometry(int deep) {
    if (deep > kDeepest) return fail("at most 32 collections within each other", "more");
    const auto read_header = header();
    if (!read_header) return read_header.error();
    const Header& header = *read_header;
    switch (header.type) {
      case kPoint:
        return point(header);
      case kLineString:
        return line(header, PartKind::kLine);
      case kPolygon: {
        const auto rings = count(4);
        if (!rings) return rings.error();
        for (std::uint32_t i = 0; i < *rings; ++i) {
          if (Status status = line(header, i == 0 ? PartKind::kRing : PartKind::kHole); !status) {
            return status;
          }
        }
        return Success{};
      }
      default: {
        const auto items = count(9);
        if (!items) return items.error();
        const bool little = little_;
        for (std::uint32_t i = 0; i < *items; ++i) {
          if (Status status = geometry(deep + 1); !status) return status;
          little_ = little;
        }
        return Success{};
      }
    }
  }

  std::string_view bytes_;
  LayerBuilder* builder_;
  std::size_t at_ = 0;
  bool little_ = true;
  WkbDepth depth_;
};

static_assert(std::endian::native == std::endian::little);

}  // namespace

Result<WkbDepth> add_wkb(std::string_view bytes, LayerBuilder& builder) {
  if (Status checked = Walker(bytes, nullptr).walk(); !checked) return checked.error();
  Walker walker(bytes, &builder);
  if (Status status = walker.walk(); !status) return status.error();
  return walker.depth();
}

}  // namespace mifa::annotation
