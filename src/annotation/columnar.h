// Columns that a host has read elsewhere (Parquet, GEFF, SpatialData, AnnData), packed in one piece
// so that they are opened as any annotation file is. web/annotations/sources/columns.ts is the
// other half.
//
//   "MIFACOL1"                  8 bytes
//   uint32 n                    length of the header
//   uint32 0
//   header                      n bytes of JSON, then zeros up to a multiple of 8
//   data                        the sections that the header points to, little-endian
//
// A section is {"at": byte from the beginning of the data, "bytes": length}. The header:
//
//   rows        number of rows
//   columns     [{name, unit, part, type, data, offsets, valid, texts}]
//                 part      of table_scheme.h ("x", "frame", "label", …), "geometry" (wkb only) or
//                 "radius";
//                           absent: recognised by name if "recognise" is true, else a property
//                 type      u1 u2 u4 u8 i1 i2 i4 i8 f4 f8 bool; text or wkb (data: bytes, offsets:
//                 uint32, one
//                           more than rows); category (data: int32 codes, -1 for none; texts:
//                           [string])
//                 valid     one byte a row, 0 where there is no value; absent: all have one
//   recognise   whether columns without a part are recognised by their names
//   space       {unit: "pixel"|"physical"|"normalized", unitName, corner, affine: [6],
//   depthIsPhysical} edges       {data: int64 pairs of the column "id", noun: "node"}; links from
//   the first to the second place       [before, after]: how a row's place is written ("/rows/",
//   "") kind        MIFA's word, where the rows do not tell it issues      [{rule, severity,
//   message, file, pointer, line, expected, received, fix}] of the host's
#pragma once

#include <string_view>

#include "annotation/format.h"

namespace mifa::annotation {

int sniff_columnar(const Head& head);
std::unique_ptr<Reader> make_columnar_reader(const ReadOptions& options, LayerBuilder& builder);

}  // namespace mifa::annotation
