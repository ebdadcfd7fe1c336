// AnnData in Zarr (anndata.readthedocs.io, "On-disk format", 0.8 and later): its own rules, the places
// of its observations, and what a table of SpatialData says of the objects that it is about.
#include <algorithm>
#include <cmath>

#include "annotation/column_pack.h"
#include "annotation/zarr_group.h"

namespace mifa::annotation {
namespace {

constexpr std::size_t kMostColumns = 10'000;
// obsm keys that hold places on an image; embeddings such as X_umap are none.
constexpr const char* kPlaces[] = {"spatial", "X_spatial", "centroids", "spatial_pixel"};

std::string path_of(const std::string& folder, const std::string& name) {
  return folder.empty() ? name : folder + "/" + name;
}

std::string parent_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? std::string() : path.substr(0, slash);
}

std::string text_of(const std::vector<std::int64_t>& shape) {
  std::string text;
  for (const std::int64_t extent : shape) text += (text.empty() ? "" : " × ") + std::to_string(extent);
  return text.empty() ? "no shape" : text;
}

class AnnDataReader {
 public:
  AnnDataReader(ZarrGroup& zarr, const std::string& path, GroupFindings& findings)
      : zarr_(zarr), path_(path), findings_(findings), root_(zarr.node(path)) {}

  void read() {
    if (!root_.attributes["encoding-version"].string()) {
      tell("anndata/encoding", path_, "The table does not say which version of its encoding it has.",
           "a text \"encoding-version\"", root_.attributes["encoding-version"].describe(),
           "Write the table again with a current version of anndata.");
    }
    const auto rows = read_frame("obs"), columns = read_frame("var");
    if (rows) findings_.objects = *rows;
    if (rows && columns) read_shapes(*rows, *columns);
    if (rows) read_places(*rows);
    read_region(rows);
  }

 private:
  void tell(const char* rule, const std::string& place, std::string message, std::string expected,
            std::string received, std::string fix, Severity severity = Severity::kError) {
    findings_.tell(rule, severity, place, std::move(message), std::move(expected), std::move(received), std::move(fix));
  }

  // A data frame: how many rows it has; nothing where that is not known.
  std::optional<std::int64_t> read_frame(const std::string& name) {
    const std::string place = path_of(path_, name);
    const ZarrNode frame = zarr_.node(place);
    const std::string what = name == "obs" ? "observations" : "variables";
    const std::string fix = "Write the table again with anndata.";
    if (!frame.is_group()) {
      tell("anndata/element", place, "The table of " + what + " is not there.", "a data frame \"" + name + "\"", "nothing", fix);
      return std::nullopt;
    }
    if (frame.attributes["encoding-type"].string() != "dataframe") {
      tell("anndata/encoding", place, "The table of " + what + " is not encoded as a data frame.",
           "\"encoding-type\": \"dataframe\"", frame.attributes["encoding-type"].describe(), fix);
      return std::nullopt;
    }
    const auto index = frame.attributes["_index"].string();
    const JsonView order = frame.attributes["column-order"];
    if (!index || !order.is_array()) {
      tell("anndata/dataframe", place, "The data frame does not say what its index and its columns are.",
           "a text \"_index\" and a list \"column-order\"",
           !index ? frame.attributes["_index"].describe() : order.describe(), fix);
      return std::nullopt;
    }
    const std::string names = path_of(place, *index);
    const ZarrNode index_node = zarr_.node(names);
    if (index_node.kind == ZarrNode::Kind::kMissing) {
      tell("anndata/dataframe", names, "The index of the " + what + " is not there.", "a column of names", "nothing", fix);
      return std::nullopt;
    }
    const auto rows = length_of(names, index_node);
    for (std::int64_t i = 0; i < std::min<std::int64_t>(order.size(), kMostColumns); ++i) {
      if (const auto column = order[i].string()) read_column(place, *column, rows);
    }
    return rows;
  }

  // Of a column, however it is encoded.
  std::optional<std::int64_t> length_of(const std::string& place, const ZarrNode& node) {
    if (node.is_array()) {
      const auto shape = node.shape();
      return shape.size() == 1 ? std::optional(shape[0]) : std::nullopt;
    }
    for (const char* part : {"codes", "values"}) {
      const ZarrNode inner = zarr_.node(path_of(place, part));
      if (inner.is_array() && inner.shape().size() == 1) return inner.shape()[0];
    }
    return std::nullopt;
  }

  void read_column(const std::string& frame, const std::string& name, std::optional<std::int64_t> rows) {
    const std::string place = path_of(frame, name);
    const std::string fix = "Write the table again with anndata.";
    const ZarrNode node = zarr_.node(place);
    if (node.kind == ZarrNode::Kind::kMissing) {
      return tell("anndata/dataframe", place, "The column \"" + name + "\" is listed, and is not there.", "an array or a group of this name",
                  "nothing", "Add the column, or remove it from \"column-order\".");
    }
    const auto length = length_of(place, node);
    if (length && rows && *length != *rows) {
      tell("anndata/shape", place, "The column \"" + name + "\" has not one value a row.", std::to_string(*rows) + " values",
           std::to_string(*length), fix);
    }
    if (node.is_group() && node.attributes["encoding-type"].string() == "categorical") read_categories(place, name);
  }

  void read_categories(const std::string& place, const std::string& name) {
    const std::string fix = "Write the table again with anndata.";
    const ZarrNode codes = zarr_.node(path_of(place, "codes")), categories = zarr_.node(path_of(place, "categories"));
    if (!codes.is_array() || !categories.is_array()) {
      return tell("anndata/element", path_of(place, codes.is_array() ? "categories" : "codes"),
                  "The categories of \"" + name + "\" are incomplete.", "arrays \"codes\" and \"categories\"", "one of them only", fix);
    }
    const ZarrValues* values = zarr_.values(path_of(place, "codes"));
    const auto shape = categories.shape();
    if (!values || shape.size() != 1) return;
    for (std::size_t i = 0; i < values->size(); ++i) {
      const auto code = values->integer(i);
      if (code && *code >= -1 && *code < shape[0]) continue;
      return tell("anndata/categories", path_of(place, "codes"), "Row " + std::to_string(i + 1) + " of \"" + name + "\" has a category that is not listed.",
                  "-1 to " + std::to_string(shape[0] - 1), code ? std::to_string(*code) : "no whole number", fix);
    }
  }

  // The shape of a matrix: an array, or a sparse one; nothing for what is something else.
  std::optional<std::vector<std::int64_t>> shape_of(const std::string& place, const ZarrNode& node) {
    if (node.is_array()) return node.shape();
    const std::string encoding = node.attributes["encoding-type"].string().value_or("");
    if (!node.is_group() || (encoding != "csr_matrix" && encoding != "csc_matrix")) return std::nullopt;
    auto shape = node.attributes["shape"].expect_integers(0, INT64_MAX);
    const auto length = [&](const char* part) -> std::optional<std::int64_t> {
      const ZarrNode inner = zarr_.node(path_of(place, part));
      if (!inner.is_array() || inner.shape().size() != 1) return std::nullopt;
      return inner.shape()[0];
    };
    const auto data = length("data"), indices = length("indices"), starts = length("indptr");
    const std::string fix = "Write the table again with anndata.";
    if (!shape || shape->size() != 2 || !data || !indices || !starts) {
      tell("anndata/element", place, "The sparse matrix is incomplete.", "\"shape\", and arrays data, indices and indptr", "a part of them", fix);
      return std::nullopt;
    }
    const std::int64_t majors = (*shape)[encoding == "csr_matrix" ? 0 : 1];
    if (*data != *indices || *starts != majors + 1) {
      tell("anndata/shape", place, "The parts of the sparse matrix do not fit one another.",
           "as many data as indices, and " + std::to_string(majors + 1) + " starts",
           std::to_string(*data) + " data, " + std::to_string(*indices) + " indices, " + std::to_string(*starts) + " starts", fix);
      return std::nullopt;
    }
    return *std::move(shape);
  }

  void check_shape(const std::string& name, std::int64_t first, std::int64_t second) {
    const std::string place = path_of(path_, name);
    const auto shape = shape_of(place, zarr_.node(place));
    if (!shape) return;
    const bool fits = !shape->empty() && (*shape)[0] == first && (second < 0 || (shape->size() > 1 && (*shape)[1] == second));
    if (fits) return;
    tell("anndata/shape", place, "\"" + name + "\" does not fit the observations and variables of the table.",
         std::to_string(first) + (second < 0 ? " rows" : " × " + std::to_string(second)), text_of(*shape),
         "Write the table again, or remove what belongs to another one.");
  }

  void read_shapes(std::int64_t rows, std::int64_t columns) {
    check_shape("X", rows, columns);
    const auto each = [&](const char* group, std::int64_t first, std::int64_t second) {
      for (const std::string& name : zarr_.children(path_of(path_, group))) check_shape(path_of(group, name), first, second);
    };
    each("layers", rows, columns);
    // What has places is checked with them.
    for (const std::string& name : zarr_.children(path_of(path_, "obsm"))) {
      if (std::find(std::begin(kPlaces), std::end(kPlaces), name) == std::end(kPlaces)) check_shape("obsm/" + name, rows, -1);
    }
    each("varm", columns, -1);
    each("obsp", rows, rows);
    each("varp", columns, columns);
  }

  void read_places(std::int64_t rows) {
    for (const char* key : kPlaces) {
      const std::string place = path_of(path_, std::string("obsm/") + key);
      const ZarrNode node = zarr_.node(place);
      if (!node.is_array()) continue;
      const auto shape = node.shape();
      if (shape.size() != 2 || shape[0] != rows || shape[1] < 2) {
        return tell("anndata/coordinates", place, "The places of the observations cannot be used.",
                    std::to_string(rows) + " rows of x and y", text_of(shape), "Write a row of x and y (and z) for every observation.");
      }
      const ZarrValues* values = zarr_.values(place);
      if (!values) return;
      ColumnPack pack(static_cast<std::size_t>(rows));
      const auto width = static_cast<std::size_t>(shape[1]);
      for (std::size_t axis = 0; axis < std::min<std::size_t>(width, 3); ++axis) {
        std::vector<double> column;
        for (std::size_t row = 0; row < pack.rows(); ++row) column.push_back(values->number(row * width + axis));
        const char* parts[] = {"x", "y", "z"};
        pack.add(parts[axis], parts[axis], "", column);
      }
      findings_.columns = pack.pack({{"unit", "pixel"}}, "/obs/");
      return;
    }
    findings_.types = {"class_labels"};
  }

  // A table of SpatialData says which elements its rows are about.
  void read_region(std::optional<std::int64_t> rows) {
    const JsonView about = root_.attributes;
    const bool spatial = about["spatialdata-encoding-type"].exists() || about["region"].exists() ||
                         about["region_key"].exists() || about["instance_key"].exists();
    const JsonView region = about["region"];
    const bool of_none = (!region.exists() || region.is_null()) && !about["region_key"].string() && !about["instance_key"].string();
    if (!spatial || of_none) return;
    const std::string fix = "Set region, region_key and instance_key, with TableModel.parse() for instance.";
    for (const char* key : {"region", "region_key", "instance_key"}) {
      const JsonView value = about[key];
      if (value.is_string() || (key == std::string_view("region") && value.is_array() && value.size() > 0)) continue;
      return tell("spatialdata/table", path_, std::string("The table does not say its \"") + key + "\".",
                  "region, region_key and instance_key", value.describe(), fix);
    }
    const JsonView order = zarr_.node(path_of(path_, "obs")).attributes["column-order"];
    for (const char* key : {"region_key", "instance_key"}) {
      const std::string name = *about[key].string();
      bool listed = false;
      for (std::int64_t i = 0; i < order.size() && !listed; ++i) listed = order[i].string() == name;
      if (listed || !order.is_array()) continue;
      return tell("spatialdata/table", path_of(path_, "obs"), std::string("The column that the table names as its ") + key + " is not there.",
                  "a column \"" + name + "\"", "no such column", fix);
    }
    std::vector<std::string> elements;
    if (region.is_string()) elements.push_back(*region.string());
    for (std::int64_t i = 0; i < std::min<std::int64_t>(region.size(), 10'000); ++i) {
      if (const auto name = region[i].string()) elements.push_back(*name);
    }
    const std::string root = parent_of(parent_of(path_));
    for (const std::string& name : elements) find_element(root, name, elements.size() == 1 && rows.has_value());
  }

  void find_element(const std::string& root, const std::string& name, bool alone) {
    for (const char* kind : {"labels", "shapes", "points", "images"}) {
      const std::string place = path_of(root, std::string(kind) + "/" + name);
      if (!zarr_.node(place).is_group()) continue;
      if (kind != std::string_view("labels") || !alone) return;
      const ZarrValues* values = zarr_.values(path_of(path_, "obs/" + *root_.attributes["instance_key"].string()));
      for (std::size_t i = 0; values && i < values->size(); ++i) {
        if (const auto id = values->integer(i); id && *id > 0) findings_.labels.insert(static_cast<std::uint64_t>(*id));
      }
      findings_.labels_image = place;
      return;
    }
    tell("spatialdata/region", path_, "The table is about \"" + name + "\", which is not there.", "an element of labels, shapes or points",
         "nothing of this name", "Add the element, or correct \"region\".", Severity::kWarning);
  }

  ZarrGroup& zarr_;
  const std::string path_;
  GroupFindings& findings_;
  ZarrNode root_;
};

}  // namespace

void read_anndata(ZarrGroup& zarr, const std::string& path, GroupFindings& findings) {
  AnnDataReader(zarr, path, findings).read();
}

void read_spatial_element(ZarrGroup& zarr, const std::string& path, GroupFindings& findings) {
  const ZarrNode node = zarr.node(path);
  const bool points = node.attributes["encoding-type"].string() == "ngff:points";
  findings.types = {points ? "point_annotations" : "geometrical_annotations"};
  const auto tell = [&](const JsonView& place, std::string message, std::string expected) {
    Issue issue = (place.exists() ? place : node.attributes).issue("spatialdata/element", Severity::kError, std::move(message));
    if (!place.exists()) issue.received = "nothing";
    issue.expected = std::move(expected);
    issue.fix = "Write the element again with spatialdata.";
    findings.issues.push_back(std::move(issue));
  };
  const JsonView version = node.attributes["spatialdata_attrs"]["version"];
  if (!version.string()) tell(version, "The element does not say which version of its format it has.", "\"spatialdata_attrs\" with a text \"version\"");
  const JsonView axes = node.attributes["axes"];
  if (!axes.is_array() || axes.size() < 2) tell(axes, "The element does not name its axes.", "a list \"axes\" of two or three names");
  const JsonView steps = node.attributes["coordinateTransformations"];
  if (!steps.is_array() || steps.size() == 0) {
    tell(steps, "The element does not say where it lies.", "a list \"coordinateTransformations\"");
  }
  for (std::int64_t i = 0; i < std::min<std::int64_t>(steps.size(), 256); ++i) {
    const auto type = steps[i]["type"].string();
    constexpr std::string_view kTypes[] = {"identity", "scale", "translation", "affine", "sequence", "mapAxis", "rotation", "byDimension"};
    if (!type || std::find(std::begin(kTypes), std::end(kTypes), *type) == std::end(kTypes)) {
      tell(steps[i]["type"], "A transformation is of no known type.", "identity, scale, translation, affine, sequence, mapAxis or byDimension");
      continue;
    }
    const JsonView output = steps[i]["output"];
    if (!output["name"].string() && !output.string()) tell(output, "A transformation does not say into which coordinate system it leads.", "\"output\" with a name");
  }
  const bool arrays = !points && version.string() == "0.1";
  const std::string data = path_of(path, points ? "points.parquet" : arrays ? "coords" : "shapes.parquet");
  if (zarr.has_file(data) == false) {
    Issue issue;
    issue.rule = "spatialdata/element";
    issue.severity = Severity::kError;
    issue.message = points ? "The points are not there." : "The shapes are not there.";
    issue.file = data;
    issue.expected = "this file";
    issue.received = "nothing";
    issue.fix = "Write the element again with spatialdata.";
    findings.issues.push_back(std::move(issue));
  }
}

}  // namespace mifa::annotation
