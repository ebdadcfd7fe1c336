"""Writes one OME-Zarr 0.4 image a codec into a folder, and times how fast numcodecs (the codecs' own C code,
one thread) decodes its chunks from memory: bench/validate-data.py FOLDER MEGABYTES; prints JSON."""

import json
import pathlib
import sys
import time

import numcodecs
import numpy

EDGE = 1024  # of a chunk of 16-bit elements: 2 MiB

CODECS = {
    "blosc-lz4": numcodecs.Blosc(cname="lz4", clevel=5, shuffle=numcodecs.Blosc.SHUFFLE),
    "blosc-zstd": numcodecs.Blosc(cname="zstd", clevel=3, shuffle=numcodecs.Blosc.SHUFFLE),
    "zstd": numcodecs.Zstd(level=3),
    "gzip": numcodecs.GZip(level=5),
    "lz4": numcodecs.LZ4(),
}


def chunks(count):
    """Smooth shapes with a microscope's noise: real pixels compress about so."""
    random = numpy.random.default_rng(1)
    y, x = numpy.mgrid[0:EDGE, 0:EDGE]
    for i in range(count):
        shape = 400 + 300 * numpy.sin(x / 37.0 + i) * numpy.cos(y / 53.0)
        yield (shape + random.normal(0, 12, (EDGE, EDGE))).astype("<u2")


def main():
    root, megabytes = pathlib.Path(sys.argv[1]), int(sys.argv[2])
    numcodecs.blosc.use_threads = False
    count = max(1, megabytes // 2)
    result = {}
    for name, codec in CODECS.items():
        image = root / f"{name}.ome.zarr"
        (image / "0" / "0").mkdir(parents=True, exist_ok=True)
        axes = [{"name": n, "type": "space", "unit": "micrometer"} for n in "zyx"]
        scale = [{"type": "scale", "scale": [1.0, 0.5, 0.5]}]
        multiscale = {"version": "0.4", "name": name, "axes": axes,
                      "datasets": [{"path": "0", "coordinateTransformations": scale}]}  # fmt: skip
        (image / ".zattrs").write_text(json.dumps({"multiscales": [multiscale]}))
        (image / ".zgroup").write_text('{"zarr_format": 2}')
        (image / "0" / ".zarray").write_text(json.dumps({
            "zarr_format": 2, "shape": [count, EDGE, EDGE], "chunks": [1, EDGE, EDGE], "dtype": "<u2", "fill_value": 0,
            "order": "C", "filters": None, "dimension_separator": "/", "compressor": codec.get_config()}))  # fmt: skip
        stored = []
        for i, pixels in enumerate(chunks(count)):
            stored.append(codec.encode(pixels))
            path = image / "0" / str(i) / "0"
            path.mkdir(parents=True, exist_ok=True)
            (path / "0").write_bytes(stored[-1])
        best = float("inf")
        for _ in range(3):
            start = time.process_time()
            for one in stored:
                codec.decode(one)
            best = min(best, time.process_time() - start)
        result[name] = {"megabytes": count * EDGE * EDGE * 2 / 1e6, "seconds": best}
    print(json.dumps(result))


main()
