#!/usr/bin/python3
"""Writes the vectors of codecs and chains that NumPy and numcodecs are the authority for.

    /usr/bin/python3 tests/vectors/codec/generate_chains.py

Each case is three files: .json (the array's metadata), .bin (one stored chunk), .raw (its elements in C
order, little-endian), or in place of the last the message and code of the error. Shards are put
together here, byte by byte, after the specification of sharding_indexed. The result does not change
from run to run. Debian's python3-numcodecs and python3-numpy are enough.
"""

import json
import pathlib
import struct
import zlib

import numcodecs
import numpy as np

HERE = pathlib.Path(__file__).parent
ABSENT = (2**64 - 1, 2**64 - 1)


def write(name, metadata, stored, elements=None, *, error=None, code="fix-data", **more):
    path = HERE / name
    path.parent.mkdir(exist_ok=True)
    spec = {"metadata": metadata}
    if error:
        spec |= {"error": error, "code": code}
    path.with_suffix(".json").write_text(json.dumps(spec | more) + "\n")
    path.with_suffix(".bin").write_bytes(bytes(stored))
    if not error:
        native = np.ascontiguousarray(elements.transpose(more.get("order", range(elements.ndim))))
        native = native.astype(native.dtype.newbyteorder("<"), copy=False)
        path.with_suffix(".raw").write_bytes(native.tobytes())


def image(shape=(30, 31), dtype="<u2"):
    """Smooth, with noise: what filters are made for."""
    rng = np.random.default_rng(7)
    flat = np.arange(int(np.prod(shape))) * 37 % 1000 + rng.integers(0, 20, int(np.prod(shape)))
    return flat.astype(dtype).reshape(shape)


def v2(array, filters=None, compressor=None, order="C"):
    return {
        "zarr_format": 2, "shape": list(array.shape), "chunks": list(array.shape), "dtype": array.dtype.str,
        "compressor": compressor, "filters": filters, "order": order, "fill_value": 0,
    }  # fmt: skip


def v3(shape, dtype, codecs, fill=0):
    return {
        "zarr_format": 3, "node_type": "array", "shape": list(shape), "data_type": dtype,
        "chunk_grid": {"name": "regular", "configuration": {"chunk_shape": list(shape)}},
        "chunk_key_encoding": {"name": "default"}, "fill_value": fill, "codecs": codecs,
    }  # fmt: skip


def codec(name, **configuration):
    return {"name": name, "configuration": configuration} if configuration else {"name": name}


LITTLE = codec("bytes", endian="little")
BIG = codec("bytes", endian="big")
CRC = codec("crc32c")


def crc32c(data):
    value = 0xFFFFFFFF
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = value >> 1 ^ (0x82F63B78 if value & 1 else 0)
    return value ^ 0xFFFFFFFF


def with_crc(data):
    return data + struct.pack("<I", crc32c(data))


def fletcher32(data):
    low = high = 0
    for word in np.frombuffer(data + b"\0" * (len(data) % 2), "<u2"):
        low = (low + int(word)) % 0xFFFF
        high = (high + low) % 0xFFFF
    return high << 16 | low


def filters():
    array = image()
    for name, checksum, front in (
        ("crc32", zlib.crc32, True),
        ("adler32", zlib.adler32, True),
        ("fletcher32", fletcher32, False),
    ):
        data = array.tobytes()
        stored = bytes(numcodecs.get_codec({"id": name}).encode(array.copy())) if name != "fletcher32" else None
        by_hand = struct.pack("<I", checksum(data))
        by_hand = by_hand + data if front else data + by_hand
        assert stored is None or stored == by_hand
        write(f"{name}/v2", v2(array, compressor={"id": name}), by_hand, array)
        chain = [LITTLE, codec(f"numcodecs.{name}"), codec("gzip", level=1)]
        write(f"{name}/v3-gzip", v3(array.shape, "uint16", chain), numcodecs.GZip(1).encode(by_hand), array)
        broken = bytearray(by_hand)
        broken[100] ^= 1
        write(f"{name}/bad-checksum", v2(array, compressor={"id": name}), broken, error="expected the stored checksum 0x")
        write(f"{name}/bad-empty", v2(array, compressor={"id": name}), b"", error="expected data with a 4-byte checksum, received 0 bytes")
    odd = image((7, 9), "u1")
    write("fletcher32/odd", v2(odd, compressor={"id": "fletcher32"}), odd.tobytes() + struct.pack("<I", fletcher32(odd.tobytes())), odd)

    for decoded, encoded in (("<f8", "<f4"), ("<i4", "<u1"), (">i4", ">i2"), ("<f4", "<i2"), ("<u2", "<f4"), ("<i8", "<i4"), ("<f4", "<f2")):
        array = (image() % 120).astype(decoded)
        if decoded == "<i8":
            array -= 60
        config = {"id": "astype", "encode_dtype": encoded, "decode_dtype": decoded}
        stored = np.asarray(numcodecs.get_codec(config).encode(array)).tobytes()
        write(f"astype/{decoded[1:]}-{encoded[1:]}{'-big' if decoded[0] == '>' else ''}", v2(array, [config]), stored, array)
    array = image((30, 31), "<f8") / 7
    config = {"id": "quantize", "digits": 2, "dtype": "<f8", "astype": "<f4"}
    stored = np.asarray(numcodecs.get_codec(config).encode(array))
    write("astype/quantize", v2(array, [config]), stored.tobytes(), stored.astype("<f8"))
    write("astype/bad-length", v2(array, [config]), stored.tobytes()[:-1], error="expected a multiple of 4 bytes (one element), at most 3720, received 3719 bytes")
    chain = [codec("numcodecs.astype", encode_dtype="uint8", decode_dtype="float32"), LITTLE]
    array = image((30, 31), "u1")
    write("astype/v3", v3(array.shape, "float32", chain), array.tobytes(), array.astype("<f4"))
    chain = [codec("scale_offset", offset=-3.5, scale=0.25), codec("cast_value", data_type="int16", rounding="nearest-even"), BIG]
    array = image((30, 31), "<i2") - 400
    write("fixedscaleoffset/v3-scale-offset-and-cast", v3(array.shape, "float64", chain), array.astype(">i2").tobytes(), array / 0.25 - 3.5)


def deltas():
    array = image((6, 5, 4), "<i4")
    encode = numcodecs.Delta("<i4", "<i2").encode
    delta = codec("numcodecs.delta", dtype="int32", astype="int16")
    transpose = codec("transpose", order=[2, 0, 1])
    turned = np.ascontiguousarray(array.transpose(2, 0, 1))
    write("delta/v3", v3(array.shape, "int32", [delta, LITTLE]), encode(array).tobytes(), array)
    write("delta/v3-after-transpose-big", v3(array.shape, "int32", [transpose, delta, BIG]), encode(turned).astype(">i2").tobytes(), array)
    stored = encode(array).reshape(array.shape).transpose(2, 0, 1)
    write("delta/v3-before-transpose", v3(array.shape, "int32", [delta, transpose, BIG]), np.ascontiguousarray(stored).astype(">i2").tobytes(), array)
    both = [transpose, delta, codec("transpose", order=[1, 2, 0]), LITTLE, codec("zstd", level=1)]
    stored = np.ascontiguousarray(encode(turned).reshape(turned.shape).transpose(1, 2, 0))
    write("delta/v3-between-transposes", v3(array.shape, "int32", both), numcodecs.Zstd(1).encode(stored), array, order=[1, 0, 2])
    write("delta/bad-v3-before-transpose-short", v3(array.shape, "int32", [delta, transpose, BIG]), b"\0" * 238, error="expected 240 bytes, received 238 bytes")
    turned = array.transpose(2, 1, 0)  # order F
    config = {"id": "delta", "dtype": "<i4", "astype": "<i2"}
    write("delta/order-f", v2(array, [config], order="F"), encode(np.ascontiguousarray(turned)).tobytes(), array)


def packed_bits():
    flags = image((13, 11)) % 3 == 0
    lsb = np.packbits(flags.ravel(), bitorder="little").tobytes()
    padding = bytes([-flags.size % 8])
    for kind, stored in (("none", lsb), ("first_byte", padding + lsb), ("last_byte", lsb + padding)):
        chain = [codec("packbits", padding_encoding=kind), codec("gzip", level=1)]
        write(f"packbits/v3-bool-{kind}", v3(flags.shape, "bool", chain), numcodecs.GZip(1).encode(stored), flags)
    stored = numcodecs.PackBits().encode(flags).tobytes()
    write("packbits/v3-numcodecs", v3(flags.shape, "bool", [codec("numcodecs.packbits"), codec("bytes")]), stored, flags)
    for dtype, first, last in (("uint16", 0, 9), ("int16", 0, 10), ("uint16", 3, 11), ("int64", 0, 62), ("uint32", 0, 31), ("uint64", 1, 63)):
        array = (image((13, 11), "<i8") % 500 << first).astype(dtype)
        if dtype.startswith("int"):
            array -= 500
        bits = (array.astype("<u8").ravel()[:, None] >> np.arange(first, last + 1, dtype="<u8")) & 1
        stored = np.packbits(bits.astype("u1").ravel(), bitorder="little").tobytes()
        chain = [codec("packbits", first_bit=first, last_bit=last)]
        write(f"packbits/v3-{dtype}-{first}-{last}", v3(array.shape, dtype, chain), stored, array)
        write("packbits/bad-v3-long", v3(array.shape, dtype, chain), stored + b"\0", error=f"expected {len(stored)} bytes for {bits.size} bits, received {len(stored) + 1} bytes")
        write("packbits/bad-v3-short", v3(array.shape, dtype, chain), stored[:-1], error="bytes after all codecs")


def reshapes():
    array = image((4, 6, 5))
    chain = [codec("transpose", order=[1, 0, 2]), codec("reshape", shape=[[0], -1]), codec("transpose", order=[1, 0]), BIG]
    stored = array.transpose(1, 0, 2).reshape(6, 20).T.astype(">u2")
    write("reshape/between-transposes", v3(array.shape, "uint16", chain), np.ascontiguousarray(stored).tobytes(), array, order=[2, 1, 0])
    chain = [codec("reshape", shape=[[0, 1, 2]]), BIG, CRC]
    write("reshape/flat", v3(array.shape, "uint16", chain), with_crc(array.astype(">u2").tobytes()), array)


# --- shards


def shard(parts, at_start=False, index_codec=with_crc, gap=b""):
    """parts: the stored inner chunks in the index' order; None: absent."""
    index_size = len(index_codec(b"\0" * 16 * len(parts)))
    body, entries = b"", []
    for part in parts:
        if part is None:
            entries.append(ABSENT)
            continue
        body += gap
        entries.append((len(body) + (index_size if at_start else 0), len(part)))
        body += part
    index = index_codec(b"".join(struct.pack("<QQ", *entry) for entry in entries))
    return index + body if at_start else body + index


def inner_chunks(array, inner):
    """In C order of their grid."""
    counts = [extent // part for extent, part in zip(array.shape, inner)]
    for place in np.ndindex(*counts):
        yield np.ascontiguousarray(array[tuple(slice(i * n, (i + 1) * n) for i, n in zip(place, inner))])


def sharding(inner, codecs, location="end", index_codecs=(LITTLE, CRC)):
    return codec("sharding_indexed", chunk_shape=list(inner), codecs=list(codecs), index_codecs=list(index_codecs), index_location=location)


def zstd(array):
    return bytes(numcodecs.Zstd(1).encode(np.ascontiguousarray(array)))


def shards():
    array = image((12, 10, 8))
    gzip = codec("gzip", level=1)
    packed = lambda data: bytes(numcodecs.GZip(1).encode(data))
    inner = (6, 5, 4)
    whole = sharding(inner, [LITTLE, codec("zstd", level=1)])
    parts = [zstd(part) for part in inner_chunks(array, inner)]
    name = "sharding_indexed/"

    write(name + "whole-in-gzip", v3(array.shape, "uint16", [whole, gzip]), packed(shard(parts, gap=b"gap")), array, order=[2, 0, 1])
    start = sharding(inner, [LITTLE, codec("zstd", level=1)], "start")
    write(name + "whole-in-crc32c-index-at-start", v3(array.shape, "uint16", [start, CRC]), with_crc(shard(parts, True)), array)

    missing = array.copy()
    missing[6:, :5, 4:] = 77
    holes = list(parts)
    holes[5] = None
    write(name + "whole-with-fill-value", v3(array.shape, "uint16", [whole, gzip], 77), packed(shard(holes)), missing)
    nothing = v3(array.shape, "float32", [whole, gzip], "NaN")
    write(name + "whole-of-nothing", nothing, packed(shard([None] * 8)), np.full(array.shape, np.nan, "<f4"))

    # Shards in shards: 12×10×8 of 6×10×4 of 3×5×4, big-endian, transposed inside. What is stored as one
    # inner chunk of the outer shard is itself a shard.
    transpose = codec("transpose", order=[2, 1, 0])
    leaf = lambda part: zstd(part.transpose(2, 1, 0).astype(">u2"))
    nested = sharding((3, 5, 4), [transpose, BIG, codec("zstd", level=1)], "start")
    outer = sharding((6, 10, 4), [nested])
    middle = [shard([leaf(p) for p in inner_chunks(part, (3, 5, 4))], True) for part in inner_chunks(array, (6, 10, 4))]
    part = next(inner_chunks(array, (6, 10, 4)))
    write(name + "nested-part", v3(array.shape, "uint16", [outer]), middle[0], part, order=[1, 2, 0])
    write(name + "nested-in-gzip", v3(array.shape, "uint16", [outer, gzip]), packed(shard(middle)), array)
    thrice = sharding((12, 10, 8), [sharding((6, 10, 4), [nested, gzip])])
    write(name + "nested-thrice-part", v3(array.shape, "uint16", [thrice]), shard([packed(m) for m in middle]), array)

    # A transpose before the sharding codec: inner chunks and the index follow the transposed array.
    order = [2, 0, 1]
    turned = np.ascontiguousarray(array.transpose(order))  # 8×12×10
    inner = (4, 6, 10)
    before = [codec("transpose", order=order), sharding(inner, [BIG])]
    parts_of_turned = list(inner_chunks(turned, inner))
    # The chunk at 1, 0 of the turned grid, along the array's own axes.
    write(name + "transposed-part", v3(array.shape, "uint16", before), parts_of_turned[2].astype(">u2").tobytes(), parts_of_turned[2].transpose(1, 2, 0))
    write(name + "transposed-part-in-order", v3(array.shape, "uint16", before), parts_of_turned[2].astype(">u2").tobytes(), parts_of_turned[2].transpose(1, 2, 0), order=[1, 2, 0])
    entries = np.arange(8, dtype="<u8")
    write(name + "transposed-index", v3(array.shape, "uint16", before), with_crc(entries.tobytes()), entries, shard_index=True)
    stored = shard([p.astype(">u2").tobytes() for p in parts_of_turned])
    write(name + "transposed-whole", v3(array.shape, "uint16", [*before, gzip]), packed(stored), array)
    delta = codec("numcodecs.delta", dtype="uint16")
    differences = numcodecs.Delta("<u2").encode(array).reshape(array.shape)
    stored = shard([zstd(p) for p in inner_chunks(differences, (6, 5, 4))])
    write(name + "whole-after-delta", v3(array.shape, "uint16", [delta, whole]), stored, array)

    turn = lambda data: np.ascontiguousarray(np.frombuffer(data, "<u8").reshape(2, 2, 2, 2).transpose(3, 0, 1, 2)).astype(">u8").tobytes()
    odd = sharding((6, 5, 4), [LITTLE, codec("zstd", level=1)], "end", [codec("transpose", order=[3, 0, 1, 2]), BIG])
    write(name + "whole-with-an-odd-index", v3(array.shape, "uint16", [odd, gzip]), packed(shard(parts, index_codec=turn)), array)

    good = shard(parts)
    metadata = v3(array.shape, "uint16", [whole, gzip])

    def bad(case, stored, error, **more):
        write(name + "bad-" + case, more.pop("metadata", metadata), packed(stored), error=error, **more)

    def patched(place, offset, length, at_start=False):
        entries = bytearray(shard(parts, at_start)[:128] if at_start else good[-132:-4])
        entries[16 * place : 16 * place + 16] = struct.pack("<QQ", offset, length)
        return with_crc(bytes(entries)) + shard(parts, True)[132:] if at_start else good[:-132] + with_crc(bytes(entries))

    size = len(good)
    bad("truncated", good[:131], "expected a shard of at least 132 bytes, its index, received 131 bytes; the shard is cut off or damaged")
    bad("cut-off", good[:-1], "index of a shard: decoding crc32c of a 2×2×2×2 uint64 chunk: expected the stored CRC-32C")
    broken = bytearray(good)
    broken[-20] ^= 1
    bad("index-checksum", broken, "expected the stored CRC-32C 0x")
    bad("index-past-the-end", patched(3, size - 200, 201), f"expected a shard index whose entries lie inside the shard, received inner chunk 3 of a shard of {size} bytes at offset {size - 200} with length 201")
    bad("index-out-of-range", patched(2, 2**63, 5), f"expected a shard index whose entries lie inside the shard, received inner chunk 2 of a shard of {size} bytes at offset 9223372036854775808 with length 5")
    bad("index-wraps-around", patched(2, 2**64 - 2, 10), "expected a shard index whose entries lie inside the shard, received inner chunk 2")
    bad("index-half-absent", patched(2, 2**64 - 1, 10), "expected a shard index whose entries lie inside the shard, received inner chunk 2")
    bad("index-overlaps-itself", patched(1, size - 140, 20), f"expected a shard index whose entries lie outside the index itself (132 bytes at offset {size - 132}), received inner chunk 1")
    at_start = v3(array.shape, "uint16", [start, gzip])
    bad("index-at-start-overlaps-itself", patched(1, 131, 20, True), "expected a shard index whose entries lie outside the index itself (132 bytes at offset 0), received inner chunk 1", metadata=at_start)
    bad("inner-chunk", patched(4, 0, 9), "inner chunk 4 of a shard: decoding zstd of a 6×5×4 uint16 chunk: expected a whole zstd frame")
    bad("inner-chunk-of-another-size", shard([zstd(array)] * 8), "inner chunk 0 of a shard: decoding zstd of a 6×5×4 uint16 chunk: expected a whole zstd frame of at most 240 bytes, received a zstd frame that says it holds 1920 bytes")
    bomb = bytes(numcodecs.Zstd(1).encode(np.zeros(1 << 24, "u1")))
    bad("bomb", shard([bomb] + parts[1:]), "received a zstd frame that says it holds 16777216 bytes")
    bad("bomb-around", b"\0" * (1 << 24), "decoding gzip of a 12×10×8 uint16 chunk: expected a whole gzip stream of at most")


def chains():
    array = image()
    chain = [LITTLE, codec("numcodecs.shuffle", elementsize=2), codec("zstd", level=1), CRC, codec("gzip", level=1)]
    stored = numcodecs.GZip(1).encode(with_crc(zstd(np.frombuffer(numcodecs.Shuffle(2).encode(array), "u1"))))
    write("chain/checksum-between-compressors", v3(array.shape, "uint16", chain), stored, array)


filters()
deltas()
packed_bits()
reshapes()
shards()
chains()
