#include <gtest/gtest.h>

#include "annotation/table_formats.h"
#include "reading.h"

namespace mifa::annotation {
namespace {

Reading read(const std::string& text, ReadOptions options = {}, std::size_t window = 1 << 16) {
  return read_with(make_table_reader, text, std::move(options), window);
}

ReadOptions over(std::vector<std::string> names) {
  ReadOptions options;
  options.image.names = std::move(names);
  return options;
}

std::array<double, 4> bounds(const Reading& reading, std::size_t object) {
  return reading->bounds(object).value_or(std::array<double, 4>{-1, -1, -1, -1});
}
using Box = std::array<double, 4>;

TEST(Table, ReadsPointsWithUnitsFromTheNames) {
  const Reading read_layer = read(
      "Name,Class,Centroid X µm,Centroid Y µm,Area µm^2\na,Tumor,1.5,2,7\n"
      "b,Stroma,3,4.25,8.5\n");
  EXPECT_EQ(read_layer.issues(), "");
  ASSERT_EQ(read_layer->size(), 2u);
  EXPECT_EQ(read_layer->kind, LayerKind::kPoints);
  EXPECT_EQ(read_layer->space.unit, Space::Unit::kPhysical);
  EXPECT_EQ(read_layer->space.unit_name, "micrometer");
  EXPECT_EQ(bounds(read_layer, 1), (Box{3, 4.25, 3, 4.25}));
  EXPECT_EQ(read_layer.category(0), "Tumor");
  EXPECT_EQ(read_layer.property("Area µm^2", 1), "8.5");
  EXPECT_EQ(read_layer->find("Area µm^2")->unit, "µm²");
  EXPECT_EQ(read_layer->place_line[1], 3u);
  const std::vector<std::pair<std::string, std::string>> mapping = {
      {"label", "Class"}, {"x", "Centroid X µm"}, {"y", "Centroid Y µm"}};
  EXPECT_EQ(read_layer->mapping, mapping);
  EXPECT_EQ(read_layer->table_columns.size(), 5u);
}

TEST(Table, TellsDelimitersAndDecimalsApart) {
  for (const char* text :
       {"x;y;a\n1,5;2,5;3\n4;5;6\n", "x\ty\ta\n1,5\t2,5\t3\n4\t5\t6\n", "x,y,a\n1.5,2.5,3\n4,5,6\n",
        "x|y|a\n1.5|2.5|3\n4|5|6\n", "x y  a\n 1.5   2.5 3\n4 5 6\n",
        "\xef\xbb\xbfx,y,a\r\n1.5,2.5,3\r\n4,5,6", "sep=;\nx;y;a\n1,5;2,5;3\n4;5;6\n",
        "# made by hand\nx,y,a\n1.5,2.5,3\n4,5,6\n", "# x,y,a\n1.5,2.5,3\n4,5,6\n",
        "\"x\",\"y\",\"a\"\n\"1.5\",2.5,3\n4,5,6\n"}) {
    const Reading points = read(text);
    ASSERT_EQ(points->size(), 2u) << text;
    EXPECT_EQ(bounds(points, 0), (Box{1.5, 2.5, 1.5, 2.5})) << text;
    EXPECT_EQ(points.property("a", 1), "6") << text;
    EXPECT_EQ(points.issues(), "") << text;
  }
}

TEST(Table, ReadsUtf16AndLatin1) {
  std::string wide = "\xff\xfe";
  for (const char c : std::string("x\ty\n1\t2\n3\t4\n")) (wide += c) += '\0';
  EXPECT_EQ(read(wide)->size(), 2u);
  const Reading latin = read("x [\xb5m],y [\xb5m],n\n1,2,\xe9\n3,4,a\n");
  EXPECT_EQ(latin->space.unit_name, "micrometer");
  EXPECT_EQ(latin.property("n", 0), "é");
  EXPECT_EQ(latin.issues(),
            "table/not-utf-8, 2: Texts of the table are not UTF-8; they are read as Latin-1.\n");
}

TEST(Table, GivesTheSameWhateverTheWindows) {
  const std::string text = "x,y,name\n1,2,\"a \"\"b\"\", c\nd\"\n3,4,plain\n5,6,\"e\"\n";
  for (std::size_t window = 1; window <= text.size(); ++window) {
    const Reading points = read(text, {}, window);
    ASSERT_EQ(points->size(), 3u) << window;
    EXPECT_EQ(points.property("name", 0), "a \"b\", c\nd") << window;
    EXPECT_EQ(points->place_line[1], 4u) << window;
    EXPECT_EQ(points.issues(), "") << window;
  }
}

TEST(Table, ReadsBoxesOfEveryKind) {
  const Box expected = {10, 20, 40, 60};
  for (const char* text :
       {"xmin,ymin,xmax,ymax\n10,20,40,60\n", "xmin,xmax,ymin,ymax\n10,40,20,60\n",
        "x,y,width,height\n10,20,30,40\n", "x_center,y_center,width,height\n25,40,30,40\n",
        "bbox-0,bbox-1,bbox-2,bbox-3\n20,10,60,40\n", "left,top,right,bottom\n10,20,40,60\n",
        "filename,width,height,class,xmin,ymin,xmax,ymax\na.png,640,480,c,10,20,40,60\n",
        " ,Area,X,Y,BX,BY,Width,Height\n1,5,7,8,10,20,30,40\n"}) {
    const Reading boxes = read(text);
    ASSERT_EQ(boxes->size(), 1u) << text;
    EXPECT_EQ(bounds(boxes, 0), expected) << text;
    EXPECT_EQ(boxes->kind, LayerKind::kBoxes) << text;
    EXPECT_EQ(boxes.issues(), "") << text;
  }
}

TEST(Table, ShowsOnlyTheOpenImagesRows) {
  const std::string text =
      "filename,class,xmin,ymin,xmax,ymax\na.jpg,c,1,2,3,4\nb.jpg,d,1,2,3,4\nb.jpg,c,5,6,7,8\n";
  const Reading boxes = read(text, over({"images/B.ome.zarr"}));
  EXPECT_EQ(boxes->size(), 2u);
  EXPECT_EQ(boxes->elsewhere, 1);
  EXPECT_EQ(boxes->images, (std::vector<std::string>{"a.jpg", "b.jpg"}));
  EXPECT_EQ(boxes.issues(), "");
  EXPECT_EQ(read(text)->size(), 3u);  // nothing is known of the image

  const Reading none = read(text, over({"c.jpg"}));
  EXPECT_EQ(none->size(), 0u);
  EXPECT_EQ(none->elsewhere, 3);
  EXPECT_EQ(none.issues(),
            "table/no-rows-of-the-image, 0: None of the 3 rows is of the open image.\n");
  EXPECT_EQ(none->issues[0].received, "rows of 2 images: \"a.jpg\", \"b.jpg\"");

  const Reading other = read("image,x,y\na.jpg,1,2\na.jpg,3,4\n", over({"renamed.tif"}));
  EXPECT_EQ(other->size(), 2u);
  EXPECT_EQ(other->elsewhere, 0);
  EXPECT_EQ(other.issues(),
            "table/other-image, 0: All rows are of the image \"a.jpg\", which is not what the open "
            "image is called; they are shown over it.\n");
}

TEST(Table, ReadsNapariPointsShapesAndTracks) {
  ReadOptions time_lapse;
  time_lapse.image.frames = 5;
  const Reading points = read("index,axis-0,axis-1,axis-2\n0,3,10,20\n1,4,11,21\n", time_lapse);
  EXPECT_EQ(bounds(points, 0), (Box{20, 10, 20, 10}));
  EXPECT_FALSE(points->space.corner);
  EXPECT_EQ(points->t_begin[1], 4);
  EXPECT_TRUE(points->z_begin.empty());

  const Reading shapes = read(
      "index,shape-type,vertex-index,axis-0,axis-1\n0,rectangle,0,0,0\n0,rectangle,1,0,4\n"
      "0,rectangle,2,3,4\n0,rectangle,3,3,0\n1,path,0,1,1\n1,path,1,2,2\n1,path,2,3,1\n"
      "2,ellipse,0,10,10\n2,ellipse,1,10,20\n2,ellipse,2,30,20\n2,ellipse,3,30,10\n");
  EXPECT_EQ(shapes.issues(), "");
  ASSERT_EQ(shapes->size(), 3u);
  EXPECT_EQ(shapes->kind, LayerKind::kShapes);
  EXPECT_EQ(bounds(shapes, 0), (Box{0, 0, 4, 3}));
  EXPECT_EQ(shapes->shapes[1], Shape::kLine);
  EXPECT_EQ(bounds(shapes, 2), (Box{10, 10, 20, 30}));

  const Reading tracks = read("ID,T,Y,X\n1,0,5,6\n1,1,5,7\n2,0,1,1\n2,2,2,2\n");
  EXPECT_EQ(tracks->kind, LayerKind::kTracks);
  ASSERT_EQ(tracks->links.size(), 2u);
  EXPECT_EQ(tracks->links[1].from, 2u);  // over the gap
  EXPECT_EQ(tracks->links[1].to, 3u);
  EXPECT_EQ(tracks->with_role(Role::kTrack)->name(), "ID");
  EXPECT_EQ(tracks.issues(), "");
}

TEST(Table, ReadsTrackMatesTableOfSpots) {
  const Reading spots = read(file_text("tests/vectors/annotation/table/trackmate-spots.csv"));
  EXPECT_EQ(spots.issues(), "");
  ASSERT_EQ(spots->size(), 3u);
  EXPECT_EQ(spots->kind, LayerKind::kTracks);
  EXPECT_EQ(spots->space.unit_name, "micrometer");
  EXPECT_EQ(bounds(spots, 1), (Box{2.5, 3.5, 2.5, 3.5}));
  EXPECT_EQ(spots->t_begin[1], 1);
  EXPECT_EQ(spots->find("RADIUS")->unit, "micrometer");
  EXPECT_EQ(spots->with_role(Role::kTrack)->name(), "TRACK_ID");
  ASSERT_EQ(spots->links.size(), 1u);
  EXPECT_EQ(spots->place_line[0], 5u);
}

TEST(Table, LinksParentsToDaughters) {
  const Reading tracks = read(
      "ID,t,x,y,z,parent,root\n1,0,5,6,0,1,1\n1,1,5,7,0,1,1\n2,2,1,1,0,1,1\n3,2,2,2,0,1,1\n3,3,2,2,"
      "0,1,1\n");
  EXPECT_EQ(tracks.issues(), "");
  ASSERT_EQ(tracks->links.size(), 4u);
  EXPECT_EQ(tracks->links[2].from, 1u);
  EXPECT_EQ(tracks->links[2].to, 2u);
  EXPECT_EQ(tracks->links[3].to, 3u);
}

TEST(Table, SaysWhatIsWrongWithALineage) {
  EXPECT_EQ(
      read("track_id,frame,x,y,parent\n1,0,1,1,2\n2,0,1,1,3\n3,0,1,1,1\n4,5,1,1,\n").issues(),
      "tracks/cycle, 2: Parents go round in a circle: 1 from 2 from 3 from 1; none of these is "
      "drawn as a descent.\n");
  EXPECT_EQ(
      read("track_id,frame,x,y,parent\n1,5,1,1,\n2,3,1,1,1\n").issues(),
      "tracks/parent-later, 3: The parent of track 2, track 1, begins on frame 5, not before its "
      "child on frame 3.\n");
  EXPECT_EQ(
      read("track_id,frame,x,y,parent\n1,5,1,1,0\n2,3,1,1,7.0\n").issues(),
      "tracks/parent-missing, 3: The parent of track 2, track 7, is not in the file.\n");
  EXPECT_EQ(
      read("track_id,frame,x,y\n1,5,1,1\n1,5,2,2\n1,6,2,2\n").issues(),
      "tracks/twice-in-a-frame, 3: Two objects of track 1 are on frame 5; the second is linked to "
      "none.\n");
}

TEST(Table, ReadsClassLabelsOfImagesAndOfStructures) {
  const Reading images = read("file,class\na.png,mitotic\nb.png,interphase\n", over({"b.tif"}));
  EXPECT_EQ(images->kind, LayerKind::kClassLabels);
  ASSERT_EQ(images->size(), 1u);
  EXPECT_EQ(images.category(0), "interphase");
  EXPECT_EQ(images->shapes[0], Shape::kNone);
  EXPECT_EQ(images->elsewhere, 1);

  const Reading cells = read("label_id,cell_type,area\n1,T,5.5\n2,B,6\n3,T,7\n");
  EXPECT_EQ(cells->kind, LayerKind::kClassLabels);
  EXPECT_EQ(cells->with_role(Role::kInstance)->integer(2), 3);
  EXPECT_EQ(cells->categories[0].count, 2);

  // scikit-image calls the mask's value "label".
  const Reading measured =
      read("label,area,centroid-0,centroid-1\n1,5,10,20\n2,6,30,40\n3,7,50,60\n");
  EXPECT_EQ(measured->with_role(Role::kInstance)->name(), "label");
  EXPECT_TRUE(measured->categories.empty());
  EXPECT_EQ(bounds(measured, 0), (Box{20, 10, 20, 10}));
}

TEST(Table, ReadsCounts) {
  const Reading counts =
      read("image,class,count\na.png,cells,12\na.png,debris,3\nb.png,cells,1\n", over({"a"}));
  EXPECT_EQ(counts->kind, LayerKind::kCounts);
  EXPECT_EQ(counts->size(), 2u);
  EXPECT_EQ(counts->with_role(Role::kCount)->integer(0), 12);
}

TEST(Table, TakesTheUsersMapping) {
  ReadOptions options;
  options.mapping = {{"x", "b"}, {"y", "a"}, {"label", "c"}};
  const Reading points = read("a,b,c,class\n1,2,u,v\n3,4,w,x\n", options);
  EXPECT_EQ(bounds(points, 0), (Box{2, 1, 2, 1}));
  EXPECT_EQ(points.category(0), "u");
  EXPECT_EQ(points.property("class", 0), "v");
  // Nothing is recognised: the rows are listed, and what to do is said.
  const Reading unknown = read("a,b,c\n1,2,u\n3,4,w\n");
  EXPECT_EQ(unknown->size(), 2u);
  EXPECT_EQ(
      unknown.issues(),
      "table/no-known-column, 1: No column is known as a position, a box, a class or a count: the "
      "rows are listed, not drawn.\n");
}

TEST(Table, ReadsTablesWithoutNames) {
  const Reading points = read("1.5,2,a\n3,4,b\n");
  ASSERT_EQ(points->size(), 2u);
  EXPECT_EQ(bounds(points, 0), (Box{1.5, 2, 1.5, 2}));
  EXPECT_EQ(points.category(1), "b");
  EXPECT_EQ(
      points.issues(),
      "table/no-header, 1: The table has no names of columns; the first numbers of a row are taken "
      "as x and y.\n");
  EXPECT_EQ(read("a.png,cat\nb.png,dog\n")->with_role(Role::kImage)->text(1), "b.png");
  EXPECT_EQ(read("a.png,12\nb.png,7\n")->kind, LayerKind::kCounts);
}

TEST(Table, CountsFramesFromZero) {
  ReadOptions options;
  options.image.frames = 3;
  const Reading tracks = read("track,frame,x,y\n1,1,0,0\n1,2,0,0\n1,3,0,0\n", options);
  EXPECT_EQ(tracks->t_begin[0], 0);
  EXPECT_EQ(tracks->t_end[2], 2);
  EXPECT_EQ(
      tracks.issues(),
      "table/counts-from-one, 0: The table counts frames from 1: the last of the image's 3 is "
      "used.\n");
}

TEST(Table, SeesNormalizedCoordinates) {
  ReadOptions options;
  options.image.width = options.image.height = 100;
  const Reading points =
      read("x,y\n0.1,0.2\n0.5,0.5\n0.9,1\n0,0\n0.3,0.3\n0.1,0.9\n0.2,0.2\n0.7,0.7\n", options);
  EXPECT_EQ(points->space.unit, Space::Unit::kNormalized);
}

TEST(Table, KeepsTextsThatLookLikeNumbers) {
  const Reading points = read("x,y,well,big\n1,2,007,18446744073709551615\n3,4,010,1\n");
  EXPECT_EQ(points.property("well", 0), "007");
  EXPECT_EQ(points.property("big", 0), "18446744073709551615");
}

struct Broken {
  const char* file;
  std::size_t objects;
  const char* issues;
};
TEST(Table, SaysWhatIsWrong) {
  const Broken kAll[] = {
      {"text-where-a-number-belongs.csv", 3,
       "table/not-a-number, 3: The column \"x\" has no number in row 2: the row is listed, not "
       "drawn.\n"},
      {"missing-coordinate.csv", 3,
       "table/missing-value, 3: The column \"y\" has no number in row 2: the row is listed, not "
       "drawn.\n"},
      {"unquoted-comma.csv", 3,
       "table/row-length, 3: Row 2 has 4 cells, not 3; those beyond are left out.\n"},
      {"truncated.csv", 3,
       "table/row-length, 4: Row 3 has 2 cells, not 3; the missing ones are empty.\n"},
      {"quote-never-closed.csv", 3,
       "table/quote, 3: A quote is opened in line 3 and never closed; it is taken as a character "
       "of that "
       "line.\n"},
      {"two-columns-of-one-name.csv", 2,
       "table/same-name, 1: Two columns are called \"x\"; the later one has a number added.\n"},
      {"infinite-coordinate.csv", 2,
       "annotation/coordinate-not-finite, 3: An object has coordinates that are no finite numbers; "
       "they "
       "are left out.\n"},
      {"header-only.csv", 0, "table/no-rows, 1: The table has names of columns and no rows.\n"},
  };
  for (const Broken& broken : kAll) {
    const Reading table =
        read(file_text(std::string("tests/vectors/annotation/table/") + broken.file));
    EXPECT_TRUE(table.status) << broken.file;
    EXPECT_EQ(table->size(), broken.objects) << broken.file;
    EXPECT_EQ(table.issues(), broken.issues) << broken.file;
  }
  // The row and what to do are told, too.
  const Reading table =
      read(file_text("tests/vectors/annotation/table/text-where-a-number-belongs.csv"));
  EXPECT_EQ(table->issues[0].row, 2);
  EXPECT_EQ(table->issues[0].received, "\"left\"");
  EXPECT_EQ(table->issues[0].fix, "Write the number, or choose another column for \"x\".");
  const Reading empty = read("\n\n");
  ASSERT_FALSE(empty.status);
  EXPECT_EQ(empty.status.error().message,
            "Expected a table in test, received a file without a line of text. Export it again.");
}

TEST(Table, TellsTablesFromOtherTexts) {
  const auto sniff = [](const std::string& name, const std::string& text) {
    return sniff_table({name, text, true});
  };
  EXPECT_GE(sniff("a.csv", "x,y\n1,2\n"), 60);
  EXPECT_GE(sniff("a", "filename\tclass\na.png\tb\n"), 45);
  EXPECT_EQ(sniff("a.json", "{\"a\": 1,\n\"b\": 2}"), 0);
  EXPECT_EQ(sniff("a.xml", "<a>\n</a>"), 0);
  EXPECT_EQ(sniff("readme.txt", "This is, in short, a text.\nIt has commas, and lines.\n"), 0);
  EXPECT_EQ(sniff("a.bin", std::string("a,b\n\x01\x02,c\n")), 0);
  EXPECT_EQ(sniff("a.csv", ""), 0);
}

// The numbers are those of Python's csv module.
TEST(Table, ReadsRealBoxes) {
  REQUIRE_FIXTURE("classlabels/bccd_boxes.csv");
  const std::string text = file_text(fixture("classlabels/bccd_boxes.csv"));
  const Reading boxes = read(text, over({"BloodImage_00001.jpg"}));
  EXPECT_EQ(boxes.issues(), "");
  EXPECT_EQ(boxes->kind, LayerKind::kBoxes);
  EXPECT_EQ(boxes->size(), 19u);
  EXPECT_EQ(boxes->elsewhere, 4869);
  EXPECT_EQ(boxes->images.size(), 364u);
  const Reading all = read(text);
  double sum = 0;
  for (std::size_t i = 0; i < all->size(); ++i) sum += bounds(all, i)[0] + bounds(all, i)[3];
  EXPECT_EQ(all->size(), 4888u);
  EXPECT_EQ(sum, 2732750);
  std::string classes;
  for (const Category& one : all->categories)
    classes += one.name + " " + std::to_string(one.count) + " ";
  EXPECT_EQ(classes, "WBC 372 RBC 4155 Platelets 361 ");
}

struct Real {
  const char* file;
  std::size_t rows;
  LayerKind kind;
  double sum;  // of x, and y where `y`
  bool y;
  const char* mapping;
};
TEST(Table, ReadsRealTables) {
  REQUIRE_FIXTURE("points");
  const Real kAll[] = {
      {"points/navis-synapses/722817260.csv", 3136, LayerKind::kPoints, 146138350, true,
       "id=connector_id label=type x=x y=y z=z score=confidence "},
      {"points/birl-landmarks/landmarks/artificial_reference.csv", 12, LayerKind::kPoints, 4368,
       false, "id=index x=X y=Y "},
      {"counts/brainglobe/region_totals.csv", 662, LayerKind::kCounts, 0, false,
       "label=structure_name count=total_cells "},
      {"counts/brainglobe/volumes.csv", 4, LayerKind::kClassLabels, 0, false,
       "label=structure_name "},
      {"classlabels/idr0062.csv", 22, LayerKind::kClassLabels, 0, false, "image=Image Name "},
      {"tracks/btrack/test_data.csv", 1399, LayerKind::kPoints, 771166.94, false,
       "frame=t x=x y=y z=z label=label "},
      {"tracks/trackmate-csv-xml/trackmate_tracks_with_splitting.csv", 130, LayerKind::kTracks,
       10012.812, false,
       "id=index source=spot_source_id target=spot_target_id track=track_id frame=source_frame "
       "xmin=source_position_x ymin=source_position_y xmax=target_position_x "
       "ymax=target_position_y "},
      {"tracks/trackmate-csv-xml/trackmate_tracks_with_splitting_spots.csv", 134,
       LayerKind::kPoints, 0, false, "id=id frame=frame x=position_x y=position_y "},
      {"tracks/trackmate-csv-xml/trackmate_tracks_with_splitting_edges.csv", 130, LayerKind::kGraph,
       0, false, "id=index source=spot_source_id target=spot_target_id track=track_id "},
  };
  for (const Real& real : kAll) {
    const Reading table = read(file_text(fixture(real.file)));
    std::string mapping;
    for (const auto& [part, column] : table->mapping) mapping += part + "=" + column + " ";
    EXPECT_EQ(mapping, real.mapping) << real.file;
    EXPECT_EQ(table->size(), real.rows) << real.file;
    EXPECT_EQ(table->kind, real.kind) << real.file;
    double sum = 0;
    for (std::size_t i = 0; i < table->vertices(); ++i) {
      const bool from =
          table->kind != LayerKind::kTracks || i % 2 == 0;  // of lines, their beginnings
      if (from) sum += static_cast<double>(table->xy[2 * i]);
      if (real.y) sum += static_cast<double>(table->xy[2 * i + 1]);
    }
    if (real.sum > 0) EXPECT_NEAR(sum, real.sum, real.sum * 1e-7) << real.file;
  }
}

}  // namespace
}  // namespace mifa::annotation
