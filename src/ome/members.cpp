#include "ome/members.h"

#include <utility>

namespace mifa::ome {

void Members::want(int entry, const std::string& path, int zarr_format, int level) {
  Slot& slot = slots_[entry];
  const bool again =
      slot.member.state == Member::State::kFailed && slot.member.error.code == ErrorCode::kRetry;
  if (slot.member.state == Member::State::kFailed && !again) return;
  if (!slot.loader || again) {
    slot.member.state = Member::State::kReading;
    NodeChoice choice;
    choice.level = level;
    slot.loader = std::make_unique<NodeLoader>(context_, path, zarr_format, choice);
  } else {
    slot.loader->want_level(level);
  }
  fresh_.push_back(entry);
}

void Members::advance(const std::string& key) {
  std::vector<int> entries = std::exchange(fresh_, {});
  const auto waiting = waiting_.find(key);
  if (waiting != waiting_.end()) {
    entries.insert(entries.end(), waiting->second.begin(), waiting->second.end());
    waiting_.erase(waiting);
  }
  for (const int entry : entries) advance_one(entry, slots_[entry]);
}

void Members::advance_one(int entry, Slot& slot) {
  switch (slot.loader->advance()) {
    case Progress::kWaiting:
      waiting_[context_.ledger.last_waiting()].push_back(entry);
      return;
    case Progress::kReady:
      slot.member.state = Member::State::kReady;
      slot.member.image = slot.loader->image();
      break;
    case Progress::kFailed:
      // More levels that cannot be read take nothing away from those that are there.
      if (slot.member.state == Member::State::kReady) return;
      slot.member.state = Member::State::kFailed;
      slot.member.error = slot.loader->error();
      break;
  }
  finished_.push_back(entry);
}

const Member* Members::find(int entry) const {
  const auto slot = slots_.find(entry);
  return slot == slots_.end() ? nullptr : &slot->second.member;
}

std::vector<int> Members::take_finished() { return std::exchange(finished_, {}); }

}  // namespace mifa::ome
