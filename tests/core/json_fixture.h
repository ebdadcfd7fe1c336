// Parses text that a test knows to be right.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "core/json.h"

namespace mifa {

inline JsonView parsed(const std::string& text, const std::string& file = "a/zarr.json") {
  auto view = JsonDocument::parse(text, file);
  EXPECT_TRUE(view.ok()) << text << "\n" << (view ? "" : view.error().message);
  return view ? *view : JsonView();
}

// The message with which a text is refused; empty when it is taken.
inline std::string refusal(const std::string& text, const std::string& file = "a/zarr.json") {
  auto view = JsonDocument::parse(text, file);
  return view ? "" : view.error().message;
}

}  // namespace mifa
