// GEFF, the Graph Exchange File Format (live-image-tracking-tools.github.io/geff, 0.2 to 1.x): its own
// rules, and its nodes and edges as columns.
#include <algorithm>
#include <cmath>
#include <map>

#include "annotation/column_pack.h"
#include "annotation/zarr_group.h"
#include "zarr/array_metadata.h"

namespace mifa::annotation {
namespace {

constexpr std::size_t kMostAxes = 16, kMostProperties = 10'000;

struct Axis {
  std::string name, type, unit;
  double scale = 1, offset = 0;
  std::optional<double> least, greatest;
  JsonView place;
};

bool is_pixel_unit(const std::string& unit) { return unit.empty() || unit == "pixel" || unit == "pixels"; }

// MAJOR.MINOR[.PATCH][.devN][+local]: the major number, or nothing.
std::optional<int> major_of(const std::string& version) {
  const std::size_t dot = version.find('.');
  if (dot == 0 || dot == std::string::npos || dot > 4 || dot + 1 == version.size()) return std::nullopt;
  for (std::size_t i = 0; i <= dot + 1; ++i) {
    if (i != dot && (version[i] < '0' || version[i] > '9')) return std::nullopt;
  }
  return std::stoi(version.substr(0, dot));
}

std::string path_of(const std::string& folder, const std::string& name) {
  return folder.empty() ? name : folder + "/" + name;
}

class GeffReader {
 public:
  GeffReader(ZarrGroup& zarr, const std::string& path, GroupFindings& findings)
      : zarr_(zarr), path_(path), findings_(findings), metadata_(zarr.node(path).attributes["geff"]) {}

  void read() {
    read_version();
    read_axes();
    read_hints();
    if (!read_ids()) return;
    read_properties();
    read_edges();
    read_related();
    pack();
  }

 private:
  void tell(const JsonView& place, const char* rule, Severity severity, std::string message,
            std::string expected, std::string fix) {
    Issue issue = place.issue(rule, severity, std::move(message));
    if (!place.exists()) {
      issue = metadata_.issue(rule, severity, std::move(issue.message));
      issue.received = "nothing";
    }
    issue.expected = std::move(expected);
    issue.fix = std::move(fix);
    findings_.issues.push_back(std::move(issue));
  }

  // About an array or a group that is not what it should be.
  void tell_at(const std::string& place, const char* rule, std::string message, std::string expected,
               std::string received, std::string fix, Severity severity = Severity::kError) {
    findings_.tell(rule, severity, place, std::move(message), std::move(expected), std::move(received), std::move(fix));
  }

  void read_version() {
    const JsonView version = metadata_["geff_version"];
    const auto text = version.string();
    const auto major = text ? major_of(*text) : std::nullopt;
    if (!major) {
      tell(version, "geff/version", Severity::kError, "The graph does not say which version of GEFF it follows.",
           "a version such as \"1.0.0\"", "Write \"geff_version\", as the program that made the graph knows it.");
    }
    major_ = major.value_or(0);
    if (!metadata_["directed"].boolean()) {
      tell(metadata_["directed"], "geff/metadata", Severity::kError,
           "The graph does not say whether its edges have a direction.", "true or false",
           "Write \"directed\": true for tracks in time.");
    }
    const JsonView properties = metadata_["node_props_metadata"];
    if (major_ >= 1 && !properties.is_object()) {
      tell(properties, "geff/metadata", Severity::kError, "The properties of nodes are not described.",
           "an object \"node_props_metadata\"", "Describe each property by its identifier and dtype.");
    }
  }

  void axis_fault(const JsonView& place, std::string message, std::string expected) {
    tell(place, "geff/axes", Severity::kError, std::move(message), std::move(expected),
         "Correct \"axes\" of the graph's metadata.");
  }

  void read_axes() {
    const JsonView list = metadata_["axes"];
    if (!list.exists() || list.is_null()) return;
    if (!list.is_array()) return axis_fault(list, "The axes are no list.", "a list of axes, or null");
    const auto count = std::min<std::int64_t>(list.size(), kMostAxes);
    for (std::int64_t i = 0; i < count; ++i) read_axis(list[i]);
  }

  void read_axis(const JsonView& view) {
    const auto name = view["name"].string();
    if (!name || name->empty()) {
      return axis_fault(view.is_object() ? view["name"] : view, "An axis has no name.", "the name of a node property");
    }
    const bool twice = std::any_of(axes_.begin(), axes_.end(), [&](const Axis& one) { return one.name == *name; });
    if (twice) return axis_fault(view["name"], "Two axes have the same name.", "a name once");
    Axis axis;
    axis.name = *name;
    axis.place = view;
    axis.type = view["type"].string().value_or(*name == "t" ? "time" : "space");
    const JsonView type = view["type"];
    if (type.exists() && !type.is_null() && axis.type != "space" && axis.type != "time" && axis.type != "channel") {
      axis_fault(type, "An axis is of no known type.", "\"space\", \"time\", \"channel\" or null");
    }
    axis.unit = view["unit"].string().value_or("");
    const auto scaled = view["scaled_unit"].string();
    if (scaled) axis.unit = *scaled;
    if (scaled && !view["scale"].number()) {
      axis_fault(view["scale"], "An axis has a unit after scaling, and no scale.", "a number \"scale\"");
    }
    axis.scale = view["scale"].number().value_or(1);
    axis.offset = view["offset"].number().value_or(0);
    axis.least = view["min"].number();
    axis.greatest = view["max"].number();
    if (axis.least.has_value() != axis.greatest.has_value()) {
      axis_fault(axis.least ? view["max"] : view["min"], "An axis has one end of its range only.", "\"min\" and \"max\", or neither");
    } else if (axis.least && *axis.least > *axis.greatest) {
      axis_fault(view["min"], "The range of an axis ends before it begins.", "\"min\" of at most \"max\"");
    }
    axes_.push_back(std::move(axis));
  }

  const Axis* axis(const std::string& name) const {
    const auto found = std::find_if(axes_.begin(), axes_.end(), [&](const Axis& one) { return one.name == name; });
    return found == axes_.end() ? nullptr : &*found;
  }

  void read_hints() {
    for (const char* key : {"display_horizontal", "display_vertical", "display_depth", "display_time"}) {
      const JsonView hint = metadata_["display_hints"][key];
      const auto name = hint.string();
      if (!name || axes_.empty() || axis(*name)) continue;
      axis_fault(hint, "A display hint names an axis that is not there.", "the name of one of the axes");
    }
  }

  bool read_ids() {
    const std::string place = path_of(path_, "nodes/ids");
    const ZarrNode node = zarr_.node(place);
    if (!node.is_array()) {
      tell_at(place, "geff/array", "The graph has no list of its nodes.", "an array of ids", "nothing",
              "Write the graph again.");
      return false;
    }
    const auto shape = node.shape();
    const ZarrValues* values = shape.size() == 1 ? zarr_.values(place) : nullptr;
    if (shape.size() != 1) {
      tell_at(place, "geff/array", "The ids of nodes are no list.", "one id a node", std::to_string(shape.size()) + " dimensions",
              "Write the ids as unsigned integers, one a node.");
      return false;
    }
    rows_ = static_cast<std::size_t>(shape[0]);
    findings_.objects = shape[0];
    if (!values) return false;
    return read_whole(*values, place, ids_);
  }

  void read_properties() {
    const JsonView described = metadata_["node_props_metadata"];
    std::vector<std::string> names = described.keys();
    for (const Axis& one : axes_) {
      if (std::find(names.begin(), names.end(), one.name) == names.end()) names.push_back(one.name);
    }
    if (names.size() > kMostProperties) names.resize(kMostProperties);
    for (const std::string& name : names) read_property(name, described[name]);
    for (const char* key : {"tracklet", "lineage"}) {
      const JsonView place = metadata_["track_node_props"][key];
      const auto name = place.string();
      if (!name || std::find(names.begin(), names.end(), *name) != names.end()) continue;
      if (zarr_.node(property_path(*name) + "/values").is_array()) continue;
      tell(place, "geff/property", Severity::kError, "The property that tells the tracks is not there.",
           "the name of a node property", "Add the property, or remove the entry.");
    }
    if (major_ < 1 || !described.is_object()) return;
    for (const std::string& name : zarr_.children(path_of(path_, "nodes/props"))) {
      if (described[name].exists()) continue;
      tell_at(property_path(name), "geff/property-undescribed", "The property \"" + name + "\" is not described in the metadata.",
              "an entry of \"node_props_metadata\"", "nothing", "Describe it by its identifier and dtype.", Severity::kWarning);
    }
  }

  std::string property_path(const std::string& name) const { return path_of(path_, "nodes/props/" + name); }

  void read_property(const std::string& name, const JsonView& described) {
    const std::string place = property_path(name);
    const ZarrNode node = zarr_.node(place + "/values");
    const Axis* of_axis = axis(name);
    if (!node.is_array()) {
      return tell(of_axis ? of_axis->place["name"] : described, "geff/property", Severity::kError,
                  (of_axis ? "The axis \"" : "The property \"") + name + "\" has no values.",
                  "an array " + place + "/values", "Add the values, or remove it from the metadata.");
    }
    const auto shape = node.shape();
    // Values of any length are in "data", and this array says where.
    if (shape.empty() || shape[0] != static_cast<std::int64_t>(rows_)) {
      return tell_at(place + "/values", "geff/property", "The property \"" + name + "\" has not one value a node.",
                     std::to_string(rows_) + " values", shape.empty() ? "no list" : std::to_string(shape[0]) + " values",
                     "Write the property again, a value for each node.");
    }
    const ZarrNode absent = zarr_.node(place + "/missing");
    if (absent.is_array() && absent.shape() != std::vector<std::int64_t>{static_cast<std::int64_t>(rows_)}) {
      tell_at(place + "/missing", "geff/property", "Which values are missing is not said for each node.",
              std::to_string(rows_) + " values", "another number of them", "Write the property again.");
    }
    const auto type = described["dtype"].string();
    const auto array = zarr::parse_array(node.document);
    if (type && array && !described["varlength"].boolean().value_or(false) && *type != zarr::name(array->data_type)) {
      tell(described["dtype"], "geff/property-type", Severity::kWarning,
           "The metadata states another type of \"" + name + "\" than its array has.", zarr::name(array->data_type),
           "State the array's type.");
    }
    if (of_axis && shape.size() == 1) read_axis_values(*of_axis, place + "/values");
  }

  void read_axis_values(const Axis& of_axis, const std::string& place) {
    const ZarrValues* values = zarr_.values(place);
    if (!values) return;
    std::vector<double>& column = places_[of_axis.name];
    double least = INFINITY, greatest = -INFINITY;
    for (std::size_t i = 0; i < values->size(); ++i) {
      const double value = values->number(i);
      column.push_back(value);
      if (std::isfinite(value)) least = std::min(least, value), greatest = std::max(greatest, value);
    }
    if (!of_axis.least || !of_axis.greatest || least > greatest || *of_axis.least > *of_axis.greatest) return;
    // Writers round, or leave room.
    const double slack = 1e-3 * std::max(1.0, std::abs(greatest - least));
    if (least >= *of_axis.least - slack && greatest <= *of_axis.greatest + slack) return;
    tell(of_axis.place["max"], "geff/range", Severity::kWarning,
         "Nodes lie outside the range that is stated for the axis \"" + of_axis.name + "\".",
         number_text(*of_axis.least) + " to " + number_text(*of_axis.greatest), "State the range of the values.");
    findings_.issues.back().received = number_text(least) + " to " + number_text(greatest);
  }

  void read_edges() {
    const std::string place = path_of(path_, "edges/ids");
    const ZarrNode node = zarr_.node(place);
    if (!node.is_array()) {
      return tell_at(place, "geff/array", "The graph has no list of edges.", "an array of pairs of ids, of no rows where there are no edges",
                     "nothing", "Write the graph again.");
    }
    const auto shape = node.shape();
    if (shape.size() != 2 || shape[1] != 2) {
      return tell_at(place, "geff/array", "The edges are no pairs of node ids.", "two columns",
                     shape.size() != 2 ? std::to_string(shape.size()) + " dimensions" : std::to_string(shape[1]) + " columns",
                     "Write an edge as the ids of its two nodes.");
    }
    const ZarrValues* values = zarr_.values(place);
    // Where the ids of nodes are of such a type too, that has been said.
    if (values) read_whole(*values, place, edges_);
  }

  // Ids that a program has written as fractions are whole numbers still.
  bool read_whole(const ZarrValues& values, const std::string& place, std::vector<std::int64_t>& whole) {
    constexpr double kExact = 9007199254740992;  // 2^53
    for (std::size_t i = 0; i < values.size(); ++i) {
      const double number = values.number(i);
      if (const auto id = values.integer(i)) {
        whole.push_back(*id);
      } else if (number == std::floor(number) && std::abs(number) < kExact) {
        whole.push_back(static_cast<std::int64_t>(number));
      } else {
        whole.clear();
        tell_at(place, "geff/array", "An id is no whole number.", "whole numbers", number_text(number),
                "Write the ids as unsigned integers.");
        return false;
      }
    }
    if (zarr::is_float(values.type) && !floats_told_) {
      floats_told_ = true;
      tell_at(place, "geff/id-type", "The ids of nodes are stored as fractions.", "unsigned integers", zarr::name(values.type),
              "Write the ids as unsigned integers; many readers refuse others.", Severity::kWarning);
    }
    return true;
  }

  void read_related() {
    const JsonView list = metadata_["related_objects"];
    for (std::int64_t i = 0; i < std::min<std::int64_t>(list.size(), 64); ++i) {
      const auto type = list[i]["type"].string(), relative = list[i]["path"].string();
      if (!relative) continue;
      const auto target = join(*relative);
      if (!target) continue;  // outside of what is here
      if (!zarr_.node(*target).is_group() && !zarr_.node(*target).is_array()) {
        tell(list[i]["path"], "geff/related-object", Severity::kWarning,
             "The " + type.value_or("object") + " that belongs to the graph is not there.", "the path of a Zarr group, from this graph",
             "Correct the path, or add what it names.");
        continue;
      }
      if (type == "image") findings_.image = *target;
      auto name = list[i]["node_prop"].string();
      if (!name) name = list[i]["label_prop"].string();
      if (type != "labels" || !name) continue;
      const ZarrValues* values = zarr_.values(property_path(*name) + "/values");
      if (!values) continue;
      findings_.labels_image = *target;
      for (std::size_t k = 0; k < values->size(); ++k) {
        if (const auto id = values->integer(k); id && *id > 0) findings_.labels.insert(static_cast<std::uint64_t>(*id));
      }
    }
  }

  // "../raw" from this group; nothing where it leads out of the dataset.
  std::optional<std::string> join(const std::string& relative) const {
    std::vector<std::string> parts;
    const std::string whole = path_ + "/" + relative;
    for (std::size_t at = 0; at <= whole.size();) {
      const std::size_t end = std::min(whole.find('/', at), whole.size());
      const std::string part = whole.substr(at, end - at);
      at = end + 1;
      if (part.empty() || part == ".") continue;
      if (part != "..") {
        parts.push_back(part);
      } else if (parts.empty()) {
        return std::nullopt;
      } else {
        parts.pop_back();
      }
    }
    std::string path;
    for (const std::string& part : parts) path = path_of(path, part);
    return path;
  }

  void pack() {
    std::vector<const Axis*> space;
    const Axis* time = nullptr;
    for (const Axis& one : axes_) {
      if (one.type == "space") space.push_back(&one);
      if (one.type == "time") time = &one;
    }
    // The order of axes is that of the image's: x is the last.
    const std::size_t count = space.size();
    if (count < 2) return;
    const Axis *x = space[count - 1], *y = space[count - 2], *z = count > 2 ? space[count - 3] : nullptr;
    for (const Axis* one : {x, y}) {
      if (!places_.contains(one->name) || places_[one->name].size() != rows_) return;
    }
    ColumnPack pack(rows_);
    pack.add("id", "id", "", ids_);
    pack.add(x->name, "x", x->unit, places_[x->name]);
    pack.add(y->name, "y", y->unit, places_[y->name]);
    if (time && places_[time->name].size() == rows_) {
      std::vector<std::int64_t> frames;
      for (const double value : places_[time->name]) {
        frames.push_back(std::abs(value) < 1e15 ? static_cast<std::int64_t>(value) : 0);
      }
      pack.add(time->name, "frame", "", frames);
    }
    const bool physical = !is_pixel_unit(x->unit);
    if (z && places_[z->name].size() == rows_) {
      std::vector<double> depths = places_[z->name];
      for (double& value : depths) value = value * z->scale + z->offset;
      pack.add(z->name, "z", z->unit, depths);
    }
    if (!edges_.empty()) pack.set_edges(edges_);
    findings_.columns = pack.pack({{"unit", physical ? "physical" : "pixel"},
                                   {"unitName", physical ? x->unit : std::string()},
                                   {"corner", false},
                                   {"affine", {x->scale, 0, x->offset, 0, y->scale, y->offset}},
                                   {"depthIsPhysical", physical && z && !is_pixel_unit(z->unit)}},
                                  "/nodes/");
  }

  ZarrGroup& zarr_;
  const std::string path_;
  GroupFindings& findings_;
  JsonView metadata_;
  int major_ = 0;
  bool floats_told_ = false;
  std::vector<Axis> axes_;
  std::size_t rows_ = 0;
  std::vector<std::int64_t> ids_, edges_;
  std::map<std::string, std::vector<double>> places_;
};

}  // namespace

void read_geff(ZarrGroup& zarr, const std::string& path, GroupFindings& findings) {
  findings.types = {"graphs", "tracks", "point_annotations"};
  GeffReader(zarr, path, findings).read();
}

}  // namespace mifa::annotation
