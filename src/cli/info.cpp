// `mifascope info`: what a dataset is.
#include "cli/command.h"
#include "cli/store.h"
#include "ome/opener.h"
#include "validate/description.h"

namespace mifa::cli {
namespace {

void answer(ome::Opener& opener, const Store& store, const std::string& key) {
  // The viewer's page digests OME-XML with the browser's parser; here names are left out.
  if (key.ends_with(ome::kOmeXmlKey)) return opener.deliver_missing(key);
  const auto bytes = store.read(key);
  if (bytes) {
    opener.deliver_found(key, *bytes);
  } else if (bytes.error().code == ErrorCode::kMissing) {
    opener.deliver_missing(key);
  } else {
    opener.deliver_error(key, bytes.error());
  }
}

void list(ome::Opener& opener, const Store& store, const std::string& folder) {
  const auto listing = store.list(folder);
  if (!listing || !*listing) return opener.deliver_unlisted(folder);
  std::vector<ome::Opener::ListedEntry> entries;
  for (const validate::ListedEntry& entry : **listing) entries.push_back({entry.name, entry.folder});
  opener.deliver_listing(folder, entries);
}

void open(ome::Opener& opener, const Store& store) {
  while (true) {
    const auto keys = opener.take_requests();
    const auto folders = opener.take_listings();
    if (keys.empty() && folders.empty()) return;
    for (const std::string& key : keys) answer(opener, store, key);
    for (const std::string& folder : folders) list(opener, store, folder);
  }
}

}  // namespace

int print_info(const std::string& place, bool json, std::FILE* out, std::FILE* err) {
  auto store = open_store(place);
  if (!store) {
    std::fprintf(err, "mifascope: %s\n", store.error().message.c_str());
    return kNotRun;
  }
  ome::Opener opener(place);
  open(opener, **store);
  if (opener.stage() == ome::Opener::Stage::kFailed) {
    std::fprintf(err, "mifascope: %s\n", opener.failure().message.c_str());
    return kNotRun;
  }
  const std::string text = json ? validate::describe_json(place, opener.dataset())
                                : validate::describe_text(place, opener.dataset());
  std::fputs(text.c_str(), out);
  return kClean;
}

}  // namespace mifa::cli
