#include "annotation/geojson_form.h"

#include <cstdint>
#include <cstring>

#include "annotation/geojson_object.h"
#include "annotation/json_space.h"

namespace mifa::annotation {

namespace {

// memcmp of Emscripten's C library goes byte by byte.
bool same_bytes(const char* a, const char* b, std::size_t size) {
  std::size_t at = 0;
  for (; at + 8 <= size; at += 8) {
    std::uint64_t one, other;
    std::memcpy(&one, a + at, 8);
    std::memcpy(&other, b + at, 8);
    if (one != other) return false;
  }
  for (; at < size; ++at) {
    if (a[at] != b[at]) return false;
  }
  return true;
}

// Behind the quote that ends a text of printable ASCII without escapes; null for another text, which
// needs more than to be copied.
const char* simple_text_end(const char* at) {
  while (*at >= ' ' && *at <= '~' && *at != '"' && *at != '\\') ++at;
  return *at == '"' ? at + 1 : nullptr;
}

const char* word_end(const char* at, const char* end) {
  for (const std::string_view word : {"true", "false", "null"}) {
    if (std::string_view(at, static_cast<std::size_t>(end - at)).starts_with(word)) return at + word.size();
  }
  return nullptr;
}

// Behind an array of numbers.
const char* numbers_end(const char* at) {
  if (*at++ != '[') return nullptr;
  for (;;) {
    double number = 0;
    while (is_json_space(*at)) ++at;
    at = read_plain_number(at, number);
    if (!at) return nullptr;
    while (is_json_space(*at)) ++at;
    if (*at == ']') return at + 1;
    if (*at++ != ',') return nullptr;
  }
}

}  // namespace

// Walks a feature that is known to be JSON, in search of its values.
class GeoJsonForm::Learner {
 public:
  explicit Learner(std::string_view feature)
      : text_(feature), at_(text_.data()), end_(text_.data() + feature.size()), begin_(at_) {}

  std::optional<GeoJsonForm> learn() {
    const bool good = members([this](std::string_view key) {
      if (key == "type") return fixed() == "Feature";
      if (key == "id") return scalar("id");
      if (key == "geometry") return *at_ == '{' && geometry();
      if (key == "properties") return *at_ == '{' && properties();
      return false;
    });
    if (!good || form_.geometry_ == GeoJsonType::kUnknown || at_ != end_) return std::nullopt;
    form_.after_.assign(begin_, at_);
    form_.values_.resize(form_.steps_.size());
    return std::move(form_);
  }

 private:
  bool geometry() {
    bool coordinates = false;
    const bool good = members([&](std::string_view key) {
      if (key == "type") {
        form_.geometry_ = GeoJsonGeometry::type_named(fixed());
        return form_.geometry_ != GeoJsonType::kUnknown;
      }
      return key == "coordinates" && (coordinates = value(Slot::kCoordinates, {}));
    });
    return good && coordinates;
  }

  bool properties() {
    return members([this](std::string_view key) {
      if (key == "classification") return classification();
      if (key == "measurements") {
        return *at_ == '{' && members([this](std::string_view name) { return value(Slot::kMeasure, name); });
      }
      return GeoJsonProperties::is_only_value(key) && scalar(key);
    });
  }

  bool classification() {
    if (*at_ != '{') return value(Slot::kCategory, {});
    return members([this](std::string_view key) {
      if (key == "name") return value(Slot::kCategory, {});
      if (key != "color") return false;
      form_.has_color_ = true;
      return value(Slot::kIgnored, {});
    });
  }

  bool scalar(std::string_view column) {
    if (*at_ == '"') return value(Slot::kText, column);
    if (*at_ == 't' || *at_ == 'f' || *at_ == 'n') return value(Slot::kWord, column);
    return value(Slot::kNumber, column);
  }

  template <typename Member>
  bool members(Member member) {
    if (*at_ != '{') return false;
    ++at_;
    blanks();
    if (*at_ == '}') return ++at_, true;
    for (;;) {
      if (*at_ != '"') return false;
      const std::string_view key = fixed();
      blanks();
      if (!key.data() || *at_ != ':') return false;
      ++at_;
      blanks();
      if (!member(key)) return false;
      blanks();
      if (*at_ == '}') return ++at_, true;
      if (*at_ != ',') return false;
      ++at_;
      blanks();
    }
  }

  void blanks() {
    while (is_json_space(*at_)) ++at_;
  }

  // A text that all features of the form have; without data if it has escapes.
  std::string_view fixed() {
    if (*at_ != '"') return {};
    const char* const begin = ++at_;
    while (at_ < end_ && *at_ != '"' && *at_ != '\\') ++at_;
    if (at_ == end_ || *at_ == '\\') return {};
    return {begin, static_cast<std::size_t>(at_++ - begin)};
  }

  bool value(Slot slot, std::string_view column) {
    Value value;
    const char* const behind = fit_value(slot, at_, end_, coordinates_, value);
    if (!behind) return false;
    form_.steps_.push_back({std::string(begin_, at_), slot, std::string(column)});
    begin_ = at_ = behind;
    return true;
  }

  const std::string text_;  // ends in 0
  const char* at_;
  const char* const end_;
  const char* begin_;  // of what stands before the next value
  GeoJsonForm form_;
  PlainCoordinates coordinates_;
};

std::optional<GeoJsonForm> GeoJsonForm::of(std::string_view feature) { return Learner(feature).learn(); }

const char* GeoJsonForm::fit_value(Slot slot, const char* at, const char* end, PlainCoordinates& coordinates,
                                   Value& value) {
  const char* behind = nullptr;
  switch (slot) {
    case Slot::kCoordinates: return coordinates.read(at);
    case Slot::kIgnored: return numbers_end(at);
    case Slot::kWord: behind = word_end(at, end); break;
    case Slot::kNumber:
    case Slot::kMeasure: behind = read_plain_number(at, value.number); break;
    case Slot::kCategory:
    case Slot::kText:
      if (*at != '"') return nullptr;
      behind = simple_text_end(++at);
      if (behind) value.text = {at, static_cast<std::size_t>(behind - 1 - at)};
      return behind;
  }
  if (behind) value.text = {at, static_cast<std::size_t>(behind - at)};
  return behind;
}

std::size_t GeoJsonForm::fit(std::string_view text, PlainCoordinates& coordinates) {
  const char* at = text.data();
  const char* const end = at + text.size();
  const auto same = [&](const std::string& fixed) {
    if (static_cast<std::size_t>(end - at) < fixed.size()) return false;
    if (!same_bytes(at, fixed.data(), fixed.size())) return false;
    at += fixed.size();
    return true;
  };
  for (std::size_t i = 0; i < steps_.size(); ++i) {
    if (!same(steps_[i].before)) return 0;
    at = fit_value(steps_[i].slot, at, end, coordinates, values_[i]);
    if (!at) return 0;
  }
  return same(after_) ? static_cast<std::size_t>(at - text.data()) : 0;
}

bool GeoJsonForm::fill(LayerBuilder& builder, const PlainCoordinates& coordinates) const {
  std::optional<std::pair<double, double>> heights;
  for (std::size_t i = 0; i < steps_.size(); ++i) {
    const Step& step = steps_[i];
    const Value& value = values_[i];
    switch (step.slot) {
      case Slot::kIgnored:
        break;
      case Slot::kCoordinates:
        if (!add_plain_parts(builder, geometry_, coordinates, false, heights)) return false;
        break;
      case Slot::kCategory: {
        const auto known = builder.category_named(value.text);
        if (!known || (has_color_ && !builder.layer().categories[static_cast<std::size_t>(*known)].color)) return false;
        builder.category(*known);
        break;
      }
      case Slot::kText:
        builder.text(step.column, value.text);
        break;
      case Slot::kMeasure:
        builder.number(step.column, value.number);
        break;
      case Slot::kNumber:
        // As JSON parsers tell them apart; the number is exact in both.
        if (value.text.find('.') == std::string_view::npos) builder.integer(step.column, static_cast<std::int64_t>(value.number));
        else builder.number(step.column, value.number);
        break;
      case Slot::kWord:
        if (value.text != "null") builder.text(step.column, value.text);
        break;
    }
  }
  if (heights) builder.slices(heights->first, heights->second);
  return true;
}

std::size_t GeoJsonForms::read(LayerBuilder& builder, std::string_view text, std::uint32_t ordinal,
                               std::uint32_t line) {
  if (misses_ > kMisses) return 0;
  for (std::size_t i = 0; i < forms_.size(); ++i) {
    GeoJsonForm& form = forms_[(latest_ + i) % forms_.size()];
    const std::size_t length = form.fit(text, coordinates_);
    if (length == 0) continue;
    latest_ = (latest_ + i) % forms_.size();
    // A full layer tells so once, and keeps nothing.
    if (builder.begin(ordinal, line)) {
      if (!form.fill(builder, coordinates_)) {
        builder.abandon();
        break;
      }
      builder.end();
    }
    if (misses_ > 0) --misses_;
    return length;
  }
  ++misses_;
  return 0;
}

void GeoJsonForms::learn(std::string_view feature) {
  if (forms_.size() == kForms || misses_ > kMisses) return;
  for (GeoJsonForm& form : forms_) {
    // It was not wholly there when it was looked at, or its category was new.
    if (form.fit(feature, coordinates_) > 0) return;
  }
  if (auto form = GeoJsonForm::of(feature)) {
    latest_ = forms_.size();
    forms_.push_back(std::move(*form));
  }
}

}  // namespace mifa::annotation
