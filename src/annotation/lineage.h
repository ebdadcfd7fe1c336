// Tracks and their ancestry: links between consecutive detections, divisions from parents, and what
// cannot be so (parents that are not there, that come later, or that are their own descendants).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "annotation/builder.h"

namespace mifa::annotation {

class Lineage {
 public:
  explicit Lineage(LayerBuilder& builder) : builder_(builder) {}

  // The number of a track, made when new.
  std::uint32_t track(std::string_view key);
  // An object of a track; NaN when its frame is not known. `line`: for issues, or 0.
  void detect(std::uint32_t track, std::uint32_t object, double frame, std::uint32_t line);
  // The last frame of a track that is one object from its first frame on.
  void last_frame(std::uint32_t track, double frame);
  // Says that a track comes from another; the same saying again changes nothing.
  void descend(std::uint32_t track, std::uint32_t parent, std::uint32_t line);

  bool empty() const { return detections_.empty(); }
  // Whether any two objects are of one track, or any track has a parent.
  bool has_links() const;
  // Makes the links and files the issues. `pointer` → how a track is called ("track").
  void finish(std::string_view noun = "track");

 private:
  struct Detection {
    std::uint32_t track, object;
    double frame;
    std::uint32_t line;
  };
  struct Descent {
    std::uint32_t track, parent, line;
    bool wrong = false;
  };
  struct Span {
    std::size_t begin = 0, end = 0;  // in the sorted detections_
  };

  void link_detections();
  void drop_cycles();
  void link_descents();
  std::string quoted(std::uint32_t track) const;

  LayerBuilder& builder_;
  std::string noun_;
  std::vector<std::string> names_;
  std::vector<double> last_frames_;
  std::unordered_map<std::string, std::uint32_t, TextHash, std::equal_to<>> numbers_;
  std::vector<Detection> detections_;
  std::vector<Descent> descents_;
  std::vector<Span> spans_;
};

}  // namespace mifa::annotation
