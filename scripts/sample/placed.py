"""Images in coordinate systems of their own and others', as OME-Zarr 0.6: a stitched scene, a rotated image.

Index 0 is the centre of the first pixel everywhere, as the specification says.
"""

import numpy as np
from scipy import ndimage
from skimage import io

import omezarr as oz
import pictures
import simulation as sim
import zarr3

VERSION = "0.6"
PIXEL = 10.0  # um, assumed: the source of retina.jpg does not say
STAGE = (12500.0, -3105.0)  # um: where the centre of the picture's first pixel lies on the stage
ANGLE = 7.0  # degrees, of the tile that was taken with the camera askew
# First row and column in retina.jpg, rows and columns: they overlap by a hundred pixels or so.
TILES = {
    "tile_0": ((0, 0), (760, 760)),
    "tile_1": ((0, 651), (760, 760)),
    "tile_2": ((651, 0), (760, 760)),
}
ASKEW, ASKEW_SHAPE, ASKEW_FIRST = "tile_3", (678, 678), (735.75, 653.5)
SLIDE_ANGLE, SLIDE_MIRROR, SLIDE_PLACE = 30.0, -1.0, (905.0, 118.5)


def rotation(degrees):
    """For column vectors (y, x)."""
    cos, sin = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return np.array([[cos, -sin], [sin, cos]])


def system(name, names):
    return {"name": name, "axes": oz.axes(names)}


def _to_own(path, scale, translation):
    """Of a level: from its elements to the image's own system."""
    steps = [
        {"type": "scale", "scale": [float(s) for s in scale]},
        {"type": "translation", "translation": [float(t) for t in translation]},
    ]
    whole = {"type": "sequence", "transformations": steps} if any(translation) else steps[0]
    return {**whole, "input": {"path": path}, "output": {"name": "physical"}}


def add_image(tree, path, data, names, scale, chunks, codec, *, name, omero, further=(), paths=()):
    """A 0.6 image of two levels (the second by 2 in y and x) in a system "physical" of its own.

    `further` are more coordinate systems, and `paths` the transformations that lead to them.
    """
    factors = [2 if n in "yx" else 1 for n in names]
    scale, translation, datasets = np.array(scale, float), np.zeros(len(names)), []
    for level in ("s0", "s1"):
        if level != "s0":
            data = oz.mean(data, factors)
            translation = translation + (np.array(factors) - 1) / 2 * scale
            scale = scale * factors
        zarr3.add_array(tree, f"{path}/{level}".lstrip("/"), data, names, chunks, codec=codec)
        datasets.append(
            {"path": level, "coordinateTransformations": [_to_own(level, scale, translation)]}
        )
    multiscale = {
        "name": name,
        "coordinateSystems": [system("physical", names), *further],
        "datasets": datasets,
        "type": "mean",
    }
    if paths:
        multiscale["coordinateTransformations"] = list(paths)
    settings = {key: value for key, value in omero.items() if key != "version"}
    zarr3.add_group(
        tree, path, {"version": VERSION, "multiscales": [multiscale], "omero": settings}
    )


def askew(picture):
    """The pixels of the tile that was taken askew: cut from the picture along rotated axes."""
    own = np.indices(ASKEW_SHAPE).reshape(2, -1)
    there = rotation(ANGLE) @ own + np.array(ASKEW_FIRST)[:, None]
    cut = ndimage.map_coordinates(picture.astype(np.float64), there, order=3, mode="nearest")
    return np.clip(np.rint(cut), 0, 255).astype(np.uint8).reshape(ASKEW_SHAPE)


def stitched(images):
    """The retina's green channel in four tiles that overlap, placed on a stage."""
    picture = io.imread(pictures.DATA / "retina.jpg")[..., 1]
    tree, transformations = {}, []

    def tile(path, data, first, turn=None):
        place = [float(s + PIXEL * f) for s, f in zip(STAGE, first)]
        step = {"type": "translation", "translation": place}
        if turn is not None:
            turned = {"type": "rotation", "rotation": turn.tolist()}
            step = {"type": "sequence", "transformations": [turned, step]}
        ends = {"input": {"path": path, "name": "physical"}, "output": {"name": "stage"}}
        transformations.append({**step, "name": f"{path} to stage", **ends})
        channel = oz.omero(path, [("green", "FFFFFF", (0, 0, 255, 255))], model="greyscale")
        scale = (PIXEL, PIXEL)
        add_image(tree, path, data, "yx", scale, (256, 256), "gzip", name=path, omero=channel)

    for path, ((y, x), (height, width)) in TILES.items():
        tile(path, picture[y : y + height, x : x + width], (y, x))
    tile(ASKEW, askew(picture), ASKEW_FIRST, rotation(ANGLE))
    scene = {
        "coordinateSystems": [system("stage", "yx")],
        "coordinateTransformations": transformations,
    }
    zarr3.add_group(tree, "", {"version": VERSION, "scene": scene})
    zarr3.to_folder(tree, images / "stitched.ome.zarr")


def slide_matrix():
    """From the camera's c, y, x to the slide's: mirrored along x, then turned, then moved."""
    matrix = np.zeros((3, 4))
    matrix[0, 0] = 1
    matrix[1:, 1:3] = rotation(SLIDE_ANGLE) @ np.diag((1, SLIDE_MIRROR))
    matrix[1:, 3] = SLIDE_PLACE
    return matrix


def rotated(images, film):
    """The simulated film's frame 4 from above, as the camera saw it and as it lies on the slide."""
    data = film[4].max(axis=1)
    tree, ends = {}, {"input": {"name": "physical"}, "output": {"name": "slide"}}
    affine = {"type": "affine", "affine": slide_matrix().tolist(), "name": "camera to slide"}
    channels = [
        ("nuclei", "22B8FF", (0, 100, 950, 65535)),
        ("cell borders", "FF4F8B", (0, 105, 480, 65535)),
    ]
    add_image(
        tree,
        "",
        data,
        "cyx",
        (1, *sim.VOXEL[1:]),
        (1, 128, 128),
        "zstd",
        name="Simulated mitosis, as it lies on the slide",
        omero=oz.omero("Simulated mitosis", channels),
        further=[system("slide", "cyx")],
        paths=[{**affine, **ends}],
    )
    zarr3.to_folder(tree, images / "rotated.ome.zarr")
