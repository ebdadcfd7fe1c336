#include "annotation/rle.h"

#include <algorithm>
#include <map>
#include <string>

namespace mifa::annotation {

namespace {

// Pixels inside on the lines [first, last) across the runs, from `begin` to `end` along them. For
// columns of runs "across" is x and "along" is y; lines that are wholly inside are one piece.
struct Piece {
  std::int64_t first = 0, last = 0, begin = 0, end = 0;
};

// The inside runs, cut where they go on in the next line; in order.
std::vector<Piece> pieces_of(const RunLengths& runs) {
  const std::int64_t along = runs.by_rows ? runs.width : runs.height;
  std::vector<Piece> pieces;
  if (along <= 0) return pieces;
  std::int64_t position = 0;
  for (std::size_t i = 0; i < runs.counts.size(); ++i) {
    std::int64_t begin = position;
    const std::int64_t end = position + runs.counts[i];
    position = end;
    if (i % 2 == 0) continue;
    while (begin < end) {
      const std::int64_t line = begin / along;
      const std::int64_t from = begin - line * along;
      const std::int64_t whole = from == 0 ? (end - begin) / along : 0;
      if (whole > 0) {
        pieces.push_back({line, line + whole, 0, along});
        begin += whole * along;
        continue;
      }
      const std::int64_t to = std::min(along, from + (end - begin));
      Piece* last = pieces.empty() ? nullptr : &pieces.back();
      // An empty outside run between two inside ones.
      if (last && last->last == line + 1 && last->first == line && last->end == from)
        last->end = to;
      else
        pieces.push_back({line, line + 1, from, to});
      begin += to - from;
    }
  }
  return pieces;
}

// A stretch of the boundary that runs along the runs, at a line's edge.
struct Edge {
  std::int64_t across = 0, begin = 0, end = 0;
  bool opens = false;  // The inside begins here: it lies beyond the edge.
  std::size_t next = 0;
  bool traced = false;

  // With the inside on the right (y down): up where it opens, down where it closes.
  std::int64_t from() const { return opens ? end : begin; }
  std::int64_t to() const { return opens ? begin : end; }
};

// Adds the edges between two neighbouring lines: where just one of them is inside.
void add_edges(std::int64_t across, std::span<const Piece> before, std::span<const Piece> after,
               std::vector<Edge>& edges) {
  std::vector<std::int64_t> stops;
  for (const Piece& piece : before) stops.insert(stops.end(), {piece.begin, piece.end});
  for (const Piece& piece : after) stops.insert(stops.end(), {piece.begin, piece.end});
  std::sort(stops.begin(), stops.end());
  stops.erase(std::unique(stops.begin(), stops.end()), stops.end());
  std::size_t b = 0, a = 0;
  for (std::size_t i = 0; i + 1 < stops.size(); ++i) {
    const std::int64_t begin = stops[i], end = stops[i + 1];
    while (b < before.size() && before[b].end <= begin) ++b;
    while (a < after.size() && after[a].end <= begin) ++a;
    const bool in_before = b < before.size() && before[b].begin <= begin;
    const bool in_after = a < after.size() && after[a].begin <= begin;
    if (in_before == in_after) continue;
    if (!edges.empty() && edges.back().across == across && edges.back().end == begin &&
        edges.back().opens == in_after) {
      edges.back().end = end;
    } else {
      edges.push_back({across, begin, end, in_after});
    }
  }
}

std::vector<Edge> edges_of(const std::vector<Piece>& pieces) {
  std::vector<Edge> edges;
  std::span<const Piece> before;
  std::int64_t before_last = 0;
  for (std::size_t i = 0; i < pieces.size();) {
    std::size_t j = i + 1;
    while (j < pieces.size() && pieces[j].first == pieces[i].first) ++j;
    const std::span<const Piece> group(&pieces[i], j - i);
    if (!before.empty() && before_last < group[0].first) {
      add_edges(before_last, before, {}, edges);
      before = {};
    }
    add_edges(group[0].first, before, group, edges);
    before = group;
    before_last = group[0].last;
    i = j;
  }
  if (!before.empty()) add_edges(before_last, before, {}, edges);
  return edges;
}

// An end of an edge: where the outline turns.
struct Corner {
  std::int64_t along = 0, across = 0;
  std::size_t edge = 0;
  bool low = false;  // the edge's `end`: the edge lies before this corner

  // Whether the outline comes to this corner along the edge, rather than leaves it.
  bool arrives(const std::vector<Edge>& edges) const { return edges[edge].opens != low; }
};

// Says of each edge which one follows along its outline. Between the edges lie straight stretches
// across; along one such line their ends pair up in order.
void link_edges(std::vector<Edge>& edges) {
  std::vector<Corner> corners;
  corners.reserve(2 * edges.size());
  for (std::size_t i = 0; i < edges.size(); ++i) {
    corners.push_back({edges[i].begin, edges[i].across, i, false});
    corners.push_back({edges[i].end, edges[i].across, i, true});
  }
  std::sort(corners.begin(), corners.end(), [&](const Corner& a, const Corner& b) {
    if (a.along != b.along) return a.along < b.along;
    if (a.across != b.across) return a.across < b.across;
    // Where two edges end, pixels touch at a corner only and are kept apart: what closes belongs to
    // the stretch before this place, what opens to the one after.
    return !edges[a.edge].opens && edges[b.edge].opens;
  });
  for (std::size_t i = 0; i + 1 < corners.size(); i += 2) {
    const Corner& a = corners[i];
    const Corner& b = corners[i + 1];
    if (a.arrives(edges))
      edges[a.edge].next = b.edge;
    else
      edges[b.edge].next = a.edge;
  }
}

struct Traced {
  Outline::Ring ring;
  std::size_t first = 0;  // its edge that is least across: edges are in that order
  double area = 0;        // twice, signed: positive for outsides
};

std::vector<Traced> trace(std::vector<Edge>& edges, std::vector<std::size_t>& ring_of) {
  std::vector<Traced> traced;
  ring_of.assign(edges.size(), 0);
  for (std::size_t i = 0; i < edges.size(); ++i) {
    if (edges[i].traced) continue;
    Traced one;
    one.first = i;
    for (std::size_t j = i; !edges[j].traced; j = edges[j].next) {
      edges[j].traced = true;
      ring_of[j] = traced.size();
      one.ring.corners.push_back({edges[j].across, edges[j].from()});
      one.ring.corners.push_back({edges[j].across, edges[j].to()});
      one.area += 2.0 * static_cast<double>(edges[j].across) *
                  static_cast<double>(edges[j].to() - edges[j].from());
    }
    // The sum over edges is the ring's area: what opens runs against `along`, what closes with it.
    one.ring.hole = one.area < 0;
    traced.push_back(std::move(one));
  }
  return traced;
}

// Of each hole, the outside around it: the edge next to it, before it on the same line, belongs to
// that outside or to another of its holes. A sweep across remembers the last edge at each place.
std::vector<std::size_t> outsides_of(const std::vector<Edge>& edges,
                                     const std::vector<Traced>& traced,
                                     const std::vector<std::size_t>& ring_of) {
  std::vector<std::size_t> outside(traced.size());
  std::map<std::int64_t, std::size_t> last_ring;  // from this place on: the ring of the last edge
  constexpr std::size_t kNone = ~std::size_t{0};
  last_ring[0] = kNone;
  for (std::size_t i = 0; i < edges.size(); ++i) {
    const std::size_t ring = ring_of[i];
    if (traced[ring].first == i) {
      outside[ring] = ring;
      if (traced[ring].ring.hole) {
        const std::size_t near = std::prev(last_ring.upper_bound(edges[i].begin))->second;
        if (near != kNone) outside[ring] = outside[near];
      }
    }
    const auto after = std::prev(last_ring.upper_bound(edges[i].end));
    const std::size_t rest = after->second;
    last_ring.erase(last_ring.lower_bound(edges[i].begin), last_ring.upper_bound(edges[i].end));
    last_ring[edges[i].begin] = ring;
    last_ring[edges[i].end] = rest;
  }
  return outside;
}

}  // namespace

std::int64_t RunLengths::total() const {
  std::int64_t sum = 0;
  for (const std::int64_t count : counts) sum += count;
  return sum;
}

std::int64_t RunLengths::area() const {
  std::int64_t sum = 0;
  for (std::size_t i = 1; i < counts.size(); i += 2) sum += counts[i];
  return sum;
}

std::optional<std::array<std::int64_t, 4>> RunLengths::box() const {
  const std::vector<Piece> pieces = pieces_of(*this);
  if (pieces.empty()) return std::nullopt;
  Piece all = pieces.front();
  for (const Piece& piece : pieces) {
    all.last = std::max(all.last, piece.last);
    all.begin = std::min(all.begin, piece.begin);
    all.end = std::max(all.end, piece.end);
  }
  const std::array<std::int64_t, 4> box = {all.first, all.begin, all.last - all.first,
                                           all.end - all.begin};
  if (by_rows) return std::array<std::int64_t, 4>{box[1], box[0], box[3], box[2]};
  return box;
}

Result<std::vector<std::int64_t>> decode_counts(std::string_view text) {
  std::vector<std::int64_t> counts;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t begin = i;
    std::int64_t value = 0;
    for (int shift = 0;; shift += 5) {
      if (i == text.size()) {
        return Error{ErrorCode::kFixData,
                     "expected a last character below \"P\", received an end within "
                     "the count at character " +
                         std::to_string(begin)};
      }
      const int bits = static_cast<unsigned char>(text[i]) - 48;
      if (bits < 0 || bits > 63) {
        return Error{ErrorCode::kFixData,
                     "expected characters from \"0\" to \"o\", received code " +
                         std::to_string(bits + 48) + " at character " + std::to_string(i)};
      }
      if (shift > 45) {
        return Error{ErrorCode::kFixData,
                     "expected counts of at most ten characters, received a longer "
                     "one at character " +
                         std::to_string(begin)};
      }
      ++i;
      value |= static_cast<std::int64_t>(bits & 31) << shift;
      if ((bits & 32) != 0) continue;
      if ((bits & 16) != 0) value -= std::int64_t{1} << (shift + 5);
      break;
    }
    if (counts.size() > 2) value += counts[counts.size() - 2];
    // Checked here, so that no sum of differences can overflow.
    if (value < 0 || value > kMaskPixels) {
      return Error{ErrorCode::kFixData, "expected counts from 0 to " + std::to_string(kMaskPixels) +
                                            ", received " + std::to_string(value) +
                                            " at character " + std::to_string(begin)};
    }
    counts.push_back(value);
  }
  return counts;
}

Status check_runs(const RunLengths& runs) {
  const auto size_text = [&] {
    return std::to_string(runs.height) + " × " + std::to_string(runs.width);
  };
  if (runs.height < 0 || runs.width < 0 ||
      (runs.height > 0 && runs.width > kMaskPixels / runs.height)) {
    return Error{ErrorCode::kFixData, "expected a height and a width of at most " +
                                          std::to_string(kMaskPixels) +
                                          " pixels together, received " + size_text()};
  }
  const std::int64_t pixels = runs.height * runs.width;
  std::int64_t left = pixels;
  for (std::size_t i = 0; i < runs.counts.size(); ++i) {
    if (runs.counts[i] < 0) {
      return Error{ErrorCode::kFixData, "expected counts of 0 or more, received " +
                                            std::to_string(runs.counts[i]) + " as count " +
                                            std::to_string(i)};
    }
    if (runs.counts[i] > left) {
      return Error{ErrorCode::kFixData, "expected counts that sum up to the size (" + size_text() +
                                            " pixels), received more at count " +
                                            std::to_string(i)};
    }
    left -= runs.counts[i];
  }
  return Success{};
}

Outline trace_outline(const RunLengths& runs) {
  std::vector<Edge> edges = edges_of(pieces_of(runs));
  link_edges(edges);
  std::vector<std::size_t> ring_of;
  std::vector<Traced> traced = trace(edges, ring_of);
  const std::vector<std::size_t> outside = outsides_of(edges, traced, ring_of);
  std::vector<std::size_t> order(traced.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    if (outside[a] != outside[b]) return outside[a] < outside[b];
    return !traced[a].ring.hole && traced[b].ring.hole;
  });
  Outline outline;
  for (const std::size_t i : order) {
    Outline::Ring& ring = traced[i].ring;
    if (runs.by_rows) {
      for (auto& corner : ring.corners) std::swap(corner[0], corner[1]);
      std::reverse(ring.corners.begin(), ring.corners.end());
    }
    outline.rings.push_back(std::move(ring));
  }
  return outline;
}

void add_outline(LayerBuilder& builder, const Outline& outline, double left, double top) {
  for (const Outline::Ring& ring : outline.rings) {
    builder.part(ring.hole ? PartKind::kHole : PartKind::kRing);
    for (const auto& corner : ring.corners) {
      builder.vertex(left + static_cast<double>(corner[0]), top + static_cast<double>(corner[1]));
    }
  }
}

}  // namespace mifa::annotation
