// What is at the root: asked for by its keys, and looked for below it where they tell of nothing.
#include <algorithm>

#include "ome/concat.h"
#include "ome/failure.h"
#include "ome/key_path.h"
#include "ome/omero.h"
#include "ome/opener_state.h"
#include "ome/plate.h"

namespace mifa::ome {

using Reply = KeyLedger::Reply;

namespace {

constexpr int kMostRedirects = 3;

bool is_v3_document(const Reply& reply) {
  return reply.found() &&
         (reply.json["node_type"].is_string() || reply.json["zarr_format"].integer() == 3);
}

}  // namespace

void Opener::State::fail(Error error) {
  decided = true;
  stage = Stage::kFailed;
  failure = std::move(error);
}

// zarr.json decides as soon as it is there; .zattrs once .zmetadata has answered too.
void Opener::State::decide_root() {
  const Reply& v3 = ledger.need(key_in(base, "zarr.json"));
  const Reply& zattrs = ledger.need(key_in(base, ".zattrs"));
  const Reply& zmetadata = ledger.need(key_in(base, ".zmetadata"));
  GroupMetadata plain;
  if (is_v3_document(v3)) {
    zarr_format = 3;
    ledger.consolidate_v3(base, v3.json);
    plain = read_v3_group(v3.json);
    if (plain.content == Content::kArray) return start_array(v3.json);
    if (auto known = zarr::check_extensions(v3.json); !known) {
      return fail(std::move(known).error().within(concat("while opening ", name)));
    }
    if (start_group(plain)) return;
  }
  if (zattrs.waiting() || zmetadata.waiting()) return;
  if (zmetadata.found()) ledger.consolidate_v2(base, zmetadata.json);
  // Some servers do not serve hidden files singly: .zmetadata holds them all.
  const JsonView listed = zmetadata.json["metadata"][".zattrs"];
  const JsonView attributes = zattrs.found() ? zattrs.json : listed;
  if (attributes.exists()) {
    const GroupMetadata group = read_v2_group(attributes);
    zarr_format = 2;
    if (start_group(group)) return;
    if (!is_v3_document(v3)) plain = group;
  }
  if (v3.waiting()) return;
  decide_without_ome(plain, v3);
}

// All root keys answered, and none of them leads to something to show.
void Opener::State::decide_without_ome(const GroupMetadata& plain, const KeyLedger::Reply& v3) {
  dataset.kind = NodeKind::kGroup;
  if (is_v3_document(v3)) {
    if (explore(plain) || probe_first(plain)) return;
    return fail(not_an_image(name, plain));
  }
  if (v3.found() && !plain.document.exists()) {
    return fail(v3.json.mismatch("an object with \"zarr_format\": 3 and \"node_type\""));
  }
  const Reply& zattrs = ledger.need(key_in(base, ".zattrs"));
  const Reply& zmetadata = ledger.need(key_in(base, ".zmetadata"));
  const auto failed_for = [](const Reply& reply, ErrorCode code) {
    return reply.state == KeyLedger::State::kFailed && reply.error.code == code;
  };
  const bool offline = failed_for(v3, ErrorCode::kRetry) && failed_for(zattrs, ErrorCode::kRetry) &&
                       failed_for(zmetadata, ErrorCode::kRetry);
  // More questions to a server that does not answer would only keep the user waiting.
  if (offline) return fail(nothing_readable(name, v3));
  const Reply& zarray = ledger.need(key_in(base, ".zarray"));
  const Reply& zgroup = ledger.need(key_in(base, ".zgroup"));
  if (zarray.found()) {
    zarr_format = 2;
    return start_array(zarray.json);
  }
  if (zarray.waiting() || zgroup.waiting()) return;
  // What says most: a file that is there but broken, then a refusal, then silence.
  const Reply* const replies[] = {&zattrs, &v3, &zmetadata, &zarray, &zgroup};
  for (const ErrorCode code : {ErrorCode::kLimit, ErrorCode::kFixData, ErrorCode::kUnsupported}) {
    for (const Reply* reply : replies) {
      if (!failed_for(*reply, code) || reply->web_page) continue;
      if (reply->refused) return fail(nothing_readable(name, *reply));
      log.at_file(reply == &zattrs ? ".zattrs"
                  : reply == &v3   ? "zarr.json"
                                   : "",
                  {.rule = "ome-zarr/json",
                   .severity = Severity::kError,
                   .message = concat(reply->error.message, "."),
                   .expected = "a JSON object",
                   .fix = "Write the file again."});
      return fail(nothing_readable(name, *reply));
    }
  }
  if (plain.document.exists() || zgroup.found()) {
    if (explore(plain) || probe_first(plain)) return;
    return fail(not_an_image(name, plain));
  }
  for (const ErrorCode code : {ErrorCode::kForbidden, ErrorCode::kRetry, ErrorCode::kFixData}) {
    for (const Reply* reply : replies) {
      if (failed_for(*reply, code)) return fail(nothing_readable(name, *reply));
    }
  }
  if (explore(plain)) return;
  dataset.kind = NodeKind::kUnknown;
  fail(nothing_found(name));
}

// True if the group is something this program can start on (or knows it cannot show).
bool Opener::State::start_group(const GroupMetadata& group) {
  switch (group.content) {
    case Content::kNone:
    case Content::kArray:
      return false;
    case Content::kImage:
      dataset.kind = group.ome["image-label"].exists() ? NodeKind::kLabelImage : NodeKind::kImage;
      break;
    case Content::kPlate: {
      dataset.kind = NodeKind::kPlate;
      PlatePlan plan = parse_plate(group, base, limits, log);
      dataset.plate = std::move(plan.plate);
      dataset.entries = std::move(plan.entries);
      well_places = std::move(plan.where);
      break;
    }
    case Content::kWell:
      dataset.kind = NodeKind::kWell;
      break;
    case Content::kSeries:
      dataset.kind = NodeKind::kCollection;
      lister = std::make_unique<SeriesLister>(context, base, group.zarr_format);
      break;
    case Content::kScene:
      dataset.kind = NodeKind::kScene;
      scene = std::make_unique<SceneLoader>(context, base, group);
      dataset.entries = scene->entries();
      break;
    default:
      dataset.kind = NodeKind::kGroup;
      zarr_format = group.zarr_format;
      fail(not_an_image(name, group));
      return true;
  }
  zarr_format = group.zarr_format;
  root_group = group;
  decided = true;
  entries_complete = !lister;
  if (group.content == Content::kImage || group.content == Content::kWell) {
    open_path = base;
    load();
  }
  return true;
}

void Opener::State::start_array(const JsonView& document) {
  dataset.kind = NodeKind::kArray;
  auto metadata = zarr::parse_array(document);
  if (!metadata) {
    Error error = std::move(metadata).error();
    log.at(document, {.rule = "ome-zarr/array-metadata",
                      .severity = Severity::kError,
                      .message = concat(error.message, "."),
                      .expected = "",
                      .fix = ""});
    return fail(std::move(error).within(concat("while opening the array ", name)));
  }
  const KeyLedger::Reply& zattrs = ledger.need(key_in(base, ".zattrs"));
  auto image =
      build_array_image(base, {0, std::move(metadata).value(), document.text(SIZE_MAX), document},
                        xarray_names(zattrs.json));
  if (!image)
    return fail(std::move(image).error().within(concat("while opening the array ", name)));
  log.at_file(document.file(),
              {.rule = "ome-zarr/bare-array",
               .severity = Severity::kInfo,
               .message = "This is a single Zarr array: it has no channel names, pixel sizes or "
                          "resolution levels. If it is a part of an OME-Zarr image, open the "
                          "folder above it.",
               .expected = "",
               .fix = ""});
  decided = true;
  entries_complete = true;
  labels_complete = true;
  apply_omero({}, *image, limits, log);
  show(std::move(image).value());
}

// Early writers' own lists. What they list is not always there.
bool Opener::State::find_collections(const GroupMetadata& plain, std::vector<Entry>& found,
                                     bool& waiting) {
  const JsonView attributes =
      plain.zarr_format == 3 ? plain.document["attributes"] : plain.document;
  auto paths = collection_paths(attributes, base);
  paths.resize(std::min(paths.size(), static_cast<std::size_t>(limits.maximum_listings)));
  for (const std::string& path : paths) {
    const Reply& reply = ledger.need(group_key(path, plain.zarr_format));
    waiting = waiting || reply.waiting();
    if (!reply.found()) continue;
    const Content content = read_group_document(reply.json, plain.zarr_format).content;
    if (content == Content::kNone) continue;
    found.push_back({path, path.substr(base.empty() ? 0 : base.size() + 1)});
  }
  return !found.empty();
}

bool Opener::State::explore(const GroupMetadata& plain) {
  std::vector<Entry> found;
  bool waiting = false;
  const bool listed = plain.document.exists() && find_collections(plain, found, waiting);
  if (waiting) return true;
  if (!listed) {
    if (!finder) finder.emplace(context, listings, base);
    if (!finder->advance()) return true;
    found = finder->children();
  }
  if (found.empty()) return false;
  if (found.size() == 1) {
    if (redirects >= kMostRedirects) return false;
    redirect(found.front());
    return true;
  }
  log.at_file(base, {.rule = "ome-zarr/images-found",
                     .severity = Severity::kInfo,
                     .message = concat("Nothing here says which images there are: ", found.size(),
                                       " were found below."),
                     .expected = "",
                     .fix = ""});
  dataset.entries = std::move(found);
  zarr_format = 0;
  decided = true;
  entries_complete = true;
  return true;
}

// Where nothing can be listed: the first versions of bioformats2raw numbered their images, and said
// nothing of it in the group. True if there is such a one, or may be.
bool Opener::State::probe_first(const GroupMetadata& plain) {
  const int format = plain.zarr_format == 3 ? 3 : 2;
  const Reply& first = ledger.need(group_key(key_in(base, "0"), format));
  if (first.waiting()) return true;
  if (!first.found()) return false;
  if (read_group_document(first.json, format).content != Content::kImage) return false;
  dataset.kind = NodeKind::kCollection;
  lister = std::make_unique<SeriesLister>(context, base, format);
  zarr_format = format;
  root_group = plain;
  decided = true;
  entries_complete = false;
  return true;
}

// Opens the only image below as if it had been given.
void Opener::State::redirect(const Entry& child) {
  log.at_file(base, {.rule = "ome-zarr/redirect",
                     .severity = Severity::kInfo,
                     .message = concat("Opened is ", child.path, ", the only one below ",
                                       (base.empty() ? "the root" : base), "."),
                     .expected = "",
                     .fix = ""});
  name += concat("/", child.name);
  base = child.path;
  finder.reset();
  redirected = true;
  ++redirects;
}

}  // namespace mifa::ome
