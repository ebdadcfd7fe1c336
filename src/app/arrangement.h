// Images shown beside one another: the wells of a plate, or the images that a scene joins (0.6).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/scene_builder.h"
#include "ome/opener.h"
#include "view/camera.h"
#include "view/limits.h"
#include "view/scene.h"

namespace mifa::app {

class Arrangement {
 public:
  // Metadata of this many images is asked for at a time: the chunks of those that are ready must
  // get through.
  static constexpr int kReadAtOnce = 8;

  enum class CellState : std::uint8_t {
    kUnknown,  // not asked for yet, or on its way
    kShown,
    kMissing,  // listed, but there is no image
    kFailed,   // there is one, and it cannot be shown
  };
  struct Cell {
    int entry = 0;    // index into the dataset's entries
    view::Rect rect;  // of a plate: where the image goes; of a scene: empty
    CellState state = CellState::kUnknown;
    int source = -1;  // index into Scene::sources
    int level = -2;   // asked for; -1: all, -2: none yet
  };

  // The wells of dataset.plate. `own` is the rectangle of dataset.image in its own units: every
  // cell is as large. Wells outside the plate's rows and columns are left out.
  static Arrangement of_plate(const ome::Dataset& dataset, const view::Rect& own);
  // The images of dataset.scenes[view].
  static Arrangement of_scene(const ome::Dataset& dataset, int view);

  bool is_plate() const { return plate_; }
  const std::vector<Cell>& cells() const { return cells_; }
  // Distance from one cell to the next.
  const std::array<double, 2>& pitch() const { return pitch_; }
  const std::array<double, 2>& cell_size() const { return size_; }

  // Where an entry's image goes; as it is, if it is none of ours. Fails where it cannot be drawn in
  // the scene's plane.
  Result<SourcePlace> place_of(const ome::Dataset& dataset, int entry,
                               const ome::Multiscale& image) const;

  // How the image of an entry is placed in a scene's system, known for good only once the image's
  // own metadata is; null for plates. Owned by the dataset.
  const ome::Placement* placement_of(const ome::Dataset& dataset, int entry) const;

  // Notes that the open entry's image is source 0 of the scene.
  void start(int entry);
  // Asks for what is in view and adds what has come; returns the indices of the new sources.
  std::vector<int> update(ome::Opener& opener, view::Scene& scene, const view::Camera& camera,
                          const view::Limits& limits, std::vector<std::string>& failures);
  // Asks once more for what was not there.
  void retry();
  // Images asked for of which nothing is known yet.
  int waiting() const { return waiting_; }
  int missing() const;

  // All that may be looked at.
  view::Rect bounds(const view::Scene& scene) const;
  // Index into cells() of the one at a world position; -1 for none. Plates only.
  int cell_at(double u, double v) const;

 private:
  int level_for(const Cell& cell, const view::Scene& scene, const view::Camera& camera) const;
  bool take(Cell& cell, const ome::Dataset& dataset, const ome::Multiscale& image,
            view::Scene& scene, const view::Limits& limits, std::vector<std::string>& failures);

  bool plate_ = false;
  int view_ = -1;  // of a scene: index into Dataset::scenes
  std::array<double, 2> size_{}, pitch_{};
  view::Rect whole_;  // of a plate
  std::vector<Cell> cells_;
  int waiting_ = 0;
};

}  // namespace mifa::app
