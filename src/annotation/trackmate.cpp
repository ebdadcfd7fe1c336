// TrackMate's XML: spots with features, and tracks as edges between them. Positions are lengths by
// the pixel size that the file itself notes (Settings/ImageData): they are given back as pixels,
// counted from the middle of the first one, so that they fit whatever the open image says about its
// pixels. What TrackMate's filters hide is left out, and told.

#include <cmath>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "annotation/number_text.h"
#include "annotation/table_formats.h"
#include "annotation/table_scheme.h"
#include "annotation/xml_file.h"

namespace mifa::annotation {

namespace {

std::optional<double> number_of(pugi::xml_node node, const char* name) {
  const TextNumber read = read_number(node.attribute(name).value());
  const bool number =
      read.kind == TextNumber::Kind::kInteger || read.kind == TextNumber::Kind::kNumber;
  return number && std::isfinite(read.number) ? std::optional(read.number) : std::nullopt;
}

std::optional<std::int64_t> integer_of(pugi::xml_node node, const char* name) {
  const auto number = number_of(node, name);
  if (!number || std::abs(*number) > 1e15) return std::nullopt;
  return static_cast<std::int64_t>(*number);
}

class TrackMateReader : public WholeFileReader {
 public:
  using WholeFileReader::WholeFileReader;

 private:
  struct Feature {
    std::string key;
    Column* column = nullptr;
  };
  struct Spot {
    std::uint32_t object;
    double frame;
  };

  Status read(std::string_view text) override {
    auto parsed = XmlFile::parse(text, builder());
    if (!parsed) return parsed.error();
    xml_ = std::move(*parsed);
    const pugi::xml_node model = xml_->root().child("Model");
    if (!model.child("AllSpots")) {
      return Error{ErrorCode::kFixData, "Expected Model/AllSpots in TrackMate's file " +
                                            options().file + ", received " +
                                            (model ? "a model without spots" : "no model") +
                                            ". Save the session again in TrackMate."};
    }
    read_space(model);
    read_features(model);
    read_tracks(model);
    for (const pugi::xml_node frame : model.child("AllSpots").children("SpotsInFrame")) {
      for (const pugi::xml_node spot : frame.children("Spot")) read_spot(spot, frame);
    }
    read_edges();
    tell_hidden();
    builder().set_kind(links_ > 0 ? LayerKind::kTracks : LayerKind::kPoints);
    return Success{};
  }

  void issue(const char* rule, Severity severity, pugi::xml_node node, std::string message,
             std::string expected, std::string received, std::string fix) {
    builder().issue(rule, severity, std::move(message), {}, xml_->line(node), std::move(expected),
                    std::move(received), std::move(fix));
  }

  void read_space(pugi::xml_node model) {
    unit_ = unit_word(model.attribute("spatialunits").value());
    const pugi::xml_node image = xml_->root().child("Settings").child("ImageData");
    Space& space = builder().layer().space;
    space.corner = false;
    const double width = number_of(image, "pixelwidth").value_or(0);
    const double height = number_of(image, "pixelheight").value_or(0);
    if (width > 0 && height > 0) {
      space.affine = {1 / width, 0, 0, 0, 1 / height, 0};
      depth_ = number_of(image, "voxeldepth").value_or(0);
    } else if (is_length_unit(unit_) && unit_ != "pixel") {
      space.unit = Space::Unit::kPhysical;
      space.unit_name = unit_;
      space.depth_is_physical = true;
    }
    const auto frames = integer_of(image, "nframes");
    const std::int64_t open = options().image.frames;
    if (frames && open > 1 && *frames > open) {
      issue("trackmate/frames", Severity::kWarning, image,
            "The tracks were made on " + std::to_string(*frames) + " frames, and the image has " +
                std::to_string(open) + ".",
            std::to_string(open) + " frames", std::to_string(*frames),
            "Check that the file belongs to this image.");
    }
  }

  void read_features(pugi::xml_node model) {
    track_ = builder().column("track", ColumnType::kInteger, Role::kTrack);
    id_ = builder().column("ID", ColumnType::kInteger, Role::kId);
    name_ = builder().column("name", ColumnType::kText);
    const std::string time = unit_word(model.attribute("timeunits").value());
    for (const pugi::xml_node declared :
         model.child("FeatureDeclarations").child("SpotFeatures").children("Feature")) {
      const std::string key = declared.attribute("feature").value();
      if (key.starts_with("POSITION_") || key == "FRAME" || key == "VISIBILITY" ||
          key == "MANUAL_COLOR")
        continue;
      const char* name = declared.attribute("name").value();
      const bool whole = std::string_view(declared.attribute("isint").value()) == "true";
      Column* column = builder().column(*name ? name : key.c_str(),
                                        whole ? ColumnType::kInteger : ColumnType::kNumber);
      if (!column) continue;
      const std::string_view dimension = declared.attribute("dimension").value();
      if (dimension == "LENGTH") column->unit = unit_;
      if (dimension == "TIME") column->unit = time;
      if (dimension == "AREA") column->unit = unit_.empty() ? "" : unit_ + "²";
      features_.push_back({key, column});
    }
  }

  void read_tracks(pugi::xml_node model) {
    const pugi::xml_node filtered = model.child("FilteredTracks");
    std::unordered_set<std::int64_t> shown;
    for (const pugi::xml_node track : filtered.children("TrackID")) {
      if (const auto id = integer_of(track, "TRACK_ID")) shown.insert(*id);
    }
    for (const pugi::xml_node track : model.child("AllTracks").children("Track")) {
      const auto id = integer_of(track, "TRACK_ID");
      if (!id) {
        issue("trackmate/track-id", Severity::kError, track,
              "A track has no number; it is left out.", "the attribute TRACK_ID", "none",
              "Save the session again in TrackMate.");
        continue;
      }
      // Files without the list hide none.
      if (filtered && !shown.contains(*id)) {
        ++hidden_tracks_;
        continue;
      }
      tracks_.push_back(track);
      for (const pugi::xml_node edge : track.children("Edge")) {
        for (const char* end : {"SPOT_SOURCE_ID", "SPOT_TARGET_ID"}) {
          if (const auto spot = integer_of(edge, end)) track_of_.emplace(*spot, *id);
        }
      }
    }
  }

  void read_spot(pugi::xml_node spot, pugi::xml_node in_frame) {
    const auto id = integer_of(spot, "ID");
    const std::uint32_t ordinal = ordinal_++;
    const bool tracked = id && track_of_.contains(*id);
    if (!tracked && integer_of(spot, "VISIBILITY").value_or(1) == 0) {
      ++hidden_spots_;
      return;
    }
    const int line = xml_->line(spot);
    const auto frame =
        number_of(spot, "FRAME") ? number_of(spot, "FRAME") : number_of(in_frame, "frame");
    const double at = frame.value_or(std::nan(""));
    if (id && spots_.contains(*id)) {
      issue("trackmate/spot-twice", Severity::kError, spot,
            "Two spots have the ID " + std::to_string(*id) + "; the second is left out.",
            "an ID once", "twice", "Give one of them another ID.");
      return;
    }
    if (!builder().begin(ordinal, static_cast<std::uint32_t>(line))) return;
    const auto object = static_cast<std::uint32_t>(builder().layer().size());
    if (id) {
      spots_.emplace(*id, Spot{object, at});
      if (id_) id_->set_integer(object, *id);
      if (tracked && track_) track_->set_integer(object, track_of_[*id]);
    }
    if (const char* name = spot.attribute("name").value(); *name && name_)
      name_->set_text(object, name);
    for (const Feature& feature : features_) {
      if (const auto value = number_of(spot, feature.key.c_str()))
        feature.column->set_number(object, *value);
    }
    builder().frames(at, at);
    if (const auto z = number_of(spot, "POSITION_Z")) {
      const double slice = depth_ > 0 ? *z / depth_ : *z;
      builder().slices(slice, slice);
    }
    draw(spot);
    builder().end();
  }

  void draw(pugi::xml_node spot) {
    const auto x = number_of(spot, "POSITION_X"), y = number_of(spot, "POSITION_Y");
    if (!x || !y) {
      issue("trackmate/no-position", Severity::kError, spot,
            "A spot has no position; it is listed, not drawn.",
            "numbers in POSITION_X and POSITION_Y",
            "\"" + std::string(spot.attribute("POSITION_X").value()).substr(0, 40) + "\" and \"" +
                std::string(spot.attribute("POSITION_Y").value()).substr(0, 40) + "\"",
            "Write its position, or remove the spot.");
      return;
    }
    // From version 7 on a spot may have a contour, relative to its position.
    const std::vector<double> contour = numbers_of(spot.child_value());
    if (contour.size() < 6 || integer_of(spot, "ROI_N_POINTS").value_or(0) * 2 !=
                                  static_cast<std::int64_t>(contour.size())) {
      return builder().point(*x, *y);
    }
    builder().part(PartKind::kRing);
    for (std::size_t i = 0; i + 1 < contour.size(); i += 2)
      builder().vertex(*x + contour[i], *y + contour[i + 1]);
  }

  static std::vector<double> numbers_of(std::string_view text) {
    std::vector<double> numbers;
    text = stripped(text);
    while (!text.empty()) {
      const std::size_t end = text.find_first_of(" \t\r\n");
      const TextNumber number = read_number(text.substr(0, end));
      if (number.kind != TextNumber::Kind::kNumber && number.kind != TextNumber::Kind::kInteger)
        return {};
      numbers.push_back(number.number);
      text = end == std::string_view::npos ? std::string_view() : stripped(text.substr(end));
    }
    return numbers;
  }

  void read_edges() {
    for (const pugi::xml_node track : tracks_) {
      for (const pugi::xml_node edge : track.children("Edge")) read_edge(edge);
    }
  }

  void read_edge(pugi::xml_node edge) {
    const auto source = integer_of(edge, "SPOT_SOURCE_ID"),
               target = integer_of(edge, "SPOT_TARGET_ID");
    const auto from = source ? spots_.find(*source) : spots_.end();
    const auto to = target ? spots_.find(*target) : spots_.end();
    if (from == spots_.end() || to == spots_.end()) {
      const char* missing = from == spots_.end() ? "SPOT_SOURCE_ID" : "SPOT_TARGET_ID";
      issue("trackmate/edge-without-spot", Severity::kError, edge,
            "An edge leads to the spot " +
                std::string(edge.attribute(missing).value()).substr(0, 40) +
                ", which is not there; it is left out.",
            "the ID of a spot", std::string(edge.attribute(missing).value()).substr(0, 40),
            "Save the session again in TrackMate.");
      return;
    }
    if (from->second.frame == to->second.frame) {
      issue("trackmate/edge-in-a-frame", Severity::kError, edge,
            "An edge joins two spots of one frame; it is left out.", "spots of different frames",
            "spots " + std::to_string(*source) + " and " + std::to_string(*target),
            "Correct the track.");
      return;
    }
    // TrackMate writes them in either direction.
    const bool back = from->second.frame > to->second.frame;
    builder().link(back ? to->second.object : from->second.object,
                   back ? from->second.object : to->second.object);
    ++links_;
  }

  void tell_hidden() {
    if (hidden_spots_ + hidden_tracks_ == 0) return;
    builder().issue("trackmate/hidden", Severity::kInfo,
                    "TrackMate's filters hide " + std::to_string(hidden_spots_) + " spots and " +
                        std::to_string(hidden_tracks_) +
                        " tracks; they are not shown here, either.",
                    {}, 0, "spots and tracks that pass the filters", "others besides",
                    "Remove the filters in TrackMate to see them.");
  }

  std::unique_ptr<XmlFile> xml_;
  std::string unit_;
  double depth_ = 0;
  Column *track_ = nullptr, *id_ = nullptr, *name_ = nullptr;
  std::vector<Feature> features_;
  std::vector<pugi::xml_node> tracks_;
  std::unordered_map<std::int64_t, std::int64_t> track_of_;
  std::unordered_map<std::int64_t, Spot> spots_;
  std::uint32_t ordinal_ = 0;
  std::int64_t links_ = 0, hidden_spots_ = 0, hidden_tracks_ = 0;
};

}  // namespace

int sniff_trackmate(const Head& head) {
  return begins_with_element(head.bytes, "TrackMate") ? 98 : 0;
}

std::unique_ptr<Reader> make_trackmate_reader(const ReadOptions& options, LayerBuilder& builder) {
  return std::make_unique<TrackMateReader>(options, builder);
}

}  // namespace mifa::annotation
