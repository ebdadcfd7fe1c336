// The sections that bia-agent documents and MIFA's LinkML documents have in common, by the names of
// both.
#pragma once

#include "mifa/containers/fields.h"

namespace mifa::meta {

// Which model a document follows: where LinkML has a list and the document a single value, that is
// a warning; bia-agent takes both.
struct KeyedStyle {
  bool lists_matter = false;
};

Person read_person(const Node& node, Record& record, Log& log, KeyedStyle style);
Publication read_publication(const Node& node, Record& record, Log& log);
Grant read_grant(const Node& node, Record& record, Log& log);
// The study's own attributes; takes what it knows out of `fields`.
void read_study(Fields& fields, Record& record, Log& log, KeyedStyle style);
AnnotationSet read_annotation_set(const Node& node, Record& record, Log& log, KeyedStyle style);
Version read_version(const Node& node, Record& record, Log& log);

// Texts split at commas, each with the place of the whole ("conceptualization, data acquisition").
Texts split_at_commas(const Texts& texts);
// Links whose description speaks of trained models also count as AI models.
void note_models_among_links(Study& study);

}  // namespace mifa::meta
