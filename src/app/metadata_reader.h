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
  explicit MetadataReader(const view::Limits& limits) : limits_(limits) {}

  // Reads to start now: what the opener newly wants, and what is due again.
  std::vector<ReadMetadata> update(ome::Opener& opener, double now);
  // The earliest time at which update() has something to do by itself; negative for never.
  double next_due() const;
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
  std::map<std::uint32_t, Read> reads_;
  std::uint32_t last_ticket_ = 0;
};

}  // namespace mifa::app
