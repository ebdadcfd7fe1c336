// A study as pages of pictures show it: its images, its annotation files, and which belong together.
#pragma once

#include <string>

#include "mifa/study.h"

namespace mifa::meta {

// Compact JSON, keys sorted, the same bytes for the same study. Members:
//   root        the folder that paths start from, relative to the data's; "" for all
//   single      whether it is no study, but what a crate says of one image
//   card        as card_json()
//   badge       {colour, text, alternative, svg} as make_badge(); colours are "green", "amber", …
//   containers  [{id, name, file}] the documents that were read
//   images      [{path, label, size, uris, fields, place}] each path once, in the documents' order.
//               `uris` are addresses that a container states for it, `fields` further columns with
//               text by heading, `place` where the document names it.
//   annotations [{path, label, set, types, images, unknown, spatial, uris, fields, place}]
//               `set` is an index into sets or -1; `types` are MIFA's eleven words; `images` are
//               indices into images, by MIFA's source image association; `unknown` are source
//               images that no image of the study is known by.
//   sets        [{name, overview, types}]
//   offered     [{path, label, size}] files that a container offers without saying what they are
//   wanted      names of file lists that the documents refer to and that were not read
//   issues      [{rule, severity, message, file, pointer, line, row, expected, received, fix}]
std::string gallery_json(const CheckedStudy& study);

}  // namespace mifa::meta
