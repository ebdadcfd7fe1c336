// Which chunks are read, in what order, and which decoded ones are kept. Pure logic: the host is
// told by commands and answers by ticket. docs/life-of-a-chunk.md follows one chunk through here.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/result.h"
#include "view/limits.h"
#include "view/source.h"

namespace mifa::view {

// kAbsent has no record: a chunk is remembered from the moment it is wanted.
enum class ChunkState {
  kQueued,    // Wanted, waiting for a slot.
  kFetching,  // A request is under way under `ticket`.
  kDecoding,  // Its bytes arrived and are with a worker, under the same ticket.
  kDecoded,   // The host holds its elements under `ticket`.
  kEmpty,     // The store has no such object: all elements are the fill value. Not an error.
  kFailed,    // `error` says why; queued again at `retry_at` if that is set.
};

// Why a chunk is wanted; lower is sooner.
enum class Tier : std::uint8_t {
  kFirst,     // Nothing is shown there yet: the coarse level that fills the view.
  kVisible,   // The level that suits the view.
  kFallback,  // The coarse level behind what is shown already.
  kContrast,  // Read to find a window for a channel.
  kPrefetch,  // Likely to be wanted next.
};

struct Want {
  ChunkKey key;
  Tier tier = Tier::kVisible;
  double distance = 0;  // from the middle of the view, any unit; orders within a tier
};

class Scheduler {
 public:
  struct Chunk {
    ChunkState state = ChunkState::kQueued;
    std::uint32_t ticket = 0;  // Of the latest start; an answer under another is dropped.
    std::int64_t bytes = 0;    // decoded
    std::uint64_t file = 0;    // the shard it is a part of; 0: a file of its own
    int attempts = 0;
    double retry_at = 0;  // ms on the host's clock; 0: not tried again
    Error error;
    Tier tier = Tier::kVisible;
    double distance = 0;
    std::uint64_t wanted = 0;   // Generation in which it was last wanted.
    std::uint64_t touched = 0;  // Counts uses; the smallest is dropped first.
  };
  struct Start {
    ChunkKey key;
    std::uint32_t ticket;
  };
  struct Commands {
    std::vector<Start> start;
    std::vector<std::uint32_t> cancel;
    std::vector<std::uint32_t> drop;  // decoded elements the host may free
  };
  struct Counts {
    int queued = 0, fetching = 0, decoding = 0, decoded = 0, empty = 0, failed = 0;
    std::int64_t decoded_bytes = 0;
    std::int64_t flying_bytes = 0;  // decoded size of what is fetching or decoding
    int files = 0;                  // that chunks are being fetched from
  };

  explicit Scheduler(const Limits& limits) : limits_(limits) {}

  // Replaces everything wanted so far. `bytes` gives a chunk's decoded size. What is under way and
  // no longer wanted is cancelled; what is decoded stays until room is needed. `file` names the
  // shard that a chunk is a part of, by any number; 0, or no function: the chunk is a file. Chunks
  // of one file are started together, so that the host can read neighbours in one request.
  void want(const std::vector<Want>& wants,
            const std::function<std::int64_t(const ChunkKey&)>& bytes,
            const std::function<std::uint64_t(const ChunkKey&)>& file = {});

  // Moves what is due and returns what the host has to do now. `now` in ms.
  Commands update(double now);
  // The earliest time at which update() has something to do by itself; negative for never.
  double next_due() const;

  // Answers of the host. All return false for a ticket that is no longer waited for.
  bool fetched(std::uint32_t ticket);
  bool decoded(std::uint32_t ticket);
  bool empty(std::uint32_t ticket);
  bool failed(std::uint32_t ticket, Error error, double now, double retry_after_ms);

  // The record of a chunk or null. find() of a decoded chunk counts as a use.
  const Chunk* find(const ChunkKey& key);
  const Chunk* peek(const ChunkKey& key) const;
  // The key under a ticket that is waited for or decoded; null otherwise.
  const ChunkKey* key_of(std::uint32_t ticket) const;

  // Tries every failed chunk that is wanted again at once; forgets the failures of the others.
  void retry_failed();
  // Drops decoded chunks, as evict() would, until at most `bytes` are held. Said by update().
  void trim(std::int64_t bytes);
  // Forgets everything; what is under way is cancelled and decoded elements dropped.
  void clear();

  const Counts& counts() const { return counts_; }
  // Chunks wanted in the current generation that are still on their way (queued to decoding, or
  // failed with a retry to come), tiers up to `last`.
  int outstanding(Tier last) const;

 private:
  void set_state(const ChunkKey& key, Chunk& chunk, ChunkState state);
  void count(const Chunk& chunk, int sign);
  void count_file(std::uint64_t file, int sign);
  void forget(const ChunkKey& key);
  Chunk* answer(std::uint32_t ticket);
  void evict(std::int64_t room, bool keep_last);
  bool has_room(const Chunk& chunk, std::int64_t needed, std::int64_t ahead) const;
  void start(const ChunkKey& key);

  Limits limits_;
  std::unordered_map<ChunkKey, Chunk, ChunkKeyHash> chunks_;
  std::unordered_map<std::uint32_t, ChunkKey> tickets_;
  std::vector<ChunkKey> queue_;  // Best last; rebuilt when wants change.
  bool queue_dirty_ = false;
  std::unordered_map<std::uint64_t, int> files_;  // chunks being fetched from each shard
  Commands pending_;
  Counts counts_;
  std::uint32_t last_ticket_ = 0;
  std::uint64_t generation_ = 0;
  std::uint64_t uses_ = 0;
};

}  // namespace mifa::view
