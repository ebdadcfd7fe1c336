// What of each source is in view, and at which level: one set of budgets shared by all of them.
#pragma once

#include <vector>

#include "view/camera.h"
#include "view/limits.h"
#include "view/scene.h"

namespace mifa::view {

struct Shown {
  const Source* source = nullptr;
  int order = 0;   // place in Scene::images
  int label = -1;  // index into Scene::labels; -1: an image
  Position position;
  int layers = 0;  // channels drawn of it; 1 for labels
  int level = 0;
  Rect visible;  // what the screen shows of the source's plane, in its own units
  Rect area;     // the same, cut down where the view has more tiles than fit
};

struct ShownSources {
  std::vector<Shown> list;  // images in drawing order, then labels
  bool cut = false;         // only tiles about the middle are drawn
};

// The images and labels that touch the screen and reach the scene's position.
ShownSources find_shown(const Scene& scene, const Camera& camera, const Limits& limits);

// Whether a channel layer is drawn, of an image that has it.
inline bool drawn(const ChannelLayer& channel) { return channel.visible && channel.opacity > 0; }

// The same place in another source of the scene: axes are matched by name, positions through world
// units; an axis that `from` does not have gets 0. A place beyond an end of `to` becomes that end,
// and `outside`, where it is given, true if that is more than half an element away.
Position position_in(const Source& to, const Source& from, const Position& position,
                     bool* outside = nullptr);

// Where a label layer is read for the scene's position. A mask with one plane along an axis, or
// without the axis, applies to all; `outside`, where it is given, becomes true beyond the ends of
// one with more.
Position label_position(const LabelLayer& label, const Source& mask, const Scene& scene,
                        bool* outside = nullptr);

}  // namespace mifa::view
