#include "cli/host.h"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <variant>

#include "codec/stored_chunk.h"

namespace mifa::cli {
namespace {

using validate::Request;
using Decoder = std::shared_ptr<const Result<codec::StoredChunk>>;

struct Job {
  Request request;
  Decoder decoder;  // of kChunk
};

struct Answer {
  int id = 0;
  Request::Kind kind = Request::Kind::kRead;
  std::optional<Error> error;
  std::vector<std::byte> bytes;
  std::optional<std::vector<validate::ListedEntry>> entries;
  validate::ChunkFacts facts;
};

// Threads that answer requests.
class Workers {
 public:
  Workers(const Store& store, unsigned count) : store_(store) {
    for (unsigned i = 0; i < count; ++i) threads_.emplace_back([this] { work(); });
  }
  ~Workers() {
    {
      const std::lock_guard lock(mutex_);
      stopped_ = true;
      jobs_.clear();
    }
    wake_.notify_all();
    for (std::thread& thread : threads_) thread.join();
  }

  void add(std::vector<Job> jobs) {
    {
      const std::lock_guard lock(mutex_);
      for (Job& job : jobs) jobs_.push_back(std::move(job));
    }
    wake_.notify_all();
  }

  // What was answered; waits a little where nothing was.
  std::vector<Answer> take(std::chrono::milliseconds patience) {
    std::unique_lock lock(mutex_);
    answered_.wait_for(lock, patience, [this] { return !answers_.empty(); });
    return std::exchange(answers_, {});
  }

 private:
  void work() {
    codec::Workspace workspace;
    codec::Buffer pixels;
    while (true) {
      Job job;
      {
        std::unique_lock lock(mutex_);
        wake_.wait(lock, [this] { return stopped_ || !jobs_.empty(); });
        if (stopped_) return;
        job = std::move(jobs_.front());
        jobs_.pop_front();
      }
      Answer answer = respond(job, workspace, pixels);
      {
        const std::lock_guard lock(mutex_);
        answers_.push_back(std::move(answer));
      }
      answered_.notify_one();
    }
  }

  Answer respond(const Job& job, codec::Workspace& workspace, codec::Buffer& pixels) const {
    Answer answer;
    answer.id = job.request.id;
    answer.kind = job.request.kind;
    if (answer.kind == Request::Kind::kList) {
      auto listing = store_.list(job.request.key);
      if (listing) {
        answer.entries = *std::move(listing);
      } else {
        answer.error = listing.error();
      }
      return answer;
    }
    auto bytes = store_.read(job.request.key, {job.request.offset, job.request.length});
    if (!bytes) {
      answer.error = bytes.error();
    } else if (answer.kind == Request::Kind::kRead) {
      answer.bytes = *std::move(bytes);
    } else if (!job.decoder->ok()) {
      answer.error = job.decoder->error();
    } else {
      auto values = job.decoder->value().check(*bytes, job.request.index, {job.request.want_ids, job.request.want_elements},
                                               workspace, pixels);
      if (!values) {
        answer.error = values.error();
      } else {
        answer.facts = {values->minimum, values->maximum, values->has_finite, std::move(values->ids),
                        std::move(values->elements)};
      }
    }
    return answer;
  }

  const Store& store_;
  std::mutex mutex_;
  std::condition_variable wake_, answered_;
  std::deque<Job> jobs_;
  std::vector<Answer> answers_;
  bool stopped_ = false;
  std::vector<std::thread> threads_;
};

void deliver(validate::Runner& runner, Answer& answer) {
  if (answer.error) {
    if (answer.error->code == ErrorCode::kMissing) {
      runner.deliver_missing(answer.id);
    } else {
      runner.deliver_error(answer.id, *answer.error);
    }
  } else if (answer.kind == Request::Kind::kList) {
    if (answer.entries) {
      runner.deliver_listing(answer.id, *answer.entries);
    } else {
      runner.deliver_unlisted(answer.id);
    }
  } else if (answer.kind == Request::Kind::kChunk) {
    runner.deliver_chunk(answer.id, std::move(answer.facts));
  } else {
    runner.deliver_found(answer.id, answer.bytes);
  }
}

// Decoders of the arrays met last: an array's chunks come one after the other.
class Decoders {
 public:
  Decoder of(const validate::Runner& runner, int array) {
    const auto found = decoders_.find(array);
    if (found != decoders_.end()) return found->second;
    constexpr std::size_t kKept = 256;
    if (decoders_.size() >= kKept) decoders_.erase(decoders_.begin());
    auto decoder = std::make_shared<const Result<codec::StoredChunk>>(
        codec::StoredChunk::prepare(runner.array(array)));
    return decoders_[array] = std::move(decoder);
  }

 private:
  std::map<int, Decoder> decoders_;
};

}  // namespace

void drive(validate::Runner& runner, const Store& store,
           const std::function<bool(const validate::Progress&)>& progress) {
  Workers workers(store, store.readers());
  Decoders decoders;
  constexpr std::chrono::milliseconds kPatience{100};
  auto told = std::chrono::steady_clock::now();
  while (!runner.done()) {
    std::vector<Job> jobs;
    for (Request& request : runner.take_requests()) {
      Job job;
      if (request.kind == Request::Kind::kChunk) job.decoder = decoders.of(runner, request.array);
      job.request = std::move(request);
      jobs.push_back(std::move(job));
    }
    if (!jobs.empty()) workers.add(std::move(jobs));
    for (Answer& answer : workers.take(kPatience)) deliver(runner, answer);
    const auto now = std::chrono::steady_clock::now();
    if (now - told < kPatience) continue;
    told = now;
    if (!progress(runner.progress())) return;
  }
}

}  // namespace mifa::cli
