// GeoJSON (RFC 7946) as images use it: FeatureCollection, Feature, bare geometries, arrays of features
// as QuPath writes them, one document a line, and text sequences (RFC 8142). With QuPath's
// classification, objectType, nucleusGeometry, measurements and planes.
#pragma once

#include <memory>

#include "annotation/format.h"

namespace mifa::annotation {

int sniff_geojson(const Head& head);
std::unique_ptr<Reader> make_geojson_reader(const ReadOptions& options, LayerBuilder& builder);

}  // namespace mifa::annotation
