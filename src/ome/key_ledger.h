// Which metadata keys were asked for and what came back. Readers call need() again and again, in
// any order; nothing is asked for twice, and the order of the replies cannot matter.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "core/json.h"
#include "core/result.h"

namespace mifa::ome {

class KeyLedger {
 public:
  enum class State {
    kAsked,    // No reply yet.
    kFound,    // json is the parsed document.
    kMissing,  // Not there.
    kFailed,   // error says why: not readable, or not JSON.
  };
  struct Reply {
    State state = State::kAsked;
    JsonView json;
    std::string bytes;  // What need_bytes() was answered with, instead of json.
    Error error;
    bool web_page = false;  // kFailed because HTML came: many servers answer so for any URL.
    bool refused = false;   // kFailed because the store did not give it; its contents are not known.
    bool raw = false;       // Asked for by need_bytes().

    bool found() const { return state == State::kFound; }
    bool waiting() const { return state == State::kAsked; }
  };
  // What it means when consolidated metadata covers a key's place and does not list the key.
  enum class Absence {
    kAsk,    // It may be out of date: ask the store.
    kTrust,  // It is not there.
  };

  explicit KeyLedger(std::int64_t maximum_document_bytes)
      : maximum_document_bytes_(maximum_document_bytes) {}

  // The reply so far; asks for the key if nobody did. The reference stays valid.
  const Reply& need(const std::string& key, Absence absence = Absence::kAsk);

  // The same for a key that is not JSON.
  const Reply& need_bytes(const std::string& key);
  // The reply if there is one already, or if consolidated metadata has it; asks for nothing. Null
  // otherwise.
  const Reply* known(const std::string& key);
  // Why a key that was answered is not there.
  Error unreadable(const std::string& key);
  // The key of the last need() that was answered by nothing yet.
  const std::string& last_waiting() const { return last_waiting_; }

  // Whether consolidated metadata tells all that is below a group, and what it tells: documents by
  // key.
  bool covers(const std::string& group_path) const;
  const std::map<std::string, JsonView>& consolidated() const { return consolidated_; }

  // Replies to keys that nobody asked for, and second replies, are ignored; false then.
  bool found(const std::string& key, std::span<const std::byte> bytes);
  bool missing(const std::string& key);
  bool failed(const std::string& key, const Error& error);

  // Keys asked for since the last call, in the order in which they were.
  std::vector<std::string> take_requests();

  // From now on need() answers from a group's .zmetadata (Zarr v2).
  void consolidate_v2(const std::string& group_path, const JsonView& zmetadata);
  // The same from the inline consolidated_metadata of a group's zarr.json, if there is any.
  void consolidate_v3(const std::string& group_path, const JsonView& group);

  // Keys that failed with kRetry count as never asked for.
  void forget_retryable();

 private:
  Reply* pending(const std::string& key);

  std::int64_t maximum_document_bytes_;
  std::map<std::string, Reply> replies_;
  std::deque<std::string> queue_;
  std::string last_waiting_;
  std::map<std::string, JsonView> consolidated_;
  std::set<std::string> covered_;  // group paths whose whole tree is in consolidated_
};

}  // namespace mifa::ome
