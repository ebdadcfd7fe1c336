// One annotation layer, from the bytes of its file to the answers the page asks for: what a worker
// holds. JSON and binary parts in, the same out, as web/annotations/layer.ts lays down.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "annotation/format.h"
#include "annotation/object_table.h"
#include "annotation/spatial_order.h"
#include "core/json.h"

namespace mifa::annotation {

// Binary data of an answer; keeps it alive.
class AnswerPart {
 public:
  template <typename T>
  explicit AnswerPart(std::vector<T> values) {
    const auto kept = std::make_shared<std::vector<T>>(std::move(values));
    data_ = kept->data();
    bytes_ = kept->size() * sizeof(T);
    owner_ = kept;
  }
  const void* data() const { return data_; }
  std::size_t bytes() const { return bytes_; }

 private:
  std::shared_ptr<void> owner_;
  const void* data_ = nullptr;
  std::size_t bytes_ = 0;
};

struct Answer {
  std::string json;  // an object
  std::vector<AnswerPart> parts;
};

// {"file", "format", "image": {…}, "companions": {…}, "mapping": {…}}, all optional.
Result<ReadOptions> parse_read_options(const JsonView& json);
ImageContext parse_image_context(const JsonView& json);

class Engine {
 public:
  // `format`: id of a Format, or empty to recognise it by the first bytes.
  static Result<std::unique_ptr<Engine>> open(ReadOptions options, const std::string& format);
  // For a layer that was read elsewhere.
  explicit Engine(std::unique_ptr<Layer> layer);

  // The file, in windows of any length; then finish(). After an Error nothing else may be called.
  Status feed(std::string_view window);
  Status finish();
  // Of objects read so far.
  std::size_t objects() const;

  // Precondition: finish() was called. A call is {"call": name, …}; names and arguments are those of
  // AnnotationLayer.
  Result<Answer> call(std::string_view request);
  const Layer& layer() const { return *layer_; }

 private:
  Engine(ReadOptions options, const Format* format);
  Status start();
  void complete();
  Result<Answer> run(const std::string& name, const JsonView& request);
  Answer style(const JsonView& request);
  Answer table(const JsonView& request);
  Answer labels(const JsonView& query) const;
  Answer mask_colors(const JsonView& request) const;
  Answer mask_object(const JsonView& request) const;
  Answer mask_difference(const JsonView& request) const;
  Answer pick_at(const JsonView& request) const;
  Result<std::uint32_t> object_of(const JsonView& request) const;

  ReadOptions options_;
  const Format* format_ = nullptr;
  std::string head_;  // until the format is known
  std::unique_ptr<LayerBuilder> builder_;
  std::unique_ptr<Reader> reader_;
  std::unique_ptr<Layer> layer_;
  std::unique_ptr<SpatialOrder> order_;
  std::unique_ptr<ObjectTable> table_;
  Mask mask_;
};

}  // namespace mifa::annotation
