#include "annotation/table_scheme.h"

#include <algorithm>
#include <initializer_list>
#include <unordered_set>

#include "annotation/number_text.h"

namespace mifa::annotation {

namespace {

using Names = std::initializer_list<std::string_view>;

struct UnitName {
  const char* written;
  const char* word;
};
constexpr UnitName kUnits[] = {
    {"px", "pixel"},
    {"pixel", "pixel"},
    {"pixels", "pixel"},
    {"pix", "pixel"},
    {"voxel", "pixel"},
    {"voxels", "pixel"},
    {"um", "micrometer"},
    {"µm", "micrometer"},
    {"μm", "micrometer"},
    {"micron", "micrometer"},
    {"microns", "micrometer"},
    {"micrometer", "micrometer"},
    {"micrometers", "micrometer"},
    {"micrometre", "micrometer"},
    {"micrometres", "micrometer"},
    {"nm", "nanometer"},
    {"nanometer", "nanometer"},
    {"nanometre", "nanometer"},
    {"mm", "millimeter"},
    {"millimeter", "millimeter"},
    {"cm", "centimeter"},
    {"m", "meter"},
    {"meter", "meter"},
    {"a", "angstrom"},
    {"å", "angstrom"},
    {"Å", "angstrom"},
    {"angstrom", "angstrom"},
    {"angst", "angstrom"},
    {"s", "second"},
    {"sec", "second"},
    {"second", "second"},
    {"seconds", "second"},
    {"ms", "millisecond"},
    {"min", "minute"},
    {"minute", "minute"},
    {"minutes", "minute"},
    {"h", "hour"},
    {"hr", "hour"},
    {"hour", "hour"},
    {"hours", "hour"},
    {"frame", "frame"},
    {"frames", "frame"},
    {"µm^2", "µm²"},
    {"um^2", "µm²"},
    {"µm²", "µm²"},
    {"px^2", "px²"},
    {"mm^2", "mm²"},
    {"mm3", "mm³"},
    {"deg", "degree"},
    {"%", "%"},
};

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  return result;
}

const char* known_unit(std::string_view text) {
  const std::string low = lower(stripped(text));
  for (const UnitName& unit : kUnits) {
    if (low == unit.written) return unit.word;
  }
  return nullptr;
}

bool is_separator(char c) { return c == ' ' || c == '_' || c == '-' || c == '.' || c == ':'; }

std::string key_of(std::string_view text) {
  std::string key;
  for (const char c : lower(text)) {
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) key += c;
  }
  return key;
}

// Takes "[…]", "(…)" or a last word off the name if it is a unit.
std::string take_unit(std::string_view& name) {
  for (const auto& [open, close] : {std::pair{'[', ']'}, std::pair{'(', ')'}}) {
    if (name.empty() || name.back() != close) continue;
    const std::size_t at = name.rfind(open);
    if (at == std::string_view::npos) continue;
    const char* unit = known_unit(name.substr(at + 1, name.size() - at - 2));
    if (!unit) continue;
    name = stripped(name.substr(0, at));
    return unit;
  }
  std::size_t at = name.size();
  while (at > 0 && !is_separator(name[at - 1])) --at;
  if (at < 2) return {};
  const std::string_view last = name.substr(at);
  // One letter says too little, and a sole "x_s" is no seconds; "min" is a minimum in names.
  if (last.size() < 2 || lower(last) == "min" || lower(last) == "frame") return {};
  const char* unit = known_unit(last);
  if (!unit) return {};
  name = stripped(name.substr(0, at - 1));
  return unit;
}

// "{}" stands for x, y or z. Earlier ones are taken first.
constexpr std::string_view kPointFamilies[] = {"{}",
                                               "position{}",
                                               "{}position",
                                               "pos{}",
                                               "{}pos",
                                               "centroid{}",
                                               "{}centroid",
                                               "{}coord",
                                               "coord{}",
                                               "{}coordinate",
                                               "coordinate{}",
                                               "center{}",
                                               "{}center",
                                               "centre{}",
                                               "{}centre",
                                               "location{}",
                                               "{}location",
                                               "loc{}",
                                               "{}loc",
                                               "locationcenter{}",
                                               "areashapecenter{}",
                                               "cell{}position",
                                               "global{}",
                                               "{}global",
                                               "pixel{}",
                                               "{}pixel",
                                               "point{}",
                                               "pt{}",
                                               "vertex{}",
                                               "m{}",
                                               "{}m",
                                               "mean{}",
                                               "{}mean",
                                               "nucleuscentroid{}",
                                               "cellcentroid{}",
                                               "centerofmass{}",
                                               "com{}",
                                               "spot{}",
                                               "peak{}",
                                               "image{}",
                                               "intensitycenter{}",
                                               "c{}",
                                               "{}c",
                                               "edge{}location"};

struct CornerFamily {
  std::string_view x0, y0, x1, y1;
};
constexpr CornerFamily kCornerFamilies[] = {
    {"xmin", "ymin", "xmax", "ymax"},
    {"minx", "miny", "maxx", "maxy"},
    {"bboxxmin", "bboxymin", "bboxxmax", "bboxymax"},
    {"xminimum", "yminimum", "xmaximum", "ymaximum"},
    {"boundingboxminimumx", "boundingboxminimumy", "boundingboxmaximumx", "boundingboxmaximumy"},
    {"areashapeboundingboxminimumx", "areashapeboundingboxminimumy", "areashapeboundingboxmaximumx",
     "areashapeboundingboxmaximumy"},
    {"x1", "y1", "x2", "y2"},
    {"bboxx1", "bboxy1", "bboxx2", "bboxy2"},
    {"x0", "y0", "x1", "y1"},
    {"bboxx0", "bboxy0", "bboxx1", "bboxy1"},
    {"left", "top", "right", "bottom"},
    {"xstart", "ystart", "xend", "yend"},
    {"startx", "starty", "endx", "endy"},
    {"colmin", "rowmin", "colmax", "rowmax"},
    {"mincol", "minrow", "maxcol", "maxrow"},
    {"bbox1", "bbox0", "bbox3", "bbox2"},  // scikit-image: min row, min column, max row, max column
};
constexpr CornerFamily kSizeFamilies[] = {
    {"bx", "by", "width", "height"},
    {"bboxx", "bboxy", "bboxwidth", "bboxheight"},
    {"bboxx", "bboxy", "bboxw", "bboxh"},
    {"bboxleft", "bboxtop", "bboxwidth", "bboxheight"},
    {"xmin", "ymin", "width", "height"},
    {"left", "top", "width", "height"},
    {"topleftx", "toplefty", "width", "height"},
    {"x", "y", "width", "height"},
    {"x", "y", "w", "h"},
    {"xmin", "ymin", "w", "h"},
    {"left", "top", "w", "h"},
};
constexpr CornerFamily kCenterFamilies[] = {
    {"xcenter", "ycenter", "width", "height"},
    {"centerx", "centery", "width", "height"},
    {"cx", "cy", "width", "height"},
    {"xcenter", "ycenter", "w", "h"},
    {"cx", "cy", "w", "h"},
};
constexpr CornerFamily kEdgeFamilies[] = {
    {"sourcepositionx", "sourcepositiony", "targetpositionx", "targetpositiony"},
    {"sourcex", "sourcey", "targetx", "targety"},
};
constexpr std::string_view kAxisFamilies[] = {"axis", "centroid", "centroidweighted", "dim"};

struct PartNames {
  Part part;
  Names names;
};
const PartNames kNames[] = {
    {Part::kFrame,
     {"frame", "framenumber", "frameindex", "frameid", "framenr", "t", "timepoint", "timeframe",
      "timeindex", "timepointindex", "tp", "time", "positiont", "edgetime"}},
    {Part::kZ, {"slice", "zslice", "plane", "zplane", "zindex", "section"}},
    {Part::kTrack,
     {"trackid", "track", "tracknumber", "trackindex", "trajectory", "trajectoryid", "particle",
      "particleid", "trackname"}},
    {Part::kParent,
     {"parenttrackid", "parenttrack", "parentid", "parent", "motherid", "mother", "mothertrackid"}},
    {Part::kInstance,
     {"instanceid", "instance", "labelid", "labelvalue", "maskid", "maskvalue", "masklabel",
      "segmentid", "segmentationid", "segmentlabel", "objectnumber", "labelindex"}},
    {Part::kId,
     {"id", "objectid", "cellid", "spotid", "nodeid", "connectorid", "uid", "uuid", "roiid",
      "annotationid", "nucleusid", "detectionid", "pointid", "rowid", "cell", "unnamedindex"}},
    {Part::kLabel,
     {"class",     "classname", "classlabel",     "category",    "categoryname",   "celltype",
      "cellclass", "phenotype", "classification", "objectclass", "predictedclass", "label",
      "labelname", "labels",    "annotation",     "type",        "species",        "structurename",
      "structure", "tag",       "grade",          "diagnosis",   "classid",        "classnumber"}},
    {Part::kScore,
     {"score", "confidence", "conf", "probability", "prob", "certainty", "figureofmerit"}},
    {Part::kImage,
     {"filename", "imagename",     "imagefile",   "imagefilename",  "imagepath",
      "image",    "imagefilepath", "file",        "filepath",       "path",
      "imageid",  "img",           "imgname",     "imageuri",       "slidename",
      "slide",    "slideid",       "sourceimage", "micrographname", "commentimagefilepath",
      "picture"}},
    {Part::kSplit, {"split", "subset", "partition"}},
    {Part::kCount,
     {"count", "counts", "totalcount", "totalcells", "total", "cellcount", "numberofcells",
      "numberofobjects", "objectcount", "ncells", "numcells", "numobjects", "nobjects", "n"}},
    {Part::kShape, {"shapetype"}},
    {Part::kVertex, {"vertexindex", "vertexid"}},
    {Part::kSource, {"spotsourceid", "sourceid", "source"}},
    {Part::kTarget, {"spottargetid", "targetid", "target"}},
};

// The unit of coordinates, from the names of their columns.
void read_units(TableScheme& scheme) {
  Space& space = scheme.space;
  for (const Part part : {Part::kX, Part::kXMin, Part::kXCenter}) {
    const int column = scheme.part(part);
    if (column < 0) continue;
    const std::string& unit = scheme.columns[static_cast<std::size_t>(column)].unit;
    if (unit.empty() || unit == "pixel" || !is_length_unit(unit)) break;
    space.unit = Space::Unit::kPhysical;
    space.unit_name = unit;
    break;
  }
  if (const int z = scheme.part(Part::kZ); z >= 0) {
    const std::string& unit = scheme.columns[static_cast<std::size_t>(z)].unit;
    space.depth_is_physical = is_length_unit(unit) && unit != "pixel";
    if (space.depth_is_physical && space.unit_name.empty()) space.unit_name = unit;
  }
}

class Recogniser {
 public:
  Recogniser(std::vector<ColumnHeader> columns, std::span<const ColumnSample> samples)
      : samples_(samples) {
    scheme_.columns = std::move(columns);
  }

  TableScheme recognise() {
    find_boxes();
    if (!scheme_.has_boxes()) find_points();
    if (!scheme_.has_geometry()) find_axes();
    for (const PartNames& names : kNames) {
      if (!scheme_.has(names.part)) find_named(names);
    }
    tell_labels_from_instances();
    tell_tracks_from_ids();
    find_counts();
    find_groups();
    settle_edges();
    read_units(scheme_);
    return std::move(scheme_);
  }

 private:
  int find(std::string_view key) const {
    for (std::size_t i = 0; i < scheme_.columns.size(); ++i) {
      if (scheme_.columns[i].key == key) return static_cast<int>(i);
    }
    return -1;
  }
  const ColumnSample* sample(int column) const {
    const auto index = static_cast<std::size_t>(column);
    return index < samples_.size() ? &samples_[index] : nullptr;
  }
  // Without a sample anything may be a number.
  bool numeric(int column) const {
    const ColumnSample* seen = sample(column);
    return column >= 0 && (!seen || seen->values == 0 || seen->numeric());
  }
  bool taken(int column) const {
    return std::find(scheme_.parts.begin(), scheme_.parts.end(), column) != scheme_.parts.end() ||
           std::find(scheme_.leading_axes.begin(), scheme_.leading_axes.end(), column) !=
               scheme_.leading_axes.end();
  }

  bool take_four(const CornerFamily& family, std::array<Part, 4> parts) {
    const std::array<int, 4> found = {find(family.x0), find(family.y0), find(family.x1),
                                      find(family.y1)};
    if (!std::all_of(found.begin(), found.end(), [&](int column) { return numeric(column); })) {
      return false;
    }
    for (std::size_t i = 0; i < 4; ++i) scheme_.set(parts[i], found[i]);
    return true;
  }

  void find_boxes() {
    for (const CornerFamily& family : kCornerFamilies) {
      // Six of them are a box in three dimensions, slowest axis first.
      if (family.x0 == "bbox1" && find("bbox5") >= 0) {
        take_four({"bbox2", "bbox1", "bbox5", "bbox4"},
                  {Part::kXMin, Part::kYMin, Part::kXMax, Part::kYMax});
        return;
      }
      if (take_four(family, {Part::kXMin, Part::kYMin, Part::kXMax, Part::kYMax})) {
        scheme_.space.corner = true;
        return;
      }
    }
    for (const CornerFamily& family : kSizeFamilies) {
      if (take_four(family, {Part::kXMin, Part::kYMin, Part::kWidth, Part::kHeight})) return;
    }
    for (const CornerFamily& family : kCenterFamilies) {
      if (take_four(family, {Part::kXCenter, Part::kYCenter, Part::kWidth, Part::kHeight})) return;
    }
  }

  void find_points() {
    for (const std::string_view family : kPointFamilies) {
      const auto named = [&](char axis) {
        std::string key(family);
        key.replace(key.find("{}"), 2, 1, axis);
        return find(key);
      };
      const int x = named('x'), y = named('y'), z = named('z');
      if (!numeric(x) || !numeric(y)) continue;
      scheme_.set(Part::kX, x);
      scheme_.set(Part::kY, y);
      if (numeric(z)) scheme_.set(Part::kZ, z);
      return;
    }
    for (const auto& [column, row] :
         {std::pair{"col", "row"}, std::pair{"column", "row"}, std::pair{"cols", "rows"}}) {
      const int x = find(column), y = find(row);
      if (!numeric(x) || !numeric(y)) continue;
      scheme_.set(Part::kX, x);
      scheme_.set(Part::kY, y);
      scheme_.space.corner = false;
      return;
    }
  }

  // "axis-0", "axis-1", …: the last is x, the one before it y.
  void find_axes() {
    for (const std::string_view family : kAxisFamilies) {
      std::vector<int> axes;
      for (char digit = '0'; digit <= '9'; ++digit) {
        const int column = find(std::string(family) + digit);
        if (!numeric(column)) break;
        axes.push_back(column);
      }
      if (axes.size() < 2) continue;
      scheme_.set(Part::kX, axes[axes.size() - 1]);
      scheme_.set(Part::kY, axes[axes.size() - 2]);
      axes.resize(axes.size() - 2);
      scheme_.leading_axes = std::move(axes);
      // napari and scikit-image count from the middle of the first element.
      scheme_.space.corner = false;
      return;
    }
  }

  bool suits(Part part, int column) const {
    const ColumnSample* seen = sample(column);
    if (!seen || seen->values == 0) return true;
    switch (part) {
      case Part::kFrame:
      case Part::kZ:
      case Part::kScore:
      case Part::kCount:
        return seen->numeric();
      case Part::kParent:
        return seen->texts == 0;  // QuPath's Parent is a word
      case Part::kInstance:
        return seen->integral();
      case Part::kSplit:
        return !seen->numeric();
      default:
        return true;
    }
  }

  void find_named(const PartNames& names) {
    // An image is told by names of files, wherever there are any.
    if (names.part == Part::kImage) {
      for (const std::string_view key : names.names) {
        const int column = find(key);
        const ColumnSample* seen = column >= 0 && !taken(column) ? sample(column) : nullptr;
        if (seen && seen->file_names * 2 > seen->values) {
          scheme_.set(names.part, column);
          return;
        }
      }
    }
    if (names.part == Part::kId) {
      // Of several, the one that says each thing once.
      for (const std::string_view key : names.names) {
        const int column = find(key);
        const ColumnSample* seen = column >= 0 && !taken(column) ? sample(column) : nullptr;
        if (!seen || !seen->unique()) continue;
        scheme_.set(names.part, column);
        return;
      }
    }
    for (const std::string_view key : names.names) {
      const int column = find(key);
      if (column < 0 || taken(column) || !suits(names.part, column)) continue;
      scheme_.set(names.part, column);
      return;
    }
  }

  // Measurement programs call a mask's value "label": whole numbers, each once.
  void tell_labels_from_instances() {
    const int label = scheme_.part(Part::kLabel);
    const int named = find("label");
    const auto numbers = [&](int column) {
      const ColumnSample* seen = column >= 0 ? sample(column) : nullptr;
      return seen && seen->integral() && seen->values >= 3 && seen->unique();
    };
    if (label >= 0 && label == named && numbers(label)) {
      scheme_.set(Part::kLabel, -1);
      if (!scheme_.has(Part::kInstance)) scheme_.set(Part::kInstance, label);
    } else if (named >= 0 && !taken(named) && numbers(named) && !scheme_.has(Part::kInstance)) {
      scheme_.set(Part::kInstance, named);
    }
  }

  // napari's tracks: ID, T, (Z), Y, X, where the same ID comes again.
  void tell_tracks_from_ids() {
    if (scheme_.has(Part::kTrack) || !scheme_.has(Part::kFrame) || !scheme_.has_geometry()) return;
    const int id = scheme_.part(Part::kId);
    const ColumnSample* seen = id >= 0 ? sample(id) : nullptr;
    if (!seen || seen->unique() || scheme_.columns[static_cast<std::size_t>(id)].key != "id")
      return;
    scheme_.set(Part::kTrack, id);
    scheme_.set(Part::kId, -1);
  }

  void find_counts() {
    if (scheme_.has_geometry()) {
      scheme_.set(Part::kCount, -1);
      return;
    }
    if (scheme_.has(Part::kCount)) return;
    for (std::size_t i = 0; i < scheme_.columns.size(); ++i) {
      const std::string& key = scheme_.columns[i].key;
      const bool counts = key.ends_with("count") || key.ends_with("counts") ||
                          key.starts_with("numberof") || key.starts_with("count");
      const int column = static_cast<int>(i);
      if (counts && !taken(column) && numeric(column)) {
        scheme_.set(Part::kCount, column);
        return;
      }
    }
  }

  void find_groups() {
    const bool vertices = scheme_.has(Part::kVertex) || scheme_.has(Part::kShape);
    const int x = scheme_.part(Part::kX);
    const bool boundary = x >= 0 && scheme_.columns[static_cast<std::size_t>(x)].key == "vertexx";
    if (!vertices && !boundary) return;
    const int index = find("index");
    if (index >= 0 && !taken(index)) {
      scheme_.set(Part::kGroup, index);
    } else {
      for (const Part part : {Part::kInstance, Part::kId, Part::kLabel}) {
        if (!scheme_.has(part)) continue;
        scheme_.set(Part::kGroup, scheme_.part(part));
        if (part == Part::kLabel) scheme_.set(Part::kLabel, -1);
        return;
      }
    }
  }

  // "source" alone is where something came from.
  void settle_edges() {
    if (!scheme_.has(Part::kSource) || !scheme_.has(Part::kTarget)) {
      scheme_.set(Part::kSource, -1);
      scheme_.set(Part::kTarget, -1);
      return;
    }
    if (scheme_.has_geometry()) return;
    for (const CornerFamily& family : kEdgeFamilies) {
      if (take_four(family, {Part::kXMin, Part::kYMin, Part::kXMax, Part::kYMax})) break;
    }
    if (!scheme_.has(Part::kFrame)) scheme_.set(Part::kFrame, find("sourceframe"));
  }

  TableScheme scheme_;
  std::span<const ColumnSample> samples_;
};

constexpr const char* kPartNames[kParts] = {
    "x",       "y",      "z",        "frame", "xmin",  "ymin",   "xmax",   "ymax",  "xcenter",
    "ycenter", "width",  "height",   "group", "shape", "vertex", "id",     "label", "score",
    "track",   "parent", "instance", "image", "split", "count",  "source", "target"};

bool is_geometry(Part part) {
  return part <= Part::kHeight && part != Part::kZ && part != Part::kFrame;
}

void apply_mapping(TableScheme& scheme, const std::map<std::string, std::string>& mapping) {
  const auto part_of = [](const std::string& name) {
    for (std::size_t i = 0; i < kParts; ++i) {
      if (name == kPartNames[i]) return static_cast<int>(i);
    }
    return -1;
  };
  const bool geometry = std::any_of(mapping.begin(), mapping.end(), [&](const auto& entry) {
    const int part = part_of(entry.first);
    return part >= 0 && is_geometry(static_cast<Part>(part));
  });
  if (geometry) {
    for (std::size_t i = 0; i < kParts; ++i) {
      if (is_geometry(static_cast<Part>(i))) scheme.parts[i] = -1;
    }
    scheme.space = {};
  }
  for (const auto& [name, column_name] : mapping) {
    const int part = part_of(name);
    if (part < 0) continue;
    int column = -1;
    for (std::size_t i = 0; i < scheme.columns.size(); ++i) {
      if (scheme.columns[i].name == column_name) column = static_cast<int>(i);
    }
    if (column < 0 && !column_name.empty()) continue;
    // A column plays one part.
    for (int& other : scheme.parts) {
      if (column >= 0 && other == column) other = -1;
    }
    std::erase(scheme.leading_axes, column);
    scheme.parts[static_cast<std::size_t>(part)] = column;
  }
}

}  // namespace

const char* part_name(Part part) { return kPartNames[static_cast<std::size_t>(part)]; }

std::string unit_word(std::string_view text) {
  const char* known = known_unit(text);
  return known ? known : std::string(stripped(text));
}

bool is_length_unit(std::string_view word) {
  for (const std::string_view known :
       {"pixel", "micrometer", "nanometer", "millimeter", "centimeter", "meter", "angstrom"}) {
    if (word == known) return true;
  }
  return false;
}

ColumnHeader read_header(std::string_view name) {
  ColumnHeader header;
  std::string_view rest = stripped(name);
  header.name = std::string(rest);
  header.unit = take_unit(rest);
  header.key = key_of(rest);
  return header;
}

ColumnSample sample_column(std::span<const std::string> values, char decimal) {
  ColumnSample sample;
  std::unordered_set<std::string_view> distinct;
  for (const std::string& value : values) {
    const std::string_view text = stripped(value);
    const TextNumber number = read_number(text, decimal);
    if (number.kind == TextNumber::Kind::kMissing) continue;
    distinct.insert(text);
    if (number.kind == TextNumber::Kind::kText) {
      ++sample.texts;
      const std::size_t dot = text.rfind('.');
      const std::size_t extension = dot == std::string_view::npos ? 0 : text.size() - dot - 1;
      if (extension >= 2 && extension <= 5 && dot > 0) ++sample.file_names;
    } else {
      if (number.kind == TextNumber::Kind::kInteger) ++sample.integers;
      ++sample.numbers;
      sample.least = sample.values == 0 ? number.number : std::min(sample.least, number.number);
      sample.greatest =
          sample.values == 0 ? number.number : std::max(sample.greatest, number.number);
    }
    ++sample.values;
  }
  sample.distinct = static_cast<std::int64_t>(distinct.size());
  return sample;
}

bool TableScheme::is_consumed(int column) const {
  for (const Part part : {Part::kX, Part::kY, Part::kZ, Part::kFrame, Part::kXMin, Part::kYMin,
                          Part::kXMax, Part::kYMax, Part::kXCenter, Part::kYCenter, Part::kWidth,
                          Part::kHeight, Part::kLabel, Part::kVertex}) {
    if (this->part(part) == column) return has_geometry() || part == Part::kLabel;
  }
  return std::find(leading_axes.begin(), leading_axes.end(), column) != leading_axes.end();
}

TableScheme recognise_table(std::vector<ColumnHeader> columns,
                            std::span<const ColumnSample> samples,
                            const std::map<std::string, std::string>& mapping) {
  TableScheme scheme = Recogniser(std::move(columns), samples).recognise();
  return mapping.empty() ? scheme : map_table(std::move(scheme), mapping);
}

TableScheme map_table(TableScheme scheme, const std::map<std::string, std::string>& mapping) {
  apply_mapping(scheme, mapping);
  read_units(scheme);
  return scheme;
}

bool has_known_name(std::span<const ColumnHeader> columns) {
  std::vector<ColumnHeader> copy(columns.begin(), columns.end());
  const TableScheme scheme = recognise_table(std::move(copy), {}, {});
  return std::any_of(scheme.parts.begin(), scheme.parts.end(),
                     [](int part) { return part >= 0; }) ||
         !scheme.leading_axes.empty();
}

}  // namespace mifa::annotation
