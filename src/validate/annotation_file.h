// One annotation file, read by src/annotation in windows of any length: what is wrong with it by
// itself, and against the images that it is about. A file about many images is read once for each.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "annotation/format.h"
#include "core/issue.h"
#include "validate/image_book.h"

namespace mifa::validate {

struct AnnotationLimits {
  // Bytes that are read again of one file, for the further images that it is about.
  std::int64_t again_bytes = std::int64_t{512} << 20;
  std::size_t images = 2'000;  // of one file that it is compared with
};

struct AnnotationOutcome {
  Issues issues;                    // one a rule, at the first place; those found in no image too
  bool read = false;                // otherwise `issues` says why not
  std::vector<std::string> types;   // MIFA's words that fit it, the best first
  std::int64_t objects = 0;
  bool in_pixels = true;            // not in a physical unit
  std::set<std::uint64_t> labels;   // ids of a mask's objects that rows speak of
  std::string image;                // path of the image, where it is one
};

class AnnotationFile {
 public:
  // `image`: the image that the file is known to be about, or null. `book` outlives this.
  AnnotationFile(std::string path, const annotation::Format& format,
                 std::map<std::string, std::string> companions, const KnownImage* image,
                 const ImageBook& book, AnnotationLimits limits = {});
  ~AnnotationFile();

  // Bytes of the current reading so far: where to read on.
  std::int64_t offset() const { return offset_; }
  // False where nothing further needs to be read of the file.
  bool feed(std::string_view window);
  // The file has ended: true when it has to be read again from its beginning.
  bool finish();
  AnnotationOutcome take();

 private:
  struct Tally;

  void start(const annotation::ImageContext& context, bool first);
  void fail(const Error& error);
  void note(const annotation::Layer& layer, const annotation::ImageContext& context, bool one_image);
  void note_facts(const annotation::Layer& layer);
  void add(Issue issue, std::int64_t count, const std::vector<std::string>& places);
  void find_images(const annotation::Layer& layer);

  std::string path_;
  const annotation::Format& format_;
  std::map<std::string, std::string> companions_;
  const KnownImage* image_;
  const ImageBook& book_;
  AnnotationLimits limits_;

  std::unique_ptr<annotation::LayerBuilder> builder_;
  std::unique_ptr<annotation::Reader> reader_;
  annotation::ImageContext context_;
  std::int64_t offset_ = 0, size_ = 0;
  bool first_ = true, failed_ = false;
  struct Wanted {
    std::string name;  // as the file has it
    const KnownImage* image;
  };
  std::vector<Wanted> wanted_;  // images to read the file again for
  std::size_t next_wanted_ = 0;
  std::map<std::string, Tally> tallies_;  // by rule and message
  AnnotationOutcome outcome_;
};

}  // namespace mifa::validate
