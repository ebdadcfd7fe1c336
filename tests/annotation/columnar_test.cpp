#include "annotation/columnar.h"

#include <gtest/gtest.h>

#include <cstring>

#include "annotation/wkb.h"
#include "reading.h"

namespace mifa::annotation {
namespace {

// What web/annotations/sources/columns.ts packs.
class Columns {
 public:
  explicit Columns(std::int64_t rows) : rows_(rows) {}

  template <typename T>
  Columns& add(const std::string& name, const std::string& part, const char* type,
               const std::vector<T>& values, const std::string& more = {}) {
    const std::string data = section(values.data(), values.size() * sizeof(T));
    columns_ += (columns_.empty() ? "" : ",") + std::string("{\"name\":\"") + name +
                "\",\"part\":\"" + part + "\",\"type\":\"" + type + "\",\"data\":" + data + more +
                "}";
    return *this;
  }
  Columns& add_bytes(const std::string& name, const std::string& part, const char* type,
                     const std::vector<std::string>& values) {
    std::string bytes;
    std::vector<std::uint32_t> offsets = {0};
    for (const std::string& value : values) {
      bytes += value;
      offsets.push_back(static_cast<std::uint32_t>(bytes.size()));
    }
    const std::string at = section(offsets.data(), offsets.size() * 4);
    return add(name, part, type, std::vector<char>(bytes.begin(), bytes.end()),
               ",\"offsets\":" + at);
  }
  std::string section(const void* data, std::size_t bytes) {
    while (data_.size() % 8 != 0) data_ += '\0';
    const std::size_t at = data_.size();
    if (bytes > 0) data_.append(static_cast<const char*>(data), bytes);
    return "{\"at\":" + std::to_string(at) + ",\"bytes\":" + std::to_string(bytes) + "}";
  }
  std::string pack(const std::string& more = {}) const {
    const std::string header =
        "{\"rows\":" + std::to_string(rows_) + ",\"columns\":[" + columns_ + "]" + more + "}";
    std::string file = "MIFACOL1";
    const auto length = static_cast<std::uint32_t>(header.size());
    file.append(reinterpret_cast<const char*>(&length), 4);
    file.append(4, '\0');
    file += header;
    while (file.size() % 8 != 0) file += '\0';
    return file + data_;
  }

 private:
  std::int64_t rows_;
  std::string columns_, data_;
};

Reading read(const std::string& file) { return read_with(make_columnar_reader, file); }

using Box = std::array<double, 4>;

std::string wkb_point(double x, double y) {
  std::string bytes("\x01\x01\0\0\0", 5);
  bytes.append(reinterpret_cast<const char*>(&x), 8);
  bytes.append(reinterpret_cast<const char*>(&y), 8);
  return bytes;
}

TEST(Columnar, ReadsAGraphOfNodesAndEdges) {
  Columns columns(4);
  columns.add<std::int64_t>("id", "id", "i8", {10, 11, 12, 13})
      .add<std::int16_t>("t", "frame", "i2", {0, 1, 2, 2})
      .add<double>("x", "x", "f8", {1, 2, 3, 4})
      .add<float>("y", "y", "f4", {1, 2, 3, 4.5})
      .add<std::uint8_t>("alive", "", "bool", {1, 0, 1, 1},
                         ",\"valid\":" + columns.section("\1\1\0\1", 4));
  const std::vector<std::int64_t> edges = {10, 11, 11, 12, 13, 11, 12, 99, 12, 12};
  const std::string at = columns.section(edges.data(), edges.size() * 8);
  const Reading graph =
      read(columns.pack(",\"place\":[\"/nodes/\",\"\"],\"edges\":{\"data\":" + at + "}"));
  ASSERT_TRUE(graph.status) << graph.status.error().message;
  EXPECT_EQ(graph->size(), 4u);
  EXPECT_EQ(graph->kind, LayerKind::kTracks);
  EXPECT_EQ(graph->bounds(3), (Box{4, 4.5, 4, 4.5}));
  EXPECT_EQ(graph.property("alive", 1), "0");
  EXPECT_EQ(graph.property("alive", 2), "");
  EXPECT_EQ(graph->pointer(2), "/nodes/2");
  ASSERT_EQ(graph->links.size(), 3u);
  EXPECT_EQ(graph->links[2].from, 1u);  // turned round
  EXPECT_EQ(graph->links[2].to, 3u);
  EXPECT_EQ(graph.issues(),
            "graph/edge-without-node, 0: Edge 4 leads to the node 99, which is not there; it is "
            "left out.\n"
            "graph/edge-to-itself, 0: 1 edges lead from a node to itself; they are left out.\n"
            "graph/edge-backwards, 0: 1 edges lead back in time; they are drawn forwards.\n");
}

TEST(Columnar, ReadsGeometriesTextsAndCategories) {
  Columns columns(3);
  columns.add_bytes("geometry", "geometry", "wkb", {wkb_point(1, 2), "", "\x01\x02"})
      .add_bytes("name", "", "text", {"a", "", "c"})
      .add<std::int32_t>("kind", "label", "category", {1, -1, 0}, ",\"texts\":[\"T\",\"B\"]");
  const Reading layer = read(columns.pack(
      ",\"space\":{\"unit\":\"physical\",\"unitName\":\"micrometer\",\"affine\":[2,0,5,0,2,6]}"));
  EXPECT_EQ(layer->bounds(0), (Box{1, 2, 1, 2}));
  EXPECT_EQ(layer.category(0), "B");
  EXPECT_EQ(layer.category(1), "");
  EXPECT_EQ(layer.property("name", 2), "c");
  EXPECT_EQ(layer->space.unit_name, "micrometer");
  EXPECT_EQ(layer->space.affine[2], 5);
  EXPECT_EQ(layer.issues(),
            "columns/geometry, 0: The geometry of row 3 cannot be read: expected a byte order and "
            "a type at byte "
            "0 of a WKB geometry, received the end of the bytes. The row is listed, not drawn.\n");
}

TEST(Columnar, DrawsCirclesOfARadius) {
  Columns columns(1);
  columns.add_bytes("geometry", "geometry", "wkb", {wkb_point(10, 20)})
      .add<double>("radius", "radius", "f8", {5});
  const Reading layer = read(columns.pack());
  EXPECT_EQ(layer->shapes[0], Shape::kPolygon);
  EXPECT_EQ(layer->bounds(0), (Box{5, 15, 15, 25}));
  EXPECT_EQ(layer.property("radius", 0), "5");
}

TEST(Columnar, RecognisesColumnsByTheirNames) {
  Columns columns(2);
  columns.add<double>("x", "", "f8", {1, 2})
      .add<double>("y", "", "f8", {3, 4})
      .add<std::int64_t>("cell_id", "", "i8", {7, 8});
  const Reading layer = read(columns.pack(",\"recognise\":true"));
  EXPECT_EQ(layer->bounds(1), (Box{2, 4, 2, 4}));
  EXPECT_EQ(layer->with_role(Role::kId)->integer(1), 8);
}

TEST(Columnar, RefusesWhatDoesNotFit) {
  Columns columns(3);
  columns.add<double>("x", "x", "f8", {1, 2});
  EXPECT_EQ(read(columns.pack()).status.error().message,
            "Expected a value a row in the column \"x\" in the columns of test, received an object "
            "with 2 members.");
  EXPECT_FALSE(read("MIFACOL1\xff\xff\xff\x7f").status);
  EXPECT_FALSE(read("MIFACOL1").status);
  EXPECT_FALSE(read(Columns(-1).pack()).status);
}

std::string hex(const char* text) {
  std::string bytes;
  for (; text[0] && text[1]; text += 2) {
    const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
    bytes += static_cast<char>(16 * digit(text[0]) + digit(text[1]));
  }
  return bytes;
}

std::string read_wkb(const std::string& bytes) {
  LayerBuilder builder("a");
  builder.begin(0);
  const auto depth = add_wkb(bytes, builder);
  builder.end();
  const auto layer = builder.take();
  if (!depth) return depth.error().message;
  std::string text = std::string(shape_name(layer->shapes[0])) + " " +
                     std::to_string(layer->parts()) + " parts " +
                     std::to_string(layer->vertices()) + " vertices";
  if (depth->known)
    text += " z " + std::to_string(depth->least) + " to " + std::to_string(depth->greatest);
  return text;
}

TEST(Wkb, ReadsEveryTypeInBothByteOrders) {
  // POINT (2 4), big-endian; POINT Z (1 2 3) as ISO and as EWKB with an SRID.
  EXPECT_EQ(read_wkb(hex("000000000140000000000000004010000000000000")),
            "point 1 parts 1 vertices");
  EXPECT_EQ(read_wkb(hex("01e9030000000000000000f03f00000000000000400000000000000840")),
            "point 1 parts 1 vertices z 3.000000 to 3.000000");
  EXPECT_EQ(read_wkb(hex("01010000a0e6100000000000000000f03f00000000000000400000000000000840")),
            "point 1 parts 1 vertices z 3.000000 to 3.000000");
  // POINT EMPTY, GEOMETRYCOLLECTION EMPTY
  EXPECT_EQ(read_wkb(hex("0101000000000000000000f87f000000000000f87f")), "none 0 parts 0 vertices");
  EXPECT_EQ(read_wkb(hex("010700000000000000")), "none 0 parts 0 vertices");
  // LINESTRING (0 0, 1 1)
  EXPECT_EQ(read_wkb(hex("0102000000020000000000000000000000000000000000000000000000"
                         "0000f03f000000000000f03f")),
            "line 1 parts 2 vertices");
  // POLYGON ((0 0, 4 0, 4 4, 0 0)), its last vertex not kept
  const std::string polygon =
      hex("0103000000010000000400000000000000000000000000000000000000000000000000104000000000000000"
          "000000"
          "000000001040000000000000104000000000000000000000000000000000");
  EXPECT_EQ(read_wkb(polygon), "polygon 1 parts 3 vertices");
  EXPECT_EQ(read_wkb(hex("010600000002000000") + polygon + polygon), "polygon 2 parts 6 vertices");
  EXPECT_EQ(read_wkb(hex("010700000002000000") + polygon + wkb_point(1, 1)),
            "mixed 2 parts 4 vertices");
}

TEST(Wkb, SaysWhereItBreaks) {
  EXPECT_EQ(read_wkb(hex("01")),
            "expected a byte order and a type at byte 0 of a WKB geometry, received the end of the "
            "bytes");
  EXPECT_EQ(read_wkb(hex("0501000000")),
            "expected a byte order, 0 or 1 at byte 0 of a WKB geometry, received 5");
  EXPECT_EQ(read_wkb(hex("0108000000")),
            "expected a Point, LineString, Polygon, a Multi… of these, or a GeometryCollection at "
            "byte 1 of a WKB "
            "geometry, received CircularString");
  EXPECT_EQ(read_wkb(hex("0102000000ffffffff")),
            "expected 4294967295 items at byte 9 of a WKB geometry, received 0 bytes");
  EXPECT_EQ(read_wkb(wkb_point(1, 2) + "x"),
            "expected the end of the geometry at byte 21 of a WKB geometry, received 1 more bytes");
  std::string deep;
  for (int i = 0; i < 40; ++i) deep += hex("010700000001000000");
  EXPECT_NE(read_wkb(deep + wkb_point(1, 2)).find("at most 32 collections"), std::string::npos);
}

}  // namespace
}  // namespace mifa::annotation
