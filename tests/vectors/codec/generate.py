#!/usr/bin/python3
"""Makes the vectors of this folder with NumPy, numcodecs and zarr's conventions (Debian's
python3-numcodecs). Run by hand when a vector is added; the results are committed.

<codec>/<name>.json   {"metadata": .zarray or zarr.json, "order"?: output axes, "valid_index"?: …,
                       "error"?: text the message holds, "code"?: its error code}
<codec>/<name>.bin    the stored chunk
<codec>/<name>.raw    the elements expected, little-endian, C order of the output axes (no error)
"""

import json
import pathlib
import struct
import zlib

import numcodecs
import numpy as np

HERE = pathlib.Path(__file__).parent
# With threads the blocks of a frame come in any order.
numcodecs.blosc.use_threads = False


def image(shape, dtype, seed=1):
    """A smooth field with noise, as a microscope gives: it compresses, but not to nothing."""
    rng = np.random.default_rng(seed)
    axes = np.meshgrid(*[np.linspace(0, 3, n) for n in shape], indexing="ij")
    field = sum(np.sin(a * (i + 1)) for i, a in enumerate(axes)) * 400 + 2000
    field = field + rng.normal(0, 4, shape)
    dtype = np.dtype(dtype)
    if dtype.kind == "b":
        return field > 2000
    if dtype.itemsize == 1:
        field = field / 16
    return field.astype(dtype)


def v2(array, dtype=None, compressor=None, filters=None, order="C", shape=None):
    return {
        "zarr_format": 2,
        "shape": list(shape or array.shape),
        "chunks": list(array.shape),
        "dtype": np.dtype(dtype or array.dtype).str,
        "compressor": compressor,
        "filters": filters,
        "order": order,
        "fill_value": 0,
    }


V3_TYPES = {"b1": "bool", "u1": "uint8", "u2": "uint16", "i4": "int32", "f4": "float32", "u8": "uint64"}


def v3(array, codecs, shape=None):
    return {
        "zarr_format": 3,
        "node_type": "array",
        "shape": list(shape or array.shape),
        "data_type": V3_TYPES[array.dtype.str[1:]],
        "chunk_grid": {"name": "regular", "configuration": {"chunk_shape": list(array.shape)}},
        "chunk_key_encoding": {"name": "default"},
        "fill_value": False if array.dtype.kind == "b" else 0,
        "codecs": codecs,
    }


def write(name, metadata, stored, expected=None, **more):
    path = HERE / name
    path.parent.mkdir(exist_ok=True)
    path.with_suffix(".json").write_text(json.dumps({"metadata": metadata, **more}) + "\n")
    path.with_suffix(".bin").write_bytes(bytes(stored))
    if expected is not None:
        raw = np.ascontiguousarray(expected)
        raw = raw.astype(raw.dtype.newbyteorder("<"))
        path.with_suffix(".raw").write_bytes(raw.tobytes())


class GZip:
    """numcodecs' GZip without the time of day in its header, so that a second run changes nothing."""

    def __init__(self, level):
        self.codec = numcodecs.GZip(level)

    def get_config(self):
        return self.codec.get_config()

    def encode(self, data):
        stored = bytearray(self.codec.encode(data))
        stored[4:8] = bytes(4)
        return bytes(stored)


def encode(array, *codecs):
    data = array
    for codec in codecs:
        data = codec.encode(data)
    return bytes(data)


BYTES = {"name": "bytes", "configuration": {"endian": "little"}}
BIG = {"name": "bytes", "configuration": {"endian": "big"}}


def blosc():
    Blosc = numcodecs.Blosc
    a = image((40, 60), "<u2")
    for cname in ("blosclz", "lz4", "lz4hc", "zlib", "zstd", "snappy"):
        for shuffle, word in ((0, "none"), (1, "shuffle"), (2, "bitshuffle")):
            try:
                codec = Blosc(cname, 5, shuffle)
                data = encode(a, codec)
            except (ValueError, RuntimeError) as error:  # Debian's Blosc may lack snappy
                print("skipped", cname, error)
                break
            write(f"blosc/{cname}-{shuffle}-{word}", v2(a, compressor=codec.get_config()), data, a)
    for dtype in ("|u1", "<i4", "<f4", "<f8", ">u2"):
        b = image((33, 47), dtype)
        for shuffle in (1, 2):
            codec = Blosc("lz4", 5, shuffle)
            name = np.dtype(dtype).name + ("-big" if dtype[0] == ">" else "")
            write(f"blosc/type-{name}-{shuffle}", v2(b, compressor=codec.get_config()), encode(b, codec), b)
    # Every tail of the 128 elements that are unshuffled at once
    for dtype in ("|u1", "<u2", "<i4", "<u8"):
        for count in (128, 136, 8 * 31, 8 * 33):
            b = image((count,), dtype, count)
            codec = Blosc("lz4", 5, 2)
            write(f"blosc/bits-{np.dtype(dtype).name}-{count}", v2(b, compressor=codec.get_config()), encode(b, codec), b)
    # Several blocks, the last one short; and one the encoder only copied.
    c = image((70, 90), "<u2", 3)
    for cname in ("lz4", "zstd", "blosclz"):
        for shuffle in (0, 1, 2):
            codec = Blosc(cname, 5, shuffle, blocksize=1000)
            write(f"blosc/blocks-{cname}-{shuffle}", v2(c, compressor=codec.get_config()), encode(c, codec), c)
    noise = np.random.default_rng(5).integers(0, 65536, (20, 30)).astype("<u2")
    codec = Blosc("lz4", 5, 1)
    write("blosc/incompressible", v2(noise, compressor=codec.get_config()), encode(noise, codec), noise)
    small = image((3, 4), "<u2")
    write("blosc/tiny", v2(small, compressor=codec.get_config()), encode(small, codec), small)

    # Broken ones
    meta = v2(a, compressor=codec.get_config())
    good = encode(a, codec)

    def patched(offset, value):
        return good[:offset] + struct.pack("<I", value) + good[offset + 4 :]

    write("blosc/bad-empty", meta, b"", error="expected a Blosc frame of at least 16 bytes, received 0 bytes", code="fix-data")
    write("blosc/bad-truncated", meta, good[: len(good) // 2], error=f"expected the {len(good)} bytes that the Blosc header says, received {len(good) // 2} bytes", code="fix-data")
    write("blosc/bad-version", meta, b"\x07" + good[1:], error="expected a Blosc 1 frame (format 2), received bytes 07 01", code="fix-data")
    write("blosc/bad-bomb", meta, patched(4, 0x7FFFFFFF), error="expected a Blosc frame that holds at most 4800 bytes, received a header that says 2147483647 bytes", code="fix-data")
    write("blosc/bad-short-size", meta, patched(4, 100), error="received block size 4800", code="fix-data")
    write("blosc/bad-block-size-0", meta, patched(8, 0), error="received block size 0", code="fix-data")
    write("blosc/bad-block-size-huge", meta, patched(8, 0xFFFFFFFF), error="received block size 4294967295", code="fix-data")
    write("blosc/bad-block-start", meta, patched(16, 0xFFFFFFF0), error="received block 0 of 1 that is cut or damaged", code="fix-data")
    write("blosc/bad-split-length", meta, patched(20, 0x7FFFFFFF), error="received block 0 of 1 that is cut or damaged", code="fix-data")
    write("blosc/bad-many-blocks", meta, patched(8, 1), error="expected a Blosc frame with the starts of 4800 blocks", code="fix-data")
    write("blosc/bad-compressor", meta, good[:2] + bytes([good[2] | 0xE0]) + good[3:], error="expected Blosc compressor 0 to 4 (blosclz, lz4, snappy, zlib, zstd), received 7", code="unsupported")
    payload = bytearray(good)
    payload[24:] = b"\xff" * (len(payload) - 24)
    write("blosc/bad-payload", meta, payload, error="expected a whole lz4 block in the Blosc frame", code="fix-data")
    other = image((40, 50), "<u2")
    write("blosc/bad-other-shape", meta, encode(other, codec), error="expected 4800 bytes (40×60 of uint16), received 4000 bytes after all codecs", code="fix-data")


def plain():
    a = image((40, 60), "<u2")
    for name, codec in (
        ("zstd", numcodecs.Zstd(5)),
        ("gzip", GZip(6)),
        ("zlib", numcodecs.Zlib(6)),
        ("lz4", numcodecs.LZ4()),
    ):
        meta = v2(a, compressor=codec.get_config())
        good = encode(a, codec)
        write(f"{name}/u2", meta, good, a)
        zeros = np.zeros((64, 64), "<u2")
        write(f"{name}/zeros", v2(zeros, compressor=codec.get_config()), encode(zeros, codec), zeros)
        noise = np.random.default_rng(2).integers(0, 256, (50, 41)).astype("|u1")
        write(f"{name}/noise", v2(noise, compressor=codec.get_config()), encode(noise, codec), noise)
        bigger = image((40, 61), "<u2")
        smaller = image((40, 59), "<u2")
        size = "expected 4800 bytes (40×60 of uint16), received 4720 bytes after all codecs"
        write(f"{name}/bad-smaller", meta, encode(smaller, codec), error=size, code="fix-data")
        text = {
            "zstd": "received a zstd frame that says it holds 4880 bytes",
            "gzip": "expected a whole gzip stream of at most 4800 bytes, received one that holds more",
            "zlib": "expected a whole zlib stream of at most 4800 bytes, received one that holds more",
            "lz4": "received a header that says it holds 4880 bytes",
        }[name]
        write(f"{name}/bad-larger", meta, encode(bigger, codec), error=text, code="fix-data")
        text = {
            "zstd": "on which zstd says",
            "gzip": "that end early, are damaged or fail their checksum",
            "zlib": "that end early, are damaged or fail their checksum",
            "lz4": "that end early or are damaged",
        }[name]
        write(f"{name}/bad-truncated", meta, good[: len(good) * 2 // 3], error=text, code="fix-data")
        text = {
            "zstd": "expected a zstd frame (28 b5 2f fd), received no bytes",
            "gzip": "expected a gzip member (1f 8b), received no bytes",
            "zlib": "that end early, are damaged",
            "lz4": "expected a 4-byte size and an LZ4 block, received 0 bytes",
        }[name]
        write(f"{name}/bad-empty", meta, b"", error=text, code="fix-data")

    zstd_meta = v2(a, compressor=numcodecs.Zstd(5).get_config())
    write("zstd/bad-magic", zstd_meta, b"<html>404</html>", error="expected a zstd frame (28 b5 2f fd), received bytes 3c 68 74 6d", code="fix-data")
    half = a.tobytes()[:2400], a.tobytes()[2400:]
    write("zstd/two-frames", zstd_meta, b"".join(numcodecs.Zstd(1).encode(h) for h in half), a)
    v3_checksum = v3(a, [BYTES, {"name": "zstd", "configuration": {"level": 1, "checksum": False}}])
    write("zstd/v3", v3_checksum, numcodecs.Zstd(1).encode(a), a)

    gzip_meta = v2(a, compressor=GZip(1).get_config())
    write("gzip/two-members", gzip_meta, b"".join(GZip(1).encode(h) for h in half), a)
    damaged = bytearray(GZip(1).encode(a))
    damaged[-8] ^= 1
    write("gzip/bad-checksum", gzip_meta, damaged, error="fail their checksum", code="fix-data")
    bomb = zlib.compressobj(9, wbits=31)
    write("gzip/bad-bomb", gzip_meta, bomb.compress(bytes(1 << 20)) + bomb.flush(), error="received one that holds more", code="fix-data")
    lz4_meta = v2(a, compressor=numcodecs.LZ4().get_config())
    write("lz4/bad-frame-format", lz4_meta, bytes.fromhex("04224d186440a7") + bytes(20), error="received an LZ4 frame (04 22 4d 18)", code="fix-data")
    write("lz4/bad-lying-header", lz4_meta, struct.pack("<I", 4800) + numcodecs.LZ4().encode(a[:10])[4:], error="expected an LZ4 block that holds the 4800 bytes its header says", code="fix-data")


def crc32c_sum(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def checksum():
    assert crc32c_sum(b"123456789") == 0xE3069283
    a = image((30, 31), "<u2")
    data = a.tobytes()
    total = struct.pack("<I", crc32c_sum(data))
    meta = v3(a, [BYTES, {"name": "crc32c"}])
    write("crc32c/v3", meta, data + total, a)
    write("crc32c/v2", v2(a, compressor={"id": "crc32c"}), data + total, a)
    start = v3(a, [BYTES, {"name": "numcodecs.crc32c", "configuration": {"location": "start"}}])
    write("crc32c/at-start", start, total + data, a)
    packed = bytes(numcodecs.Zstd(1).encode(a))
    chained = v3(a, [BYTES, {"name": "zstd", "configuration": {"level": 1}}, {"name": "crc32c"}])
    write("crc32c/over-zstd", chained, packed + struct.pack("<I", crc32c_sum(packed)), a)
    bad = bytearray(data + total)
    bad[7] ^= 4
    write("crc32c/bad-checksum", meta, bad, error=f"expected the stored CRC-32C 0x{crc32c_sum(data):08x}, received 1860 bytes with CRC-32C 0x{crc32c_sum(bytes(bad[:-4])):08x}", code="fix-data")
    write("crc32c/bad-empty", meta, b"\1\2", error="expected data with a 4-byte CRC-32C, received 2 bytes", code="fix-data")


def raw():
    a = image((30, 31), "<u2")
    write("bytes/little", v3(a, [BYTES]), a.tobytes(), a)
    write("bytes/big", v3(a, [BIG]), a.astype(">u2").tobytes(), a)
    for dtype in ("<i4", "<f4", "<u8"):
        b = image((9, 11), dtype)
        write(f"bytes/big-{np.dtype(dtype).name}", v3(b, [BIG]), b.byteswap().tobytes(), b)
    one = image((7, 5), "|u1")
    write("bytes/one-byte", v3(one, [{"name": "bytes"}]), one.tobytes(), one)
    mask = image((7, 5), "?")
    write("bytes/bool", v3(mask, [{"name": "bytes"}]), mask.tobytes(), mask)
    write("bytes/bad-short", v3(a, [BYTES]), a.tobytes()[:-1], error="expected 1860 bytes (30×31 of uint16), received 1859 bytes after all codecs", code="fix-data")
    write("bytes/bad-long", v3(a, [BYTES]), a.tobytes() + b"\0", error="expected 1860 bytes (30×31 of uint16), received 1861 bytes after all codecs", code="fix-data")
    huge = v3(a, [BYTES])
    huge["chunk_grid"]["configuration"]["chunk_shape"] = [1 << 15, 1 << 14]
    write("bytes/bad-huge-chunk", huge, b"", error="expected chunks of at most 512 MiB when decoded, received a chunk shape of 32768×16384 uint16", code="limit")

    def transpose(order):
        return {"name": "transpose", "configuration": {"order": order}}

    c = image((5, 40, 66), "<u2")
    for order in ([2, 1, 0], [1, 0, 2], [0, 2, 1], [2, 0, 1]):
        name = "".join(map(str, order))
        stored = np.ascontiguousarray(c.transpose(order))
        write(f"transpose/{name}", v3(c, [transpose(order), BYTES]), stored.tobytes(), c)
        write(f"transpose/{name}-big", v3(c, [transpose(order), BIG]), stored.astype(">u2").tobytes(), c)
        write(f"transpose/output-{name}", v3(c, [BYTES]), c.tobytes(), c.transpose(order), order=order)
        write(f"transpose/undone-{name}", v3(c, [transpose(order), BYTES]), stored.tobytes(), stored, order=order)
    twice = np.ascontiguousarray(c.transpose(1, 2, 0).transpose(2, 1, 0))
    write("transpose/twice", v3(c, [transpose([1, 2, 0]), transpose([2, 1, 0]), BYTES]), twice.tobytes(), c)
    f = np.asfortranarray(c)
    codec = numcodecs.Blosc("zstd", 3, 1)
    write("transpose/v2-order-F", v2(c, order="F", compressor=codec.get_config()), codec.encode(c.tobytes("F")), c)
    del f
    d = image((2, 3, 4, 5, 6), "<f4")
    order = [3, 1, 4, 0, 2]
    write("transpose/five-axes", v3(d, [transpose(order), BYTES]), np.ascontiguousarray(d.transpose(order)).tobytes(), d)
    for dtype in ("|u1", "<u8"):
        e = image((37, 45), dtype)
        write(f"transpose/type-{e.dtype.name}", v3(e, [transpose([1, 0]), BYTES]), e.T.tobytes("C"), e)
    write("transpose/bad-order", v3(c, [BYTES]), c.tobytes(), order=[0, 0, 1], error="expected an output order that names each of the 3 axes once", code="fix-data")


def filters():
    a = image((30, 31), "<u2")
    shuffle = numcodecs.Shuffle(2)
    write("shuffle/u2", v2(a, compressor=shuffle.get_config()), encode(a, shuffle), a)
    b = image((30, 31), "<f8")
    shuffle8 = numcodecs.Shuffle(8)
    zlib6 = numcodecs.Zlib(6)
    write("shuffle/f8-zlib", v2(b, filters=[shuffle8.get_config()], compressor=zlib6.get_config()), encode(b, shuffle8, zlib6), b)
    write("shuffle/bad-length", v2(a, compressor=shuffle.get_config()), encode(a, shuffle)[:-1], error="expected a multiple of 2 bytes (one element), at most 1860, received 1859 bytes", code="fix-data")

    for dtype, astype in (("<u2", "<i2"), ("<i4", "<i2"), ("<u2", None), ("<f4", None), (">i4", ">i4"), ("<i8", "<i8"), ("|u1", None)):
        c = image((30, 31), dtype, 7)
        delta = numcodecs.Delta(dtype, astype)
        name = np.dtype(dtype).str[1:] + "-" + np.dtype(astype or dtype).str[1:] + ("-big" if dtype[0] == ">" else "")
        expected = np.frombuffer(delta.decode(encode(c, delta)), dtype).reshape(c.shape)
        write(f"delta/{name}", v2(c, filters=[delta.get_config()]), encode(c, delta), expected)
    delta = numcodecs.Delta("<u2", "<i2")
    blosc5 = numcodecs.Blosc("lz4", 5, 1)
    write("delta/u2-blosc", v2(a, filters=[delta.get_config()], compressor=blosc5.get_config()), encode(a, delta, blosc5), a)
    write("delta/bad-length", v2(a, filters=[delta.get_config()]), encode(a, delta)[:-1], error="expected a multiple of 2 bytes (one element), at most 1860, received 1859 bytes", code="fix-data")
    write("delta/bad-short", v2(a, filters=[delta.get_config()]), encode(a, delta)[:-2], error="received 1858 bytes after all codecs", code="fix-data")

    d = image((30, 31), "<f8")
    for astype in ("|u1", "<u2", "<i4", "<f4"):
        scale = numcodecs.FixedScaleOffset(offset=1900, scale=10 if astype != "|u1" else 0.2, dtype="<f8", astype=astype)
        data = encode(d, scale)
        expected = np.asarray(scale.decode(data)).reshape(d.shape)
        write(f"fixedscaleoffset/f8-{np.dtype(astype).str[1:]}", v2(d, filters=[scale.get_config()]), data, expected)
    e = image((30, 31), "<i4")
    scale = numcodecs.FixedScaleOffset(offset=-5, scale=0.5, dtype="<i4", astype="<i2")
    data = encode(e, scale)
    write("fixedscaleoffset/i4-i2", v2(e, filters=[scale.get_config()]), data, np.asarray(scale.decode(data)).reshape(e.shape))

    mask = image((13, 31), "?")
    pack = numcodecs.PackBits()
    write("packbits/bool", v2(mask, filters=[pack.get_config()]), encode(mask, pack), mask)
    full = image((8, 8), "?")
    gz = GZip(1)
    write("packbits/gzip", v2(full, filters=[pack.get_config()], compressor=gz.get_config()), encode(full, pack, gz), full)
    write("packbits/bad-count", v2(full, filters=[pack.get_config()]), b"\xff" + bytes(8), error="expected a count of padding bits from 0 to 7, received bytes ff 00", code="fix-data")
    write("packbits/bad-short", v2(full, filters=[pack.get_config()]), bytes(8), error="received 56 bytes after all codecs", code="fix-data")
    write("packbits/bad-long", v2(full, filters=[pack.get_config()]), bytes(20), error="expected 9 bytes for 64 bits, received 20 bytes", code="fix-data")


def chains():
    a = image((40, 60), "<u2")
    zstd, gz = numcodecs.Zstd(1), GZip(1)
    write("chain/gzip-over-zstd", v2(a, filters=[zstd.get_config()], compressor=gz.get_config()), encode(a, zstd, gz), a)
    codecs = [
        {"name": "transpose", "configuration": {"order": [1, 0]}},
        BIG,
        {"name": "numcodecs.shuffle", "configuration": {"elementsize": 2}},
        {"name": "gzip", "configuration": {"level": 1}},
        {"name": "crc32c"},
    ]
    data = encode(np.ascontiguousarray(a.T).astype(">u2"), numcodecs.Shuffle(2), gz)
    write("chain/everything", v3(a, codecs), data + struct.pack("<I", crc32c_sum(data)), a)
    inner = [BYTES, {"name": "zstd", "configuration": {"level": 1}}]
    shard = {"name": "sharding_indexed", "configuration": {"chunk_shape": [10, 20], "codecs": inner, "index_codecs": [BYTES, {"name": "crc32c"}]}}
    meta = v3(a, [shard])
    write("chain/inner-chunk", meta, zstd.encode(np.ascontiguousarray(a[:10, :20])), a[:10, :20])
    index = np.array([[[i * 3 + j, 100 + j] for j in range(3)] for i in range(4)], "<u8")
    raw_index = index.tobytes() + struct.pack("<I", crc32c_sum(index.tobytes()))
    write("chain/shard-index", meta, raw_index, index, shard_index=True)
    write("chain/bad-shard-index", meta, raw_index[:-1] + b"\0", error="expected the stored CRC-32C", code="fix-data", shard_index=True)


blosc()
plain()
checksum()
raw()
filters()
chains()
