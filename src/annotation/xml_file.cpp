#include "annotation/xml_file.h"

#include <algorithm>

#include "annotation/text_values.h"

namespace mifa::annotation {

Result<std::unique_ptr<XmlFile>> XmlFile::parse(std::string_view text, LayerBuilder& builder) {
  const std::string& file = builder.layer().file;
  if (text.size() > kBytes) {
    return Error{ErrorCode::kLimit, "expected at most " + std::to_string(kBytes) +
                                        " bytes of XML in " + file + ", received " +
                                        std::to_string(text.size()) +
                                        "; split the file, one an image"};
  }
  auto xml = std::make_unique<XmlFile>();
  const pugi::xml_parse_result result = xml->document_.load_buffer(text.data(), text.size());
  xml->has_lines_ = result.encoding == pugi::encoding_utf8;
  if (xml->has_lines_) xml->find_lines(text);
  if (!xml->root()) {
    return Error{ErrorCode::kFixData, "expected XML in " + file + ", received " +
                                          (text.empty() ? "an empty file" : result.description())};
  }
  xml->broken_ = !result;
  if (!result) {
    builder.issue("annotation/xml-broken", Severity::kError,
                  "The file is no whole XML document; what stands before the fault is read.", {},
                  xml->line_at(result.offset), "XML in which every element is closed",
                  result.description(), "export the file again, or mend it at this line");
  }
  return xml;
}

int XmlFile::line(pugi::xml_node node) const { return line_at(node.offset_debug()); }

bool XmlFile::forget_cut_off(pugi::xml_node node, LayerBuilder& builder, std::size_t issues) const {
  if (!broken_ || builder.layer().issues.size() <= issues) return false;
  for (pugi::xml_node last = root(); last; last = last.last_child()) {
    if (last != node) continue;
    builder.layer().issues.resize(issues);
    builder.abandon();
    return true;
  }
  return false;
}

void XmlFile::find_lines(std::string_view text) {
  for (std::size_t i = text.find('\n'); i != std::string_view::npos; i = text.find('\n', i + 1)) {
    line_begins_.push_back(static_cast<std::uint32_t>(i + 1));
  }
}

int XmlFile::line_at(std::ptrdiff_t offset) const {
  if (offset < 0 || !has_lines_) return 0;
  const auto after = std::upper_bound(line_begins_.begin(), line_begins_.end(),
                                      static_cast<std::uint32_t>(offset));
  return static_cast<int>(after - line_begins_.begin()) + 1;
}

std::string_view local_name(pugi::xml_node node) {
  const std::string_view name = node.name();
  const std::size_t colon = name.find(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

std::string_view child_text(pugi::xml_node node, const char* child) {
  return stripped(node.child_value(child));
}

std::optional<double> attribute_number(pugi::xml_node node, const char* name) {
  return parse_number(node.attribute(name).value());
}

std::optional<double> child_number(pugi::xml_node node, const char* child) {
  return parse_number(child_text(node, child));
}

bool begins_with_element(std::string_view bytes, std::string_view name) {
  if (bytes.starts_with("\xef\xbb\xbf")) bytes.remove_prefix(3);
  bytes = stripped(bytes);
  // Over the declaration, comments and a document type.
  while (bytes.starts_with("<?") || bytes.starts_with("<!")) {
    const std::string_view end = bytes.starts_with("<!--") ? "-->" : ">";
    const std::size_t at = bytes.find(end);
    if (at == std::string_view::npos) return false;
    bytes = stripped(bytes.substr(at + end.size()));
  }
  if (!bytes.starts_with('<')) return false;
  std::string_view element = bytes.substr(1, bytes.find_first_of(" \t\r\n/>") - 1);
  const std::size_t colon = element.find(':');
  if (colon != std::string_view::npos) element.remove_prefix(colon + 1);
  return element == name;
}

}  // namespace mifa::annotation
