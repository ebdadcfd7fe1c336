// MIFA's annotation types, and the other words in use for them.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace mifa::meta {

struct TypeReading {
  enum class State {
    kExact,   // One of the eleven words.
    kAlias,   // Another word for one of them.
    kMethod,  // Says how it was annotated ("manual"), not what.
    kUnknown
  };
  State state = State::kUnknown;
  std::string type;  // The word of the enumeration, with kExact and kAlias.
};

TypeReading read_annotation_type(std::string_view text);

// The eleven words, "other" last.
std::span<const std::string_view> annotation_types();

}  // namespace mifa::meta
