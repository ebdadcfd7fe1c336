#include "mifa/containers/file_list.h"

#include <map>

#include "mifa/container.h"
#include "mifa/containers/fields.h"
#include "mifa/containers/readers.h"
#include "mifa/words.h"

namespace mifa::meta {
namespace {

std::vector<std::string> list_items(std::string_view text) {
  text = trimmed(text);
  std::vector<std::string> result;
  if (text.starts_with('[') && text.ends_with(']')) {
    for (std::string& item : split(text.substr(1, text.size() - 2), ',')) {
      if (item.size() >= 2 && (item.front() == '\'' || item.front() == '"') &&
          item.back() == item.front()) {
        item = item.substr(1, item.size() - 2);
      }
      if (!item.empty()) result.push_back(std::move(item));
    }
    return result;
  }
  const char separator = text.find('|') != std::string_view::npos ? '|' : ';';
  return split(text, separator);
}

void append(Texts& texts, const Text& cell) {
  for (std::string& item : list_items(cell.value)) texts.push_back({std::move(item), cell.place});
}

bool is_placeholder(std::string_view text) {
  const std::string small = lower(trimmed(text));
  return small.empty() || small == "none" || small == "n/a" || small == "na" || small == "null";
}

std::string column_letters(std::size_t index) {
  std::string result;
  for (std::size_t rest = index + 1; rest > 0; rest = (rest - 1) / 26) {
    result.insert(result.begin(), static_cast<char>('A' + (rest - 1) % 26));
  }
  return result;
}

bool is_blank(const TableRow& row) {
  for (const std::string& cell : row.cells) {
    if (!trimmed(cell).empty()) return false;
  }
  return true;
}

}  // namespace

FileColumn column_of_heading(std::string_view heading) {
  static const std::map<std::string, FileColumn, std::less<>> kHeadings = {
      {"files", FileColumn::kPath},
      {"filepath", FileColumn::kPath},
      {"path", FileColumn::kPath},
      {"annotationid", FileColumn::kPath},
      {"annotationfile", FileColumn::kPath},
      {"size", FileColumn::kSize},
      {"sizeinbytes", FileColumn::kSize},
      {"type", FileColumn::kKind},
      {"label", FileColumn::kLabel},
      {"sourceimage", FileColumn::kSourceImage},
      {"sourceimages", FileColumn::kSourceImage},
      {"sourceimageassociation", FileColumn::kSourceImage},
      {"sourceimageid", FileColumn::kSourceImage},
      {"sourceimagelabel", FileColumn::kSourceImage},
      {"associatedsourceimage", FileColumn::kSourceImage},
      {"sourceimagepath", FileColumn::kSourceImage},
      {"annotationtype", FileColumn::kAnnotationType},
      {"transformation", FileColumn::kTransformation},
      {"transformations", FileColumn::kTransformation},
      {"spatialinformation", FileColumn::kSpatialInformation},
      {"creationtime", FileColumn::kCreationTime},
      {"annotationcreationtime", FileColumn::kCreationTime},
      {"dataset", FileColumn::kDataset},
      {"associatedannotationmethod", FileColumn::kAnnotationMethod}};
  const auto found = kHeadings.find(folded(heading));
  return found == kHeadings.end() ? FileColumn::kOther : found->second;
}

FileColumn column_of_property(std::string_view iri) {
  static const std::map<std::string, FileColumn, std::less<>> kProperties = {
      {"http://bia/filePath", FileColumn::kPath},
      {"http://bia/sizeInBytes", FileColumn::kSize},
      {"http://www.w3.org/1999/02/22-rdf-syntax-ns#type", FileColumn::kKind},
      {"http://schema.org/name", FileColumn::kLabel},
      {"http://bia/associatedSourceImage", FileColumn::kSourceImage},
      {"http://bia/sourceImageLabel", FileColumn::kSourceImage},
      {"http://bia/sourceImagePath", FileColumn::kSourceImage},
      {"http://schema.org/isPartOf", FileColumn::kDataset},
      {"http://bia/associatedAnnotationMethod", FileColumn::kAnnotationMethod}};
  const auto found = kProperties.find(iri);
  return found == kProperties.end() ? FileColumn::kOther : found->second;
}

void set_cell(FileEntry& entry, FileColumn column, const std::string& heading, const Text& cell) {
  switch (column) {
    case FileColumn::kPath:
      entry.path = cell;
      break;
    case FileColumn::kSize:
      entry.size = cell;
      break;
    case FileColumn::kKind:
      entry.kind = cell;
      break;
    case FileColumn::kLabel:
      entry.label = cell;
      break;
    case FileColumn::kSourceImage:
      if (!is_placeholder(cell.value)) append(entry.source_images, cell);
      break;
    case FileColumn::kAnnotationType:
      for (const std::string& item : split(cell.value, ',')) {
        append(entry.annotation_types, {item, cell.place});
      }
      break;
    case FileColumn::kTransformation:
      entry.transformation = cell;
      break;
    case FileColumn::kSpatialInformation:
      entry.spatial_information = cell;
      break;
    case FileColumn::kCreationTime:
      entry.creation_time = cell;
      break;
    case FileColumn::kDataset:
      append(entry.datasets, cell);
      break;
    case FileColumn::kAnnotationMethod:
      append(entry.annotation_methods, cell);
      break;
    case FileColumn::kOther:
      if (!trimmed(cell.value).empty()) entry.other.emplace_back(heading, cell.value);
      break;
  }
}

FileList file_list_of(const Table& table, const std::string& file, Log& log, bool cell_names) {
  FileList list;
  const auto name = std::make_shared<const std::string>(file);
  list.place.file = name;
  list.name = text_at(file, list.place);
  if (table.rows.empty()) return list;
  std::vector<FileColumn> columns;
  const TableRow& heading = table.rows.front();
  for (std::size_t i = 0; i < heading.cells.size(); ++i) {
    Place place;
    place.file = name;
    place.row = heading.line;
    place.column = cell_names ? column_letters(i) + std::to_string(heading.line) : "";
    list.columns.push_back(text_at(std::string(trimmed(heading.cells[i])), place));
    columns.push_back(column_of_heading(heading.cells[i]));
    // Whatever the first heading is called, the paths are below it, unless another one says so.
  }
  bool has_path = false;
  for (const FileColumn column : columns) has_path = has_path || column == FileColumn::kPath;
  if (!has_path && !columns.empty()) columns.front() = FileColumn::kPath;
  const std::string first = folded(heading.cells.empty() ? "" : heading.cells.front());
  if (first == "filepath" || first == "path") list.style = FileList::Style::kCrate;
  // A table of annotations that is no file list of the archive's.
  if (first == "annotationfile" || first == "annotationid") list.style = FileList::Style::kEmbedded;
  list.entries.reserve(table.rows.size() - 1);
  for (std::size_t i = 1; i < table.rows.size(); ++i) {
    const TableRow& row = table.rows[i];
    Place place;
    place.file = name;
    place.row = row.line;
    if (is_blank(row)) {
      // Line breaks after the last row are no blank lines.
      bool last = true;
      for (std::size_t j = i; j < table.rows.size() && last; ++j) last = is_blank(table.rows[j]);
      if (last) break;
      list.blank_lines.push_back(place);
      continue;
    }
    FileEntry entry;
    entry.place = place;
    if (row.cells.size() > columns.size()) {
      log.add_once(
          place, "cells",
          {.rule = "mifa/value-type",
           .severity = Severity::kWarning,
           .message = "The row has more cells than the table has headings; they are not read.",
           .expected = std::to_string(columns.size()) + " cells",
           .received = std::to_string(row.cells.size()) + " cells",
           .fix = "Give each column a heading, or take the surplus tab away."});
    }
    for (std::size_t c = 0; c < columns.size() && c < row.cells.size(); ++c) {
      Text cell{std::string(trimmed(row.cells[c])), place};
      cell.place.column =
          cell_names ? column_letters(c) + std::to_string(row.line) : list.columns[c].value;
      set_cell(entry, columns[c], list.columns[c].value, cell);
    }
    list.entries.push_back(std::move(entry));
  }
  return list;
}

void apply_column_properties(FileList& list) {
  std::map<std::string, FileColumn> meaning;
  for (std::size_t i = 0; i < list.columns.size() && i < list.column_properties.size(); ++i) {
    const FileColumn column = column_of_property(list.column_properties[i].value);
    if (column == FileColumn::kOther) continue;
    if (column_of_heading(list.columns[i].value) != column) meaning[list.columns[i].value] = column;
  }
  if (meaning.empty()) return;
  for (FileEntry& entry : list.entries) {
    for (std::size_t i = 0; i < entry.other.size();) {
      const auto found = meaning.find(entry.other[i].first);
      if (found == meaning.end()) {
        ++i;
        continue;
      }
      Text cell{entry.other[i].second, entry.place};
      cell.place.column = entry.other[i].first;
      set_cell(entry, found->second, entry.other[i].first, cell);
      entry.other.erase(entry.other.begin() + static_cast<std::ptrdiff_t>(i));
    }
  }
}

bool sniff_file_list_tsv(std::string_view head, std::string_view name) {
  if (looks_like_json(head)) return false;
  if (head.starts_with("\xEF\xBB\xBF")) head.remove_prefix(3);
  const std::string_view line = head.substr(0, head.find_first_of("\r\n"));
  const bool csv = name.ends_with(".csv");
  const char separator = csv ? ',' : '\t';
  if (line.find(separator) == std::string_view::npos) {
    return !csv && (trimmed(line) == "Files" || trimmed(line) == "file_path");
  }
  int known = 0;
  for (const std::string& heading : split(line, separator)) {
    known += column_of_heading(heading) != FileColumn::kOther ? 1 : 0;
  }
  const std::string first = folded(line.substr(0, line.find(separator)));
  if (csv) return first == "files" || first == "filepath" || first == "annotationfile";
  return first == "files" || first == "file" || first == "filename" || known >= 2;
}

void read_file_list_tsv(const SourceFile& file, Record& record, Log& log) {
  const char separator = file.name.ends_with(".csv") ? ',' : '\t';
  const Table table = parse_table(file.text, separator, log, file.name);
  record.file_lists.push_back(file_list_of(table, file.name, log, /*cell_names=*/false));
}

bool sniff_file_list_json(std::string_view head, std::string_view) {
  const std::string_view start = trimmed(head.substr(0, 4096));
  if (!start.starts_with('[')) return false;
  return head.find("\"path\"") != std::string_view::npos &&
         head.find("\"attributes\"") != std::string_view::npos;
}

void read_file_list_json(const SourceFile& file, Record& record, Log& log) {
  const TreePtr tree = parse_document(file, log);
  if (!tree) return;
  const Node root = tree->root();
  FileList list;
  list.place = root.place();
  list.name = text_at(file.name, list.place);
  for (std::size_t i = 0; i < root.size(); ++i) {
    const Node node = root.child(i);
    FileEntry entry;
    entry.place = node.place();
    if (!node.is_mapping()) {
      log.add_once(entry.place, "entry",
                   {.rule = "mifa/value-type",
                    .severity = Severity::kError,
                    .message = "An entry of the file list is not an object and is not read.",
                    .expected = "{\"path\": …, \"attributes\": […]}",
                    .received = node.describe(),
                    .fix = "Write each file as an object."});
      continue;
    }
    entry.path = node["path"].exists() ? node["path"].value() : text_at("", entry.place);
    entry.size = node["size"].value();
    entry.kind = node["type"].value();
    const Node attributes = node["attributes"];
    for (std::size_t a = 0; attributes.is_sequence() && a < attributes.size(); ++a) {
      const Node attribute = attributes.child(a);
      const std::string& heading = attribute["name"].text();
      const FileColumn column = column_of_heading(heading);
      const bool own =
          column == FileColumn::kPath || column == FileColumn::kSize || column == FileColumn::kKind;
      set_cell(entry, own ? FileColumn::kOther : column, heading, attribute["value"].value());
    }
    list.entries.push_back(std::move(entry));
  }
  record.file_lists.push_back(std::move(list));
}

}  // namespace mifa::meta
