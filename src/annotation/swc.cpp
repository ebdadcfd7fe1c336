// SWC: skeletons of neurons, a node a line: "number type x y z radius parent", in µm unless the
// comments say otherwise; parents may come after their children.

#include <array>
#include <cmath>
#include <optional>
#include <unordered_map>

#include "annotation/line_reader.h"
#include "annotation/lineage.h"
#include "annotation/number_text.h"
#include "annotation/table_formats.h"
#include "annotation/table_scheme.h"

namespace mifa::annotation {

namespace {

constexpr std::size_t kLineBytes = 65'536;
using Values = std::array<TextNumber, 7>;

// Stops at a comment; the number of values found, also beyond seven.
std::size_t read_values(std::string_view line, Values& values) {
  std::size_t count = 0;
  line = stripped(line.substr(0, line.find('#')));
  while (!line.empty()) {
    const std::size_t end = line.find_first_of(" \t,");
    if (count < values.size()) values[count] = read_number(line.substr(0, end));
    ++count;
    line = end == std::string_view::npos ? std::string_view() : stripped(line.substr(end + 1));
  }
  return count;
}

bool is_number(const TextNumber& value) {
  return value.kind == TextNumber::Kind::kInteger || value.kind == TextNumber::Kind::kNumber;
}

bool is_node(const Values& values, std::size_t count) {
  for (const TextNumber& value : values) {
    if (!is_number(value)) return false;
  }
  const auto whole = [](const TextNumber& value) {
    return value.number == std::floor(value.number) && std::abs(value.number) < 1e15;
  };
  return count >= 7 && whole(values[0]) && whole(values[1]) && whole(values[6]);
}

// INCF's names of the types.
std::string type_name(std::int64_t type) {
  constexpr std::array<const char*, 8> kNames = {
      "undefined",       "soma",       "axon",      "basal dendrite",
      "apical dendrite", "fork point", "end point", "custom"};
  return type >= 0 && type < 8 ? kNames[static_cast<std::size_t>(type)]
                               : "type " + std::to_string(type);
}

class SwcReader : public LineReader {
 public:
  SwcReader(const ReadOptions& options, LayerBuilder& builder)
      : LineReader(options.file, "lines of seven numbers", kLineBytes), builder_(builder) {
    builder_.set_kind(LayerKind::kGraph);
    Space& space = builder_.layer().space;
    space.unit = Space::Unit::kPhysical;
    space.unit_name = "micrometer";
    space.depth_is_physical = true;
    id_ = builder_.column("id", ColumnType::kInteger, Role::kId);
    radius_ = builder_.column("radius", ColumnType::kNumber);
    parent_ = builder_.column("parent", ColumnType::kInteger, Role::kParent);
    if (radius_) radius_->unit = space.unit_name;
  }

  Status finish() override {
    take_last_line();
    lineage_.emplace(builder_);
    for (const Node& node : nodes_) {
      const std::uint32_t track = lineage_->track(std::to_string(node.id));
      lineage_->detect(track, node.object, std::nan(""), node.line);
      if (node.parent != -1) {
        lineage_->descend(track, lineage_->track(std::to_string(node.parent)), node.line);
      }
    }
    lineage_->finish("node");
    return Success{};
  }

 private:
  struct Node {
    std::int64_t id, parent;
    std::uint32_t object, line;
  };

  void take_line(std::string_view line) override {
    const std::string_view text = stripped(line);
    if (text.empty() || text.front() == '#') return read_comment(text);
    Values values;
    const std::size_t count = read_values(line, values);
    if (!is_node(values, count)) {
      builder_.issue(
          "swc/not-a-node", Severity::kError, "The line is no node; it is left out.", {},
          static_cast<int>(line_number()), "seven numbers: number, type, x, y, z, radius, parent or -1",
          "\"" + std::string(text.substr(0, 80)) + "\"", "Write the seven numbers of the node.");
      return;
    }
    const auto id = static_cast<std::int64_t>(values[0].number);
    const auto parent = static_cast<std::int64_t>(values[6].number);
    const auto [known, is_new] = lines_.emplace(id, line_number());
    if (!is_new) {
      builder_.issue("swc/number-twice", Severity::kError,
                     "Node " + std::to_string(id) + " is in line " + std::to_string(known->second) +
                         " already; the second is left out.",
                     {}, static_cast<int>(line_number()), "a number once", "twice",
                     "Give one of them another number.");
      return;
    }
    if (!builder_.begin(ordinal_++, line_number())) return;
    const std::size_t object = builder_.layer().size();
    builder_.point(values[2].number, values[3].number);
    builder_.slices(values[4].number, values[4].number);
    builder_.category(type_name(static_cast<std::int64_t>(values[1].number)));
    if (id_) id_->set_integer(object, id);
    if (radius_) radius_->set_number(object, values[5].number);
    if (parent_ && parent != -1) parent_->set_integer(object, parent);
    nodes_.push_back({id, parent, static_cast<std::uint32_t>(object), line_number()});
    builder_.end();
  }

  // navis and others note the unit: "# Meta: {…, "units": "8 nanometer", …}".
  void read_comment(std::string_view text) {
    const std::size_t at = text.find("\"units\":");
    if (at == std::string_view::npos || ordinal_ > 0) return;
    const std::size_t begin = text.find('"', at + 8);
    const std::size_t end = begin == std::string_view::npos ? begin : text.find('"', begin + 1);
    if (end == std::string_view::npos) return;
    std::string_view unit = stripped(text.substr(begin + 1, end - begin - 1));
    double factor = 1;
    if (const std::size_t blank = unit.find(' '); blank != std::string_view::npos) {
      const TextNumber number = read_number(unit.substr(0, blank));
      if (!is_number(number) || !(number.number > 0)) return;
      factor = number.number;
      unit = stripped(unit.substr(blank + 1));
    }
    const std::string word = unit_word(unit);
    if (!is_length_unit(word) || word == "pixel") return;
    Space& space = builder_.layer().space;
    space.unit_name = word;
    space.affine = {factor, 0, 0, 0, factor, 0};
    if (radius_)
      radius_->unit = factor == 1 ? word : std::string(text.substr(begin + 1, end - begin - 1));
  }

  LayerBuilder& builder_;
  std::optional<Lineage> lineage_;
  Column *id_, *radius_, *parent_;
  std::vector<Node> nodes_;
  std::unordered_map<std::int64_t, std::uint32_t> lines_;
  std::uint32_t ordinal_ = 0;
};

}  // namespace

int sniff_swc(const Head& head) {
  std::string_view rest = head.bytes;
  std::size_t lines = 0, nodes = 0, roots = 0;
  while (!rest.empty() && lines < 100) {
    const std::size_t end = rest.find('\n');
    const std::string_view line = stripped(rest.substr(0, end));
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    if (line.empty() || line.front() == '#' || (rest.empty() && !head.complete)) continue;
    ++lines;
    Values values;
    if (!is_node(values, read_values(line, values))) continue;
    ++nodes;
    if (values[6].number == -1) ++roots;
  }
  const bool named = head.name.ends_with(".swc");
  if (named) return nodes * 2 > lines ? 95 : 0;
  return lines > 0 && nodes == lines && roots > 0 ? 60 : 0;
}

std::unique_ptr<Reader> make_swc_reader(const ReadOptions& options, LayerBuilder& builder) {
  return std::make_unique<SwcReader>(options, builder);
}

}  // namespace mifa::annotation
