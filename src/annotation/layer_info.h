// What the page is told of a layer and of its objects, as JSON: LayerInfo and ObjectDetails of
// web/annotations/layer.ts.
#pragma once

#include <string>

#include "annotation/json_text.h"
#include "annotation/layer.h"

namespace mifa::annotation {

// Different texts of a column that are counted, and the most frequent that are listed.
inline constexpr std::size_t kDistinctTexts = 1000;
inline constexpr std::size_t kListedTexts = 50;

std::string layer_info(const Layer& layer);
std::string object_details(const Layer& layer, std::size_t object);

void write_issue(JsonText& json, const Issue& issue);
void write_color(JsonText& json, const Color& color);

}  // namespace mifa::annotation
