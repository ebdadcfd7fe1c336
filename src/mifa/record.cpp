#include "mifa/record.h"

#include <algorithm>

#include "mifa/words.h"

namespace mifa::meta {
namespace {

int hex(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string plain_reference(std::string_view text) {
  text = trimmed(text);
  if (text.starts_with('#')) text.remove_prefix(1);
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && hex(text[i + 1]) >= 0 && hex(text[i + 2]) >= 0) {
      result += static_cast<char>(hex(text[i + 1]) * 16 + hex(text[i + 2]));
      i += 2;
    } else {
      result += text[i];
    }
  }
  return result;
}

}  // namespace

std::string Person::name() const {
  if (has_text(display_name)) return std::string(trimmed(display_name.value));
  std::string result(trimmed(first_name.value));
  const std::string_view last = trimmed(last_name.value);
  if (!result.empty() && !last.empty()) result += " ";
  result += last;
  return result;
}

bool FileEntry::says_annotation() const {
  if (has_text(source_images) && !kind.value.ends_with("Image")) return true;
  return has_text(annotation_types) || has_text(annotation_methods) ||
         kind.value.ends_with("AnnotationData");
}

std::string AnnotationSet::title() const {
  if (has_text(name)) return std::string(trimmed(name.value));
  return id.empty() ? "the annotations" : id;
}

bool Record::has_rembi() const {
  return !biosamples.empty() || !specimens.empty() || !acquisitions.empty() ||
         !correlations.empty() || !analyses.empty() || !components.empty();
}

bool Record::from(std::string_view container) const {
  return std::any_of(containers.begin(), containers.end(),
                     [&](const ContainerUse& use) { return use.id.starts_with(container); });
}

bool Record::only_file_lists() const {
  return !study.present() && annotations.empty() && versions.empty() && !has_rembi() &&
         api_objects.empty() && !file_lists.empty();
}

bool refers_to(const std::string& reference, const std::string& id, const Text& name) {
  if (reference == id || reference == name.value) return true;
  const std::string plain = plain_reference(reference);
  if (plain.empty()) return false;
  return plain == plain_reference(id) || plain == trimmed(name.value) ||
         folded(plain) == folded(name.value);
}

}  // namespace mifa::meta
