#include <algorithm>
#include <cmath>
#include <cstring>
#include <string>

#include "annotation/quality_checks.h"

namespace mifa::annotation {

namespace {

struct Hashed {
  std::uint64_t hash;
  std::uint32_t object;
};

// The bits of a number. (Emscripten's library has no std::bit_cast yet.)
template <typename To, typename From>
To bits_of(From number) {
  static_assert(sizeof(To) == sizeof(From));
  To bits;
  std::memcpy(&bits, &number, sizeof bits);
  return bits;
}

std::uint64_t add(std::uint64_t hash, std::uint64_t value) {
  hash = (hash ^ value) * 0x9e3779b97f4a7c15U;
  return hash ^ hash >> 29;
}

// Calls same(first, other) with each object that equals an earlier one of its hash.
template <typename Equal, typename Same>
void find_equals(std::vector<Hashed>& hashed, Equal equal, Same same) {
  std::sort(hashed.begin(), hashed.end(), [](const Hashed& a, const Hashed& b) {
    return a.hash != b.hash ? a.hash < b.hash : a.object < b.object;
  });
  std::size_t first = 0;
  for (std::size_t i = 1; i < hashed.size(); ++i) {
    // Hashes of 64 bits collide once in a blue moon: the later of the two is then taken as the first.
    if (hashed[i].hash != hashed[first].hash || !equal(hashed[first].object, hashed[i].object)) first = i;
    else same(hashed[first].object, hashed[i].object);
  }
}

std::uint64_t hash_text(std::string_view text) {
  std::uint64_t hash = text.size();
  for (const char c : text) hash = add(hash, static_cast<std::uint8_t>(c));
  return hash;
}

float at(const Paged<float>& values, std::size_t object) { return object < values.size() ? values[object] : NAN; }

bool same_number(float a, float b) { return a == b || (std::isnan(a) && std::isnan(b)); }

std::uint64_t geometry_hash(const Layer& layer, std::size_t object) {
  std::uint64_t hash = 1;
  for (std::size_t part = layer.part_begin[object]; part < layer.part_begin[object + 1]; ++part) {
    hash = add(hash, static_cast<std::uint64_t>(layer.part_kind[part]));
    for (std::size_t i = layer.vertex_begin[part]; i < layer.vertex_begin[part + 1]; ++i) {
      // + 0: one zero, not two.
      hash = add(hash, std::uint64_t{bits_of<std::uint32_t>(layer.xy[2 * i] + 0.0F)} << 32 |
                           bits_of<std::uint32_t>(layer.xy[2 * i + 1] + 0.0F));
    }
  }
  return hash;
}

bool same_geometry(const Layer& layer, std::size_t a, std::size_t b) {
  for (const auto* values : {&layer.t_begin, &layer.t_end, &layer.z_begin, &layer.z_end}) {
    if (!same_number(at(*values, a), at(*values, b))) return false;
  }
  const std::size_t parts = layer.part_begin[a + 1] - layer.part_begin[a];
  if (layer.part_begin[b + 1] - layer.part_begin[b] != parts) return false;
  for (std::size_t part = 0; part < parts; ++part) {
    const std::size_t p = layer.part_begin[a] + part, q = layer.part_begin[b] + part;
    const std::size_t begin = layer.vertex_begin[p], count = layer.vertex_begin[p + 1] - begin;
    const std::size_t other = layer.vertex_begin[q];
    if (layer.part_kind[p] != layer.part_kind[q] || layer.vertex_begin[q + 1] - other != count) return false;
    for (std::size_t i = 0; i < 2 * count; ++i) {
      if (layer.xy[2 * begin + i] != layer.xy[2 * other + i]) return false;
    }
  }
  return true;
}

}  // namespace

void check_duplicate_ids(QualityReport& report, const Layer& layer) {
  const Column* id = layer.with_role(Role::kId);
  if (!id) return;
  std::vector<Hashed> hashed;
  for (std::uint32_t i = 0; i < layer.size(); ++i) {
    if (!id->has(i)) continue;
    std::uint64_t hash = 0;
    if (id->type() == ColumnType::kText) hash = hash_text(id->pool().text(id->text_index(i)));
    else if (const auto integer = id->integer(i)) hash = add(1, static_cast<std::uint64_t>(*integer));
    else hash = add(2, bits_of<std::uint64_t>(id->number(i)));
    hashed.push_back({hash, i});
  }
  Finding twice;
  std::string example;
  find_equals(
      hashed, [&](std::uint32_t a, std::uint32_t b) { return id->text(a) == id->text(b); },
      [&](std::uint32_t first, std::uint32_t other) {
        // A tracked object has its id in every frame.
        if (!share_plane(layer, first, other)) return;
        if (example.empty()) {
          example = " The first: \"" + id->text(other).substr(0, 60) + "\", of objects " + std::to_string(first) +
                    " and " + std::to_string(other) + ".";
        }
        twice.add(other);
      });
  twice.file(report, "annotation/duplicate-id", Severity::kWarning, "Ids that are there twice",
             "Objects have the id of an earlier one (column \"" + id->name() + "\")." + example);
}

void check_duplicate_geometry(QualityReport& report, const Layer& layer) {
  std::vector<Hashed> hashed;
  for (std::uint32_t i = 0; i < layer.size(); ++i) {
    if (layer.shapes[i] != Shape::kNone) hashed.push_back({geometry_hash(layer, i), i});
  }
  Finding twice;
  find_equals(
      hashed, [&](std::uint32_t a, std::uint32_t b) { return same_geometry(layer, a, b); },
      [&](std::uint32_t, std::uint32_t other) { twice.add(other); });
  twice.file(report, "annotation/duplicate-geometry", Severity::kWarning, "The same geometry twice",
             "Objects have exactly the geometry, frame and slice of an earlier one.");
}

}  // namespace mifa::annotation
