#include <lz4.h>

#include <climits>

#include "codec/byte_codec.h"

namespace mifa::codec {

Result<Bytes> decode_lz4(const zarr::CodecSpec&, Bytes in, MutableBytes out, Workspace&) {
  constexpr std::size_t kHeader = 4;
  if (in.size() < kHeader) {
    return damaged("a 4-byte size and an LZ4 block", count_bytes(ssize(in)));
  }
  const std::int64_t declared = read_u32(in, 0);
  if (declared > ssize(out)) {
    std::string received = "a header that says it holds " + count_bytes(declared);
    // An LZ4 frame (from the lz4 program) is another format than numcodecs' "lz4".
    if (declared == 0x184D2204) received = "an LZ4 frame (04 22 4d 18)";
    return damaged("a 4-byte size of at most " + count_bytes(ssize(out)) + " and an LZ4 block",
                   received);
  }
  const Bytes block = in.subspan(kHeader);
  if (ssize(block) > INT_MAX) {
    return damaged("an LZ4 block under 2 GiB", count_bytes(ssize(block)));
  }
  const int size = LZ4_decompress_safe(
      reinterpret_cast<const char*>(block.data()), reinterpret_cast<char*>(out.data()),
      static_cast<int>(block.size()), static_cast<int>(declared));
  if (size != declared) {
    return damaged("an LZ4 block that holds the " + count_bytes(declared) + " its header says",
                   count_bytes(ssize(block)) + " that end early or are damaged");
  }
  return first(out, declared);
}

}  // namespace mifa::codec
