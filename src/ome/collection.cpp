#include "ome/collection.h"

#include <algorithm>
#include <string>
#include <utility>

#include "ome/key_path.h"

namespace mifa::ome {

bool SeriesLister::advance(std::vector<Entry>& entries, bool first_only) {
  if (complete_) return true;
  const std::string list_key = group_key(key_in(base_, "OME"), zarr_format_);
  const KeyLedger::Reply& list = context_.ledger.need(list_key, KeyLedger::Absence::kTrust);
  // Nearly always the first, so worth asking for before the list is there.
  context_.ledger.need(key_of(0), KeyLedger::Absence::kTrust);
  if (list.waiting()) return false;
  if (!checked_list_) {
    checked_list_ = true;
    if (list.found())
      add_listed(read_group_document(list.json, zarr_format_).ome["series"], entries);
    if (!entries.empty()) return complete_ = true;
  }
  return complete_ = probe(entries, first_only);
}

std::string SeriesLister::key_of(std::int64_t number) const {
  return group_key(key_in(base_, std::to_string(number)), zarr_format_);
}

void SeriesLister::add_listed(const JsonView& series, std::vector<Entry>& entries) {
  if (!series.exists()) return;
  for (std::int64_t i = 0; i < std::min(series.size(), context_.limits.maximum_entries); ++i) {
    const auto text = series[i].string();
    auto joined = text ? join_path(base_, *text) : Result<std::string>(Error{});
    if (joined) {
      entries.push_back({*joined, *joined});
      continue;
    }
    context_.log.at(series[i], {.rule = "ome-zarr/series",
                                .severity = Severity::kError,
                                .message = "A series has no proper path and is left out.",
                                .expected = "a string such as \"0\"",
                                .fix = "Write the path of the series' group."});
  }
  if (!entries.empty()) return;
  context_.log.at(series, {.rule = "ome-zarr/series",
                           .severity = Severity::kError,
                           .message = "\"series\" lists no image; 0, 1, 2, … are tried.",
                           .expected = "an array of at least one path",
                           .fix = "List the images' paths, or leave \"series\" out."});
}

// Groups 0, 1, 2, … until one is missing, in batches that grow.
bool SeriesLister::probe(std::vector<Entry>& entries, bool first_only) {
  while (next_ < context_.limits.maximum_entries) {
    if (first_only && next_ > 0) return false;
    const std::int64_t ahead = std::clamp<std::int64_t>(
        2 * next_, 1, std::max<std::int64_t>(1, context_.limits.wells_at_once));
    for (std::int64_t i = next_; !first_only && i < next_ + ahead; ++i) {
      context_.ledger.need(key_of(i), KeyLedger::Absence::kTrust);
    }
    const auto& reply = context_.ledger.need(key_of(next_), KeyLedger::Absence::kTrust);
    if (reply.waiting()) return false;
    if (!reply.found()) return true;
    const std::string path = key_in(base_, std::to_string(next_++));
    entries.push_back({path, path});
  }
  return true;
}

}  // namespace mifa::ome
