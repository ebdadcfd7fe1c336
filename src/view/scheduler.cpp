#include "view/scheduler.h"

#include <algorithm>
#include <tuple>

#include "view/retry.h"

namespace mifa::view {

void Scheduler::count_file(std::uint64_t file, int sign) {
  if (file == 0) {
    counts_.files += sign;
    return;
  }
  int& chunks = files_[file];
  const bool before = chunks > 0;
  chunks += sign;
  counts_.files += static_cast<int>(chunks > 0) - static_cast<int>(before);
  if (chunks == 0) files_.erase(file);
}

void Scheduler::count(const Chunk& chunk, int sign) {
  switch (chunk.state) {
    case ChunkState::kQueued:
      counts_.queued += sign;
      break;
    case ChunkState::kFetching:
      counts_.fetching += sign;
      counts_.flying_bytes += sign * chunk.bytes;
      count_file(chunk.file, sign);
      break;
    case ChunkState::kDecoding:
      counts_.decoding += sign;
      counts_.flying_bytes += sign * chunk.bytes;
      break;
    case ChunkState::kDecoded:
      counts_.decoded += sign;
      counts_.decoded_bytes += sign * chunk.bytes;
      break;
    case ChunkState::kEmpty:
      counts_.empty += sign;
      break;
    case ChunkState::kFailed:
      counts_.failed += sign;
      break;
  }
}

void Scheduler::set_state(const ChunkKey& key, Chunk& chunk, ChunkState state) {
  count(chunk, -1);
  chunk.state = state;
  count(chunk, 1);
  if (state == ChunkState::kQueued) queue_dirty_ = true;
  const bool holds_ticket = state == ChunkState::kFetching || state == ChunkState::kDecoding ||
                            state == ChunkState::kDecoded;
  if (holds_ticket) {
    tickets_.insert_or_assign(chunk.ticket, key);
  } else {
    tickets_.erase(chunk.ticket);
  }
}

void Scheduler::forget(const ChunkKey& key) {
  const auto found = chunks_.find(key);
  if (found == chunks_.end()) return;
  const Chunk& chunk = found->second;
  if (chunk.state == ChunkState::kFetching || chunk.state == ChunkState::kDecoding) {
    pending_.cancel.push_back(chunk.ticket);
  }
  if (chunk.state == ChunkState::kDecoded) pending_.drop.push_back(chunk.ticket);
  if (chunk.state == ChunkState::kQueued) queue_dirty_ = true;
  tickets_.erase(chunk.ticket);
  count(chunk, -1);
  chunks_.erase(found);
}

void Scheduler::want(const std::vector<Want>& wants,
                     const std::function<std::int64_t(const ChunkKey&)>& bytes,
                     const std::function<std::uint64_t(const ChunkKey&)>& file) {
  ++generation_;
  queue_dirty_ = true;
  for (const Want& want : wants) {
    const auto [found, fresh] = chunks_.try_emplace(want.key);
    Chunk& chunk = found->second;
    if (fresh) {
      chunk.bytes = bytes(want.key);
      if (file) chunk.file = file(want.key);
      count(chunk, 1);
    }
    const bool again = chunk.wanted == generation_;
    if (!again || std::tie(want.tier, want.distance) < std::tie(chunk.tier, chunk.distance)) {
      chunk.tier = want.tier;
      chunk.distance = want.distance;
    }
    chunk.wanted = generation_;
    if (chunk.state == ChunkState::kDecoded) chunk.touched = ++uses_;
  }
  std::vector<ChunkKey> unwanted;
  for (const auto& [key, chunk] : chunks_) {
    if (chunk.wanted == generation_) continue;
    // Decoded, empty and finally failed chunks stay known: asking again would cost a request.
    const bool settled = chunk.state == ChunkState::kDecoded || chunk.state == ChunkState::kEmpty ||
                         (chunk.state == ChunkState::kFailed && chunk.retry_at == 0);
    if (!settled) unwanted.push_back(key);
  }
  for (const ChunkKey& key : unwanted) forget(key);
}

// `needed`, `ahead`: bytes of decoded chunks that wait for their upload, and of prefetched ones.
bool Scheduler::has_room(const Chunk& chunk, std::int64_t needed, std::int64_t ahead) const {
  const std::int64_t flying = counts_.flying_bytes;
  if (flying > 0 && flying + chunk.bytes > limits_.fetch_bytes) return false;
  const std::int64_t held = flying + needed + (chunk.tier == Tier::kPrefetch ? ahead : 0);
  return held == 0 || held + chunk.bytes <= limits_.decoded_bytes;
}

void Scheduler::start(const ChunkKey& key) {
  Chunk& chunk = chunks_.at(key);
  chunk.ticket = ++last_ticket_;
  ++chunk.attempts;
  set_state(key, chunk, ChunkState::kFetching);
  pending_.start.push_back({key, chunk.ticket});
}

Scheduler::Commands Scheduler::update(double now) {
  // Decoded and still wanted: on its way to the GPU. What is started beyond the room for it would
  // push it out, and be asked for again. Prefetched chunks only hold up each other.
  std::int64_t needed = 0;
  std::int64_t ahead = 0;
  for (auto& [key, chunk] : chunks_) {
    if (chunk.state == ChunkState::kDecoded && chunk.wanted == generation_) {
      (chunk.tier == Tier::kPrefetch ? ahead : needed) += chunk.bytes;
    }
    if (chunk.state == ChunkState::kFailed && chunk.retry_at > 0 && chunk.retry_at <= now) {
      set_state(key, chunk, ChunkState::kQueued);
    }
  }
  if (queue_dirty_) {
    queue_.clear();
    for (const auto& [key, chunk] : chunks_) {
      if (chunk.state == ChunkState::kQueued) queue_.push_back(key);
    }
    std::sort(queue_.begin(), queue_.end(), [this](const ChunkKey& a, const ChunkKey& b) {
      const Chunk& x = chunks_.at(a);
      const Chunk& y = chunks_.at(b);
      return std::tie(y.tier, y.distance, b.index) < std::tie(x.tier, x.distance, a.index);
    });
    queue_dirty_ = false;
  }
  while (!queue_.empty() && counts_.files < limits_.fetches) {
    const ChunkKey key = queue_.back();
    const Chunk& chunk = chunks_.at(key);
    if (!has_room(chunk, needed, ahead)) break;
    queue_.pop_back();
    start(key);
    if (chunk.file == 0) continue;
    // The rest of the shard that is wanted, as far as there is room, best first.
    for (std::size_t i = queue_.size(); i-- > 0;) {
      const ChunkKey other = queue_[i];
      const Chunk& beside = chunks_.at(other);
      if (beside.file != chunk.file) continue;
      // What is only likely to be wanted must not hold up what is.
      if (beside.tier > std::max(chunk.tier, Tier::kFallback)) continue;
      if (!has_room(beside, needed, ahead)) break;
      queue_.erase(queue_.begin() + static_cast<std::ptrdiff_t>(i));
      start(other);
    }
  }
  queue_dirty_ = false;  // Taking from the end keeps the order.
  // Room for what is under way is made before it arrives: between its arrival and the next update
  // the host would hold both.
  evict(limits_.decoded_bytes - counts_.flying_bytes, true);
  return std::exchange(pending_, {});
}

double Scheduler::next_due() const {
  double due = -1;
  if (counts_.failed == 0) return due;
  for (const auto& [key, chunk] : chunks_) {
    if (chunk.state != ChunkState::kFailed || chunk.retry_at == 0) continue;
    due = due < 0 ? chunk.retry_at : std::min(due, chunk.retry_at);
  }
  return due;
}

// Down to `room` bytes of decoded chunks. Not wanted goes before wanted, then the longest unused
// first. Whatever is on the screen has its texture, so even wanted elements can be given up.
void Scheduler::evict(std::int64_t room, bool keep_last) {
  if (counts_.decoded_bytes <= room) return;
  std::vector<std::tuple<bool, std::uint64_t, ChunkKey>> candidates;
  for (const auto& [key, chunk] : chunks_) {
    if (chunk.state != ChunkState::kDecoded) continue;
    candidates.emplace_back(chunk.wanted == generation_, chunk.touched, key);
  }
  std::sort(candidates.begin(), candidates.end(), [](const auto& a, const auto& b) {
    return std::tie(std::get<0>(a), std::get<1>(a)) < std::tie(std::get<0>(b), std::get<1>(b));
  });
  // A chunk larger than the limit stays while it is wanted or alone, or it would be read again for
  // each of its planes.
  if (keep_last && !candidates.empty() &&
      (std::get<0>(candidates.back()) || counts_.flying_bytes == 0)) {
    candidates.pop_back();
  }
  for (const auto& [wanted, touched, key] : candidates) {
    if (counts_.decoded_bytes <= room) return;
    forget(key);
  }
}

void Scheduler::trim(std::int64_t bytes) { evict(bytes, false); }

Scheduler::Chunk* Scheduler::answer(std::uint32_t ticket) {
  const auto found = tickets_.find(ticket);
  if (found == tickets_.end()) return nullptr;
  Chunk& chunk = chunks_.at(found->second);
  const bool waiting = chunk.state == ChunkState::kFetching || chunk.state == ChunkState::kDecoding;
  return waiting ? &chunk : nullptr;
}

bool Scheduler::fetched(std::uint32_t ticket) {
  Chunk* chunk = answer(ticket);
  if (!chunk) return false;
  set_state(ChunkKey(tickets_.at(ticket)), *chunk, ChunkState::kDecoding);
  return true;
}

bool Scheduler::decoded(std::uint32_t ticket) {
  Chunk* chunk = answer(ticket);
  if (!chunk) return false;
  chunk->touched = ++uses_;
  set_state(ChunkKey(tickets_.at(ticket)), *chunk, ChunkState::kDecoded);
  return true;
}

bool Scheduler::empty(std::uint32_t ticket) {
  Chunk* chunk = answer(ticket);
  if (!chunk) return false;
  set_state(ChunkKey(tickets_.at(ticket)), *chunk, ChunkState::kEmpty);
  return true;
}

bool Scheduler::failed(std::uint32_t ticket, Error error, double now, double retry_after_ms) {
  Chunk* chunk = answer(ticket);
  if (!chunk) return false;
  const double pause = retry_pause(limits_, error, chunk->attempts, retry_after_ms);
  chunk->retry_at = pause < 0 ? 0 : now + pause;
  chunk->error = std::move(error);
  set_state(ChunkKey(tickets_.at(ticket)), *chunk, ChunkState::kFailed);
  return true;
}

const Scheduler::Chunk* Scheduler::find(const ChunkKey& key) {
  const auto found = chunks_.find(key);
  if (found == chunks_.end()) return nullptr;
  if (found->second.state == ChunkState::kDecoded) found->second.touched = ++uses_;
  return &found->second;
}

const Scheduler::Chunk* Scheduler::peek(const ChunkKey& key) const {
  const auto found = chunks_.find(key);
  return found == chunks_.end() ? nullptr : &found->second;
}

const ChunkKey* Scheduler::key_of(std::uint32_t ticket) const {
  const auto found = tickets_.find(ticket);
  return found == tickets_.end() ? nullptr : &found->second;
}

void Scheduler::retry_failed() {
  std::vector<ChunkKey> unwanted;
  for (auto& [key, chunk] : chunks_) {
    if (chunk.state != ChunkState::kFailed) continue;
    if (chunk.wanted != generation_) {
      unwanted.push_back(key);
      continue;
    }
    chunk.attempts = 0;
    chunk.retry_at = 0;
    set_state(key, chunk, ChunkState::kQueued);
  }
  for (const ChunkKey& key : unwanted) forget(key);
}

void Scheduler::clear() {
  std::vector<ChunkKey> keys;
  for (const auto& entry : chunks_) keys.push_back(entry.first);
  for (const ChunkKey& key : keys) forget(key);
  queue_.clear();
}

int Scheduler::outstanding(Tier last) const {
  int result = 0;
  for (const auto& [key, chunk] : chunks_) {
    if (chunk.wanted != generation_ || chunk.tier > last) continue;
    const bool coming = chunk.state == ChunkState::kQueued ||
                        chunk.state == ChunkState::kFetching ||
                        chunk.state == ChunkState::kDecoding ||
                        (chunk.state == ChunkState::kFailed && chunk.retry_at > 0);
    result += coming ? 1 : 0;
  }
  return result;
}

}  // namespace mifa::view
