// PageTab, BioStudies' page layout, in the model that its JSON and TSV notations share.
#pragma once

#include <string>
#include <vector>

#include "mifa/log.h"
#include "mifa/record.h"

namespace mifa::meta {

struct PageTabAttribute {
  std::string name;
  Text value;
  bool reference = false;  // `reference: true`, or a name in angle brackets: the value is an accno.
};

struct PageTabSection {
  std::string type;
  std::string accno;
  std::string parent;  // TSV only: the accession number of the section it belongs to.
  std::vector<PageTabAttribute> attributes;
  std::vector<PageTabSection> subsections;
  std::vector<Link> links;
  std::vector<std::string> others;  // Members of JSON that PageTab does not know.
  Place place;

  // The first attribute with this name, compared folded; unknown place when there is none.
  Text attribute(std::string_view name) const;
  // All attributes with one of these names.
  Texts all(std::initializer_list<std::string_view> names) const;
};

struct PageTabSubmission {
  std::string accno;
  Place place;
  std::vector<PageTabAttribute> attributes;
  PageTabSection section;
};

// Fills the record from the sections of a submission.
void read_pagetab(const PageTabSubmission& submission, Record& record, Log& log);

}  // namespace mifa::meta
