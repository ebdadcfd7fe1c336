// `mifascope convert-metadata`: metadata of a study from any container into one of those that are
// written.
#include <cstdio>

#include "cli/command.h"
#include "cli/store.h"
#include "mifa/conversion.h"
#include "validate/spreadsheet.h"

namespace mifa::cli {
namespace {

bool write_file(const std::string& path, const std::string& text, std::FILE* err) {
  std::FILE* file = std::fopen(path.c_str(), "wb");
  const bool written = file && std::fwrite(text.data(), 1, text.size(), file) == text.size();
  const bool closed = file && std::fclose(file) == 0;
  if (written && closed) return true;
  std::fprintf(err, "mifascope: expected a file that can be written, received %s\n", path.c_str());
  return false;
}

}  // namespace

int convert_metadata(const std::vector<std::string>& files, const std::string& target,
                     const std::string& folder, std::FILE* out, std::FILE* err) {
  std::vector<meta::SourceFile> sources;
  for (const std::string& path : files) {
    auto text = read_text_file(path);
    if (!text) {
      std::fprintf(err, "mifascope: %s\n", text.error().message.c_str());
      return kNotRun;
    }
    sources.push_back(validate::source_file(path, *std::move(text)));
  }
  const meta::Conversion conversion = meta::convert_study(sources, target, !folder.empty());
  std::fwrite(conversion.messages.data(), 1, conversion.messages.size(), err);
  if (conversion.outcome == meta::Conversion::Outcome::kNotRun) return kNotRun;
  for (const meta::Export::File& file : conversion.files) {
    if (folder.empty()) {
      if (std::fwrite(file.text.data(), 1, file.text.size(), out) != file.text.size()) return kNotRun;
    } else if (!write_file(folder + "/" + file.name, file.text, err)) {
      return kNotRun;
    }
  }
  return conversion.outcome == meta::Conversion::Outcome::kErrors ? kErrors : kClean;
}

}  // namespace mifa::cli
