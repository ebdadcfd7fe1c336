"""One image in one file: a zipped OME-Zarr 0.5 (RFC-9) with its mask, both in shards."""

import numpy as np

import omezarr as oz
import zarr3

VERSION = "0.5"
SCALE = (0.107, 0.107)
CHUNKS, SHARDS = (128, 128), (512, 512)


def _add_image(tree, path, data, name, reduce, more):
    scale, translation, datasets = np.array(SCALE), np.zeros(2), []
    for level in ("0", "1", "2"):
        if level != "0":
            data = reduce(data, (2, 2))
            translation, scale = translation + scale / 2, scale * 2
        array = f"{path}/{level}".lstrip("/")
        zarr3.add_array(tree, array, data, "yx", CHUNKS, codec="zstd", shards=SHARDS)
        place = oz.transforms(scale, translation)
        datasets.append({"path": level, "coordinateTransformations": place})
    multiscale = {
        "name": name,
        "axes": oz.axes("yx"),
        "datasets": datasets,
        "type": reduce.__name__,
    }
    zarr3.add_group(tree, path, {"version": VERSION, "multiscales": [multiscale], **more})


def write_all(images, picture, mask):
    """`picture` and `mask` (y,x) are those of cell.ome.zarr."""
    tree = {}
    _add_image(tree, "", picture, "Cell floating in saline", oz.mean, {})
    zarr3.add_group(tree, "labels", {"version": VERSION, "labels": ["cell"]})
    label = {
        "colors": [{"label-value": 1, "rgba": [0, 158, 115, 255]}],
        "source": {"image": "../../"},
    }
    _add_image(
        tree, "labels/cell", mask.astype(np.uint8), "cell", oz.majority, {"image-label": label}
    )
    zarr3.to_zip(tree, images / "cell.ozx", VERSION)
