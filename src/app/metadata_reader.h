// Carries the opener's questions to the host and back, with retries.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "app/commands.h"
#include "ome/opener.h"
#include "view/limits.h"

namespace mifa::app {

class MetadataReader {
 public:
  // Tickets are counted on from `last_ticket`, so that late answers of an earlier reader find
  // nobody.
  MetadataReader(const view::Limits& limits, std::uint32_t last_ticket)
      : limits_(limits), last_ticket_(last_ticket) {}

  // Reads to start now: what the opener newly wants, and what is due again.
  std::vector<ReadMetadata> update(ome::Opener& opener, double now);
  // The earliest time at which update() has something to do by itself; negative for never.
  double next_due() const;
  std::uint32_t last_ticket() const { return last_ticket_; }
  int outstanding() const { return static_cast<int>(reads_.size()); }

  // The host's answers; unknown tickets are ignored.
  void found(ome::Opener& opener, std::uint32_t ticket, std::span<const std::byte> bytes);
  void missing(ome::Opener& opener, std::uint32_t ticket);
  void failed(ome::Opener& opener, std::uint32_t ticket, Error error, double now,
              double retry_after_ms);

 private:
  struct Read {
    std::string key;
    int attempts = 1;
    double retry_at = 0;  // 0: under way
  };
  std::string take(std::uint32_t ticket);

  view::Limits limits_;
  std::uint32_t last_ticket_ = 0;
  std::map<std::uint32_t, Read> reads_;
};

}  // namespace mifa::app
