#include "fake_host.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>

namespace mifa::ome {

void FakeHost::answer(Opener& opener, const std::string& key) {
  for (const std::string& name : {key, std::string("*")}) {
    const auto error = errors.find(name);
    if (error != errors.end() && (name == key || !files.contains(key))) {
      return opener.deliver_error(key, error->second);
    }
  }
  const auto file = files.find(key);
  std::string text;
  if (file != files.end()) {
    text = file->second;
  } else if (!folder.empty() && std::filesystem::is_regular_file(folder / key)) {
    text = read_text(folder / key);
  } else {
    return opener.deliver_missing(key);
  }
  opener.deliver_found(key, std::as_bytes(std::span(text)));
}

bool FakeHost::answer_listings(Opener& opener) {
  const auto folders = opener.take_listings();
  for (const std::string& path : folders) {
    listed.push_back(path);
    if (!lists) {
      opener.deliver_unlisted(path);
      continue;
    }
    std::map<std::string, bool> found;
    const std::string below = path.empty() ? "" : path + "/";
    for (const auto& [key, text] : files) {
      if (!key.starts_with(below)) continue;
      const std::string rest = key.substr(below.size());
      found[rest.substr(0, rest.find('/'))] |= rest.find('/') != std::string::npos;
    }
    if (!folder.empty() && std::filesystem::is_directory(folder / path)) {
      for (const auto& item : std::filesystem::directory_iterator(folder / path)) {
        found[item.path().filename().string()] |= item.is_directory();
      }
    }
    std::vector<Opener::ListedEntry> entries;
    for (const auto& [name, is_folder] : found) entries.push_back({name, is_folder});
    opener.deliver_listing(path, entries);
  }
  return !folders.empty();
}

void FakeHost::run(Opener& opener) {
  while (true) {
    const bool listed_some = answer_listings(opener);
    const auto keys = opener.take_requests();
    if (keys.empty() && listed_some) continue;
    if (keys.empty()) break;
    ++rounds;
    for (const std::string& key : keys) {
      asked.push_back(key);
      answer(opener, key);
      const auto stage = opener.stage();
      const bool ready = stage == Opener::Stage::kImageReady || stage == Opener::Stage::kComplete;
      if (ready && rounds_to_image == 0) rounds_to_image = rounds;
    }
  }
}

void FakeHost::run_shuffled(Opener& opener, unsigned seed) {
  std::mt19937 random(seed);
  std::vector<std::string> pending;
  while (true) {
    const bool listed_some = answer_listings(opener);
    for (std::string& key : opener.take_requests()) {
      asked.push_back(key);
      pending.push_back(std::move(key));
    }
    if (pending.empty() && listed_some) continue;
    if (pending.empty()) break;
    const std::size_t at =
        std::uniform_int_distribution<std::size_t>(0, pending.size() - 1)(random);
    const std::string key = pending[at];
    pending.erase(pending.begin() + static_cast<std::ptrdiff_t>(at));
    answer(opener, key);
  }
}

std::filesystem::path fixtures() {
  const char* given = std::getenv("MIFASCOPE_FIXTURES");
  const std::filesystem::path path = given ? given : "../shared/fixtures";
  return std::filesystem::is_directory(path) ? path : std::filesystem::path();
}

std::string read_text(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

std::string summary(const Issues& issues) {
  std::string result;
  for (const Issue& issue : issues) {
    result += std::string(severity_name(issue.severity)) + " " + issue.rule + " at " + issue.file +
              "#" + issue.pointer + ": " + issue.message + "\n";
  }
  return result;
}

int count_rule(const Issues& issues, const std::string& rule) {
  return static_cast<int>(std::count_if(issues.begin(), issues.end(),
                                        [&](const Issue& issue) { return issue.rule == rule; }));
}

int count_errors(const Issues& issues) {
  return static_cast<int>(std::count_if(issues.begin(), issues.end(), [](const Issue& issue) {
    return issue.severity == Severity::kError;
  }));
}

namespace {

std::string list(const std::vector<int>& numbers) {
  std::string result = "[";
  for (const int number : numbers) {
    if (result.size() > 1) result += ',';
    result += std::to_string(number);
  }
  result += ']';
  return result;
}

}  // namespace

std::string zarray(const std::vector<int>& shape, const std::string& dtype) {
  return R"({"zarr_format":2,"shape":)" + list(shape) + R"(,"chunks":)" +
         list(std::vector<int>(shape.size(), 64)) + R"(,"dtype":")" + dtype +
         R"(","compressor":null,"filters":null,"fill_value":0,"order":"C"})";
}

std::string v3_array(const std::vector<int>& shape, const std::string& type) {
  return R"({"zarr_format":3,"node_type":"array","shape":)" + list(shape) + R"(,"data_type":")" +
         type + R"(","chunk_grid":{"name":"regular","configuration":{"chunk_shape":)" +
         list(std::vector<int>(shape.size(), 64)) +
         R"(}},"chunk_key_encoding":{"name":"default"},"fill_value":0,)"
         R"("codecs":[{"name":"bytes","configuration":{"endian":"little"}}]})";
}

std::string v3_group(const std::string& ome) {
  return R"({"zarr_format":3,"node_type":"group","attributes":{"ome":)" + ome + "}}";
}

}  // namespace mifa::ome
