// Every file in tests/vectors/annotation/<format>/{valid,invalid} is read; what comes out of it,
// issues and all, is in the file of the same name with ".expected" behind it. That file's first
// lines say what was given along with it:
//   over NAME WIDTHxHEIGHT [DEPTHz] [FRAMESt]    the open image
//   beside NAME                                  a companion, from the same folder
// MIFASCOPE_WRITE_EXPECTED=1 writes the rest anew: read it before it is committed.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <sstream>

#include "annotation/curves.h"
#include "reading.h"

namespace mifa::annotation {
namespace {

namespace fs = std::filesystem;

constexpr const char* kFormats[] = {"coco",    "cvat",    "imagej-roi", "imagej-roi-zip",
                                    "labelme", "ome-roi", "via",        "via-csv",
                                    "voc",     "yolo"};

std::string shown(double value) {
  char text[40];
  std::snprintf(text, sizeof text, "%.6g", value == 0 ? 0 : value);
  return text;
}

std::string part_text(const Layer& layer, std::size_t part) {
  constexpr const char* kNames[] = {"points", "line", "ring", "hole", "box", "inner"};
  std::string text = kNames[static_cast<std::size_t>(layer.part_kind[part])];
  const std::size_t begin = layer.vertex_begin[part], end = layer.vertex_begin[part + 1];
  const auto at = [&](std::size_t i) {
    return Vertex{layer.xy[2 * i] + layer.origin[0], layer.xy[2 * i + 1] + layer.origin[1]};
  };
  std::vector<Vertex> vertices;
  for (std::size_t i = begin; i < end; ++i) vertices.push_back(at(i));
  if (vertices.size() <= 12) {
    for (const Vertex& v : vertices) text += " " + shown(v.x) + "," + shown(v.y);
    return text;
  }
  std::array<double, 4> box = {1e300, 1e300, -1e300, -1e300};
  for (const Vertex& v : vertices) {
    box = {std::min(box[0], v.x), std::min(box[1], v.y), std::max(box[2], v.x),
           std::max(box[3], v.y)};
  }
  return text + " of " + std::to_string(vertices.size()) + " vertices in " + shown(box[0]) + "," +
         shown(box[1]) + " " + shown(box[2]) + "," + shown(box[3]) + ", area " +
         shown(ring_area(vertices));
}

void write_object(std::ostream& out, const Layer& layer, std::size_t i) {
  out << "object";
  if (!layer.pointer(i).empty()) out << " " << layer.pointer(i);
  if (layer.place_line[i] > 0) out << " line " << layer.place_line[i];
  out << " " << shape_name(layer.shapes[i]);
  if (layer.category[i] >= 0)
    out << " \"" << layer.categories[static_cast<std::size_t>(layer.category[i])].name << "\"";
  if (!layer.t_begin.empty() && layer.t_begin[i] == layer.t_begin[i])
    out << " t " << layer.t_begin[i] << ".." << layer.t_end[i];
  if (!layer.z_begin.empty() && layer.z_begin[i] == layer.z_begin[i])
    out << " z " << layer.z_begin[i] << ".." << layer.z_end[i];
  out << "\n";
  for (std::size_t part = layer.part_begin[i]; part < layer.part_begin[i + 1]; ++part) {
    out << "  " << part_text(layer, part) << "\n";
  }
  for (const auto& column : layer.columns) {
    if (!column->has(i)) continue;
    out << "  " << column->name();
    if (column->role != Role::kNone) out << " (" << role_name(column->role) << ")";
    out << ": " << column->text(i) << "\n";
  }
}

std::string dump(const Reading& reading) {
  const Layer& layer = *reading.layer;
  std::ostringstream out;
  out << "kind " << layer_kind_name(layer.kind);
  if (layer.space.unit == Space::Unit::kNormalized) out << ", normalized";
  if (!layer.space.corner) out << ", from the centre";
  out << "\n";
  for (const std::string& name : layer.images) out << "image \"" << name << "\"\n";
  if (layer.elsewhere > 0) out << "elsewhere " << layer.elsewhere << "\n";
  for (const Category& category : layer.categories) {
    out << "category \"" << category.name << "\"";
    if (!category.id.empty()) out << " id " << category.id;
    if (category.color) {
      char text[8];
      std::snprintf(text, sizeof text, "#%02x%02x%02x", (*category.color)[0], (*category.color)[1],
                    (*category.color)[2]);
      out << " " << text;
    }
    out << ": " << category.count << "\n";
  }
  for (std::size_t i = 0; i < layer.size(); ++i) write_object(out, layer, i);
  for (std::size_t i = 0; i < layer.links.size(); ++i) {
    out << "link " << layer.links[i].from << " → " << layer.links[i].to << "\n";
  }
  for (const Issue& issue : layer.issues) {
    out << severity_name(issue.severity) << " " << issue.rule;
    if (issue.file != layer.file) out << " in " << issue.file;
    if (issue.line > 0) out << " line " << issue.line;
    if (!issue.pointer.empty()) out << " " << issue.pointer;
    out << ": " << issue.message << "\n  expected " << issue.expected << "\n  received "
        << issue.received << "\n  fix: " << issue.fix << "\n";
  }
  if (layer.issues_untold > 0) out << "untold " << layer.issues_untold << "\n";
  if (!reading.status) {
    out << "Error (" << error_code_name(reading.status.error().code)
        << "): " << reading.status.error().message << "\n";
  }
  return out.str();
}

struct Given {
  std::string heading;  // its lines as written
  ReadOptions options;
};

Given read_given(const fs::path& file) {
  Given given;
  std::istringstream expected(file_text(fs::path(file.string() + ".expected")));
  std::string line;
  while (std::getline(expected, line)) {
    std::istringstream words(line);
    std::string kind, name, word;
    words >> kind >> name;
    if (kind != "over" && kind != "beside") break;
    given.heading += line + "\n";
    if (kind == "beside") {
      given.options.companions[name] = file_text(file.parent_path() / name);
      continue;
    }
    ImageContext& image = given.options.image;
    if (name != "-") image.names.push_back(name);
    while (words >> word) {
      long long a = 0, b = 0;
      if (std::sscanf(word.c_str(), "%lldx%lld", &a, &b) == 2)
        image.width = a, image.height = b;
      else if (word.back() == 'z')
        image.depth = std::atoll(word.c_str());
      else if (word.back() == 't')
        image.frames = std::atoll(word.c_str());
    }
  }
  given.options.file = file.filename();
  return given;
}

TEST(AnnotationVectors, AreReadAsExpected) {
  const bool write = std::getenv("MIFASCOPE_WRITE_EXPECTED") != nullptr;
  int files = 0;
  for (const char* id : kFormats) {
    const Format* format = find_format(id);
    ASSERT_NE(format, nullptr) << id;
    for (const char* folder : {"valid", "invalid"}) {
      const fs::path root = fs::path("tests/vectors/annotation") / id / folder;
      ASSERT_TRUE(fs::exists(root)) << root;
      std::vector<fs::path> paths;
      for (const auto& entry : fs::directory_iterator(root)) {
        const std::string name = entry.path().filename();
        const bool companion =
            name == "classes.txt" || name == "obj.names" || name.ends_with(".yaml");
        if (entry.is_regular_file() && !name.ends_with(".expected") && !companion)
          paths.push_back(entry.path());
      }
      EXPECT_FALSE(paths.empty()) << root;
      std::sort(paths.begin(), paths.end());
      for (const fs::path& path : paths) {
        ++files;
        SCOPED_TRACE(path.string());
        Given given = read_given(path);
        const Reading reading = read_with(format->make, file_text(path), given.options);
        const std::string text = given.heading + dump(reading);
        const fs::path expected(path.string() + ".expected");
        if (write) std::ofstream(expected) << text;
        EXPECT_EQ(text, file_text(expected));
        const bool told = !reading.layer->issues.empty() || !reading.status;
        if (std::string_view(folder) == "invalid")
          EXPECT_TRUE(told) << "nothing was said about it";
        else
          EXPECT_TRUE(reading.status);
      }
    }
  }
  EXPECT_GE(files, 100);
}

// What each file looks like is recognised, before any other format.
TEST(AnnotationVectors, AreRecognised) {
  for (const char* id : kFormats) {
    for (const auto& entry :
         fs::directory_iterator(fs::path("tests/vectors/annotation") / id / "valid")) {
      const std::string name = entry.path().filename();
      if (name.ends_with(".expected") || name == "classes.txt" || name == "obj.names" ||
          name.ends_with(".yaml"))
        continue;
      const std::string text = file_text(entry.path());
      const auto found = detect_format(
          {name, std::string_view(text).substr(0, kHeadBytes), text.size() <= kHeadBytes});
      ASSERT_TRUE(found) << entry.path();
      EXPECT_STREQ((*found)->id, id) << entry.path();
    }
  }
}

}  // namespace
}  // namespace mifa::annotation
