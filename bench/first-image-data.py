"""Writes the image of bench:first-image: 4096² uint16, two channels, blosc-lz4, 512² chunks, 4 levels.

    /usr/bin/python3 bench/first-image-data.py <folder.ome.zarr>

Nuclei and filaments over a background with camera noise, so that the codec has as much to do as it
has with pictures from a microscope. The same bytes every time.
"""

import json
import sys

import numcodecs
import numpy as np
import zarr

EDGE = 4096
CHUNK = 512
LEVELS = 4


def blobs(rng: np.random.Generator, count: int, radius: tuple[float, float]) -> np.ndarray:
    plane = np.zeros((EDGE, EDGE), np.float32)
    for _ in range(count):
        r = rng.uniform(*radius)
        y, x = rng.uniform(0, EDGE, 2)
        y0, y1 = max(0, int(y - 3 * r)), min(EDGE, int(y + 3 * r))
        x0, x1 = max(0, int(x - 3 * r)), min(EDGE, int(x + 3 * r))
        yy, xx = np.mgrid[y0:y1, x0:x1].astype(np.float32)
        distance = np.hypot(yy - y, xx - x) / r
        plane[y0:y1, x0:x1] += rng.uniform(0.4, 1) / (1 + np.exp(8 * (distance - 1)))
    return plane


def filaments(rng: np.random.Generator) -> np.ndarray:
    yy, xx = np.mgrid[0:EDGE, 0:EDGE].astype(np.float32)
    plane = np.zeros((EDGE, EDGE), np.float32)
    for _ in range(6):
        angle, period, phase = rng.uniform(0, np.pi), rng.uniform(60, 400), rng.uniform(0, 6)
        wave = np.cos((yy * np.sin(angle) + xx * np.cos(angle)) * 2 * np.pi / period + phase)
        plane += np.maximum(wave, 0) ** 12
    return plane


def main(folder: str) -> None:
    rng = np.random.default_rng(7)
    signal = np.stack([blobs(rng, 2500, (14, 40)), filaments(rng)])
    counts = 180 + 3000 * signal
    image = np.clip(rng.poisson(counts) + rng.normal(0, 6, counts.shape), 0, 65535).astype(np.uint16)
    group = zarr.open_group(folder, mode="w")
    datasets = []
    for level in range(LEVELS):
        group.create_dataset(
            str(level),
            data=image,
            chunks=(1, CHUNK, CHUNK),
            compressor=numcodecs.Blosc("lz4", clevel=5, shuffle=numcodecs.Blosc.SHUFFLE),
            dimension_separator="/",
        )
        step = 2**level
        shift = (step - 1) / 2 * 0.25
        datasets.append(
            {
                "path": str(level),
                "coordinateTransformations": [
                    {"type": "scale", "scale": [1, 0.25 * step, 0.25 * step]},
                    {"type": "translation", "translation": [0, shift, shift]},
                ],
            }
        )
        c, y, x = image.shape
        image = image.reshape(c, y // 2, 2, x // 2, 2).mean((2, 4)).round().astype(np.uint16)
    axes = [{"name": "c", "type": "channel"}]
    axes += [{"name": name, "type": "space", "unit": "micrometer"} for name in "yx"]
    channels = [
        {"label": label, "color": color, "active": True, "window": {"min": 0, "max": 65535, "start": 150, "end": 4000}}
        for label, color in [("nuclei", "00A0FF"), ("filaments", "FF8000")]
    ]
    group.attrs.put(
        {
            "multiscales": [{"version": "0.4", "name": "first-image", "axes": axes, "datasets": datasets}],
            "omero": {"channels": channels},
        }
    )
    print(json.dumps({"mean": float(counts.mean())}))


main(sys.argv[1])
