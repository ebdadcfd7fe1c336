#include "annotation/parquet_footer.h"

#include <algorithm>
#include <cstring>

namespace mifa::annotation {
namespace {

constexpr std::size_t kMostValues = std::size_t{1} << 22;  // of a footer; a wide table has some 100,000
constexpr int kDeepest = 32;

// A value in Thrift's compact protocol.
struct Thrift {
  enum Type : std::uint8_t { kStop, kTrue, kFalse, kByte, kI16, kI32, kI64, kDouble, kBinary, kList, kSet, kMap, kStruct };
  std::uint8_t type = kStop;
  int id = 0;  // of a struct's field
  std::int64_t number = 0;
  std::string_view text;  // kBinary
  std::vector<Thrift> items;

  const Thrift* field(int wanted) const {
    for (const Thrift& one : items) {
      if (type == kStruct && one.id == wanted) return &one;
    }
    return nullptr;
  }
  std::int64_t integer(int wanted, std::int64_t otherwise) const {
    const Thrift* one = field(wanted);
    return one && one->type >= kByte && one->type <= kI64 ? one->number : otherwise;
  }
  std::string_view binary(int wanted) const {
    const Thrift* one = field(wanted);
    return one && one->type == kBinary ? one->text : std::string_view();
  }
  const std::vector<Thrift>& list(int wanted) const {
    static const std::vector<Thrift> kNone;
    const Thrift* one = field(wanted);
    return one && one->type == kList ? one->items : kNone;
  }
};

class ThriftReader {
 public:
  explicit ThriftReader(std::string_view bytes) : bytes_(bytes) {}
  bool too_many() const { return values_ > kMostValues; }

  // False where the bytes end or mean nothing.
  bool read(Thrift& value, std::uint8_t type, int depth) {
    value.type = type;
    if (depth > kDeepest || ++values_ > kMostValues) return false;
    switch (type) {
      case Thrift::kTrue:
      case Thrift::kFalse: return true;
      case Thrift::kByte: return byte(value.number);
      case Thrift::kI16:
      case Thrift::kI32:
      case Thrift::kI64: return zigzag(value.number);
      case Thrift::kDouble: return skip(8);
      case Thrift::kBinary: return binary(value.text);
      case Thrift::kList:
      case Thrift::kSet: return list(value, depth);
      case Thrift::kMap: return map(depth);
      case Thrift::kStruct: return structure(value, depth);
      default: return false;
    }
  }

 private:
  bool skip(std::size_t count) {
    if (count > bytes_.size() - at_) return false;
    at_ += count;
    return true;
  }
  bool byte(std::int64_t& value) {
    if (at_ >= bytes_.size()) return false;
    value = static_cast<unsigned char>(bytes_[at_++]);
    return true;
  }
  bool varint(std::uint64_t& value) {
    value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      std::int64_t next = 0;
      if (!byte(next)) return false;
      value |= (static_cast<std::uint64_t>(next) & 0x7fU) << shift;
      if (next < 0x80) return true;
    }
    return false;
  }
  bool zigzag(std::int64_t& value) {
    std::uint64_t bits = 0;
    if (!varint(bits)) return false;
    value = static_cast<std::int64_t>(bits >> 1U) ^ -static_cast<std::int64_t>(bits & 1U);
    return true;
  }
  bool binary(std::string_view& text) {
    std::uint64_t length = 0;
    if (!varint(length) || length > bytes_.size() - at_) return false;
    text = bytes_.substr(at_, static_cast<std::size_t>(length));
    at_ += static_cast<std::size_t>(length);
    return true;
  }
  // An element of a list: booleans are a byte each there.
  bool element(Thrift& value, std::uint8_t type, int depth) {
    if (type != Thrift::kTrue && type != Thrift::kFalse) return read(value, type, depth);
    value.type = type;
    return byte(value.number);
  }
  bool list(Thrift& value, int depth) {
    std::int64_t head = 0;
    if (!byte(head)) return false;
    value.type = Thrift::kList;
    auto count = static_cast<std::uint64_t>(head) >> 4U;
    if (count == 15 && !varint(count)) return false;
    if (count > bytes_.size() - at_) return false;
    for (std::uint64_t i = 0; i < count; ++i) {
      if (!element(value.items.emplace_back(), static_cast<std::uint8_t>(head & 15), depth + 1)) return false;
    }
    return true;
  }
  bool map(int depth) {
    std::uint64_t count = 0;
    if (!varint(count) || count > bytes_.size() - at_) return false;
    std::int64_t types = 0;
    if (count > 0 && !byte(types)) return false;
    for (std::uint64_t i = 0; i < count; ++i) {
      Thrift key, value;
      if (!element(key, static_cast<std::uint8_t>(types >> 4), depth + 1)) return false;
      if (!element(value, static_cast<std::uint8_t>(types & 15), depth + 1)) return false;
    }
    return true;
  }
  bool structure(Thrift& value, int depth) {
    std::int64_t id = 0;
    while (true) {
      std::int64_t head = 0;
      if (!byte(head)) return false;
      if (head == 0) return true;
      std::int64_t step = head >> 4;
      if (step == 0) {
        if (!zigzag(id)) return false;
      } else {
        id += step;
      }
      if (id < 0 || id > 32767) return false;
      Thrift& field = value.items.emplace_back();
      field.id = static_cast<int>(id);
      if (!read(field, static_cast<std::uint8_t>(head & 15), depth + 1)) return false;
    }
  }

  std::string_view bytes_;
  std::size_t at_ = 0;
  std::size_t values_ = 0;
};

template <typename T>
std::optional<double> load(std::string_view bytes) {
  if (bytes.size() != sizeof(T)) return std::nullopt;
  T value;
  std::memcpy(&value, bytes.data(), sizeof(T));
  const auto number = static_cast<double>(value);
  return number == number ? std::optional(number) : std::nullopt;
}

std::optional<double> number_of(ParquetField::Type type, std::string_view bytes) {
  using Type = ParquetField::Type;
  switch (type) {
    case Type::kInt32: return load<std::int32_t>(bytes);
    case Type::kInt64: return load<std::int64_t>(bytes);
    case Type::kFloat: return load<float>(bytes);
    case Type::kDouble: return load<double>(bytes);
    default: return std::nullopt;
  }
}

// The fields of the table from the schema, which is a tree written depth first. False where it is none.
bool read_schema(const std::vector<Thrift>& schema, ParquetFooter& footer) {
  if (schema.empty()) return false;
  // Of each open group: how many children are still to come.
  std::vector<std::int64_t> open = {schema[0].integer(5, 0)};
  for (std::size_t i = 1; i < schema.size(); ++i) {
    while (!open.empty() && open.back() == 0) open.pop_back();
    if (open.empty()) return false;
    --open.back();
    const Thrift& element = schema[i];
    const std::string name(element.binary(4));
    const std::int64_t children = element.integer(5, 0);
    if (children < 0 || children > static_cast<std::int64_t>(schema.size())) return false;
    if (open.size() == 1) {
      ParquetField field;
      field.name = name;
      const std::int64_t type = element.integer(1, -1);
      if (children == 0 && type >= 0 && type < 8) field.type = static_cast<ParquetField::Type>(type);
      field.repeated = element.integer(3, 0) == 2;
      footer.fields.push_back(std::move(field));
    } else if (open.size() == 2) {
      footer.fields.back().members.push_back(name);
    }
    if (children > 0) open.push_back(children);
  }
  return true;
}

// What the row groups say of their columns.
void read_row_groups(const std::vector<Thrift>& groups, ParquetFooter& footer) {
  std::map<std::string, std::size_t, std::less<>> places;
  for (std::size_t i = 0; i < footer.fields.size(); ++i) places.emplace(footer.fields[i].name, i);
  std::vector<bool> unknown(footer.fields.size());
  for (const Thrift& group : groups) {
    for (const Thrift& chunk : group.list(1)) {
      const Thrift* about = chunk.field(3);
      if (!about) continue;
      std::int64_t begin = about->integer(9, 0);
      const std::int64_t dictionary = about->integer(11, 0);
      if (dictionary > 0) begin = std::min(begin, dictionary);
      const std::int64_t bytes = about->integer(7, 0);
      if (begin >= 0 && bytes >= 0 && begin <= INT64_MAX - bytes) footer.end = std::max(footer.end, begin + bytes);
      const auto& path = about->list(3);
      const auto found = path.size() == 1 ? places.find(path[0].text) : places.end();
      if (found == places.end()) continue;
      ParquetField& field = footer.fields[found->second];
      const Thrift* statistics = about->field(12);
      const auto least = statistics ? number_of(field.type, statistics->binary(6)) : std::nullopt;
      const auto greatest = statistics ? number_of(field.type, statistics->binary(5)) : std::nullopt;
      if (!least || !greatest) {
        unknown[found->second] = true;
        continue;
      }
      field.least = std::min(field.least.value_or(*least), *least);
      field.greatest = std::max(field.greatest.value_or(*greatest), *greatest);
    }
  }
  for (std::size_t i = 0; i < unknown.size(); ++i) {
    if (unknown[i]) footer.fields[i].least = footer.fields[i].greatest = std::nullopt;
  }
}

}  // namespace

const ParquetField* ParquetFooter::field(std::string_view name) const {
  const auto found = std::find_if(fields.begin(), fields.end(), [&](const ParquetField& one) { return one.name == name; });
  return found == fields.end() ? nullptr : &*found;
}

Result<std::int64_t> parquet_footer_bytes(std::string_view tail, std::int64_t file_bytes) {
  if (tail.ends_with("PARE")) {
    return Error{ErrorCode::kUnsupported, "The file is encrypted; nobody without its key can read it."};
  }
  if (tail.size() != kParquetTail || !tail.ends_with("PAR1")) {
    return Error{ErrorCode::kFixData, "The file does not end as a Parquet file does: it is cut off, or another format."};
  }
  std::uint32_t length = 0;
  std::memcpy(&length, tail.data(), sizeof length);
  if (length == 0 || std::int64_t{length} > file_bytes - kParquetTail - 4) {
    return Error{ErrorCode::kFixData, "The file's footer is said to have " + std::to_string(length) +
                                          " bytes, which the file of " + std::to_string(file_bytes) + " bytes cannot hold."};
  }
  return std::int64_t{length};
}

Result<ParquetFooter> parse_parquet_footer(std::string_view bytes) {
  Thrift root;
  ThriftReader reader(bytes);
  ParquetFooter footer;
  const bool read = reader.read(root, Thrift::kStruct, 0);
  if (reader.too_many()) {
    return Error{ErrorCode::kLimit, "The file's footer has more than " + std::to_string(kMostValues) + " entries (limit kMostValues)."};
  }
  if (!read || !read_schema(root.list(2), footer)) {
    return Error{ErrorCode::kFixData, "The file's footer, which says where its columns are, cannot be read."};
  }
  footer.rows = root.integer(3, 0);
  for (const Thrift& pair : root.list(5)) footer.properties.emplace(pair.binary(1), pair.binary(2));
  read_row_groups(root.list(4), footer);
  return footer;
}

}  // namespace mifa::annotation
