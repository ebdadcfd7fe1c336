// What holds for the names and sizes of all files.
#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "ome/concat.h"
#include "validate/findings.h"
#include "validate/subject.h"

namespace mifa::validate {
namespace {

using ome::concat;

constexpr const char* kBia = "https://www.ebi.ac.uk/bioimage-archive/help-file-list/";

// What is wrong with one part of a path, or null.
const char* name_fault(std::string_view name) {
  constexpr std::size_t kLongest = 255;  // bytes, of ext4, NTFS and APFS
  if (name.size() > kLongest) return "is longer than 255 bytes";
  for (const char c : name) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) return "has a control character in it";
    if (std::string_view("<>:\"|?*\\").find(c) != std::string_view::npos) {
      return "has a character that Windows does not allow (< > : \" | ? * or \\)";
    }
  }
  if (name.starts_with(' ') || name.ends_with(' ')) return "starts or ends with a space";
  if (name.ends_with('.') && name != "." && name != "..") return "ends with a full stop";
  return nullptr;
}

void check_names(const Subject& subject, Findings& findings) {
  const auto check = [&](const std::string& path, const char* slash) {
    const char* fault = name_fault(file_name(path));
    if (!fault) return;
    findings.in_file(concat(path, slash), concat("The name ", fault, "."),
                     "letters, digits, \"-\", \"_\", \".\" and spaces between them",
                     concat("\"", std::string(file_name(path)).substr(0, 80), "\""));
  };
  for (const std::string& folder : subject.tree->folders) {
    if (!folder.empty()) check(folder, "/");
  }
  for (const auto& [path, size] : subject.tree->files) check(path, "");
}

void check_case(const Subject& subject, Findings& findings) {
  std::map<std::string, const std::string*> seen;
  const auto check = [&](const std::string& path) {
    const auto [found, added] = seen.emplace(lower(path), &path);
    // Below two folders that differ in case only, everything does: the folders are what to mend.
    if (added || lower(parent_path(path)) != lower(parent_path(*found->second)) ||
        parent_path(path) != parent_path(*found->second)) {
      return;
    }
    findings.in_file(path, concat("The name differs from \"", *found->second,
                                  "\" in upper and lower case only."),
                     "names that differ otherwise");
  };
  for (const std::string& folder : subject.tree->folders) check(folder);
  for (const auto& [path, size] : subject.tree->files) check(path);
}

// Inside Zarr hierarchies, where files are chunks and metadata, empty ones are told by other rules.
void check_empty(const Subject& subject, Findings& findings) {
  for (const auto& [path, size] : subject.tree->files) {
    if (size == 0 && !subject.in_zarr(path) &&
        !(path.ends_with(".txt") && subject.label_folders.contains(parent_path(path)))) {
      findings.in_file(path, "The file is empty.", "a file with content", "no bytes");
    }
  }
}

bool is_junk(const std::string& path) {
  const std::string_view name = file_name(path);
  return name == ".DS_Store" || name == "Thumbs.db" || name == "desktop.ini" ||
         name.starts_with("._") || name.starts_with("~$") || name.starts_with(".~lock.") ||
         path.starts_with("__MACOSX/") || name.ends_with(".partial") || name.ends_with(".swp");
}

void check_junk(const Subject& subject, Findings& findings) {
  std::int64_t count = 0;
  const std::string* first = nullptr;
  for (const auto& [path, size] : subject.tree->files) {
    if (!is_junk(path)) continue;
    if (++count == 1) first = &path;
  }
  if (count == 0) return;
  findings.in_file(*first,
                   count == 1 ? std::string("The file is left behind by an operating system or an "
                                            "editor.")
                              : concat("This and ", count - 1, " other files are left behind by an "
                                                               "operating system or an editor."),
                   "data only", std::string(file_name(*first)));
}

struct Format {
  const char* extension;
  const char* what;
  const char* target;
};
// Formats that need their maker's software or a running program of one language to be read.
constexpr Format kFormats[] = {
    {".czi", "a file of Zeiss microscopes", "OME-Zarr (bioformats2raw, czi-to-zarr)"},
    {".lif", "a file of Leica microscopes", "OME-Zarr (bioformats2raw)"},
    {".lof", "a file of Leica microscopes", "OME-Zarr (bioformats2raw)"},
    {".nd2", "a file of Nikon microscopes", "OME-Zarr (bioformats2raw)"},
    {".oif", "a file of Olympus microscopes", "OME-Zarr (bioformats2raw)"},
    {".oib", "a file of Olympus microscopes", "OME-Zarr (bioformats2raw)"},
    {".oir", "a file of Olympus microscopes", "OME-Zarr (bioformats2raw)"},
    {".vsi", "a file of Olympus slide scanners", "OME-Zarr (bioformats2raw)"},
    {".lsm", "a file of Zeiss microscopes", "OME-Zarr (bioformats2raw)"},
    {".svs", "a file of Aperio slide scanners", "OME-Zarr (bioformats2raw)"},
    {".ndpi", "a file of Hamamatsu slide scanners", "OME-Zarr (bioformats2raw)"},
    {".mrxs", "a file of 3DHISTECH slide scanners", "OME-Zarr (bioformats2raw)"},
    {".ims", "a file of Imaris", "OME-Zarr (bioformats2raw)"},
    {".mat", "a file of MATLAB", "OME-Zarr for images, CSV or Parquet for tables"},
    {".npy", "an array of NumPy without any metadata", "OME-Zarr"},
    {".npz", "arrays of NumPy without any metadata", "OME-Zarr"},
    {".pkl", "a pickle of Python, which may run any program when it is opened",
     "OME-Zarr for images, CSV or Parquet for tables"},
    {".pickle", "a pickle of Python, which may run any program when it is opened",
     "OME-Zarr for images, CSV or Parquet for tables"},
    {".xls", "a workbook of an old format", "TSV or CSV"},
    {".doc", "a text of an old format", "PDF or plain text"},
    {".rar", "an archive of a closed format", "zip, or the files themselves"},
};

// One issue a format.
void check_format(const Subject& subject, Findings& findings) {
  std::map<std::string_view, std::pair<std::int64_t, const std::string*>> counts;
  for (const auto& [path, size] : subject.tree->files) {
    if (subject.in_zarr(path)) continue;
    const std::string name = lower(file_name(path));
    for (const Format& format : kFormats) {
      if (!name.ends_with(format.extension) || name.size() == std::string_view(format.extension).size()) {
        continue;
      }
      auto& [count, first] = counts[format.extension];
      if (++count == 1) first = &path;
    }
  }
  for (const Format& format : kFormats) {
    const auto found = counts.find(format.extension);
    if (found == counts.end()) continue;
    const auto& [count, first] = found->second;
    findings.in_file(*first,
                     count == 1 ? concat("This is ", format.what, ".")
                                : concat("This is ", format.what, ", as are ", count - 1, " other files."),
                     "an open format", format.extension, concat("Convert it to ", format.target, "."));
  }
}

constexpr Rule kRules[] = {
    {.id = "files/unreadable",
     .severity = Severity::kWarning,
     .kind = Kind::kFiles,
     .applies_to = "all files and folders",
     .spec = kBia,
     .title = "Files can be read",
     .why = "The file could not be checked.",
     .fix = "Check permissions, the disk, or the server's answer.",
     .check = nullptr},
    {.id = "files/name",
     .severity = Severity::kWarning,
     .kind = Kind::kFiles,
     .applies_to = "all files and folders",
     .spec = kBia,
     .title = "Names can be used on every system",
     .why = "The file cannot be copied to some systems, or its name is changed on the way.",
     .fix = "Rename it.",
     .check = check_names},
    {.id = "files/case",
     .severity = Severity::kWarning,
     .kind = Kind::kFiles,
     .applies_to = "all files and folders",
     .spec = kBia,
     .title = "Names differ not only in case",
     .why = "On Windows and macOS one file replaces the other.",
     .fix = "Rename one of them.",
     .check = check_case},
    {.id = "files/empty",
     .severity = Severity::kWarning,
     .kind = Kind::kFiles,
     .applies_to = "files outside Zarr hierarchies",
     .spec = kBia,
     .title = "Files have content",
     .why = "An empty file is mostly one whose copy broke off.",
     .fix = "Copy the file again, or leave it out.",
     .check = check_empty},
    {.id = "files/junk",
     .severity = Severity::kInfo,
     .kind = Kind::kFiles,
     .applies_to = "all files",
     .spec = kBia,
     .title = "No files left behind by systems and editors",
     .why = "They would be archived with the data.",
     .fix = "Delete them.",
     .check = check_junk},
    {.id = "files/checksum",
     .severity = Severity::kError,
     .kind = Kind::kFiles,
     .applies_to = "files with a checksum in a file list or a checksum file",
     .spec = kBia,
     .title = "Files have the checksum that is stated",
     .why = "The file is damaged, was copied in part, or is not the one that was meant.",
     .fix = "Copy the file again; correct the checksum if the file is right.",
     .check = nullptr},
    {.id = "files/checksum-unread",
     .severity = Severity::kInfo,
     .kind = Kind::kFiles,
     .applies_to = "files with a checksum, more than 256 MiB together",
     .spec = kBia,
     .title = "Checksums are compared",
     .why = "All bytes of the files have to be read for it.",
     .fix = "Ask for it: mifascope validate --checksums.",
     .check = nullptr},
    {.id = "files/format",
     .severity = Severity::kInfo,
     .kind = Kind::kFiles,
     .applies_to = "files outside Zarr hierarchies",
     .spec = "https://www.ebi.ac.uk/bioimage-archive/",
     .title = "Files are in open formats",
     .why = "Readers without the maker's software cannot open the file, and no viewer in the browser "
            "can.",
     .fix = "Convert it; archives take the original beside it.",
     .check = check_format},
};

}  // namespace

bool Subject::in_zarr(const std::string& file) const {
  if (zarr_roots.contains("")) return true;
  for (std::size_t at = file.find('/'); at != std::string::npos; at = file.find('/', at + 1)) {
    if (zarr_roots.contains(file.substr(0, at))) return true;
  }
  return false;
}

std::span<const Rule> file_rules() { return kRules; }

}  // namespace mifa::validate
