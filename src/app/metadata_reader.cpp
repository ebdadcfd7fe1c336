#include "app/metadata_reader.h"

#include <algorithm>

#include "view/retry.h"

namespace mifa::app {

std::vector<ReadMetadata> MetadataReader::update(ome::Opener& opener, double now) {
  std::vector<ReadMetadata> result;
  for (std::string& key : opener.take_requests()) {
    const std::uint32_t ticket = ++last_ticket_;
    reads_[ticket] = {key, 1, 0};
    result.push_back({ticket, std::move(key)});
  }
  for (auto& [ticket, read] : reads_) {
    if (read.retry_at == 0 || read.retry_at > now) continue;
    read.retry_at = 0;
    ++read.attempts;
    result.push_back({ticket, read.key});
  }
  return result;
}

double MetadataReader::next_due() const {
  double due = -1;
  for (const auto& [ticket, read] : reads_) {
    if (read.retry_at > 0) due = due < 0 ? read.retry_at : std::min(due, read.retry_at);
  }
  return due;
}

std::string MetadataReader::take(std::uint32_t ticket) {
  const auto found = reads_.find(ticket);
  if (found == reads_.end()) return {};
  std::string key = std::move(found->second.key);
  reads_.erase(found);
  return key;
}

void MetadataReader::found(ome::Opener& opener, std::uint32_t ticket,
                           std::span<const std::byte> bytes) {
  const std::string key = take(ticket);
  if (!key.empty()) opener.deliver_found(key, bytes);
}

void MetadataReader::missing(ome::Opener& opener, std::uint32_t ticket) {
  const std::string key = take(ticket);
  if (!key.empty()) opener.deliver_missing(key);
}

void MetadataReader::failed(ome::Opener& opener, std::uint32_t ticket, Error error, double now,
                            double retry_after_ms) {
  const auto found = reads_.find(ticket);
  if (found == reads_.end()) return;
  const double pause = view::retry_pause(limits_, error, found->second.attempts, retry_after_ms);
  if (pause >= 0) {
    found->second.retry_at = now + pause;
    return;
  }
  const std::string key = take(ticket);
  opener.deliver_error(key, error);
}

}  // namespace mifa::app
