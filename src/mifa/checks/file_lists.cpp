// File lists: that they are there, their headings and paths, and the files they name.
#include <cctype>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "mifa/checks/modules.h"
#include "mifa/words.h"

namespace mifa::meta {
namespace {

// BioStudies' own placeholder of a submission that is not made yet.
bool is_draft(const Record& record) {
  const std::string& accession = record.study.accession.value;
  return accession.empty() || accession.ends_with("XXX");
}

void file_list_present(const Checked& c, Report& report) {
  if (c.failed) return;
  if (c.bia_crate) {
    for (const FileList& list : c.record.file_lists) {
      if (list.style != FileList::Style::kPageTab) return;
    }
    report.at(c.record.study.place, {.message = "The crate has no file list.",
                                     .expected = "an entity of type bia:FileList",
                                     .received = "none",
                                     .fix = "Add the list of files as a table described by CSVW."});
    return;
  }
  if (!c.record.from("pagetab")) return;
  const Severity severity = is_draft(c.record) ? Severity::kWarning : Severity::kError;
  const auto check = [&](const Texts& lists, const Place& place, const std::string& what) {
    if (has_text(lists)) return;
    report.at(
        lists.empty() ? place : lists.front().place, severity,
        {.message = what + " has no file list, so that nobody knows which files belong to it.",
         .expected = "the attribute File List",
         .received = "nothing",
         .fix = "Make a file list and name it here."});
  };
  for (const AnnotationSet& set : c.record.annotations) {
    if (!set.files.empty()) continue;
    check(set.file_lists, set.place, "The section of the annotations \"" + set.title() + "\"");
  }
  for (const StudyComponent& component : c.record.components) {
    check(component.file_lists, component.place,
          "The study component \"" + component.name.value + "\"");
  }
}

void file_list_absent(const Checked& c, Report& report) {
  if (!c.actual || c.actual->files.empty()) return;
  const auto check = [&](const Texts& lists) {
    for (const Text& list : lists) {
      if (!has_text(list) || FileIndex::find_list(c.record, list.value)) continue;
      report.at(list.place, {.message = "The file list is named but is not there.",
                             .expected = "a file list of this name",
                             .received = list.value,
                             .fix = "Add the list, or correct its name."});
    }
  };
  for (const AnnotationSet& set : c.record.annotations) check(set.file_lists);
  for (const StudyComponent& component : c.record.components) check(component.file_lists);
  for (const FileList& list : c.record.file_lists) {
    // A table that a crate describes; merge() would have joined it with the table itself.
    if (list.entries.empty() && !list.column_properties.empty()) {
      report.at(list.place, {.message = "The file list is described but is not there.",
                             .expected = "a table of this name beside the crate",
                             .received = list.name.value,
                             .fix = "Add the table."});
    }
  }
}

void path_column(const Checked& c, Report& report) {
  for (const FileList& list : c.record.file_lists) {
    if (list.style == FileList::Style::kCrate && !list.column_properties.empty()) {
      bool found = false;
      for (const Text& property : list.column_properties) {
        found = found || property.value == "http://bia/filePath";
      }
      if (found) continue;
      report.at(list.place, {.message = "No column of the file list is described as the path.",
                             .expected = "a column with the propertyUrl http://bia/filePath",
                             .received = "none",
                             .fix = "Describe the column \"file_path\"."});
      continue;
    }
    if (list.style != FileList::Style::kPageTab || list.columns.empty()) continue;
    const Text& first = list.columns.front();
    if (first.value == "Files") continue;
    report.at(first.place, {.message = "The first heading of the file list is not \"Files\".",
                            .expected = "Files",
                            .received = first.value,
                            .fix = folded(first.value) == "files"
                                       ? "Write it with a capital F and small letters."
                                       : "Put the paths into the first column, under \"Files\"."});
  }
}

void dataset_column(const Checked& c, Report& report) {
  if (!c.bia_crate) return;
  for (const FileList& list : c.record.file_lists) {
    if (list.style != FileList::Style::kCrate || list.column_properties.empty()) continue;
    bool found = false;
    for (const Text& property : list.column_properties) {
      found = found || property.value == "http://schema.org/isPartOf";
    }
    if (found) continue;
    report.at(list.place,
              {.message = "No column of the file list says to which dataset a file "
                          "belongs.",
               .expected = "a column with the propertyUrl http://schema.org/isPartOf",
               .received = "none",
               .fix = "Add the column \"dataset\" with the @id of each file's dataset."});
  }
}

void submission_dataset(const Checked& c, Report& report) {
  if (!c.bia_crate || c.failed) return;
  bool any = !c.record.annotations.empty();
  for (const StudyComponent& component : c.record.components) {
    any = any || component.declared_rembi || !component.associations.empty();
  }
  if (any) return;
  report.at(c.record.study.place,
            {.message = "The crate has neither a REMBI nor a MIFA dataset.",
             .expected = "a dataset of type bia:RembiDataset or bia:MifaDataset",
             .received = std::to_string(c.record.components.size()) + " other datasets",
             .fix = "Describe the images by REMBI, or the annotations by MIFA."});
}

void duplicate_path(const Checked& c, Report& report) {
  for (const FileList& list : c.record.file_lists) {
    if (list.style == FileList::Style::kEmbedded) continue;
    std::unordered_map<std::string, const FileEntry*> seen;
    for (const FileEntry& entry : list.entries) {
      if (!has_text(entry.path)) continue;
      const auto [first, fresh] = seen.emplace(std::string(trimmed(entry.path.value)), &entry);
      if (fresh) continue;
      report.at(entry.path.place,
                {.message = "The file " + entry.path.value + " is listed twice, before in " +
                            first->second->path.place.describe() + ".",
                 .expected = "each file once",
                 .received = entry.path.value,
                 .fix = "Delete one of the rows."});
    }
  }
}

void blank_line(const Checked& c, Report& report) {
  for (const FileList& list : c.record.file_lists) {
    for (const Place& place : list.blank_lines) {
      report.once(place, "blank",
                  {.message = "The file list has a blank line.",
                   .expected = "a file in each line",
                   .received = "nothing",
                   .fix = "Delete the line."});
    }
    for (const FileEntry& entry : list.entries) {
      if (has_text(entry.path) || list.style == FileList::Style::kEmbedded) continue;
      report.once(entry.place, "no path",
                  {.message = "A row of the file list has no path.",
                   .expected = "a file in each row",
                   .received = "nothing",
                   .fix = "Write the path, or delete the row."});
    }
  }
}

// What is wrong with a path for BioStudies; empty when nothing is.
std::string path_fault(const std::string& path) {
  if (path.find("  ") != std::string::npos) return "two spaces in a row";
  if (path.starts_with('/')) return "a slash at the beginning";
  for (const std::string_view part : {"./", "../"}) {
    if (path.starts_with(part)) return "\"" + std::string(part) + "\"";
  }
  if (path.find("/./") != std::string::npos || path.find("/../") != std::string::npos) {
    return "\"./\" or \"../\"";
  }
  constexpr std::string_view kAllowed = "!-_.*'()/ ";
  for (std::size_t i = 0; i < path.size(); ++i) {
    const char c = path[i];
    if (std::isalnum(static_cast<unsigned char>(c)) != 0 && static_cast<unsigned char>(c) < 0x80) {
      continue;
    }
    if (kAllowed.find(c) != std::string_view::npos) continue;
    std::size_t end = i + 1;
    while (end < path.size() && (static_cast<unsigned char>(path[end]) & 0xC0U) == 0x80U) ++end;
    return "the character \"" + path.substr(i, end - i) + "\"";
  }
  return "";
}

void path_characters(const Checked& c, Report& report) {
  for (const FileList& list : c.record.file_lists) {
    if (list.style == FileList::Style::kEmbedded) continue;
    for (const FileEntry& entry : list.entries) {
      const std::string fault = path_fault(entry.path.value);
      if (fault.empty()) continue;
      report.once(
          entry.path.place, fault,
          {.message = "The path has " + fault + ", which the archive does not take.",
           .expected = "letters a-z and A-Z, digits, and ! - _ . * ' ( ) / and single spaces",
           .received = entry.path.value,
           .fix = "Rename the file, and correct the list."});
    }
  }
}

// The paths that really are there: files, images, and the folders they lie in.
std::unordered_set<std::string> actual_paths(const ActualFiles& actual) {
  std::unordered_set<std::string> paths;
  for (const ActualFiles::File& file : actual.files) {
    std::string path = file.path;
    while (paths.insert(path).second) {
      const std::size_t slash = path.rfind('/');
      if (slash == std::string::npos) break;
      path.resize(slash);
    }
  }
  for (const ActualFiles::Image& image : actual.images) paths.insert(image.path);
  return paths;
}

std::string listed_path(const FileEntry& entry) {
  std::string path(trimmed(entry.path.value));
  while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  return path;
}

// Visits every file that metadata names: lists and file_metadata.
template <typename Visit>
void each_listed(const Record& record, Visit visit) {
  for (const FileList& list : record.file_lists) {
    for (const FileEntry& entry : list.entries) visit(entry);
  }
  for (const AnnotationSet& set : record.annotations) {
    for (const FileEntry& entry : set.files) visit(entry);
  }
}

void listed_absent(const Checked& c, Report& report) {
  if (!c.actual || c.actual->files.empty()) return;
  const auto paths = actual_paths(*c.actual);
  std::size_t listed = 0;
  std::vector<const FileEntry*> absent;
  each_listed(c.record, [&](const FileEntry& entry) {
    if (!has_text(entry.path)) return;
    ++listed;
    if (!paths.contains(listed_path(entry))) absent.push_back(&entry);
  });
  // Metadata alone, without the data, is no fault of each file.
  if (absent.empty() || (absent.size() == listed && listed > 1)) {
    if (!absent.empty()) {
      report.at(absent.front()->place,
                {.message = "None of the " + std::to_string(listed) + " listed files is here.",
                 .expected = "paths from the data set's root",
                 .received = absent.front()->path.value,
                 .fix = "Check from where the paths start, or validate the folder with the data."});
    }
    return;
  }
  for (const FileEntry* entry : absent) {
    report.at(entry->path.place, {.message = "The file is listed but is not there.",
                                  .expected = "a file at this path",
                                  .received = entry->path.value,
                                  .fix = "Add the file, or correct the path."});
  }
}

// Names that go along with data and need no listing.
bool is_companion(std::string_view path) {
  const std::string name = lower(base_name(path));
  return name.starts_with('.') || name.starts_with("readme") || name.starts_with("license") ||
         name.starts_with("licence") || name == "thumbs.db" || name == "ro-crate-metadata.json" ||
         name.ends_with(".md");
}

void unlisted(const Checked& c, Report& report) {
  if (!c.actual || c.record.file_lists.empty()) return;
  std::unordered_set<std::string> listed;
  bool any_here = false;
  const auto paths = actual_paths(*c.actual);
  each_listed(c.record, [&](const FileEntry& entry) {
    std::string path = listed_path(entry);
    any_here = any_here || paths.contains(path);
    listed.insert(std::move(path));
  });
  if (!any_here) return;  // Nothing fits together; see mifa/file-listed-absent.
  std::set<std::string> metadata;
  for (const ContainerUse& use : c.record.containers) metadata.insert(use.file);
  for (const ActualFiles::File& file : c.actual->files) {
    if (metadata.contains(file.path) || is_companion(file.path)) continue;
    bool found = false;
    // A listed folder lists what is in it (OME-Zarr).
    for (std::string path = file.path; !found && !path.empty();) {
      found = listed.contains(path);
      const std::size_t slash = path.rfind('/');
      path.resize(slash == std::string::npos ? 0 : slash);
    }
    if (found) continue;
    report.once(c.record.file_lists.front().place, "unlisted",
                {.message = "The file " + file.path + " is there but in no file list.",
                 .expected = "each file of the data in a list",
                 .received = file.path,
                 .fix = "List the file, or leave it out of the upload."});
  }
}

void size_differs(const Checked& c, Report& report) {
  if (!c.actual) return;
  std::unordered_map<std::string, std::int64_t> sizes;
  for (const ActualFiles::File& file : c.actual->files) {
    if (file.bytes >= 0) sizes.emplace(file.path, file.bytes);
  }
  each_listed(c.record, [&](const FileEntry& entry) {
    const auto found = sizes.find(listed_path(entry));
    double stated = 0;
    if (found == sizes.end() || !parse_number(entry.size.value, stated)) return;
    if (static_cast<double>(found->second) == stated) return;
    report.at(entry.size.place, {.message = "The size of " + entry.path.value +
                                            " is not the one that the list states.",
                                 .expected = entry.size.value + " bytes",
                                 .received = std::to_string(found->second) + " bytes",
                                 .fix = "Check that it is the right file, then correct the list."});
  });
}

constexpr Rule kRules[] = {
    {"bia-submission/at-least-one-rembi-or-mifa-dataset", Severity::kError, kProfile,
     "A crate has a REMBI or a MIFA dataset.", submission_dataset},
    {"bia-submission/file-list-present", Severity::kError, kProfile,
     "Annotations and study components have a file list.", file_list_present},
    {"mifa/file-list-absent", Severity::kError, kFileListHelp, "Named file lists are there.",
     file_list_absent},
    {"bia-submission/file-list-file-path-column", Severity::kError, kFileListHelp,
     "The first column of a file list is Files; a crate's has a path column.", path_column},
    {"bia-submission/file-list-dataset-column", Severity::kError, kProfile,
     "A crate's file list has a dataset column.", dataset_column},
    {"mifa/file-duplicate-path", Severity::kError, kFileListHelp, "A file is listed once.",
     duplicate_path},
    {"mifa/file-blank-line", Severity::kError, kFileListHelp, "Each line of a list names a file.",
     blank_line},
    {"mifa/file-path-characters", Severity::kError, kFileListHelp,
     "Paths have characters that the archive takes.", path_characters},
    {"mifa/file-listed-absent", Severity::kWarning, kFileListHelp, "Listed files are there.",
     listed_absent},
    {"mifa/file-unlisted", Severity::kWarning, kFileListHelp, "Files are listed.", unlisted},
    {"mifa/file-size-differs", Severity::kWarning, kFileListHelp,
     "Files have the size that the list states.", size_differs},
};

}  // namespace

std::span<const Rule> file_list_rules() { return kRules; }

}  // namespace mifa::meta
