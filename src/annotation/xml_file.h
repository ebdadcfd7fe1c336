// An XML file as the readers of annotations see it: elements that know their line.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <pugixml.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "annotation/builder.h"
#include "core/result.h"

namespace mifa::annotation {

class XmlFile {
 public:
  // Elements and attributes take up to ten times their text in memory.
  static constexpr std::size_t kBytes = 200'000'000;

  // Parses a whole file. One that breaks off or breaks down is read up to there, and
  // "annotation/xml-broken" filed. Entities other than XML's own five are not expanded, DTDs not
  // read. An Error when there is no element at all, or the file is too long.
  static Result<std::unique_ptr<XmlFile>> parse(std::string_view text, LayerBuilder& builder);

  pugi::xml_node root() const { return document_.document_element(); }
  // 1-based line of an element; 0 when unknown.
  int line(pugi::xml_node node) const;

  // For an object at which the file breaks off: forgets it and what was said about it since there
  // were `issues` issues, as the break itself is told. False, and nothing is done, for all others.
  bool forget_cut_off(pugi::xml_node node, LayerBuilder& builder, std::size_t issues) const;

 private:
  void find_lines(std::string_view text);
  int line_at(std::ptrdiff_t offset) const;

  pugi::xml_document document_;
  std::vector<std::uint32_t> line_begins_;
  bool has_lines_ = false;
  bool broken_ = false;
};

// The name of an element without its namespace's prefix.
std::string_view local_name(pugi::xml_node node);

// The text of an element's child, without blanks around it; empty when there is none.
std::string_view child_text(pugi::xml_node node, const char* child);

// The number of an attribute or child; nothing if it is absent or no number.
std::optional<double> attribute_number(pugi::xml_node node, const char* name);
std::optional<double> child_number(pugi::xml_node node, const char* child);

// Whether a file begins as XML whose first element has this local name.
bool begins_with_element(std::string_view bytes, std::string_view name);

}  // namespace mifa::annotation
