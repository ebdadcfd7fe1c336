#include <zstd.h>

#include "codec/byte_codec.h"

namespace mifa::codec {

Result<Bytes> decode_zstd(const zarr::CodecSpec&, Bytes in, MutableBytes out,
                          Workspace& workspace) {
  ZSTD_DCtx* context = workspace.zstd();
  if (!context) return out_of_memory(0);
  const unsigned long long declared = ZSTD_getFrameContentSize(in.data(), in.size());
  if (declared == ZSTD_CONTENTSIZE_ERROR) {
    return damaged("a zstd frame (28 b5 2f fd)", first_bytes(in));
  }
  const std::size_t size =
      ZSTD_decompressDCtx(context, out.data(), out.size(), in.data(), in.size());
  if (ZSTD_isError(size)) {
    std::string received =
        count_bytes(ssize(in)) + " on which zstd says \"" + ZSTD_getErrorName(size) + "\"";
    if (declared != ZSTD_CONTENTSIZE_UNKNOWN && declared > out.size()) {
      received = "a zstd frame that says it holds " + std::to_string(declared) + " bytes";
    }
    return damaged("a whole zstd frame of at most " + count_bytes(ssize(out)), received);
  }
  return first(out, size);
}

}  // namespace mifa::codec
