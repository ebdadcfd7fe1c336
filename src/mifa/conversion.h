// `mifascope convert-metadata`, without its files: the same answers and the same words natively and in Node.
#pragma once

#include <span>
#include <string>

#include "mifa/container.h"
#include "mifa/exporter.h"

namespace mifa::meta {

struct Conversion {
  enum class Outcome { kClean, kErrors, kNotRun };
  Outcome outcome = Outcome::kNotRun;
  std::vector<Export::File> files;  // empty of kNotRun
  std::string messages;             // for people, a line each, with "\n" at its end
};

// Of one study, however many files it is in. `into_folder`: all files are kept; else the first alone, and
// the others are named in the messages.
Conversion convert_study(std::span<const SourceFile> sources, const std::string& target, bool into_folder);

}  // namespace mifa::meta
