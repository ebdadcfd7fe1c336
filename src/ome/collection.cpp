#include "ome/collection.h"

#include <algorithm>
#include <string>
#include <utility>

#include "ome/key_path.h"

namespace mifa::ome {
namespace {

const char* group_file(int zarr_format) { return zarr_format == 3 ? "zarr.json" : ".zattrs"; }

GroupMetadata read_group_document(const JsonView& document, int zarr_format) {
  return zarr_format == 3 ? read_v3_group(document) : read_v2_group(document);
}

class PlateLister : public EntryLister {
 public:
  PlateLister(LoadContext context, std::vector<WellPlace> wells, int zarr_format)
      : context_(context), wells_(std::move(wells)), zarr_format_(zarr_format) {}

  bool advance(std::vector<Entry>& entries, bool first_only) override {
    const auto full = [&] {
      return static_cast<std::int64_t>(entries.size()) >= context_.limits.maximum_entries;
    };
    const auto readable = static_cast<std::size_t>(std::clamp<std::int64_t>(
        context_.limits.maximum_wells, 0, static_cast<std::int64_t>(wells_.size())));
    while (next_ < readable && !full()) {
      if (first_only && !entries.empty()) return false;
      const auto at_once =
          static_cast<std::size_t>(std::max<std::int64_t>(1, context_.limits.wells_at_once));
      // Usually the first well is there; where wells are missing, more are tried each time.
      const std::size_t ahead = first_only ? std::min(next_ + 1, at_once) : at_once;
      for (std::size_t i = next_; i < std::min(readable, next_ + ahead); ++i) {
        context_.ledger.need(key_of(i));
      }
      const KeyLedger::Reply& reply = context_.ledger.need(key_of(next_));
      if (reply.waiting()) return false;
      add_well(wells_[next_++], reply, entries);
    }
    for (; next_ < wells_.size() && !full(); ++next_) {
      entries.push_back({wells_[next_].path, wells_[next_].name});
    }
    return true;
  }

 private:
  std::string key_of(std::size_t well) const {
    return key_in(wells_[well].path, group_file(zarr_format_));
  }

  void add_well(const WellPlace& well, const KeyLedger::Reply& reply, std::vector<Entry>& entries) {
    const std::string key = key_in(well.path, group_file(zarr_format_));
    const GroupMetadata group =
        reply.found() ? read_group_document(reply.json, zarr_format_) : GroupMetadata{};
    if (group.content != Content::kWell) {
      const std::string why = reply.found()     ? "its metadata has no \"well\""
                              : reply.waiting() ? ""
                              : reply.state == KeyLedger::State::kMissing ? key + " is not there"
                                                                          : reply.error.message;
      context_.log.at(well.where, {.rule = "ome-zarr/well-missing",
                                   .severity = Severity::kError,
                                   .message = "Well " + well.name + " is left out: " + why + ".",
                                   .expected = "the well's metadata with \"well\"",
                                   .fix = "Upload the well, or take it off the plate's list."});
      return;
    }
    for (Entry& entry : parse_well(group, well, context_.limits, context_.log)) {
      if (static_cast<std::int64_t>(entries.size()) >= context_.limits.maximum_entries) return;
      entries.push_back(std::move(entry));
    }
  }

  LoadContext context_;
  std::vector<WellPlace> wells_;
  int zarr_format_;
  std::size_t next_ = 0;
};

class SeriesLister : public EntryLister {
 public:
  SeriesLister(LoadContext context, int zarr_format)
      : context_(context), zarr_format_(zarr_format) {}

  bool advance(std::vector<Entry>& entries, bool first_only) override {
    if (complete_) return true;
    const std::string list_key = key_in("OME", group_file(zarr_format_));
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

 private:
  std::string key_of(std::int64_t number) const {
    return key_in(std::to_string(number), group_file(zarr_format_));
  }

  void add_listed(const JsonView& series, std::vector<Entry>& entries) {
    if (!series.exists()) return;
    for (std::int64_t i = 0; i < std::min(series.size(), context_.limits.maximum_entries); ++i) {
      const auto text = series[i].string();
      auto joined = text ? join_path("", *text) : Result<std::string>(Error{});
      if (joined) {
        entries.push_back({*joined, "Series " + *joined});
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
  bool probe(std::vector<Entry>& entries, bool first_only) {
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
      const std::string path = std::to_string(next_++);
      entries.push_back({path, "Series " + path});
    }
    return true;
  }

  LoadContext context_;
  int zarr_format_;
  bool complete_ = false;
  bool checked_list_ = false;
  std::int64_t next_ = 0;
};

class KnownLister : public EntryLister {
 public:
  explicit KnownLister(std::vector<Entry> entries) : known_(std::move(entries)) {}

  bool advance(std::vector<Entry>& entries, bool) override {
    for (Entry& entry : known_) entries.push_back(std::move(entry));
    known_.clear();
    return true;
  }

 private:
  std::vector<Entry> known_;
};

}  // namespace

std::unique_ptr<EntryLister> list_plate(LoadContext context, std::vector<WellPlace> wells,
                                        int zarr_format) {
  return std::make_unique<PlateLister>(context, std::move(wells), zarr_format);
}

std::unique_ptr<EntryLister> list_series(LoadContext context, int zarr_format) {
  return std::make_unique<SeriesLister>(context, zarr_format);
}

std::unique_ptr<EntryLister> list_known(std::vector<Entry> entries) {
  return std::make_unique<KnownLister>(std::move(entries));
}

}  // namespace mifa::ome
