#!/usr/bin/python3
"""What zarr-python reads: for each Zarr v2 array named on standard input, one line of JSON with the
SHA-256 of its elements (little-endian, C order), or the reason why it cannot.

    /usr/bin/python3 zarr_oracle.py < paths       read these
    /usr/bin/python3 zarr_oracle.py --matrix DIR  write many small arrays below DIR, and do the same

Needs Debian's python3-zarr and python3-numcodecs; ends with status 3 where they are not there.
"""

import hashlib
import itertools
import json
import os
import sys

try:
    import numcodecs
    import numpy as np
    import zarr
except ImportError as error:
    print(error, file=sys.stderr)
    sys.exit(3)


def digest(array):
    data = np.ascontiguousarray(array)
    return hashlib.sha256(data.astype(data.dtype.newbyteorder("<"), copy=False).tobytes()).hexdigest()


def read(path):
    try:
        array = zarr.open_array(path, mode="r")
        if array.dtype.kind not in "biuf":
            return {"path": path, "error": f"dtype {array.dtype}"}
        return {"path": path, "sha256": digest(array[...])}
    except Exception as error:  # whatever it is, this reader cannot be compared with
        return {"path": path, "error": f"{type(error).__name__}: {error}"}


TYPES = ["|b1", "|i1", "|u1"] + [o + k for k in ("i2", "i4", "i8", "u2", "u4", "u8", "f2", "f4", "f8") for o in "<>"]


def compressors():
    yield "none", None
    yield "zlib", numcodecs.Zlib(1)
    yield "gzip", numcodecs.GZip(1)
    yield "zstd", numcodecs.Zstd(3)
    yield "lz4", numcodecs.LZ4()
    for name, shuffle in itertools.product(("lz4", "lz4hc", "blosclz", "zstd", "zlib", "snappy"), (0, 1, 2)):
        if name in numcodecs.blosc.list_compressors():
            yield f"blosc-{name}-{shuffle}", numcodecs.Blosc(name, 5, shuffle)


def filters(dtype):
    yield "none", None
    kind, size = np.dtype(dtype).kind, np.dtype(dtype).itemsize
    if kind == "b":
        yield "packbits", [numcodecs.PackBits()]
        return
    yield "delta", [numcodecs.Delta(dtype)]
    yield "shuffle", [numcodecs.Shuffle(size)]
    yield "delta-shuffle", [numcodecs.Delta(dtype), numcodecs.Shuffle(size)]
    yield "astype", [numcodecs.AsType("<f8", dtype)]
    yield "crc32-adler32", [numcodecs.CRC32(), numcodecs.Adler32()]
    if kind == "f" and size > 2:
        yield "fixedscaleoffset", [numcodecs.FixedScaleOffset(-3, 8, dtype, "<i4")]
        yield "fixedscaleoffset-int", [numcodecs.FixedScaleOffset(2, 4, dtype, ">i2"), numcodecs.Delta("<i2")]
        yield "quantize", [numcodecs.Quantize(2, dtype)]
    if kind == "f" and dtype[0] == "<":
        yield "bitround", [numcodecs.BitRound(5)]


def values(shape, dtype, seed):
    dtype = np.dtype(dtype)
    rng = np.random.default_rng(seed)
    if dtype.kind == "b":
        return rng.integers(0, 2, shape).astype(dtype)
    if dtype.kind == "f":
        data = rng.normal(0, 40, shape).astype(dtype)
        if data.size > 7:
            data.flat[5], data.flat[6], data.flat[7] = (0, -0.0, 1e-6)
        return data
    info = np.iinfo(dtype)
    data = rng.integers(info.min, info.max, shape, dtype=dtype.newbyteorder("="), endpoint=True)
    smooth = (np.arange(data.size).reshape(shape) % 90).astype(dtype)
    return np.where(rng.random(shape) < 0.2, data, smooth).astype(dtype)


def write(folder, name, data, **options):
    path = os.path.join(folder, name)
    array = zarr.open_array(path, mode="w", shape=data.shape, dtype=data.dtype, **options)
    array[...] = data
    return read(path)


def matrix(folder):
    shape, chunks = (7, 9, 5), (4, 5, 5)
    every = list(compressors())
    seed = 0
    for dtype in TYPES:
        for order, (compressor_name, compressor) in itertools.product("CF", every):
            seed += 1
            separator = ("." if seed % 2 else "/")
            name = f"{dtype[1:]}{'be' if dtype[0] == '>' else ''}-{order}-{compressor_name}"
            yield write(folder, name, values(shape, dtype, seed), chunks=chunks, order=order, compressor=compressor,
                        dimension_separator=separator)
        for order, (filter_name, chain) in itertools.product("CF", filters(dtype)):
            seed += 1
            compressor_name, compressor = every[seed % len(every)]
            separator = ("." if seed % 2 else "/")
            name = f"{dtype[1:]}{'be' if dtype[0] == '>' else ''}-{order}-{filter_name}-then-{compressor_name}"
            yield write(folder, name, values(shape, dtype, seed), chunks=chunks, order=order, filters=chain,
                        compressor=compressor, dimension_separator=separator)
        # Of other ranks, with chunks that are not there, and larger chunks than the array.
        for rank_shape, rank_chunks in (((), ()), ((11,), (4,)), ((0, 3), (2, 2)), ((3, 2), (10, 10)), ((2, 3, 2, 1, 4), (1, 2, 2, 1, 3))):
            seed += 1
            name = f"{dtype[1:]}{'be' if dtype[0] == '>' else ''}-rank-{'x'.join(map(str, rank_shape))}"
            path = os.path.join(folder, name)
            fill = True if dtype == "|b1" else [7, 3, 0][seed % 3]  # not None: then what is missing is undefined
            array = zarr.open_array(path, mode="w", shape=rank_shape, chunks=rank_chunks or True, dtype=dtype, fill_value=fill)
            if np.prod(rank_shape) > 8:
                array[:4] = values((4,) + rank_shape[1:], dtype, seed)[: min(4, rank_shape[0])]
            elif rank_shape == () and seed % 2:
                array[...] = 1
            yield read(path)
    for dtype, fill in itertools.product(("<f4", ">f8", "<f2"), ("NaN", "Infinity", "-Infinity", -1.5)):
        path = os.path.join(folder, f"fill-{dtype[1:]}-{fill}")
        zarr.open_array(path, mode="w", shape=(3, 4), chunks=(2, 2), dtype=dtype, fill_value=float(fill))
        yield read(path)


def main():
    if sys.argv[1:2] == ["--matrix"]:
        results = matrix(sys.argv[2])
    else:
        results = (read(line.rstrip("\n")) for line in sys.stdin)
    for entry in results:
        print(json.dumps(entry), flush=True)


main()
