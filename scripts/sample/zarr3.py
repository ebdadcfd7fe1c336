"""Writes and reads Zarr v3 (python3-zarr 2.13 cannot): regular grids, gzip or zstd, shards.

A hierarchy is a dict of path: bytes. `to_folder` and `to_zip` store it; `Folder` and `zipfile.ZipFile`
read it back. Follows the Zarr v3 core specification and the codec `sharding_indexed`.
"""

import gzip
import json
import struct
import zipfile
import zlib

import numcodecs
import numpy as np

ABSENT = 2**64 - 1


def _crc32c_table():
    table = []
    for byte in range(256):
        for _ in range(8):
            byte = (byte >> 1) ^ (0x82F63B78 if byte & 1 else 0)
        table.append(byte)
    return table


CRC32C = _crc32c_table()


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc = CRC32C[(crc ^ byte) & 255] ^ (crc >> 8)
    return crc ^ 0xFFFFFFFF


def _encode(block, codec):
    raw = np.ascontiguousarray(block).astype(block.dtype.newbyteorder("<"), copy=False).tobytes()
    if codec == "gzip":
        return gzip.compress(raw, 6, mtime=0)
    return bytes(numcodecs.Zstd(level=6).encode(raw))


def _decode(data, codec):
    return zlib.decompress(data, 31) if codec == "gzip" else bytes(numcodecs.Zstd().decode(data))


def _codecs(codec, dtype):
    bytes_codec = {"name": "bytes"}
    if dtype.itemsize > 1:
        bytes_codec["configuration"] = {"endian": "little"}
    options = {"level": 6} if codec == "gzip" else {"level": 6, "checksum": False}
    return [bytes_codec, {"name": codec, "configuration": options}]


def _blocks(data, shape):
    """(index, block) of a regular grid; blocks at the end are filled up with zeros."""
    padded = np.pad(data, [(0, -size % edge) for size, edge in zip(data.shape, shape)])
    for index in np.ndindex(*(n // e for n, e in zip(padded.shape, shape))):
        yield index, padded[tuple(slice(i * e, (i + 1) * e) for i, e in zip(index, shape))]


def _shard(block, chunks, codec):
    """The chunks of a shard one after the other, then where each lies, then a checksum of that.

    A chunk of zeros is not stored. None for a shard without any.
    """
    body, index = b"", []
    for _, chunk in _blocks(block, chunks):
        if not chunk.any():
            index += [ABSENT, ABSENT]
            continue
        encoded = _encode(chunk, codec)
        index += [len(body), len(encoded)]
        body += encoded
    table = struct.pack(f"<{len(index)}Q", *index)
    return body + table + struct.pack("<I", crc32c(table)) if body else None


def _json(value):
    return (json.dumps(value, indent=1, ensure_ascii=False) + "\n").encode()


def add_group(tree, path, ome):
    """A group with OME metadata (a dict), or an empty one (None)."""
    attributes = {"ome": ome} if ome else {}
    tree[f"{path}/zarr.json".lstrip("/")] = _json(
        {"zarr_format": 3, "node_type": "group", "attributes": attributes}
    )


def add_array(tree, path, data, names, chunks, *, codec="zstd", shards=None):
    """An array in regular chunks, stored each by itself or together in `shards`."""
    codecs = _codecs(codec, data.dtype)
    if shards:
        checked = _codecs(codec, np.dtype("<u8"))[:1] + [{"name": "crc32c"}]
        sharding = {
            "chunk_shape": list(chunks),
            "codecs": codecs,
            "index_codecs": checked,
            "index_location": "end",
        }
        codecs = [{"name": "sharding_indexed", "configuration": sharding}]
    grid = list(shards or chunks)
    tree[f"{path}/zarr.json"] = _json(
        {
            "zarr_format": 3,
            "node_type": "array",
            "shape": list(data.shape),
            "data_type": data.dtype.name,
            "chunk_grid": {"name": "regular", "configuration": {"chunk_shape": grid}},
            "chunk_key_encoding": {"name": "default", "configuration": {"separator": "/"}},
            "fill_value": 0,
            "codecs": codecs,
            "dimension_names": list(names),
            "attributes": {},
        }
    )
    for index, block in _blocks(data, grid):
        encoded = _shard(block, chunks, codec) if shards else _encode(block, codec)
        if encoded is not None:
            tree["/".join([path, "c", *map(str, index)])] = encoded


def to_folder(tree, root):
    for path, data in tree.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)


def to_zip(tree, path, version):
    """A zipped OME-Zarr (RFC-9): members stored, zip64, all zarr.json first, from the root downwards."""
    first = sorted((p for p in tree if p.endswith("zarr.json")), key=lambda p: (p.count("/"), p))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name in first + [p for p in tree if p not in first]:
            member = zipfile.ZipInfo(name)  # its date is 1980, whenever it is made
            member.external_attr = 0o644 << 16
            with archive.open(member, "w", force_zip64=True) as file:
                file.write(tree[name])
        says = {"ome": {"version": version, "zipFile": {"centralDirectory": {"jsonFirst": True}}}}
        archive.comment = json.dumps(says, separators=(",", ":")).encode()


class Folder:
    """Reads a folder as zipfile.ZipFile reads an archive."""

    def __init__(self, root):
        self.root = root

    def read(self, path):
        try:
            return (self.root / path).read_bytes()
        except FileNotFoundError:
            raise KeyError(path) from None


def read_ome(store, path=""):
    return json.loads(store.read(f"{path}/zarr.json".lstrip("/")))["attributes"]["ome"]


def _unshard(data, configuration, dtype, grid):
    """The elements of one shard."""
    chunks = configuration["chunk_shape"]
    out = np.zeros(grid, dtype)
    counts = [g // c for g, c in zip(grid, chunks)]
    size = 16 * int(np.prod(counts))
    table, check = data[-size - 4 : -4], data[-4:]
    if struct.unpack("<I", check)[0] != crc32c(table):
        raise SystemExit("make-sample: a shard's index does not have its checksum")
    places = np.frombuffer(table, "<u8").reshape(-1, 2)
    codec = configuration["codecs"][-1]["name"]
    for (offset, length), index in zip(places.tolist(), np.ndindex(*counts)):
        if offset != ABSENT:
            raw = _decode(data[offset : offset + length], codec)
            place = tuple(slice(i * c, (i + 1) * c) for i, c in zip(index, chunks))
            out[place] = np.frombuffer(raw, dtype).reshape(chunks)
    return out


def read_array(store, path):
    metadata = json.loads(store.read(f"{path}/zarr.json"))
    grid = metadata["chunk_grid"]["configuration"]["chunk_shape"]
    dtype = np.dtype(metadata["data_type"]).newbyteorder("<")
    counts = [-(-size // edge) for size, edge in zip(metadata["shape"], grid)]
    out = np.zeros([n * e for n, e in zip(counts, grid)], dtype)
    last = metadata["codecs"][-1]
    for index in np.ndindex(*counts):
        try:
            data = store.read("/".join([path, "c", *map(str, index)]))
        except KeyError:
            continue
        if last["name"] == "sharding_indexed":
            block = _unshard(data, last["configuration"], dtype, grid)
        else:
            block = np.frombuffer(_decode(data, last["name"]), dtype).reshape(grid)
        out[tuple(slice(i * e, (i + 1) * e) for i, e in zip(index, grid))] = block
    return out[tuple(slice(0, size) for size in metadata["shape"])]
