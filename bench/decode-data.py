#!/usr/bin/python3
"""Encodes the image that bench/decode.mjs decodes: bench/decode-data.py <folder>

1024² uint16 as a fluorescence camera gives it: cells of some hundred counts on a background of 100,
photon (Poisson) and read-out noise. Needs Debian's python3-numcodecs.
"""

import json
import pathlib
import sys

import numcodecs
import numpy as np

SIDE = 1024
CODECS = {
    "blosc-lz4": numcodecs.Blosc("lz4", 5, numcodecs.Blosc.SHUFFLE),
    "blosc-zstd": numcodecs.Blosc("zstd", 5, numcodecs.Blosc.SHUFFLE),
    "blosc-zstd-bitshuffle": numcodecs.Blosc("zstd", 5, numcodecs.Blosc.BITSHUFFLE),
    "lz4": numcodecs.LZ4(),
    "zstd": numcodecs.Zstd(3),
    "gzip": numcodecs.GZip(6),
}


def image():
    rng = np.random.default_rng(7)
    y, x = np.mgrid[0:SIDE, 0:SIDE].astype("f4")
    field = np.full((SIDE, SIDE), 20, "f4")
    for _ in range(120):
        cy, cx = rng.uniform(0, SIDE, 2)
        radius, light = rng.uniform(12, 40), rng.uniform(50, 900)
        field += light * np.exp(-(((y - cy) ** 2 + (x - cx) ** 2) / (2 * radius**2)) ** 2)
    return np.clip(100 + rng.poisson(field) + rng.normal(0, 2, field.shape), 0, 65535).astype("<u2")


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    pixels = image()
    (folder / "image.raw").write_bytes(pixels.tobytes())
    for name, codec in CODECS.items():
        # Buffer codecs see bytes, as zarr gives them; Blosc wants the element size.
        (folder / f"{name}.bin").write_bytes(bytes(codec.encode(pixels)))
        (folder / f"{name}.json").write_text(json.dumps(codec.get_config()))


main()
