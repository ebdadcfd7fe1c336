#!/usr/bin/python3
"""Makes tests/formats/fixtures.json: of real images in ../shared/fixtures, what independent readers (tifffile,
PIL) find in them. Only hashes are kept; the images are not ours. See make_vectors.py for the form.
"""

import json
import pathlib
import warnings

import numpy as np
import tifffile
from PIL import Image

ROOT = pathlib.Path("../shared/fixtures")
warnings.simplefilter("ignore")


def fnv(data):
    value = 0xCBF29CE484222325
    for byte in data:
        value = ((value ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return f"{value:016x}"


def read(path):
    """(array, axes) by tifffile where it can, else by PIL; None where neither can."""
    if path.suffix in (".tif", ".tiff"):
        try:
            with tifffile.TiffFile(path) as file:
                series = file.series[0]
                page = series.keyframe
                if page.photometric in (1, 2, 3) or (page.photometric == 0):
                    axes = series.axes.replace("S", "C" if "C" not in series.axes else "S").replace("I", "Z").replace("Q", "Z")
                    array = series.asarray()
                    if page.photometric == 3:
                        raise ValueError("palette")
                    if page.bitspersample == 1:
                        array = array.astype(np.uint8)
                    if page.photometric == 2 and page.samplesperpixel == 4:
                        raise ValueError("alpha")
                    return array, axes.lower()
        except Exception:
            pass
    image = Image.open(path)
    if image.mode in ("P", "RGBA", "CMYK", "YCbCr", "LAB"):
        if image.mode in ("CMYK", "LAB"):
            return None
        image = image.convert("RGB")
    if image.mode == "1":
        return np.asarray(image).astype(np.uint8), "yx"
    array = np.asarray(image)
    return array, "yx" if array.ndim == 2 else "yxc"


def main():
    expected = {}
    paths = sorted(path for folder in ("masks/stardist", "masks/bbbc007", "tiff", "masks/dsb2018", "coco/rbc-test", "ctc")
                   for path in (ROOT / folder).rglob("*") if path.suffix in (".tif", ".tiff", ".png", ".jpg"))
    kept = {}
    for path in paths:
        kept.setdefault(path.parent.parent if "dsb2018" in str(path) else path.parent, []).append(path)
    for folder, files in kept.items():
        for path in files if "tiff" in str(folder) else files[:4]:
            try:
                found = read(path)
            except Exception as error:
                print(path, error)
                continue
            if found is None:
                continue
            array, axes = found
            if len(axes) != array.ndim or any(a not in "tczyx" for a in axes) or array.size > 30_000_000:
                print(path, axes, array.shape)
                continue
            array = np.ascontiguousarray(array.transpose([axes.index(a) for a in "tczyx" if a in axes]))
            present = [a for a in "tczyx" if a in axes]
            shape = [array.shape[present.index(a)] if a in axes else 1 for a in "tczyx"]
            little = array.astype(array.dtype.newbyteorder("<"))
            expected[str(path.relative_to(ROOT))] = {"shape": shape, "type": str(array.dtype.name), "fnv": fnv(little.tobytes())}
    lines = [f"{json.dumps(name)}: {json.dumps(value)}" for name, value in sorted(expected.items())]
    pathlib.Path("tests/formats/fixtures.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")
    print(len(lines))


main()
