#include "ome/coordinate_map.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "ome/concat.h"
#include "ome/unit.h"

namespace mifa::ome {
namespace {

constexpr std::int64_t kMostAxes = 32;
constexpr std::int64_t kMostSteps = 64;
constexpr std::size_t kMostParameters = 16;

class MapReader {
 public:
  explicit MapReader(const ParameterArrays& parameters) : parameters_(parameters) {}

  // `inputs` is the number of input axes, 0 when not known.
  Result<AffineMap> read(const JsonView& transform, const MapEnds& ends, std::size_t inputs) {
    const std::string type = transform["type"].string().value_or("");
    if (type == "identity") {
      if (inputs == 0 && ends.output) inputs = ends.output->size();
      if (inputs > 0) return identity_map(inputs);
      return transform.mismatch("an identity between systems of known axes");
    }
    if (type == "scale" || type == "translation") return read_vector(transform, type == "scale");
    if (type == "affine" || type == "rotation") return read_matrix(transform, type == "rotation");
    if (type == "mapAxis") return read_axis_map(transform, ends);
    if (type == "projectAxis") return read_projection(transform, inputs);
    if (type == "sequence") return read_sequence(transform, ends, inputs);
    if (type == "byDimension") return read_by_dimension(transform, ends, inputs);
    if (type == "bijection") {
      auto forward = read(transform["forward"], ends, inputs);
      if (forward) return forward;
      auto inverse = read_inverse(transform["inverse"], ends);
      return inverse ? std::move(inverse) : std::move(forward);
    }
    if (type == "inverseOf") {
      const JsonView inner = transform["transformation"];
      return read_inverse(inner.exists() ? inner : transform["transform"], ends);
    }
    if (type.empty()) return transform["type"].mismatch("the type of a transformation");
    return Error{ErrorCode::kUnsupported,
                 concat("This program does not follow the transformation \"", type.substr(0, 40),
                        "\" (at ", transform.pointer(), " of ", transform.file(), ")")};
  }

 private:
  static Result<std::vector<double>> numbers(const JsonView& list) {
    std::vector<double> result;
    if (!list.is_array() || list.size() == 0 || list.size() > kMostAxes * (kMostAxes + 1)) {
      return list.mismatch("an array of numbers, one per axis");
    }
    for (std::int64_t i = 0; i < list.size(); ++i) {
      const auto number = list[i].number();
      if (!number || !std::isfinite(*number)) return list[i].mismatch("a finite number");
      result.push_back(*number);
    }
    return result;
  }

  // The parameters under `key`, or in the array that "path" names.
  Result<ParameterMatrix> parameters(const JsonView& transform, const std::string& key) {
    const auto path = transform["path"].string();
    const JsonView value = transform[key];
    if (path && !value.exists()) {
      const auto found = parameters_.find(*path);
      if (found != parameters_.end()) return found->second;
      return transform["path"].mismatch("a Zarr array of parameters that can be read");
    }
    if (!value[0].is_array()) {
      auto flat = numbers(value);
      if (!flat) return std::move(flat).error();
      return ParameterMatrix{1, flat->size(), std::move(*flat)};
    }
    ParameterMatrix matrix;
    for (std::int64_t row = 0; row < std::min(value.size(), kMostAxes); ++row) {
      auto cells = numbers(value[row]);
      if (!cells) return std::move(cells).error();
      if (row > 0 && cells->size() != matrix.columns) {
        return value[row].mismatch("rows of the same length");
      }
      matrix.columns = cells->size();
      matrix.numbers.insert(matrix.numbers.end(), cells->begin(), cells->end());
      ++matrix.rows;
    }
    return matrix;
  }

  Result<AffineMap> read_vector(const JsonView& transform, bool scale) {
    auto list = parameters(transform, scale ? "scale" : "translation");
    if (!list) return std::move(list).error();
    const std::vector<double>& given = list->numbers;
    if (given.size() > kMostAxes || list->rows != 1 ||
        (scale && std::count(given.begin(), given.end(), 0.0) > 0)) {
      return transform.mismatch("one number per axis, and no scale of 0");
    }
    const std::vector<double> plain(given.size(), scale ? 0.0 : 1.0);
    return scale ? diagonal_map(given, plain) : diagonal_map(plain, given);
  }

  Result<AffineMap> read_matrix(const JsonView& transform, bool rotation) {
    auto matrix = parameters(transform, rotation ? "rotation" : "affine");
    if (!matrix) return std::move(matrix).error();
    // The first drafts wrote the rows one after the other: n × n or n × (n + 1) numbers.
    for (std::size_t n = 2; matrix->rows == 1 && n <= 5; ++n) {
      if (matrix->numbers.size() == n * (rotation ? n : n + 1)) matrix->rows = n;
    }
    matrix->columns = matrix->numbers.size() / matrix->rows;
    if (matrix->columns < 2 || matrix->columns > kMostAxes ||
        (rotation && matrix->rows != matrix->columns)) {
      return transform.mismatch(rotation ? "a square matrix"
                                         : "a matrix of one row per output axis, each with one "
                                           "number per input axis and the offset");
    }
    if (!rotation) return AffineMap{matrix->columns - 1, std::move(matrix->numbers)};
    AffineMap map = zero_map(matrix->rows, matrix->columns);
    for (std::size_t row = 0; row < matrix->rows; ++row) {
      for (std::size_t i = 0; i < matrix->columns; ++i) {
        map.at(row, i) = matrix->numbers[row * matrix->columns + i];
      }
    }
    return map;
  }

  // An axis by its index, or by its name in the drafts; -1 if it is not there.
  static std::int64_t axis_of(const JsonView& value, const std::vector<Axis>* axes) {
    if (const auto index = value.integer()) return *index < kMostAxes ? *index : -1;
    const auto name = value.string();
    for (std::size_t i = 0; name && axes && i < axes->size(); ++i) {
      if ((*axes)[i].name == *name) return static_cast<std::int64_t>(i);
    }
    return -1;
  }

  // Distinct axes, each within `count` where that is not 0.
  static Result<std::vector<std::size_t>> axes_of(const JsonView& list,
                                                  const std::vector<Axis>* axes,
                                                  std::size_t count) {
    std::vector<std::size_t> result;
    for (std::int64_t i = 0; i < std::min(list.size(), kMostAxes); ++i) {
      const auto axis = static_cast<std::size_t>(axis_of(list[i], axes));
      if (axis >= kMostAxes || (count > 0 && axis >= count) ||
          std::find(result.begin(), result.end(), axis) != result.end()) {
        return list[i].mismatch("an axis of the coordinate system, each once");
      }
      result.push_back(axis);
    }
    return result;
  }

  Result<AffineMap> read_axis_map(const JsonView& transform, const MapEnds& ends) {
    const JsonView list = transform["mapAxis"];
    const auto rank = static_cast<std::size_t>(std::min(list.size(), kMostAxes));
    AffineMap map = zero_map(rank, ends.input ? ends.input->size() : rank);
    if (list.is_object() && ends.output && ends.output->size() == rank) {
      for (std::size_t row = 0; row < rank; ++row) {
        const JsonView from = list[(*ends.output)[row].name];
        const auto axis = static_cast<std::size_t>(axis_of(from, ends.input));
        if (axis >= map.inputs) return list.mismatch("an input axis for every output axis");
        map.at(row, axis) = 1;
      }
      return map;
    }
    if (!list.is_array() || rank == 0) return list.mismatch("an array of axis indices");
    auto axes = axes_of(list, ends.input, map.inputs);
    if (!axes) return std::move(axes).error();
    for (std::size_t row = 0; row < rank; ++row) map.at(row, (*axes)[row]) = 1;
    return map;
  }

  // Drops some inputs, and puts zeros where outputs are created.
  Result<AffineMap> read_projection(const JsonView& transform, std::size_t inputs) {
    auto dropped = axes_of(transform["droppedInputs"], nullptr, inputs);
    if (!dropped) return std::move(dropped).error();
    auto created = axes_of(transform["createdOutputs"], nullptr, 0);
    if (!created) return std::move(created).error();
    if (inputs == 0 || dropped->size() + created->size() == 0 || inputs == dropped->size()) {
      return transform.mismatch("\"droppedInputs\" or \"createdOutputs\", and known input axes");
    }
    AffineMap map = zero_map(inputs - dropped->size() + created->size(), inputs);
    std::size_t row = 0;
    const auto skip_created = [&] {
      while (std::find(created->begin(), created->end(), row) != created->end()) ++row;
    };
    for (std::size_t i = 0; i < inputs; ++i) {
      if (std::find(dropped->begin(), dropped->end(), i) != dropped->end()) continue;
      skip_created();
      if (row >= map.outputs()) return transform.mismatch("created outputs next to the others");
      map.at(row++, i) = 1;
    }
    return map;
  }

  Result<AffineMap> read_sequence(const JsonView& transform, const MapEnds& ends,
                                  std::size_t inputs) {
    const JsonView steps = transform["transformations"];
    if (!steps.is_array() || steps.size() == 0 || steps.size() > kMostSteps) {
      return steps.mismatch("an array of transformations");
    }
    std::optional<AffineMap> whole;
    for (std::int64_t i = 0; i < steps.size(); ++i) {
      const MapEnds step_ends = {i == 0 ? ends.input : nullptr,
                                 i + 1 == steps.size() ? ends.output : nullptr};
      // Says nothing, and its rank may not be known yet.
      if (steps[i]["type"].string() == "identity" && steps.size() > 1) continue;
      auto step = read(steps[i], step_ends, whole ? whole->outputs() : inputs);
      if (!step) return step;
      if (whole && step->inputs != whole->outputs()) {
        return steps[i].mismatch(concat("a transformation of ", whole->outputs(), " axes"));
      }
      whole = whole ? compose(*step, *whole) : std::move(step).value();
    }
    if (!whole) return read(steps[0], ends, inputs);
    return *std::move(whole);
  }

  Result<AffineMap> read_by_dimension(const JsonView& transform, const MapEnds& ends,
                                      std::size_t inputs) {
    const JsonView parts = transform["transformations"];
    const auto axes_member = [&](std::int64_t i, const char* now, const char* before,
                                 const char* first) {
      const JsonView part = parts[i];
      return part[now].exists() ? part[now] : part[before].exists() ? part[before] : part[first];
    };
    const std::int64_t count = std::min(parts.size(), kMostSteps);
    std::int64_t outputs = 0;  // Each is named once.
    for (std::int64_t i = 0; i < count; ++i) {
      outputs += std::min(axes_member(i, "outputAxes", "output_axes", "output").size(), kMostAxes);
    }
    if (outputs < 1 || outputs > kMostAxes || inputs == 0 || !parts.is_array()) {
      return transform.mismatch("\"transformations\" between systems of known axes");
    }
    AffineMap map = zero_map(static_cast<std::size_t>(outputs), inputs);
    std::vector<bool> covered(map.outputs());
    for (std::int64_t i = 0; i < count; ++i) {
      auto from = axes_of(axes_member(i, "inputAxes", "input_axes", "input"), ends.input, inputs);
      if (!from) return std::move(from).error();
      auto to = axes_of(axes_member(i, "outputAxes", "output_axes", "output"), ends.output,
                        map.outputs());
      if (!to) return std::move(to).error();
      const JsonView inner = parts[i]["transformation"];
      auto part = read(inner.exists() ? inner : parts[i], {}, from->size());
      if (!part) return part;
      if (part->inputs != from->size() || part->outputs() != to->size()) {
        return parts[i].mismatch("as many axes as the transformation has");
      }
      for (std::size_t row = 0; row < to->size(); ++row) {
        if (covered[(*to)[row]]) return parts[i].mismatch("each output axis once");
        covered[(*to)[row]] = true;
        map.at((*to)[row], inputs) = part->at(row, part->inputs);
        for (std::size_t k = 0; k < from->size(); ++k) {
          map.at((*to)[row], (*from)[k]) = part->at(row, k);
        }
      }
    }
    if (std::find(covered.begin(), covered.end(), false) != covered.end()) {
      return parts.mismatch("every output axis once");
    }
    return map;
  }

  Result<AffineMap> read_inverse(const JsonView& transform, const MapEnds& ends) {
    auto map = read(transform, {ends.output, ends.input}, ends.output ? ends.output->size() : 0);
    if (!map) return map;
    auto inverse = invert(*map);
    if (!inverse) return transform.mismatch("a transformation that can be inverted");
    return *std::move(inverse);
  }

  const ParameterArrays& parameters_;
};

void collect_paths(const JsonView& value, std::vector<std::string>& paths) {
  if (paths.size() >= kMostParameters) return;
  const auto type = value["type"].string();
  const auto path = value["path"].string();
  if (path &&
      (type == "affine" || type == "rotation" || type == "scale" || type == "translation")) {
    if (std::find(paths.begin(), paths.end(), *path) == paths.end()) paths.push_back(*path);
  }
  for (const char* key : {"forward", "inverse", "transformation", "transform"}) {
    if (value[key].is_object()) collect_paths(value[key], paths);
  }
  for (const char* key : {"coordinateTransformations", "transformations", "datasets"}) {
    const JsonView list = value[key];
    for (std::int64_t i = 0; i < list.size() && list.is_array(); ++i) collect_paths(list[i], paths);
  }
}

}  // namespace

std::vector<std::string> parameter_paths(const JsonView& value) {
  std::vector<std::string> paths;
  collect_paths(value, paths);
  return paths;
}

Result<AffineMap> parse_map(const JsonView& transform, const MapEnds& ends,
                            const ParameterArrays& parameters) {
  auto map = MapReader(parameters).read(transform, ends, ends.input ? ends.input->size() : 0);
  if (!map) return map;
  const auto fits = [](const std::vector<Axis>* axes, std::size_t count) {
    return !axes || axes->size() == count;
  };
  if (!fits(ends.input, map->inputs) || !fits(ends.output, map->outputs())) {
    return transform.mismatch(
        concat("a transformation of ", (ends.input ? std::to_string(ends.input->size()) : "known"),
               " to ", (ends.output ? std::to_string(ends.output->size()) : "known"),
               " axes, not of ", map->inputs, " to ", map->outputs()));
  }
  if (!is_finite(*map)) return transform.mismatch("numbers that can be multiplied");
  return map;
}

void convert_units(AffineMap& map, const std::vector<Axis>& input, const std::vector<Axis>& output,
                   const JsonView& place, IssueLog& log) {
  if (map.inputs != input.size() || map.outputs() != output.size()) return;
  bool differ = false;
  bool known = true;
  for (std::size_t column = 0; column < map.inputs; ++column) {
    double length = 0;
    for (std::size_t row = 0; row < map.outputs(); ++row) {
      const double number = map.at(row, column);
      length += number * number;
      if (number == 0 || input[column].unit == output[row].unit || input[column].unit.empty() ||
          output[row].unit.empty()) {
        continue;
      }
      differ = true;
      known = known && unit_meters(input[column].unit) > 0 && unit_meters(output[row].unit) > 0;
    }
    if (length != 0 && std::abs(length - 1) > 1e-6) return;  // It says how sizes change.
  }
  if (!differ) return;
  log.at(place,
         {.rule = "ome-zarr/transform-units",
          .severity = Severity::kWarning,
          .message = concat(std::string("The transformation keeps sizes, yet its two coordinate "
                                        "systems have different units: "),
                            (known ? "the units are converted." : "they are taken for the same.")),
          .expected = "one unit on both sides, or a scale between the two",
          .fix = "Write the scale from one unit to the other into the transformation."});
  if (!known) return;
  for (std::size_t column = 0; column < map.inputs; ++column) {
    for (std::size_t row = 0; row < map.outputs(); ++row) {
      const double from = unit_meters(input[column].unit);
      const double to = unit_meters(output[row].unit);
      if (from > 0 && to > 0) map.at(row, column) *= from / to;
    }
  }
}

SystemId system_of(const JsonView& end) {
  if (const auto name = end.string()) return {"", *name};
  return {end["path"].string().value_or(""), end["name"].string().value_or("")};
}

}  // namespace mifa::ome
