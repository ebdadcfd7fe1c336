// numcodecs' own fixtures (../shared/fixtures/numcodecs-fixture): arrays and what each codec made of
// them over the years. Skipped where they are not there.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "codec/chunk_decoder.h"
#include "codec/files.h"
#include "core/json.h"

namespace mifa::codec {
namespace {

namespace fs = std::filesystem;
using mifa::testing::read_bytes;
using mifa::testing::read_text;

const fs::path kFixtures = "../shared/fixtures/numcodecs-fixture";

struct Npy {
  std::string dtype;
  bool fortran_order = false;
  std::vector<std::byte> data;  // as stored
};

// Format 1.0 of the .npy file (numpy.lib.format).
std::optional<Npy> read_npy(const fs::path& path) {
  const std::string text = read_text(path);
  if (text.size() < 10) return std::nullopt;
  const auto header = static_cast<std::size_t>(static_cast<unsigned char>(text[8])) +
                      256 * static_cast<std::size_t>(static_cast<unsigned char>(text[9]));
  const std::string meta = text.substr(10, header);
  const auto value = [&](const std::string& key) {
    const std::size_t start = meta.find("'" + key + "': ") + key.size() + 4;
    return meta.substr(start, meta.find(',', start) - start);
  };
  Npy npy;
  npy.dtype = value("descr");
  npy.dtype = npy.dtype.size() > 2 ? npy.dtype.substr(1, npy.dtype.size() - 2) : "";
  npy.fortran_order = value("fortran_order") == "True";
  const auto* data = reinterpret_cast<const std::byte*>(text.data());
  npy.data.assign(data + 10 + header, data + text.size());
  return npy;
}

// The codec's decoder over the flat buffer, the way numcodecs itself is called.
Result<std::vector<std::byte>> decode(const std::string& config, const std::string& dtype,
                                      const std::vector<std::byte>& stored, std::size_t size) {
  auto json = JsonDocument::parse(config, "config.json");
  if (!json) return std::move(json).error();
  zarr::V2DataType type;
  auto spec = zarr::parse_v2_codec(*json, type);
  if (!spec) return std::move(spec).error();
  const ByteCodec* codec = find_byte_codec(*spec);
  if (!codec) return Error{ErrorCode::kUnsupported, "no decoder for " + spec->name + dtype};
  std::vector<std::byte> out(size);
  Workspace workspace;
  auto decoded = codec->decode(*spec, stored, out, workspace);
  if (!decoded) return std::move(decoded).error();
  return std::vector<std::byte>(decoded->begin(), decoded->end());
}

void expect_close(const std::vector<std::byte>& actual, const std::vector<std::byte>& expected,
                  double tolerance, const std::string& what) {
  ASSERT_EQ(actual.size(), expected.size()) << what;
  for (std::size_t i = 0; i + 8 <= actual.size(); i += 8) {
    double a = 0;
    double b = 0;
    std::memcpy(&a, actual.data() + i, 8);
    std::memcpy(&b, expected.data() + i, 8);
    ASSERT_NEAR(a, b, tolerance) << what << " at byte " << i;
  }
}

void check_folder(const std::string& codec) {
  const fs::path folder = kFixtures / codec;
  if (!fs::is_directory(folder)) {
    GTEST_SKIP() << folder << " is not there: numcodecs' fixtures are not part of this repository";
  }
  int checked = 0;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (!entry.is_directory()) continue;
    const std::string config = read_text(entry.path() / "config.json");
    for (const auto& file : fs::directory_iterator(entry.path())) {
      const std::string name = file.path().filename().string();
      if (!name.starts_with("encoded.")) continue;
      const std::string number = name.substr(8, 2);
      const auto npy = read_npy(folder / ("array." + number + ".npy"));
      ASSERT_TRUE(npy) << name;
      const std::string what = (entry.path() / name).string() + " " + npy->dtype;
      const auto decoded = decode(config, npy->dtype, read_bytes(file.path()), npy->data.size());
      ASSERT_TRUE(decoded) << what << ": " << decoded.error().message;
      if (codec == "fixedscaleoffset") {
        expect_close(*decoded, npy->data, 0.06, what);  // lossy by design
      } else {
        ASSERT_EQ(*decoded, npy->data) << what;
      }
      ++checked;
    }
  }
  EXPECT_GT(checked, 0) << folder;
}

TEST(NumcodecsFixture, Blosc) { check_folder("blosc"); }
TEST(NumcodecsFixture, Crc32c) { check_folder("crc32c"); }
TEST(NumcodecsFixture, FixedScaleOffset) { check_folder("fixedscaleoffset"); }
TEST(NumcodecsFixture, Gzip) { check_folder("gzip"); }
TEST(NumcodecsFixture, Lz4) { check_folder("lz4"); }
TEST(NumcodecsFixture, Shuffle) { check_folder("shuffle"); }
TEST(NumcodecsFixture, Zlib) { check_folder("zlib"); }
TEST(NumcodecsFixture, Zstd) { check_folder("zstd"); }

TEST(NumcodecsFixture, Bz2IsRefusedByName) {
  const auto decoded = decode(R"({"id": "bz2", "level": 1})", "<u2", {}, 0);
  ASSERT_FALSE(decoded);
  EXPECT_NE(decoded.error().message.find("unknown codec \"bz2\""), std::string::npos);
  EXPECT_NE(decoded.error().message.find("blosc, zstd, gzip, zlib, lz4"), std::string::npos);
}

}  // namespace
}  // namespace mifa::codec
