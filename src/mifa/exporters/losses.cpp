#include "mifa/exporters/losses.h"

#include <algorithm>

#include "mifa/words.h"

namespace mifa::meta {
namespace {

// A cell of TSV: no tabs or line breaks.
std::string cell(std::string_view text) {
  std::string result(trimmed(text));
  for (char& c : result) {
    if (c == '\t' || c == '\n' || c == '\r') c = ' ';
  }
  return result;
}

}  // namespace

void Losses::when(bool lost, const std::string& what) {
  const std::string sentence = what + " cannot be held.";
  if (lost && std::find(sentences_.begin(), sentences_.end(), sentence) == sentences_.end()) {
    sentences_.push_back(sentence);
  }
}

void Losses::text(const Text& text, const std::string& what) { when(has_text(text), what); }

void Losses::texts(const Texts& texts, const std::string& what) { when(has_text(texts), what); }

void Losses::annotation_details(const Record& record, bool transformations, bool authors,
                                bool confidence) {
  for (const AnnotationSet& set : record.annotations) {
    const std::string of = " of the annotations \"" + set.title() + "\"";
    if (!transformations) {
      text(set.transformation, "The transformation" + of);
      text(set.spatial_information, "The spatial information" + of);
    }
    if (!confidence) text(set.confidence, "The confidence level" + of);
    if (!authors) when(!set.authors.empty(), "The authors" + of);
    text(set.creation_time, "The creation time" + of);
    text(set.licence, "The licence" + of);
  }
}

std::string unique_name(std::string name, std::vector<std::string>& taken) {
  const std::string plain = name.empty() ? "unnamed" : name;
  name = plain;
  for (int i = 2; std::find(taken.begin(), taken.end(), name) != taken.end(); ++i) {
    name = plain + " (" + std::to_string(i) + ")";
  }
  taken.push_back(name);
  return name;
}

std::string file_list_text(const std::vector<FileEntry>& entries) {
  bool times = false;
  bool transformations = false;
  for (const FileEntry& entry : entries) {
    times = times || has_text(entry.creation_time);
    transformations = transformations || has_text(entry.transformation);
  }
  std::string text = "Files\tSource image\tAnnotation type";
  if (transformations) text += "\tTransformation";
  if (times) text += "\tCreation time";
  text += "\n";
  for (const FileEntry& entry : entries) {
    text += cell(entry.path.value) + "\t" + cell(joined(entry.source_images, "|")) + "\t" +
            cell(joined(entry.annotation_types));
    if (transformations) text += "\t" + cell(entry.transformation.value);
    if (times) text += "\t" + cell(entry.creation_time.value);
    text += "\n";
  }
  return text;
}

}  // namespace mifa::meta
