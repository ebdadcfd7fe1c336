#include "annotation/engine.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "annotation/label_texts.h"
#include "annotation/layer_info.h"
#include "annotation/mask_rows.h"
#include "annotation/pick.h"
#include "annotation/quality.h"
#include "annotation/shapes.h"

namespace mifa::annotation {

namespace {

constexpr std::int64_t kRowsAtOnce = 10'000;
constexpr std::size_t kListedIds = 1000;

double number_or(const JsonView& view, double otherwise) { return view.number().value_or(otherwise); }

std::map<std::string, std::string> texts_of(const JsonView& json) {
  std::map<std::string, std::string> texts;
  for (const std::string& key : json.keys()) {
    if (auto text = json[key].string()) texts.emplace(key, *std::move(text));
  }
  return texts;
}

Color parse_color(const JsonView& json) {
  Color color = kNeutral;
  for (int i = 0; i < 3; ++i) {
    color[static_cast<std::size_t>(i)] =
        static_cast<std::uint8_t>(std::clamp(number_or(json[i], kNeutral[0]), 0.0, 255.0));
  }
  return color;
}

ColorBy parse_color_by(const JsonView& json) {
  ColorBy by;
  const std::string kind = json["kind"].string().value_or("category");
  if (kind == "instance") by.kind = ColorBy::Kind::kInstance;
  if (kind == "track") by.kind = ColorBy::Kind::kTrack;
  if (kind == "single") by.kind = ColorBy::Kind::kSingle;
  if (kind == "column") by.kind = ColorBy::Kind::kColumn;
  if (kind == "single") by.color = parse_color(json["color"]);
  by.column = json["column"].string().value_or("");
  return by;
}

Filter parse_filter(const JsonView& json) {
  Filter filter;
  for (std::int64_t i = 0; i < json["hidden"].size(); ++i) {
    filter.hidden.push_back(static_cast<int>(json["hidden"][i].integer().value_or(-2)));
  }
  for (std::int64_t i = 0; i < json["ranges"].size(); ++i) {
    const JsonView range = json["ranges"][i];
    // JSON has no infinity: null is one.
    filter.ranges.push_back({range["column"].string().value_or(""), number_or(range["min"], -INFINITY),
                             number_or(range["max"], INFINITY)});
  }
  for (std::int64_t i = 0; i < json["hiddenTexts"].size(); ++i) {
    const JsonView hidden = json["hiddenTexts"][i];
    Filter::HiddenTexts texts{hidden["column"].string().value_or(""), {}};
    for (std::int64_t k = 0; k < hidden["texts"].size(); ++k) {
      texts.texts.push_back(hidden["texts"][k].string().value_or(""));
    }
    filter.hidden_texts.push_back(std::move(texts));
  }
  return filter;
}

LabelQuery parse_label_query(const JsonView& json) {
  LabelQuery query;
  const JsonView by = json["by"];
  const std::string kind = by["kind"].string().value_or("category");
  if (kind == "id") query.kind = LabelQuery::Kind::kId;
  if (kind == "track") query.kind = LabelQuery::Kind::kTrack;
  if (kind == "column") query.kind = LabelQuery::Kind::kColumn;
  query.column = by["column"].string().value_or("");
  const JsonView box = json["box"];
  query.x0 = number_or(box[0], NAN);
  query.y0 = number_or(box[1], NAN);
  query.x1 = number_or(box[2], NAN);
  query.y1 = number_or(box[3], NAN);
  query.cell_width = number_or(json["cell"][0], 0);
  query.cell_height = number_or(json["cell"][1], 0);
  query.frame = number_or(json["frame"], NAN);
  query.slice = number_or(json["slice"], NAN);
  return query;
}

// Ids pass what a JSON number holds: they are texts.
std::optional<std::int64_t> parse_id(const JsonView& json) {
  const std::string text = json.string().value_or("");
  std::int64_t id = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return id;
}

TableQuery parse_table_query(const JsonView& json) {
  TableQuery query;
  query.sort = json["sort"].string().value_or("#");
  query.descending = json["descending"].boolean().value_or(false);
  query.search = json["search"].string().value_or("");
  query.filtered = json["filtered"].boolean().value_or(true);
  if (!json["only"].is_array()) return query;
  query.only.emplace();
  for (std::int64_t i = 0; i < json["only"].size(); ++i) {
    const std::int64_t object = json["only"][i].integer().value_or(-1);
    if (object >= 0 && object < 0xffffffff) query.only->push_back(static_cast<std::uint32_t>(object));
  }
  return query;
}

void write_legend(JsonText& json, const Legend& legend) {
  json.key("legend").begin_object().member("title", legend.title).key("entries").begin_array();
  for (const LegendEntry& entry : legend.entries) {
    json.begin_object().member("label", entry.label).key("color");
    write_color(json, entry.color);
    json.member("count", entry.count).end_object();
  }
  json.end_array();
  if (legend.is_ramp) {
    json.key("ramp").begin_object().member("min", legend.minimum).member("max", legend.maximum);
    json.key("colors").begin_array();
    for (const Color& color : ramp()) write_color(json, color);
    json.end_array().end_object();
  }
  json.end_object();
}

Answer shape_answer(Shapes shapes) {
  Answer answer;
  JsonText json;
  json.begin_object().member("lineCount", shapes.lines.size()).member("fillCount", shapes.fill.size());
  answer.json = json.member("markerCount", shapes.markers.size()).end_object().take();
  answer.parts.emplace_back(std::move(shapes.lines));
  answer.parts.emplace_back(std::move(shapes.fill));
  answer.parts.emplace_back(std::move(shapes.markers));
  return answer;
}

template <typename T>
Answer counted(std::vector<T> values, std::size_t count) {
  Answer answer;
  answer.json = "{\"count\":" + std::to_string(count) + "}";
  answer.parts.emplace_back(std::move(values));
  return answer;
}

}  // namespace

ImageContext parse_image_context(const JsonView& json) {
  ImageContext image;
  for (std::int64_t i = 0; i < json["names"].size(); ++i) {
    image.names.push_back(json["names"][i].string().value_or(""));
  }
  image.width = json["width"].integer().value_or(0);
  image.height = json["height"].integer().value_or(0);
  image.depth = json["depth"].integer().value_or(1);
  image.frames = json["frames"].integer().value_or(1);
  image.pixel_width = number_or(json["pixelWidth"], 0);
  image.pixel_height = number_or(json["pixelHeight"], 0);
  image.slice_distance = number_or(json["sliceDistance"], 0);
  image.unit = json["unit"].string().value_or("");
  return image;
}

Result<ReadOptions> parse_read_options(const JsonView& json) {
  if (!json.is_object()) return json.mismatch("an object with options");
  ReadOptions options;
  options.file = json["file"].string().value_or("annotations");
  options.image = parse_image_context(json["image"]);
  options.companions = texts_of(json["companions"]);
  options.mapping = texts_of(json["mapping"]);
  return options;
}

Result<std::unique_ptr<Engine>> Engine::open(ReadOptions options, const std::string& format) {
  const Format* found = nullptr;
  if (!format.empty()) {
    found = find_format(format);
    if (!found) {
      std::string known;
      for (const Format& one : formats()) known += (known.empty() ? "" : ", ") + std::string(one.id);
      return Error{ErrorCode::kUnsupported,
                   "Expected one of the formats " + known + ", received \"" + format + "\"."};
    }
  }
  return std::unique_ptr<Engine>(new Engine(std::move(options), found));
}

Engine::Engine(ReadOptions options, const Format* format)
    : options_(std::move(options)),
      format_(format),
      builder_(std::make_unique<LayerBuilder>(options_.file, options_.limits)) {}

Engine::Engine(std::unique_ptr<Layer> layer) : layer_(std::move(layer)) { complete(); }

Status Engine::feed(std::string_view window) {
  if (reader_) return reader_->feed(window);
  head_.append(window);
  return head_.size() < kHeadBytes ? Status(Success{}) : start();
}

Status Engine::finish() {
  if (!reader_) {
    if (auto started = start(); !started) return started;
  }
  if (auto done = reader_->finish(); !done) return done;
  reader_.reset();
  layer_ = builder_->take();
  builder_.reset();
  complete();
  return Success{};
}

// Makes the reader, and gives it what was kept to recognise the format by.
Status Engine::start() {
  if (!format_) {
    const std::string_view begin = std::string_view(head_).substr(0, kHeadBytes);
    auto detected = detect_format({options_.file, begin, head_.size() < kHeadBytes});
    if (!detected) return std::move(detected).error();
    format_ = *detected;
  }
  builder_->layer().format = format_->id;
  reader_ = format_->make(options_, *builder_);
  const std::string head = std::move(head_);
  return reader_->feed(head);
}

void Engine::complete() {
  order_ = std::make_unique<SpatialOrder>(*layer_);
  table_ = std::make_unique<ObjectTable>(*layer_);
}

std::size_t Engine::objects() const {
  if (layer_) return layer_->size();
  return builder_ ? builder_->layer().size() : 0;
}

Result<Answer> Engine::call(std::string_view request) {
  auto json = JsonDocument::parse(std::string(request), "request");
  if (!json) return std::move(json).error();
  auto name = (*json)["call"].expect_string();
  if (!name) return std::move(name).error();
  return run(*name, *json);
}

Result<Answer> Engine::run(const std::string& name, const JsonView& request) {
  if (name == "info") return Answer{layer_info(*layer_), {}};
  if (name == "blocks") return counted(order_->table(), order_->blocks());
  if (name == "points") return counted(order_->points(), order_->objects().size());
  if (name == "shapes") {
    auto block = request["block"].expect_integer(0, static_cast<std::int64_t>(order_->blocks()) - 1);
    if (!block) return std::move(block).error();
    return shape_answer(shapes_of(*layer_, order_->block(static_cast<std::size_t>(*block))));
  }
  if (name == "links") {
    auto links = link_segments(*layer_);
    const std::size_t count = links.size();
    return counted(std::move(links), count);
  }
  if (name == "extents") {
    auto values = extents(*layer_);
    const std::size_t count = values.size() / 4;
    return counted(std::move(values), count);
  }
  if (name == "style") return style(request);
  if (name == "labels") return labels(request["query"]);
  if (name == "maskColors") return mask_colors(request);
  if (name == "maskObject") return mask_object(request);
  if (name == "maskDifference") return mask_difference(request);
  if (name == "pick") return pick_at(request["query"]);
  if (name == "table") return table(request);
  if (name == "quality") {
    return Answer{quality_json(*layer_, quality_of(*layer_, *order_, parse_image_context(request["image"]))), {}};
  }
  if (name == "outline" || name == "details") {
    auto object = object_of(request);
    if (!object) return std::move(object).error();
    if (name == "details") return Answer{object_details(*layer_, *object), {}};
    const std::uint32_t objects[] = {*object};
    return shape_answer(shapes_of(*layer_, objects));
  }
  return Error{ErrorCode::kUnsupported,
               "Expected the call of a layer (info, blocks, points, shapes, links, extents, style, labels, pick, outline, "
               "details, table, quality, maskColors, maskObject, maskDifference), received \"" + name + "\"."};
}

Answer Engine::style(const JsonView& request) {
  mask_ = filter_mask(*layer_, parse_filter(request["filter"]));
  table_->forget();
  Style style = style_of(*layer_, parse_color_by(request["colorBy"]), mask_);
  Answer answer;
  JsonText json;
  json.begin_object().member("visible", style.visible);
  write_legend(json, style.legend);
  answer.json = json.end_object().take();
  answer.parts.emplace_back(std::move(style.colors));
  return answer;
}

Answer Engine::pick_at(const JsonView& query) const {
  PickQuery at;
  at.x = number_or(query["x"], NAN);
  at.y = number_or(query["y"], NAN);
  at.radius = number_or(query["radius"], 0);
  at.frame = number_or(query["frame"], NAN);
  at.slice = number_or(query["slice"], NAN);
  JsonText json;
  json.begin_object().key("objects").begin_array();
  for (const std::uint32_t object : pick(*layer_, *order_, mask_, at)) json.value(object);
  return {json.end_array().end_object().take(), {}};
}

Answer Engine::labels(const JsonView& query) const {
  JsonText json;
  json.begin_object().key("labels").begin_array();
  for (const LabelText& label : label_texts(*layer_, *order_, mask_, parse_label_query(query))) {
    json.begin_object().member("object", label.object).member("x", label.x).member("y", label.y);
    json.member("half", label.half).member("text", label.text).end_object();
  }
  return {json.end_array().end_object().take(), {}};
}

Answer Engine::mask_colors(const JsonView& request) const {
  const Style style = style_of(*layer_, parse_color_by(request["colorBy"]), mask_);
  const MaskRows rows(*layer_, number_or(request["frame"], NAN));
  Answer answer;
  JsonText json;
  auto words = rows.colored(style.colors);
  json.begin_object().member("count", words.size() / 3).member("repeated", rows.repeated());
  write_legend(json, style.legend);
  answer.json = json.end_object().take();
  answer.parts.emplace_back(std::move(words));
  return answer;
}

Answer Engine::mask_object(const JsonView& request) const {
  const auto id = parse_id(request["id"]);
  const MaskRows rows(*layer_, number_or(request["frame"], NAN));
  const auto object = id ? rows.object(*id) : std::nullopt;
  JsonText json;
  json.begin_object().member("object", object ? std::int64_t{*object} : -1);
  return {json.end_object().take(), {}};
}

Answer Engine::mask_difference(const JsonView& request) const {
  std::vector<std::int64_t> ids;
  for (std::int64_t i = 0; i < request["ids"].size(); ++i) {
    if (const auto id = parse_id(request["ids"][i])) ids.push_back(*id);
  }
  const auto difference = MaskRows(*layer_, number_or(request["frame"], NAN)).compare(ids);
  JsonText json;
  json.begin_object().member("idCount", difference.ids.size()).member("objectCount", difference.objects.size());
  json.key("ids").begin_array();
  for (std::size_t i = 0; i < std::min(difference.ids.size(), kListedIds); ++i) json.value(std::to_string(difference.ids[i]));
  json.end_array().key("objects").begin_array();
  for (std::size_t i = 0; i < std::min(difference.objects.size(), kListedIds); ++i) json.value(difference.objects[i]);
  json.end_array();
  return {json.end_object().take(), {}};
}

// With "steps" the order of the rows is found in parts: {"pending": true} asks for the same call again.
Answer Engine::table(const JsonView& request) {
  const TableQuery query = parse_table_query(request["query"]);
  const std::int64_t steps = request["steps"].integer().value_or(0);
  if (steps > 0 && !table_->prepare(query, static_cast<std::size_t>(steps))) return {R"({"pending":true})", {}};
  const auto& rows = table_->rows(query, mask_);
  const auto size = static_cast<std::int64_t>(rows.size());
  const std::int64_t from = std::clamp<std::int64_t>(request["from"].integer().value_or(0), 0, size);
  const std::int64_t count =
      std::clamp<std::int64_t>(request["count"].integer().value_or(0), 0, std::min(kRowsAtOnce, size - from));
  JsonText json;
  json.begin_object().member("total", size).key("columns").begin_array();
  for (const std::string& column : table_->columns()) json.value(column);
  json.end_array().key("rows").begin_array();
  for (std::int64_t i = from; i < from + count; ++i) {
    const std::uint32_t object = rows[static_cast<std::size_t>(i)];
    json.begin_object().member("object", object).key("cells").begin_array();
    for (const std::string& cell : table_->cells(object)) json.value(cell);
    json.end_array().end_object();
  }
  json.end_array();
  std::int64_t found = -1;
  if (const auto wanted = request["find"].integer()) {
    const auto at = std::find(rows.begin(), rows.end(), static_cast<std::uint32_t>(*wanted));
    if (at != rows.end()) found = at - rows.begin();
  }
  return {json.member("found", found).end_object().take(), {}};
}

Result<std::uint32_t> Engine::object_of(const JsonView& request) const {
  auto object = request["object"].expect_integer(0, static_cast<std::int64_t>(layer_->size()) - 1);
  if (!object) return std::move(object).error();
  return static_cast<std::uint32_t>(*object);
}

}  // namespace mifa::annotation
