// 0.6 "scene": images joined in coordinate systems by transformations.
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "ome/coordinate_systems.h"
#include "ome/loaders.h"

namespace mifa::ome {

class SceneLoader {
 public:
  // `group` holds the scene and is at `base`.
  SceneLoader(LoadContext context, std::string base, GroupMetadata group);

  // One per image that a transformation names, in the order in which they are named first.
  const std::vector<Entry>& entries() const { return entries_; }

  // Reads the metadata of the images through which others are placed. True once take_scenes() has
  // them.
  bool advance();
  // To be called once. Images of which nothing was read yet are placed as if the system that the
  // scene names were their own; learn() corrects that in `scenes`.
  std::vector<SceneView> take_scenes() { return std::move(scenes_); }
  // An entry's own metadata was read.
  void learn(int entry, const Multiscale& image, std::vector<SceneView>& scenes);

 private:
  struct Edge {
    JsonView where;
    SystemId from, to;
  };
  struct Image {
    int entry = 0;
    std::vector<std::string> names;  // of its systems that the scene names; "" for its own
    bool hub = false;                // read before scenes are made
    bool learned = false;
    MultiscalePlan plan;  // of a hub
    bool planned = false;
  };

  SystemId read_end(const JsonView& transform, const char* end);
  bool read_hubs();
  const std::vector<Axis>* axes_of(const SystemId& id) const;
  void build();
  void add_view(const SystemId& system, const SystemGraph& graph);

  LoadContext context_;
  std::string base_;
  GroupMetadata group_;
  CoordinateSystems systems_;
  std::vector<std::string> parameter_paths_;
  ParameterArrays parameters_;
  std::vector<Edge> edges_;
  std::vector<SystemId> candidates_;
  std::map<std::string, Image> images_;  // by path
  std::vector<Entry> entries_;
  std::vector<SceneView> scenes_;
  bool complete_ = false;
};

}  // namespace mifa::ome
