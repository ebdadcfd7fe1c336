#include "ome/discovery.h"

#include <algorithm>
#include <cctype>
#include <utility>

#include "ome/concat.h"
#include "ome/key_path.h"
#include "ome/order.h"

namespace mifa::ome {
namespace {

constexpr int kDeepest = 2;

// "tile_2" before "tile_10".
bool natural_less(const std::string& a, const std::string& b) {
  std::size_t i = 0, k = 0;
  const auto digit = [](char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; };
  while (i < a.size() && k < b.size()) {
    if (digit(a[i]) && digit(b[k])) {
      const auto number = [&](const std::string& text, std::size_t& at) {
        while (at + 1 < text.size() && text[at] == '0' && digit(text[at + 1])) ++at;
        const std::size_t start = at;
        while (at < text.size() && digit(text[at])) ++at;
        return text.substr(start, at - start);
      };
      const std::string left = number(a, i), right = number(b, k);
      if (left.size() != right.size()) return left.size() < right.size();
      if (left != right) return left < right;
      continue;
    }
    if (a[i] != b[k]) return a[i] < b[k];
    ++i, ++k;
  }
  return a.size() - i < b.size() - k;
}

void sort_naturally(std::vector<std::string>& names) {
  const auto order = sorted_order(names.size(), [&names](std::size_t a, std::size_t b) {
    return natural_less(names[a], names[b]);
  });
  std::vector<std::string> sorted;
  for (const std::size_t i : order) sorted.push_back(std::move(names[i]));
  names = std::move(sorted);
}

bool named_zarr(const std::string& name) { return name.find(".zarr") != std::string::npos; }

bool shown(Content content) {
  return content == Content::kImage || content == Content::kPlate || content == Content::kWell ||
         content == Content::kSeries || content == Content::kScene || content == Content::kArray;
}

std::string last_part(const std::string& path) { return path.substr(path.rfind('/') + 1); }

}  // namespace

const ListingLedger::Reply& ListingLedger::need(const std::string& folder) {
  const auto [found, added] = replies_.emplace(folder, Reply{});
  if (added) queue_.push_back(folder);
  return found->second;
}

std::vector<std::string> ListingLedger::take_requests() { return std::exchange(queue_, {}); }

bool ListingLedger::deliver(const std::string& folder,
                            const std::vector<Opener::ListedEntry>* entries) {
  const auto found = replies_.find(folder);
  if (found == replies_.end() || !found->second.waiting) return false;
  std::erase(queue_, folder);
  Reply& reply = found->second;
  reply.waiting = false;
  reply.listed = entries != nullptr;
  for (std::size_t i = 0; entries && i < entries->size(); ++i) {
    const Opener::ListedEntry& entry = (*entries)[i];
    if (entry.folder) {
      reply.folders.push_back(entry.name);
    } else {
      reply.files.insert(entry.name);
    }
  }
  sort_naturally(reply.folders);
  return true;
}

bool ChildFinder::advance() {
  if (complete_) return true;
  const bool told = context_.ledger.covers(base_) && find_consolidated();
  if (!told && !find_listed()) return false;
  if (children_.empty()) children_ = arrays_;
  return complete_ = true;
}

bool ChildFinder::take(const std::string& path, Content content) {
  if (!shown(content)) return false;
  const auto full = static_cast<std::int64_t>(children_.size()) >= context_.limits.maximum_entries;
  std::string name = base_.empty() ? path : path.substr(base_.size() + 1);
  if (!full) (content == Content::kArray ? arrays_ : children_).push_back({path, std::move(name)});
  return true;
}

bool ChildFinder::find_consolidated() {
  std::map<std::string, Content> groups;
  const std::string below = base_.empty() ? "" : concat(base_, "/");
  for (const auto& [key, document] : context_.ledger.consolidated()) {
    if (!key.starts_with(below) || key.size() <= below.size()) continue;
    for (const char* file : {"/zarr.json", "/.zattrs", "/.zarray"}) {
      if (!key.ends_with(file)) continue;
      const Content content = read_group_document(document, file[1] == 'z' ? 3 : 2).content;
      // Of what has one dimension nothing could be shown: coordinates, tables.
      const bool flat = content == Content::kArray && document["shape"].size() < 2;
      if (shown(content) && !flat) groups[key.substr(0, key.rfind('/'))] = content;
    }
  }
  std::vector<std::string> paths;
  for (const auto& [path, content] : groups) {
    // Fields of a well and labels of an image belong to what is above them.
    bool inside = false;
    for (std::size_t slash = path.find('/'); slash != std::string::npos;
         slash = path.find('/', slash + 1)) {
      inside = inside || groups.contains(path.substr(0, slash));
    }
    if (!inside) paths.push_back(path);
  }
  sort_naturally(paths);
  for (const std::string& path : paths) take(path, groups[path]);
  return !children_.empty() || !arrays_.empty();
}

bool ChildFinder::find_listed() {
  const ListingLedger::Reply& root = listings_.need(base_);
  if (root.waiting) return false;
  // Once more from the start: what is known costs little, and the order stays that of the folders.
  children_.clear();
  arrays_.clear();
  bool complete = true;
  for (const std::string& name : root.folders) {
    const auto path = join_path(base_, name);
    if (path && name.find('/') == std::string::npos) complete = visit(*path, 1) && complete;
  }
  if (!complete) return false;
  return true;
}

bool ChildFinder::visit(const std::string& folder, int depth) {
  const std::string name = last_part(folder);
  if (name.starts_with('.')) return true;
  const auto limit = static_cast<std::size_t>(context_.limits.maximum_listings);
  if (!listings_.asked(folder) && listings_.count() >= limit) {
    if (named_zarr(name)) take(folder, Content::kImage);
    return true;
  }
  const ListingLedger::Reply& listing = listings_.need(folder);
  if (listing.waiting) return false;
  for (const int format : {3, 2}) {
    const std::string key = group_key(folder, format);
    if (!listing.files.contains(last_part(key))) continue;
    const KeyLedger::Reply& reply = context_.ledger.need(key);
    if (reply.waiting()) return false;
    if (!reply.found()) continue;
    if (take(folder, read_group_document(reply.json, format).content)) return true;
  }
  if (listing.files.contains(".zarray")) {
    take(folder, Content::kArray);
    return true;
  }
  bool complete = true;
  for (const std::string& child : listing.folders) {
    if (depth >= kDeepest) break;
    const auto path = join_path(folder, child);
    if (path && child.find('/') == std::string::npos) {
      complete = visit(*path, depth + 1) && complete;
    }
  }
  return complete;
}

std::vector<std::string> collection_paths(const JsonView& attributes, const std::string& base) {
  constexpr std::int64_t kMost = 256;
  std::vector<std::string> paths;
  for (const char* key : {"_collections", "collections"}) {
    const JsonView list = attributes[key];
    for (std::int64_t i = 0; i < std::min(list.size(), kMost); ++i) {
      for (const std::string& path : list[i]["images"].keys()) {
        const auto joined = join_path(base, path);
        if (joined && static_cast<std::int64_t>(paths.size()) < kMost) paths.push_back(*joined);
      }
    }
  }
  return paths;
}

}  // namespace mifa::ome
