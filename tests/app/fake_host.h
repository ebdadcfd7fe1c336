// A host that holds a dataset in memory and answers the viewer's commands when, how and in what
// order the test says.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "app/app.h"
#include "dataset.h"

namespace mifa::app {

class FakeHost {
 public:
  explicit FakeHost(const view::Limits& limits = {}, int width = 800, int height = 600);

  struct Failure {
    Error error;
    int times = 1'000'000;  // then it goes well
    bool after_fetch = false;  // while decoding
    double retry_after = 0;    // ms
  };

  App app;
  double now = 1000;  // ms

  // What the store holds. Chunks are all there unless they are named here.
  Files files;
  bool can_list = false;
  std::set<std::string> missing_chunks;
  std::map<std::string, Failure> failures;  // by key; "chunks" for all chunks
  // What a chunk's plane holds; the default is a ramp.
  std::function<std::vector<double>(const std::string& chunk, std::int64_t offset)> samples;
  std::function<std::string(const std::string& chunk, std::int64_t offset)> value;

  // What the viewer asked for. A chunk of a shard is "<shard's key>#<place>".
  std::map<std::string, int> metadata_reads;
  std::map<std::string, int> chunk_reads;
  std::map<std::string, int> listings;
  int cancels = 0;
  int uploads = 0;
  int round_trips_to_first_chunk = -1;  // of metadata

  // One frame; carries out its commands. Answers wait until the test lets them go.
  Frame frame();
  // Lets go one answer: the oldest, or any.
  bool answer();
  bool answer_any(std::mt19937& random);
  // Frames and answers in rounds (all that was asked for is answered, then a frame) until nothing
  // is left to do, waking up as the viewer asks. Fails the test when that never ends.
  void settle(int most_frames = 2000);
  void settle_in_any_order(unsigned seed, int most_steps = 20000);

  // Opens the dataset in `files`, and goes on until it is shown whole.
  void open(const std::string& name = "made");

  // Takes what is under way out of the host's hands, its contents as they are now, and gives it
  // later: a host whose answers overtake each other.
  struct LateAnswers;
  std::shared_ptr<LateAnswers> keep_answers();
  void give_late(LateAnswers& late);

  nlohmann::json state() const { return nlohmann::json::parse(app.state_json()); }
  std::size_t waiting() const { return answers_.size(); }
  std::size_t held() const { return held_.size(); }  // decoded chunks
  // Answers that are on their way although their command was cancelled still come.
  bool answers_after_cancel = false;

 private:
  struct Answer {
    bool chunk = false, listing = false;
    bool samples = false, values = false;
    std::uint32_t ticket = 0;
    std::string key;
    int request = 0;
    std::vector<double> sample_values;
    std::vector<std::string> texts;
    std::optional<std::string> content;  // a metadata file's, when it was taken early
  };
  void carry_out(const Command& command);
  void give(const Answer& answer);
  void give_metadata(const Answer& answer);
  void give_listing(const Answer& answer);
  void give_chunk(const Answer& answer);
  Failure* failure_of(const std::string& key, bool chunk);

  std::deque<Answer> answers_;
  std::map<std::uint32_t, std::string> held_;
  std::set<int> arrays_;
  int rounds_ = 0;
};

// The picture as it is drawn, without the slots' numbers, which depend on the order of arrival.
std::vector<std::string> picture(const App& app);

}  // namespace mifa::app
