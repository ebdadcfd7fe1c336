#include "annotation/zarr_group.h"

#include <cstring>

namespace mifa::annotation {
namespace {

template <typename T>
T load(const std::vector<std::byte>& bytes, std::size_t index) {
  T value;
  std::memcpy(&value, bytes.data() + index * sizeof(T), sizeof(T));
  return value;
}

}  // namespace

std::vector<std::int64_t> ZarrNode::shape() const {
  auto shape = document["shape"].expect_integers(0, INT64_MAX);
  return shape ? *std::move(shape) : std::vector<std::int64_t>();
}

double ZarrValues::number(std::size_t index) const {
  zarr::Element element{};
  const auto size = static_cast<std::size_t>(zarr::byte_size(type));
  std::memcpy(element.data(), bytes.data() + index * size, size);
  return zarr::to_double(element, type);
}

std::optional<std::int64_t> ZarrValues::integer(std::size_t index) const {
  using zarr::DataType;
  switch (type) {
    case DataType::kBool:
    case DataType::kUInt8: return load<std::uint8_t>(bytes, index);
    case DataType::kUInt16: return load<std::uint16_t>(bytes, index);
    case DataType::kUInt32: return load<std::uint32_t>(bytes, index);
    case DataType::kUInt64: return static_cast<std::int64_t>(load<std::uint64_t>(bytes, index));
    case DataType::kInt8: return load<std::int8_t>(bytes, index);
    case DataType::kInt16: return load<std::int16_t>(bytes, index);
    case DataType::kInt32: return load<std::int32_t>(bytes, index);
    case DataType::kInt64: return load<std::int64_t>(bytes, index);
    case DataType::kFloat16:
    case DataType::kFloat32:
    case DataType::kFloat64: break;
  }
  return std::nullopt;
}

void GroupFindings::tell(const char* rule, Severity severity, const std::string& place,
                         std::string message, std::string expected, std::string received,
                         std::string fix) {
  Issue issue;
  issue.rule = rule;
  issue.severity = severity;
  issue.message = std::move(message);
  issue.file = place + "/";
  issue.expected = std::move(expected);
  issue.received = std::move(received);
  issue.fix = std::move(fix);
  issues.push_back(std::move(issue));
}

}  // namespace mifa::annotation
