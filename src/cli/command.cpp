#include "cli/command.h"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <ctime>
#include <map>

#include "cli/host.h"
#include "cli/store.h"
#include "validate/report.h"
#include "validate/rule.h"
#include "validate/runner.h"

namespace mifa::cli {
namespace {

struct ValidateArguments {
  std::string place;
  std::string format = "text";
  std::string configuration;
  std::string output;
  bool all_chunks = false;
  bool checksums = false;
};

const std::map<std::string, validate::Format>& formats() {
  static const std::map<std::string, validate::Format> kFormats = {
      {"text", validate::Format::kText}, {"json", validate::Format::kJson},
      {"html", validate::Format::kHtml}, {"csv", validate::Format::kCsv},
      {"junit", validate::Format::kJunit}};
  return kFormats;
}

int complain(std::FILE* err, const Error& error) {
  std::fprintf(err, "mifascope: %s\n", error.message.c_str());
  return kNotRun;
}

Result<validate::Configuration> read_configuration(const std::string& path) {
  if (path.empty()) return validate::Configuration{};
  auto text = read_text_file(path);
  if (!text) return std::move(text).error();
  return validate::parse_configuration(*std::move(text), path);
}

// One line that is written over, on a terminal only.
class ProgressLine {
 public:
  explicit ProgressLine(std::FILE* err) : err_(isatty(fileno(err)) ? err : nullptr) {}
  void tell(const validate::Progress& progress) const {
    if (!err_) return;
    std::fprintf(err_, "\r\033[K%s: %lld files, %lld of %lld groups and arrays, %lld of %lld chunks",
                 progress.phase, static_cast<long long>(progress.files),
                 static_cast<long long>(progress.nodes_done), static_cast<long long>(progress.nodes),
                 static_cast<long long>(progress.chunks_done), static_cast<long long>(progress.chunks));
    std::fflush(err_);
  }
  void clear() const {
    if (err_) std::fprintf(err_, "\r\033[K");
  }

 private:
  std::FILE* err_;
};

int run_validate(const ValidateArguments& arguments, std::FILE* out, std::FILE* err) {
  auto configuration = read_configuration(arguments.configuration);
  if (!configuration) return complain(err, configuration.error());
  auto store = open_store(arguments.place);
  if (!store) return complain(err, store.error());
  validate::RunOptions options;
  options.all_chunks = arguments.all_chunks;
  options.checksums = arguments.checksums;
  options.now = static_cast<std::int64_t>(std::time(nullptr));
  options.configuration = *std::move(configuration);
  validate::Runner runner(arguments.place, std::move(options));
  const ProgressLine line(err);
  drive(runner, **store, [&line](const validate::Progress& progress) {
    line.tell(progress);
    return true;
  });
  line.clear();
  if (runner.failure()) return complain(err, *runner.failure());
  const validate::Report report = runner.take_report();
  std::FILE* target = out;
  if (!arguments.output.empty()) {
    target = std::fopen(arguments.output.c_str(), "wb");
    if (!target) {
      return complain(err, {ErrorCode::kForbidden, "expected a file that can be written, received " +
                                                       arguments.output});
    }
  }
  const bool colors = target == out && isatty(fileno(out));
  const validate::Format format = formats().at(arguments.format);
  const std::string text = format == validate::Format::kText
                               ? validate::text_report(report, colors)
                               : validate::write_report(report, format);
  const bool written = std::fwrite(text.data(), 1, text.size(), target) == text.size();
  const bool closed = target == out ? std::fflush(out) == 0 : std::fclose(target) == 0;
  if (!written || !closed) {
    return complain(err, {ErrorCode::kRetry, "the report could not be written"});
  }
  return report.errors > 0 ? kErrors : kClean;
}

int print_rules(std::FILE* out) {
  for (const validate::Rule* rule : validate::all_rules()) {
    std::fprintf(out, "%-32s %-8s %s\n", rule->id, severity_name(rule->severity), rule->title);
  }
  return kClean;
}

}  // namespace

int run_command(const std::vector<std::string>& arguments, std::FILE* out, std::FILE* err) {
  CLI::App app("Checks and describes annotated microscopy images.", "mifascope");
  app.set_version_flag("--version", MIFASCOPE_VERSION);
  app.require_subcommand(1);
  app.failure_message(CLI::FailureMessage::simple);

  ValidateArguments validate_arguments;
  CLI::App* validate = app.add_subcommand("validate", "Tell what is wrong with a dataset or a study.");
  validate->add_option("place", validate_arguments.place, "A folder or a URL.")->required();
  validate->add_option("--format", validate_arguments.format, "text, json, html, csv or junit.")
      ->check(CLI::IsMember({"text", "json", "html", "csv", "junit"}));
  validate->add_flag("--all-chunks", validate_arguments.all_chunks,
                     "Decode all chunks rather than a sample.");
  validate->add_flag("--checksums", validate_arguments.checksums,
                     "Compare stated checksums whatever the size of the files (else up to 256 MiB).");
  validate->add_option("--config", validate_arguments.configuration,
                       "A file (JSON or YAML) that grades rules otherwise or turns them off.");
  validate->add_option("--output", validate_arguments.output, "Write the report to this file.");

  std::string info_place;
  bool info_json = false;
  CLI::App* info = app.add_subcommand("info", "Tell what a dataset is.");
  info->add_option("place", info_place, "A folder or a URL.")->required();
  info->add_flag("--json", info_json, "As JSON.");

  std::vector<std::string> metadata_files;
  std::string metadata_target;
  std::string metadata_folder;
  CLI::App* convert = app.add_subcommand(
      "convert-metadata", "Write a study's metadata in another container, and tell what it cannot hold.");
  convert->add_option("files", metadata_files, "Metadata files of one study.")->required();
  convert->add_option("--to", metadata_target, "bia-agent, pagetab, ro-crate or croissant.")
      ->required();
  convert->add_option("--output", metadata_folder,
                      "A folder for the document and its file lists; without it, the document is printed.");

  CLI::App* rules = app.add_subcommand("rules", "List the rules.");

  try {
    // CLI11 takes them from the last to the first.
    app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
  } catch (const CLI::CallForHelp&) {
    const CLI::App* asked = &app;
    for (const CLI::App* one : {validate, info, convert, rules}) {
      if (one->parsed()) asked = one;
    }
    std::fputs(asked->help().c_str(), out);
    return kClean;
  } catch (const CLI::CallForVersion&) {
    std::fprintf(out, "%s\n", MIFASCOPE_VERSION);
    return kClean;
  } catch (const CLI::ParseError& error) {
    std::fprintf(err, "mifascope: %s\nRun mifascope --help for what it can do.\n", error.what());
    return kNotRun;
  }
  if (validate->parsed()) return run_validate(validate_arguments, out, err);
  if (info->parsed()) return print_info(info_place, info_json, out, err);
  if (convert->parsed()) {
    return convert_metadata(metadata_files, metadata_target, metadata_folder, out, err);
  }
  return print_rules(out);
}

}  // namespace mifa::cli
