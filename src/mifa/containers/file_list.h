// File lists: which file is which image's annotation. What the columns of all notations mean.
#pragma once

#include <string>
#include <string_view>

#include "mifa/containers/table.h"
#include "mifa/record.h"

namespace mifa::meta {

// What a column says about a file.
enum class FileColumn {
  kPath,
  kSize,
  kKind,
  kLabel,
  kSourceImage,
  kAnnotationType,
  kTransformation,
  kSpatialInformation,
  kCreationTime,
  kDataset,
  kAnnotationMethod,
  kOther
};

// By its heading, in any of the spellings in use; kOther when it is none of them.
FileColumn column_of_heading(std::string_view heading);
// By the IRI that a crate's CSVW description gives it.
FileColumn column_of_property(std::string_view iri);

// Puts a cell where it belongs. Lists may be written ['a', 'b'] or separated by commas or bars.
void set_cell(FileEntry& entry, FileColumn column, const std::string& heading, const Text& cell);

// Rows of a table below its heading, as a file list. `cell_names` are spreadsheet cells ("B2") in
// place of headings in the messages.
FileList file_list_of(const Table& table, const std::string& file, Log& log, bool cell_names);

// Reads the rows again by the IRIs of a crate, where its headings are its own.
void apply_column_properties(FileList& list);

}  // namespace mifa::meta
