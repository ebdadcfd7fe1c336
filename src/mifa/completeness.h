// How much of MIFA a record states, module by module, for the card and the badge.
#pragma once

#include <string>
#include <vector>

#include "mifa/record.h"

namespace mifa::meta {

struct Attribute {
  std::string name;       // MIFA's or REMBI's word for it.
  bool required = false;  // By MIFA's model; by REMBI's in the images module.
  int stated = 0;         // In how many of the sections that should have it.
  int sections = 1;
};

struct ModuleCompleteness {
  std::string module;  // "study", "images", "annotations", "version".
  std::vector<Attribute> attributes;

  // The mean over the attributes of the share of sections that state it; 0 to 1.
  double share() const;
  // Whether everything required is stated everywhere.
  bool required_complete() const;
};

// The four modules, in MIFA's order. A module of which nothing is there has a share of 0.
std::vector<ModuleCompleteness> completeness(const Record& record);

}  // namespace mifa::meta
