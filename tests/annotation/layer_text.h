// All that a layer holds, as text: two readings of one file can be compared by it.
#pragma once

#include <sstream>
#include <string>

#include "annotation/layer.h"

namespace mifa::annotation {

inline std::string layer_text(const Layer& layer) {
  std::ostringstream out;
  out.precision(17);
  const auto extent = [&](const Paged<float>& values, std::size_t i) {
    if (i < values.size() && values[i] == values[i]) out << values[i];
    out << ' ';
  };
  for (std::size_t i = 0; i < layer.size(); ++i) {
    out << layer.pointer(i) << " line " << layer.place_line[i] << ' ' << shape_name(layer.shapes[i]) << ' ';
    const int category = layer.category[i];
    if (category >= 0) out << layer.categories[static_cast<std::size_t>(category)].name;
    out << " | ";
    for (const auto* values : {&layer.t_begin, &layer.t_end, &layer.z_begin, &layer.z_end}) extent(*values, i);
    for (std::size_t part = layer.part_begin[i]; part < layer.part_begin[i + 1]; ++part) {
      out << "| " << static_cast<int>(layer.part_kind[part]) << ':';
      for (std::size_t v = layer.vertex_begin[part]; v < layer.vertex_begin[part + 1]; ++v) {
        out << layer.origin[0] + layer.xy[2 * v] << ',' << layer.origin[1] + layer.xy[2 * v + 1] << ' ';
      }
    }
    for (const auto& column : layer.columns) {
      if (column->has(i)) out << "| " << column->name() << '=' << column->text(i);
    }
    out << '\n';
  }
  for (const auto& column : layer.columns) {
    out << column->name() << ' ' << column_type_name(column->type()) << ' ' << role_name(column->role) << ' '
        << column->unit << '\n';
  }
  for (const Category& category : layer.categories) {
    out << category.name << ' ' << category.count;
    if (category.color) out << ' ' << int{(*category.color)[0]} << ' ' << int{(*category.color)[1]} << ' ' << int{(*category.color)[2]};
    out << '\n';
  }
  for (const Issue& issue : layer.issues) {
    out << issue.rule << ' ' << issue.line << ' ' << issue.pointer << ": " << issue.message << ' ' << issue.expected
        << ' ' << issue.received << ' ' << issue.fix << '\n';
  }
  return out.str();
}

}  // namespace mifa::annotation
