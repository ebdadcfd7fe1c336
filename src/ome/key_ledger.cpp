#include "ome/key_ledger.h"

#include <algorithm>

#include "ome/concat.h"
#include "ome/key_path.h"

namespace mifa::ome {

bool KeyLedger::covers(const std::string& key) const {
  if (covered_.empty()) return false;
  if (covered_.contains("")) return true;
  for (std::size_t slash = key.find('/'); slash != std::string::npos;
       slash = key.find('/', slash + 1)) {
    if (covered_.contains(key.substr(0, slash))) return true;
  }
  return covered_.contains(key);
}

const KeyLedger::Reply& KeyLedger::need(const std::string& key, Absence absence) {
  if (const Reply* reply = known(key)) {
    if (reply->waiting()) last_waiting_ = key;
    return *reply;
  }
  Reply& reply = replies_[key];
  if (absence == Absence::kTrust && covers(key)) {
    reply.state = State::kMissing;
  } else {
    queue_.push_back(key);
    last_waiting_ = key;
  }
  return reply;
}

const KeyLedger::Reply& KeyLedger::need_bytes(const std::string& key) {
  const bool first = !replies_.contains(key);
  const Reply& reply = need(key);
  if (first) replies_[key].raw = true;
  return reply;
}

const KeyLedger::Reply* KeyLedger::known(const std::string& key) {
  const auto known = replies_.find(key);
  if (known != replies_.end()) return &known->second;
  const auto listed = consolidated_.find(key);
  if (listed == consolidated_.end()) return nullptr;
  Reply& reply = replies_[key];
  reply.state = State::kFound;
  reply.json = listed->second;
  return &reply;
}

Error KeyLedger::unreadable(const std::string& key) {
  const Reply& reply = need(key);
  if (reply.web_page) {
    return {reply.error.code, concat("expected JSON in ", key, ", received a web page")};
  }
  if (reply.state != State::kMissing) return reply.error;
  return {ErrorCode::kMissing, concat("expected ", key, ", received nothing: it is not there")};
}

KeyLedger::Reply* KeyLedger::pending(const std::string& key) {
  const auto known = replies_.find(key);
  if (known == replies_.end() || !known->second.waiting()) return nullptr;
  // The page asks for the root keys before the program runs, so a reply may come before
  // take_requests() was called.
  const auto queued = std::find(queue_.begin(), queue_.end(), key);
  if (queued != queue_.end()) queue_.erase(queued);
  return &known->second;
}

bool KeyLedger::found(const std::string& key, std::span<const std::byte> bytes) {
  Reply* reply = pending(key);
  if (!reply) return false;
  if (static_cast<std::int64_t>(bytes.size()) > maximum_document_bytes_) {
    reply->state = State::kFailed;
    reply->error = {ErrorCode::kLimit, concat("expected at most ", maximum_document_bytes_,
                                              " bytes in ", key, ", received ", bytes.size())};
    return true;
  }
  std::string text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (reply->raw) {
    reply->state = State::kFound;
    reply->bytes = std::move(text);
    return true;
  }
  const std::size_t first = text.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
  const bool web_page = first != std::string::npos && text[first] == '<';
  auto document = JsonDocument::parse(std::move(text), key);
  if (document) {
    reply->state = State::kFound;
    reply->json = *document;
  } else {
    reply->state = State::kFailed;
    reply->error = std::move(document).error();
    reply->web_page = web_page;
  }
  return true;
}

bool KeyLedger::missing(const std::string& key) {
  Reply* reply = pending(key);
  if (!reply) return false;
  reply->state = State::kMissing;
  return true;
}

bool KeyLedger::failed(const std::string& key, const Error& error) {
  Reply* reply = pending(key);
  if (!reply) return false;
  reply->state = error.code == ErrorCode::kMissing ? State::kMissing : State::kFailed;
  reply->error = error;
  reply->refused = true;
  return true;
}

std::vector<std::string> KeyLedger::take_requests() {
  std::vector<std::string> result(queue_.begin(), queue_.end());
  queue_.clear();
  return result;
}

void KeyLedger::consolidate_v2(const std::string& group_path, const JsonView& zmetadata) {
  const JsonView metadata = zmetadata["metadata"];
  if (metadata.size() == 0 || !metadata.is_object()) return;
  for (const std::string& key : metadata.keys()) {
    consolidated_[key_in(group_path, key)] = metadata[key];
  }
  covered_.insert(group_path);
}

void KeyLedger::consolidate_v3(const std::string& group_path, const JsonView& group) {
  const JsonView metadata = group["consolidated_metadata"]["metadata"];
  // zarr-python writes an empty one into every group below the one that was consolidated.
  if (metadata.size() == 0 || !metadata.is_object()) return;
  for (const std::string& path : metadata.keys()) {
    consolidated_[key_in(key_in(group_path, path), "zarr.json")] = metadata[path];
  }
  covered_.insert(group_path);
}

void KeyLedger::forget_retryable() {
  std::erase_if(replies_, [](const auto& item) {
    return item.second.state == State::kFailed && item.second.error.code == ErrorCode::kRetry;
  });
}

}  // namespace mifa::ome
