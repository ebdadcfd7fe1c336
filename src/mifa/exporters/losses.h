// What an exporter has to leave out, collected as sentences.
#pragma once

#include <string>
#include <vector>

#include "mifa/record.h"

namespace mifa::meta {

class Losses {
 public:
  // Says it if the text is there.
  void text(const Text& text, const std::string& what);
  void texts(const Texts& texts, const std::string& what);
  void when(bool lost, const std::string& what);
  std::vector<std::string> take() { return std::move(sentences_); }

  // What none of the archive's containers has: the parts of annotation sets beyond the given ones.
  void annotation_details(const Record& record, bool transformations, bool authors,
                          bool confidence);

 private:
  std::vector<std::string> sentences_;
};

// "Name (2)" where the name is taken.
std::string unique_name(std::string name, std::vector<std::string>& taken);

// The entries of a set's file_metadata, and of the loose ones, as a file list that PageTab takes.
std::string file_list_text(const std::vector<FileEntry>& entries);

}  // namespace mifa::meta
