// The Blosc 1 frame (README_CHUNK_FORMAT.rst of c-blosc), read here and not by c-blosc's blosc.c:
// the zstd and deflate contexts and the buffers stay from block to block (blosc.c makes new ones for
// each), every count is checked against the bytes at hand, and no encoder or thread pool is linked.
// The shuffles and BloscLZ are c-blosc's own.

#include <blosclz.h>
#include <libdeflate.h>
#include <lz4.h>
#include <shuffle.h>
#include <snappy.h>
#include <zstd.h>

#include <algorithm>

#include "codec/bit_unshuffle.h"
#include "codec/byte_codec.h"

namespace mifa::codec {
namespace {

constexpr std::int64_t kHeaderBytes = 16;
constexpr unsigned kFormatVersion = 2;
constexpr std::int64_t kMinimumSplit = 128;  // elements; MIN_BUFFERSIZE in blosc.c
constexpr int kMaximumSplits = 16;

struct Frame {
  int element_size = 1;
  bool shuffled = false;
  bool bit_shuffled = false;
  bool copied = false;
  bool never_split = false;
  unsigned format = 0;
  std::int64_t decoded = 0;
  std::int64_t block = 0;
  std::int64_t encoded = 0;
  Bytes bytes;  // header included, cut to `encoded`

  std::int64_t block_count() const { return (decoded + block - 1) / block; }
};

// One compressed split, straight into `out`; false unless it fills it exactly.
using SplitDecoder = bool (*)(Bytes in, MutableBytes out, Workspace& workspace);

bool blosclz_split(Bytes in, MutableBytes out, Workspace&) {
  return blosclz_decompress(in.data(), static_cast<int>(in.size()), out.data(),
                            static_cast<int>(out.size())) == static_cast<int>(out.size());
}

bool lz4_split(Bytes in, MutableBytes out, Workspace&) {
  return LZ4_decompress_safe(reinterpret_cast<const char*>(in.data()),
                             reinterpret_cast<char*>(out.data()), static_cast<int>(in.size()),
                             static_cast<int>(out.size())) == static_cast<int>(out.size());
}

bool snappy_split(Bytes in, MutableBytes out, Workspace&) {
  const char* data = reinterpret_cast<const char*>(in.data());
  std::size_t size = 0;
  return snappy::GetUncompressedLength(data, in.size(), &size) && size == out.size() &&
         snappy::RawUncompress(data, in.size(), reinterpret_cast<char*>(out.data()));
}

bool zlib_split(Bytes in, MutableBytes out, Workspace& workspace) {
  libdeflate_decompressor* decompressor = workspace.deflate();
  return decompressor &&
         libdeflate_zlib_decompress(decompressor, in.data(), in.size(), out.data(), out.size(),
                                    nullptr) == LIBDEFLATE_SUCCESS;
}

bool zstd_split(Bytes in, MutableBytes out, Workspace& workspace) {
  ZSTD_DCtx* context = workspace.zstd();
  return context && ZSTD_decompressDCtx(context, out.data(), out.size(), in.data(), in.size()) ==
                        out.size();
}

// By the frame's compressor number; lz4 and lz4hc have one format.
struct Compressor {
  const char* name;
  SplitDecoder decode;
};
constexpr Compressor kCompressors[] = {{"blosclz", blosclz_split},
                                       {"lz4", lz4_split},
                                       {"snappy", snappy_split},
                                       {"zlib", zlib_split},
                                       {"zstd", zstd_split}};

Result<Frame> read_frame(Bytes in, std::int64_t capacity) {
  if (ssize(in) < kHeaderBytes) {
    return damaged("a Blosc frame of at least 16 bytes", count_bytes(ssize(in)));
  }
  if (static_cast<unsigned>(in[0]) != kFormatVersion) {
    return damaged("a Blosc 1 frame (format 2)", first_bytes(in));
  }
  const auto flags = static_cast<unsigned>(in[2]);
  Frame frame;
  frame.element_size = static_cast<int>(in[3]);
  frame.shuffled = (flags & 1U) != 0 && frame.element_size > 1;
  frame.copied = (flags & 2U) != 0;
  frame.bit_shuffled = (flags & 4U) != 0 && !frame.shuffled;
  frame.never_split = (flags & 16U) != 0;
  frame.format = flags >> 5;
  frame.decoded = read_u32(in, 4);
  frame.block = read_u32(in, 8);
  frame.encoded = read_u32(in, 12);
  if (frame.decoded > capacity) {
    return damaged("a Blosc frame that holds at most " + count_bytes(capacity),
                   "a header that says " + count_bytes(frame.decoded));
  }
  if (frame.encoded > ssize(in)) {
    return damaged("the " + count_bytes(frame.encoded) + " that the Blosc header says",
                   count_bytes(ssize(in)));
  }
  frame.bytes = in.first(static_cast<std::size_t>(frame.encoded));
  if (frame.decoded == 0) return frame;
  if ((flags & 8U) != 0 || frame.element_size == 0 || frame.block == 0 ||
      frame.block > frame.decoded) {
    return damaged("a Blosc header with a block size from 1 to the decoded " +
                       std::to_string(frame.decoded),
                   "block size " + std::to_string(frame.block) + ", element size " +
                       std::to_string(frame.element_size) + ", flags " + std::to_string(flags));
  }
  if (frame.copied) {
    if (frame.encoded != frame.decoded + kHeaderBytes) {
      return damaged("a copied Blosc frame of " + count_bytes(frame.decoded + kHeaderBytes),
                     "a header that says " + count_bytes(frame.encoded));
    }
    return frame;
  }
  if (frame.format >= std::size(kCompressors)) {
    return Error{ErrorCode::kUnsupported,
                 "expected Blosc compressor 0 to 4 (blosclz, lz4, snappy, zlib, zstd), received " +
                     std::to_string(frame.format)};
  }
  if (frame.block_count() > (frame.encoded - kHeaderBytes) / 4) {
    return damaged("a Blosc frame with the starts of " + std::to_string(frame.block_count()) +
                       " blocks",
                   count_bytes(frame.encoded));
  }
  return frame;
}

// One block into `out`, through `scratch` (twice as long) where it is shuffled.
bool decode_block(const Frame& frame, std::int64_t index, MutableBytes out, MutableBytes scratch,
                  Workspace& workspace) {
  const std::int64_t size = ssize(out);
  const bool filtered = frame.shuffled || (frame.bit_shuffled && size >= frame.element_size);
  const MutableBytes target = filtered ? scratch.first(out.size()) : out;
  // An element's bytes are compressed apart, unless the block is the short last one.
  const bool split = !frame.never_split && frame.element_size <= kMaximumSplits &&
                     size / frame.element_size >= kMinimumSplit && size == frame.block;
  const std::int64_t splits = split ? frame.element_size : 1;
  if (size % splits != 0) return false;
  const std::int64_t split_size = size / splits;
  std::int64_t at = read_u32(frame.bytes, static_cast<std::size_t>(kHeaderBytes + 4 * index));
  for (std::int64_t i = 0; i < splits; ++i) {
    if (at > frame.encoded - 4) return false;
    const std::int64_t length = read_u32(frame.bytes, static_cast<std::size_t>(at));
    at += 4;
    if (length > frame.encoded - at) return false;
    const Bytes part =
        frame.bytes.subspan(static_cast<std::size_t>(at), static_cast<std::size_t>(length));
    const MutableBytes place = target.subspan(static_cast<std::size_t>(i * split_size),
                                              static_cast<std::size_t>(split_size));
    if (length == split_size) {
      std::memcpy(place.data(), part.data(), part.size());  // std::copy at -Oz goes byte by byte
    } else if (!kCompressors[frame.format].decode(part, place, workspace)) {
      return false;
    }
    at += length;
  }
  if (!filtered) return true;
  if (frame.shuffled) {
    blosc_internal_unshuffle(static_cast<std::size_t>(frame.element_size), out.size(),
                             reinterpret_cast<const std::uint8_t*>(target.data()),
                             reinterpret_cast<std::uint8_t*>(out.data()));
    return true;
  }
  return bit_unshuffle(target, out, scratch.subspan(out.size(), out.size()), frame.element_size);
}

}  // namespace

Result<Bytes> decode_blosc(const zarr::CodecSpec&, Bytes in, MutableBytes out,
                           Workspace& workspace) {
  auto read = read_frame(in, ssize(out));
  if (!read) return std::move(read).error();
  const Frame& frame = *read;
  const MutableBytes decoded = out.first(static_cast<std::size_t>(frame.decoded));
  if (decoded.empty()) return Bytes(decoded);
  if (frame.copied) {
    const Bytes data = frame.bytes.subspan(static_cast<std::size_t>(kHeaderBytes));
    std::memcpy(decoded.data(), data.data(), data.size());
    return Bytes(decoded);
  }
  MutableBytes scratch;
  if (frame.shuffled || frame.bit_shuffled) {
    scratch = workspace.inner.reserve(2 * frame.block);
    if (!scratch.data()) return out_of_memory(2 * frame.block);
  }
  for (std::int64_t i = 0; i < frame.block_count(); ++i) {
    const std::int64_t start = i * frame.block;
    const std::int64_t size = std::min(frame.block, frame.decoded - start);
    const MutableBytes block =
        decoded.subspan(static_cast<std::size_t>(start), static_cast<std::size_t>(size));
    if (!decode_block(frame, i, block, scratch, workspace)) {
      return damaged(std::string("a whole ") + kCompressors[frame.format].name +
                         " block in the Blosc frame",
                     "block " + std::to_string(i) + " of " + std::to_string(frame.block_count()) +
                         " that is cut or damaged");
    }
  }
  return Bytes(decoded);
}

}  // namespace mifa::codec
