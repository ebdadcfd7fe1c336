#include "fake_host.h"

#include <gtest/gtest.h>
#include <imgui.h>

#include <algorithm>
#include <cstdio>

namespace mifa::app {

FakeHost::FakeHost(const view::Limits& limits, int width, int height) : app(limits) {
  app.resize(width, height, 1);
  samples = [](const std::string&, std::int64_t) {
    std::vector<double> ramp;
    for (int i = 0; i < 1000; ++i) ramp.push_back(i);
    return ramp;
  };
  value = [](const std::string& chunk, std::int64_t offset) {
    return chunk + "@" + std::to_string(offset);
  };
}

Frame FakeHost::frame() {
  if (app.take_font_changed() || !ImGui::GetIO().Fonts->IsBuilt()) {
    unsigned char* texels = nullptr;
    int width = 0;
    int height = 0;
    ImGui::GetIO().Fonts->GetTexDataAsAlpha8(&texels, &width, &height);
  }
  const Frame frame = app.frame(now);
  for (const Command& command : app.take_commands()) carry_out(command);
  return frame;
}

void FakeHost::carry_out(const Command& command) {
  if (const auto* metadata = std::get_if<ReadMetadata>(&command)) {
    ++metadata_reads[metadata->key];
    Answer answer;
    answer.ticket = metadata->ticket;
    answer.key = metadata->key;
    answers_.push_back(answer);
  } else if (const auto* list = std::get_if<ListFolder>(&command)) {
    ++listings[list->folder];
    Answer answer;
    answer.listing = true;
    answer.key = list->folder;
    answers_.push_back(answer);
  } else if (std::holds_alternative<ForgetChunks>(command)) {
    arrays_.clear();  // Their chunks are cancelled and dropped one by one.
  } else if (const auto* array = std::get_if<RegisterArray>(&command)) {
    EXPECT_TRUE(arrays_.insert(array->array).second) << "an array is registered once";
    EXPECT_FALSE(array->metadata.empty());
  } else if (const auto* read = std::get_if<ReadChunk>(&command)) {
    if (round_trips_to_first_chunk < 0) round_trips_to_first_chunk = rounds_;
    EXPECT_TRUE(arrays_.contains(read->array)) << "chunks only of registered arrays";
    const std::string key =
        read->place < 0 ? read->key : read->key + "#" + std::to_string(read->place);
    ++chunk_reads[key];
    Answer answer;
    answer.chunk = true;
    answer.ticket = read->ticket;
    answer.key = key;
    answers_.push_back(answer);
  } else if (const auto* cancel = std::get_if<CancelChunk>(&command)) {
    ++cancels;
    if (!answers_after_cancel) {
      std::erase_if(answers_, [&](const Answer& answer) {
        return answer.chunk && answer.ticket == cancel->ticket;
      });
    }
  } else if (const auto* drop = std::get_if<DropChunk>(&command)) {
    EXPECT_EQ(held_.erase(drop->ticket), 1U) << "drops what is held, once";
  } else if (const auto* upload = std::get_if<UploadTile>(&command)) {
    ++uploads;
    EXPECT_TRUE(held_.contains(upload->ticket)) << "uploads what is held";
  } else if (const auto* take = std::get_if<TakeSamples>(&command)) {
    Answer answer;
    answer.samples = true;
    answer.request = take->request;
    ASSERT_TRUE(held_.contains(take->ticket)) << "samples what is held";
    answer.sample_values = samples(held_[take->ticket], take->offset);
    answers_.push_back(answer);
  } else if (const auto* values = std::get_if<ReadValues>(&command)) {
    Answer answer;
    answer.values = true;
    answer.request = values->request;
    for (const auto& place : values->places) {
      ASSERT_TRUE(held_.contains(place.ticket)) << "reads what is held";
      answer.texts.push_back(value(held_[place.ticket], place.offset));
    }
    answers_.push_back(answer);
  }
}

FakeHost::Failure* FakeHost::failure_of(const std::string& key, bool chunk) {
  auto found = failures.find(key);
  if (found == failures.end() && chunk) found = failures.find("chunks");
  if (found == failures.end() || found->second.times <= 0) return nullptr;
  --found->second.times;
  return &found->second;
}

void FakeHost::give_metadata(const Answer& answer) {
  if (const Failure* failure = failure_of(answer.key, false)) {
    app.metadata_failed(answer.ticket, failure->error, now, failure->retry_after);
    return;
  }
  if (answer.content) {
    app.metadata_found(answer.ticket, std::as_bytes(std::span(*answer.content)));
    return;
  }
  const auto file = files.find(answer.key);
  if (file == files.end()) {
    app.metadata_missing(answer.ticket);
  } else {
    app.metadata_found(answer.ticket, std::as_bytes(std::span(file->second)));
  }
}

void FakeHost::give_listing(const Answer& answer) {
  const std::string prefix = answer.key.empty() ? "" : answer.key + "/";
  std::map<std::string, bool> names;
  for (const auto& [key, content] : files) {
    if (!key.starts_with(prefix)) continue;
    const auto slash = key.find('/', prefix.size());
    const bool folder = slash != std::string::npos;
    names[key.substr(prefix.size(), folder ? slash - prefix.size() : std::string::npos)] = folder;
  }
  if (!can_list) return app.folder_unlisted(answer.key);
  std::vector<ome::Opener::ListedEntry> entries;
  for (const auto& [name, folder] : names) entries.push_back({name, folder});
  app.folder_listed(answer.key, entries);
}

void FakeHost::give_chunk(const Answer& answer) {
  if (const Failure* failure = failure_of(answer.key, true)) {
    if (failure->after_fetch) app.chunk_fetched(answer.ticket);
    app.chunk_failed(answer.ticket, failure->error, now, failure->retry_after);
  } else if (missing_chunks.contains(answer.key)) {
    app.chunk_empty(answer.ticket);
  } else {
    app.chunk_fetched(answer.ticket);
    held_[answer.ticket] = answer.key;
    app.chunk_decoded(answer.ticket);
  }
}

void FakeHost::give(const Answer& answer) {
  if (answer.samples) {
    app.samples_taken(answer.request, answer.sample_values);
  } else if (answer.values) {
    app.values_read(answer.request, answer.texts);
  } else if (answer.chunk) {
    give_chunk(answer);
  } else if (answer.listing) {
    give_listing(answer);
  } else {
    give_metadata(answer);
  }
}

struct FakeHost::LateAnswers {
  std::deque<Answer> answers;
};

std::shared_ptr<FakeHost::LateAnswers> FakeHost::keep_answers() {
  auto late = std::make_shared<LateAnswers>();
  late->answers = std::exchange(answers_, {});
  for (Answer& answer : late->answers) {
    const auto file = files.find(answer.key);
    if (file != files.end()) answer.content = file->second;
  }
  return late;
}

void FakeHost::give_late(LateAnswers& late) {
  for (const Answer& answer : late.answers) give(answer);
  late.answers.clear();
}

bool FakeHost::answer() {
  if (answers_.empty()) return false;
  const Answer answer = std::move(answers_.front());
  answers_.pop_front();
  give(answer);
  return true;
}

bool FakeHost::answer_any(std::mt19937& random) {
  if (answers_.empty()) return false;
  std::swap(answers_.front(), answers_[random() % answers_.size()]);
  return answer();
}

void FakeHost::settle(int most_frames) {
  for (int i = 0; i < most_frames; ++i) {
    now += 16;
    const Frame last = frame();
    if (last.again) continue;
    if (!answers_.empty()) {
      ++rounds_;
      for (std::size_t left = answers_.size(); left > 0; --left) answer();
    } else if (last.wake >= 0) {
      now = std::max(now, last.wake);
    } else {
      return;
    }
  }
  ADD_FAILURE() << "not settled after " << most_frames << " frames: " << app.state_json();
}

void FakeHost::settle_in_any_order(unsigned seed, int most_steps) {
  std::mt19937 random(seed);
  for (int i = 0; i < most_steps; ++i) {
    now += static_cast<double>(random() % 30);
    const Frame last = frame();
    for (auto n = random() % 4; n > 0; --n) answer_any(random);
    if (last.again || !answers_.empty()) continue;
    const Frame idle = frame();
    if (idle.again || !answers_.empty()) continue;
    if (idle.wake < 0) return;
    now = std::max(now, idle.wake);
  }
  ADD_FAILURE() << "not settled: " << app.state_json();
}

void FakeHost::open(const std::string& name) {
  app.open(name);
  settle();
}

std::vector<std::string> picture(const App& app) {
  std::vector<std::string> lines;
  for (const view::DrawGroup& group : app.draw_list().groups) {
    if (group.kind == view::DrawGroup::Kind::kBackdrop) continue;
    for (int i = 0; i < group.count; ++i) {
      const auto& each = app.draw_list().instances[static_cast<std::size_t>(group.first + i)];
      std::array<char, 300> line{};
      std::snprintf(
          line.data(), line.size(),
          "label %d, rect %.2f %.2f %.2f %.2f, texel %.3f %.3f %.3f %.3f, window %g %g, %s",
          group.label, each.rect[0], each.rect[1], each.rect[2], each.rect[3], each.texel[0],
          each.texel[1], each.texel[2], each.texel[3], each.window[0], each.window[1],
          each.layer < 0 ? "constant" : "texture");
      lines.emplace_back(line.data());
    }
  }
  std::sort(lines.begin(), lines.end());
  return lines;
}

}  // namespace mifa::app
