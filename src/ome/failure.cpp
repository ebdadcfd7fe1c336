#include "ome/failure.h"

#include <algorithm>

#include "ome/concat.h"

namespace mifa::ome {
namespace {

constexpr const char* kLooksLike =
    "An OME-Zarr root is a folder with zarr.json (0.5 and later) or .zattrs (0.4 and before) in "
    "it, often named *.zarr or *.ome.zarr.";

std::string listed_keys(const JsonView& object) {
  constexpr std::size_t kShown = 8;
  const auto keys = object.keys();
  if (keys.empty()) return "no members";
  std::string result;
  for (std::size_t i = 0; i < std::min(keys.size(), kShown); ++i) {
    result += concat((i > 0 ? ", \"" : "\""), keys[i].substr(0, 40), "\"");
  }
  if (keys.size() > kShown) result += concat(" and ", keys.size() - kShown, " more");
  return result;
}

}  // namespace

Error nothing_found(const std::string& name) {
  return {ErrorCode::kMissing,
          concat("expected OME-Zarr metadata at ", name,
                 ", received nothing: zarr.json, .zattrs, .zmetadata, .zarray and .zgroup are not "
                 "there. ",
                 kLooksLike,
                 " Check that the address is that of the image itself: not of the folder above it, "
                 "nor of a chunk or a file inside it, and that no part is missing at its end.")};
}

Error nothing_readable(const std::string& name, const KeyLedger::Reply& reason) {
  const std::string received =
      concat("expected to read zarr.json or .zattrs at ", name, ", received ");
  if (reason.web_page) {
    return {ErrorCode::kFixData,
            concat(received,
                   "a web page: the address is that of a page that shows or describes the "
                   "data, or the server answers so for files that are not there. ",
                   kLooksLike, " Give the address of that folder.")};
  }
  if (reason.error.code == ErrorCode::kForbidden) {
    return {
        ErrorCode::kForbidden,
        concat(received, "a refusal: ", reason.error.message,
               ". Whoever runs the server must allow everybody to GET these files (for S3: "
               "s3:GetObject) and allow other sites to do so (CORS: Access-Control-Allow-Origin "
               "for GET and HEAD, with the Range header). Some servers also refuse what is not "
               "there: check the address, and whether it needs a signature.")};
  }
  if (reason.error.code == ErrorCode::kRetry) {
    return {
        ErrorCode::kRetry,
        concat(received, "no answer: ", reason.error.message,
               ". Check the connection and the address, and try again. If the address opens in a "
               "tab of its own, the server does not allow other sites to read it: whoever runs "
               "it must send Access-Control-Allow-Origin (CORS) for GET and HEAD, and allow the "
               "Range header.")};
  }
  Error error = reason.error;
  return std::move(error).within(concat("while opening ", name));
}

Error not_an_image(const std::string& name, const GroupMetadata& group) {
  const std::string file = group.document.file();
  const std::string found =
      concat("expected an OME-Zarr image, plate or collection at ", name, ", received ");
  switch (group.content) {
    case Content::kLabelList:
      return {ErrorCode::kFixData,
              concat(found,
                     "the list of an image's labels: open the folder above it, or one of the "
                     "listed label images.")};
    case Content::kSeriesList:
      return {ErrorCode::kFixData,
              concat(found, "the OME folder of a collection: open the folder above it.")};
    case Content::kLabelOnly:
      return {ErrorCode::kFixData, concat(found, "\"image-label\" without \"multiscales\" in ",
                                          file, ": describe the label image's arrays there.")};
    case Content::kScene:
      return {ErrorCode::kUnsupported,
              concat(found,
                     "an OME-Zarr 0.6 scene (images placed by transformations), which this "
                     "program does not show yet: open one of its images.")};
    case Content::kCollection:
      return {ErrorCode::kUnsupported,
              concat(found,
                     "an RFC 8 collection, which this program does not show yet: open one of its "
                     "images.")};
    default:
      break;
  }
  std::string members;
  if (group.document.exists()) {
    const JsonView attributes =
        group.zarr_format == 3 ? group.document["attributes"] : group.document;
    members = concat(" (", file, " has ", listed_keys(attributes), ")");
  }
  return {
      ErrorCode::kFixData,
      concat(found, "a plain Zarr group", members,
             ", without \"multiscales\", \"plate\", \"well\" or \"bioformats2raw.layout\". Open "
             "an image inside it, or the folder above if this is a part of an image.")};
}

}  // namespace mifa::ome
