// The end of a Parquet file (parquet.apache.org, "File Format" and parquet.thrift): its schema, where its
// columns are, and what it says of their values; and GeoParquet's metadata in it (1.0, 1.1).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/issue.h"
#include "core/result.h"

namespace mifa::annotation {

struct ParquetField {
  enum class Type { kBoolean, kInt32, kInt64, kInt96, kFloat, kDouble, kBytes, kFixedBytes, kGroup };
  std::string name;
  Type type = Type::kGroup;  // kGroup: a nested column
  bool repeated = false;
  // Of all rows, from the column's statistics; nothing where one row group has none.
  std::optional<double> least, greatest;
  std::vector<std::string> members;  // of kGroup, nearest below
};

struct ParquetFooter {
  std::int64_t rows = 0;
  std::vector<ParquetField> fields;               // of the table, top level
  std::map<std::string, std::string> properties;  // key-value metadata
  std::int64_t end = 0;                           // behind the last byte of any column
  const ParquetField* field(std::string_view name) const;
};

// The last eight bytes of every Parquet file: the footer's length, and "PAR1".
inline constexpr std::int64_t kParquetTail = 8;
// Bytes of the footer, from a file's last eight; kFixData where they are not Parquet's.
Result<std::int64_t> parquet_footer_bytes(std::string_view tail, std::int64_t file_bytes);
// `footer`: those bytes. kFixData where they cannot be read; kLimit where there is too much of it.
Result<ParquetFooter> parse_parquet_footer(std::string_view footer);

struct GeoParquetFacts {
  bool stated = false;             // there is metadata of GeoParquet
  std::vector<std::string> types;  // geometry types of the primary column
  std::vector<double> box;         // least x, least y, greatest x, greatest y; empty where not stated
  bool on_earth = false;           // a coordinate reference system is named, or left to its default
};
// `file`: for the issues' places.
GeoParquetFacts check_geoparquet(const ParquetFooter& footer, const std::string& file, Issues& issues);

}  // namespace mifa::annotation
