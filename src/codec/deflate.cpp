// gzip (RFC 1952) and zlib (RFC 1950), both by libdeflate, checksums verified.

#include <libdeflate.h>

#include <algorithm>

#include "codec/byte_codec.h"

namespace mifa::codec {
namespace {

Error failed(const char* format, libdeflate_result result, Bytes in, MutableBytes out) {
  const std::string whole = std::string("a whole ") + format + " stream of ";
  if (result == LIBDEFLATE_INSUFFICIENT_SPACE) {
    return damaged(whole + "at most " + count_bytes(ssize(out)), "one that holds more");
  }
  return damaged(whole + count_bytes(ssize(out)),
                 count_bytes(ssize(in)) + " that end early, are damaged or fail their checksum");
}

}  // namespace

Result<Bytes> decode_gzip(const zarr::CodecSpec&, Bytes in, MutableBytes out,
                          Workspace& workspace) {
  libdeflate_decompressor* decompressor = workspace.deflate();
  if (!decompressor) return out_of_memory(0);
  Bytes rest = in;
  std::size_t written = 0;
  // A gzip file is one or more members (RFC 1952 section 2.2); bgzip writes many.
  do {
    if (rest.size() < 2 || rest[0] != std::byte{0x1f} || rest[1] != std::byte{0x8b}) {
      return damaged("a gzip member (1f 8b)", first_bytes(rest));
    }
    std::size_t used = 0;
    std::size_t made = 0;
    const libdeflate_result result =
        libdeflate_gzip_decompress_ex(decompressor, rest.data(), rest.size(), out.data() + written,
                                      out.size() - written, &used, &made);
    if (result != LIBDEFLATE_SUCCESS) return failed("gzip", result, in, out);
    rest = rest.subspan(used);
    written += made;
    // Padding with zeros after the last member is tolerated, as gzip(1) does.
    if (std::all_of(rest.begin(), rest.end(), [](std::byte b) { return b == std::byte{0}; })) break;
  } while (!rest.empty());
  return first(out, written);
}

Result<Bytes> decode_zlib(const zarr::CodecSpec&, Bytes in, MutableBytes out,
                          Workspace& workspace) {
  libdeflate_decompressor* decompressor = workspace.deflate();
  if (!decompressor) return out_of_memory(0);
  std::size_t made = 0;
  const libdeflate_result result = libdeflate_zlib_decompress(
      decompressor, in.data(), in.size(), out.data(), out.size(), &made);
  if (result != LIBDEFLATE_SUCCESS) return failed("zlib", result, in, out);
  return first(out, made);
}

}  // namespace mifa::codec
