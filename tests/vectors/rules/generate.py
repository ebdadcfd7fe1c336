#!/usr/bin/env python3
"""Writes the vectors of the rules: <rule id, "/" as "__">/{valid,invalid}-<what is wrong>.json, each a small
dataset {"files": {key: document, text, or "hex:" and bytes}}. An invalid one breaks its rule and no other."""

import copy
import hashlib
import json
import pathlib
import shutil
import struct
import zlib

HERE = pathlib.Path(__file__).resolve().parent


def axes(names="yx", unit="micrometer"):
    types = {"t": "time", "c": "channel"}
    result = []
    for name in names:
        axis = {"name": name, "type": types.get(name, "space")}
        if axis["type"] == "space":
            axis["unit"] = unit
        elif axis["type"] == "time":
            axis["unit"] = "second"
        result.append(axis)
    return result


def v2_array(shape, dtype="|u1"):
    return {"zarr_format": 2, "shape": shape, "chunks": shape, "dtype": dtype, "compressor": None, "fill_value": 0,
            "order": "C", "filters": None, "dimension_separator": "/"}  # fmt: skip


def v3_array(shape, names, data_type="uint8"):
    result = {"zarr_format": 3, "node_type": "array", "shape": shape, "data_type": data_type,
              "chunk_grid": {"name": "regular", "configuration": {"chunk_shape": shape}},
              "chunk_key_encoding": {"name": "default", "configuration": {"separator": "/"}},
              "fill_value": 0, "codecs": [{"name": "bytes", "configuration": {"endian": "little"}}]}  # fmt: skip
    if names:
        result["dimension_names"] = list(names)
    return result


def pixels(shape, size=1):
    count = size
    for extent in shape:
        count *= extent
    return "hex:" + "".join(f"{(7 * i + 1) % 251:02x}" for i in range(count))


def zeros(names):
    return "/".join("0" for _ in names)


def shape_of(names, edge):
    return [edge if name in "zyx" else 1 for name in names]


def group(ome, version="0.5"):
    return {"zarr_format": 3, "node_type": "group", "attributes": {"ome": {"version": version, **ome}}}


def image_entry(names, version, scales=(1, 2), axis_list=None):
    entry = {"name": "image", "type": "mean", "metadata": {"method": "mean"}}
    datasets = []
    for level, factor in enumerate(scales):
        scale = [0.5 * factor if name in "zyx" else 1 for name in names]
        datasets.append({"path": str(level), "coordinateTransformations": [{"type": "scale", "scale": scale}]})
    if version == "0.6":
        for dataset in datasets:
            dataset["coordinateTransformations"][0].update(input={"path": dataset["path"]}, output={"name": "physical"})
        entry["coordinateSystems"] = [{"name": "physical", "axes": axis_list or axes(names)}]
    elif version == "0.3":
        entry["axes"] = list(names)
        for dataset in datasets:
            del dataset["coordinateTransformations"]
    else:
        entry["axes"] = axis_list or axes(names)
    entry["datasets"] = datasets
    if version in ("0.3", "0.4"):
        entry["version"] = version
    return entry


def omero(count=1):
    return {"channels": [{"label": "DNA", "color": "0000FF", "active": True,
                          "window": {"min": 0, "max": 255, "start": 0, "end": 200}} for _ in range(count)]}  # fmt: skip


def image(version="0.5", names="yx", edges=(4, 2), base="", extra=None, axis_list=None):
    """The files of an image, and of its group."""
    files = {}
    at = base + "/" if base else ""
    ome = {"multiscales": [image_entry(names, version, [edges[0] / edge for edge in edges], axis_list)], **(extra or {})}
    if version in ("0.5", "0.6"):
        files[at + "zarr.json"] = group(ome, "0.6" if version == "0.6" else "0.5")
    else:
        files[at + ".zgroup"] = {"zarr_format": 2}
        files[at + ".zattrs"] = ome
    for level, edge in enumerate(edges):
        shape = shape_of(names, edge)
        if version in ("0.5", "0.6"):
            files[f"{at}{level}/zarr.json"] = v3_array(shape, names if version == "0.5" else None)
            files[f"{at}{level}/c/{zeros(names)}"] = pixels(shape)
        else:
            files[f"{at}{level}/.zarray"] = v2_array(shape)
            files[f"{at}{level}/{zeros(names)}"] = pixels(shape)
    return files


def label_block(**changes):
    block = {"colors": [{"label-value": 1, "rgba": [255, 0, 0, 255]}], "source": {"image": "../../"}}
    block.update(changes)
    return {key: value for key, value in block.items() if value is not None}


def labelled(block=None, **arguments):
    files = image(**arguments)
    files["labels/zarr.json"] = group({"labels": ["cells"]})
    files.update(image(base="labels/cells", extra={"image-label": label_block() if block is None else block}))
    return files


def well(images=None):
    return {"well": {"images": images or [{"path": "0"}]}}


def plate_block(**changes):
    block = {"name": "plate", "field_count": 1, "rows": [{"name": "A"}, {"name": "B"}], "columns": [{"name": "1"}],
             "wells": [{"path": "A/1", "rowIndex": 0, "columnIndex": 0}]}  # fmt: skip
    block.update(changes)
    return {key: value for key, value in block.items() if value is not None}


def plate(well_metadata=None, **changes):
    files = {"zarr.json": group({"plate": plate_block(**changes)}),
             "A/zarr.json": {"zarr_format": 3, "node_type": "group"},
             "A/1/zarr.json": group(well_metadata or well())}  # fmt: skip
    files.update(image(base="A/1/0"))
    return files


def scene(transforms, systems=None):
    block = {"coordinateTransformations": transforms}
    if systems:
        block["coordinateSystems"] = systems
    files = {"zarr.json": group({"scene": block}, "0.6")}
    files.update(image("0.6", base="a"))
    files.update(image("0.6", base="b"))
    return files


def between(a="a", b="b", **changes):
    transform = {"type": "translation", "translation": [1, 2], "input": {"path": a, "name": "physical"},
                 "output": {"path": b, "name": "physical"}}  # fmt: skip
    transform.update(changes)
    return transform


def at(files, path):
    """The container and last step of "zarr.json:attributes/ome/…"."""
    file, _, steps = path.partition(":")
    node, last = files, file
    for step in steps.split("/") if steps else []:
        node = node[last]
        last = int(step) if isinstance(node, list) else step
    return node, last


OME = "zarr.json:attributes/ome"
IMAGE5 = OME + "/multiscales/0"
IMAGE4 = ".zattrs:multiscales/0"


def change(files, path, value):
    files = copy.deepcopy(files)
    node, last = at(files, path)
    node[last] = value
    return files


def drop(files, path):
    files = copy.deepcopy(files)
    node, last = at(files, path)
    del node[last]
    return files


CASES = []


def case(rule, name, files, valid=False, **options):
    CASES.append((rule, name, files, valid, options))


def pair(rule, good, good_files, bad, bad_files, **options):
    case(rule, good, good_files, True, **options)
    case(rule, bad, bad_files, False, **options)


GOOD4, GOOD5, GOOD6 = image("0.4"), image("0.5"), image("0.6")
GOOD3 = image("0.3")

# --- groups
pair("ome-zarr/json", "json", GOOD5, "cut-off", change(GOOD5, "zarr.json", '{"zarr_format": 3, "node_type": "gro'))
pair("ome-zarr/json-literals", "no-literals", GOOD4, "bare-nan",
     change(GOOD4, "0/.zarray", json.dumps(v2_array([4, 4], "<f4")).replace('"fill_value": 0', '"fill_value": NaN'))
     | {"0/0/0": pixels([4, 4], 4), "1/.zarray": v2_array([2, 2], "<f4"), "1/0/0": pixels([2, 2], 4)})
pair("ome-zarr/metadata-namespace", "under-ome", GOOD5, "straight-under-attributes",
     change(GOOD5, "zarr.json", {"zarr_format": 3, "node_type": "group",
                                 "attributes": GOOD5["zarr.json"]["attributes"]["ome"]}))
pair("ome-zarr/version-missing", "version", GOOD5, "no-version", drop(GOOD5, OME + "/version"))
pair("ome-zarr/version-recommended", "version", GOOD4, "no-version", drop(GOOD4, IMAGE4 + "/version"))
pair("ome-zarr/version-type", "string", GOOD4, "number", change(GOOD4, IMAGE4 + "/version", 0.4))
pair("ome-zarr/version-unknown", "known", GOOD5, "of-the-future", change(GOOD5, OME + "/version", "9.5"))
pair("ome-zarr/version-draft", "released", GOOD6, "draft", change(GOOD6, OME + "/version", "0.6.dev3"))
pair("ome-zarr/version-zarr-format", "04-in-v2", GOOD4, "05-in-v2", change(GOOD4, IMAGE4 + "/version", "0.5"))
pair("ome-zarr/version-consistent", "one-version", labelled(), "another-version-below",
     change(labelled(), "labels/zarr.json:attributes/ome/version", "0.6"))
pair("ome-zarr/multiscales", "one-image", GOOD5, "empty-list", change(GOOD5, OME + "/multiscales", []))
pair("ome-zarr/multiscales-unique", "different", GOOD5, "twice",
     change(GOOD5, OME + "/multiscales", GOOD5["zarr.json"]["attributes"]["ome"]["multiscales"] * 2))
pair("ome-zarr/metadata-alone", "with-arrays", GOOD5, "without-arrays", {"zarr.json": GOOD5["zarr.json"]})
pair("ome-zarr/content", "image", GOOD5, "group-without-attributes",
     GOOD4 | {".zattrs": {}})
pair("ome-zarr/bare-array", "image", GOOD5, "an-array-alone", {"zarr.json": v3_array([4, 4], "yx"), "c/0/0": pixels([4, 4])})
pair("zarr/group", "zgroup", GOOD4, "no-zgroup", drop(GOOD4, ".zgroup"))
pair("zarr/node-type", "group", GOOD5, "no-node-type", drop(GOOD5, "zarr.json:node_type"))
pair("zarr/two-formats", "one-format", GOOD5, "zgroup-beside-zarr-json", GOOD5 | {".zgroup": {"zarr_format": 2}})

# --- images
pair("ome-zarr/multiscale-name", "string", GOOD5, "number", change(GOOD5, IMAGE5 + "/name", 5))
pair("ome-zarr/multiscale-description", "all", GOOD5, "no-type", drop(GOOD5, IMAGE5 + "/type"))
pair("ome-zarr/datasets", "two", GOOD5, "none", change(GOOD5, IMAGE5 + "/datasets", []))
pair("ome-zarr/dataset-path", "string", GOOD5, "number",
     change(GOOD5, IMAGE5 + "/datasets/1/path", 1))
case("ome-zarr/dataset-path", "leads-out", change(GOOD5, IMAGE5 + "/datasets/1/path", "../../1"))
pair("ome-zarr/dataset-path-unique", "own-arrays", GOOD5, "one-array-twice",
     change(GOOD5, IMAGE5 + "/datasets/1", GOOD5["zarr.json"]["attributes"]["ome"]["multiscales"][0]["datasets"][0]))

# --- axes
AXES5 = IMAGE5 + "/axes"
pair("ome-zarr/axes-missing", "axes", GOOD5, "no-axes", drop(GOOD5, AXES5))
pair("ome-zarr/axis-form", "objects", GOOD5, "strings", change(GOOD5, AXES5, ["y", "x"]))
pair("ome-zarr/axis-name", "names", GOOD5, "no-name", drop(image("0.5", "yx"), AXES5 + "/0/name"))
pair("ome-zarr/axes-unique", "different", GOOD5, "two-of-one-name", change(GOOD5, AXES5 + "/0/name", "x"))
SIX = [{"name": name, "type": kind} for name, kind in
       (("t", "time"), ("c", "channel"), ("z", "space"), ("y", "space"), ("x", "space"), ("w", "space"))]
for axis in SIX[2:]:
    axis["unit"] = "micrometer"
pair("ome-zarr/axes-count", "five", image("0.5", "tczyx"), "six", image("0.5", "tczyxw", axis_list=SIX))
pair("ome-zarr/axes-space", "two", GOOD5, "one",
     image("0.5", "cyx", axis_list=[{"name": "c", "type": "channel"}, {"name": "y"}, axes("x")[0]]))
pair("ome-zarr/axes-types", "one-channel-axis", image("0.5", "cyx"), "two-channel-axes",
     image("0.5", "cqyx", axis_list=[{"name": "c", "type": "channel"}, {"name": "q", "type": "channel"}, *axes("yx")]))
pair("ome-zarr/axes-order", "tczyx", image("0.5", "tczyx"), "channels-last", image("0.5", "yxc"))
pair("ome-zarr/axes-spatial-order", "zyx", image("0.5", "zyx"), "xyz", image("0.5", "xyz"))
pair("ome-zarr/axis-type", "string", GOOD5, "number", change(image("0.5", "cyx"), AXES5 + "/0/type", 3))
pair("ome-zarr/axis-type-missing", "typed", image("0.5", "cyx"), "no-type", drop(image("0.5", "cyx"), AXES5 + "/0/type"))
pair("ome-zarr/axis-members", "unit-string", GOOD5, "unit-number", change(GOOD5, AXES5 + "/0/unit", 5))
pair("ome-zarr/axis-unit", "micrometer", GOOD5, "um", image("0.5", "yx", axis_list=axes("yx", "um")[:1] + axes("x")))
pair("ome-zarr/axis-unit-missing", "unit", GOOD5, "no-unit", drop(GOOD5, AXES5 + "/0/unit"))


def oriented(*values):
    result = axes("zyx")
    for axis, value in zip(result, values):
        if value != "-":
            axis["orientation"] = {"type": "anatomical", "value": value} if isinstance(value, str) else value
    return image("0.5", "zyx", axis_list=result)


RAS = ("inferior-to-superior", "posterior-to-anterior", "left-to-right")
pair("ome-zarr/orientation", "ras", oriented(*RAS), "lps", oriented("LPS", *RAS[1:]))
ON_CHANNEL = axes("cyx")
ON_CHANNEL[0]["orientation"] = {"type": "anatomical", "value": RAS[0]}
pair("ome-zarr/orientation-axis", "on-space", oriented(*RAS), "on-channel", image("0.5", "cyx", axis_list=ON_CHANNEL))
pair("ome-zarr/orientation-unique", "three", oriented(*RAS), "left-twice", oriented(RAS[0], "right-to-left", RAS[2]))
pair("ome-zarr/orientation-null", "none", oriented("-", "-", "-"), "null", oriented(None, "-", "-"))

# --- transformations of 0.4 and 0.5
TRANSFORMS = IMAGE5 + "/datasets/1/coordinateTransformations"
SCALE = {"type": "scale", "scale": [1, 1]}
SHIFT = {"type": "translation", "translation": [0.25, 0.25]}
pair("ome-zarr/transforms", "scale", GOOD5, "empty", change(GOOD5, TRANSFORMS, []))
pair("ome-zarr/transform-type", "scale", GOOD5, "rotation", change(GOOD5, TRANSFORMS, [{"type": "rotation"}]))
pair("ome-zarr/transform-scale", "scale-and-translation", change(GOOD5, TRANSFORMS, [SCALE, SHIFT]), "two-scales",
     change(GOOD5, TRANSFORMS, [SCALE, SCALE]))
pair("ome-zarr/transform-order", "scale-first", change(GOOD5, TRANSFORMS, [SCALE, SHIFT]), "translation-first",
     change(GOOD5, TRANSFORMS, [SHIFT, SCALE]))
pair("ome-zarr/transform-numbers", "numbers", GOOD5, "zero", change(GOOD5, TRANSFORMS + "/0/scale", [0, 1]))
case("ome-zarr/transform-numbers", "strings", change(GOOD5, TRANSFORMS + "/0/scale", ["1", "1"]))
pair("ome-zarr/transform-length", "two", GOOD5, "three-for-two-axes", change(GOOD5, TRANSFORMS + "/0/scale", [1, 1, 1]))

pair("ome-zarr/transform-axes", "three", image("0.5", "cyx"), "two-for-three-axes",
     change(change(image("0.5", "cyx"), TRANSFORMS + "/0/scale", [1, 1]),
            IMAGE5 + "/datasets/0/coordinateTransformations/0/scale", [0.5, 0.5]))

# --- 0.6
TRANSFORMS6 = IMAGE5 + "/coordinateTransformations"
DATASET6 = IMAGE5 + "/datasets/1/coordinateTransformations"
TWO = change(GOOD6, IMAGE5 + "/coordinateSystems",
             [{"name": "physical", "axes": axes("yx")}, {"name": "world", "axes": axes("yx")}])


def world(*transforms):
    return change(TWO, TRANSFORMS6, list(transforms))


def to_world(kind, **parameters):
    return {"type": kind, "input": {"name": "physical"}, "output": {"name": "world"}, **parameters}


AFFINE = to_world("affine", affine=[[1, 0.5, 3], [0, 1, 4]])
pair("ome-zarr/coordinate-systems", "one", GOOD6, "none", drop(GOOD6, IMAGE5 + "/coordinateSystems"))
pair("ome-zarr/coordinate-system-name", "named", world(AFFINE), "two-of-one-name",
     change(GOOD6, IMAGE5 + "/coordinateSystems", [{"name": "physical", "axes": axes("yx")}] * 2))
pair("ome-zarr/coordinate-system-intrinsic", "one-output", world(AFFINE), "two-outputs",
     change(world(AFFINE), DATASET6 + "/0/output", {"name": "world"}))
pair("ome-zarr/coordinate-system-start", "from-own", world(AFFINE), "from-another",
     world(to_world("affine", affine=[[1, 0.5, 3], [0, 1, 4]]) | {"input": {"name": "world"},
                                                                  "output": {"name": "physical"}}))
pair("ome-zarr/coordinate-system-apart", "joined", world(AFFINE), "nothing-leads-there", TWO)
pair("ome-zarr/transform-list", "one", GOOD6, "two",
     change(GOOD6, DATASET6, GOOD6["zarr.json"]["attributes"]["ome"]["multiscales"][0]["datasets"][1]
            ["coordinateTransformations"] * 2))
pair("ome-zarr/transform-kind", "affine", world(AFFINE), "warp", world(to_world("warp")))
pair("ome-zarr/transform-parameters", "matrix", world(AFFINE), "no-matrix", world(to_world("affine")))
pair("ome-zarr/transform-dataset", "scale", GOOD6, "rotation",
     change(GOOD6, DATASET6, [{"type": "rotation", "rotation": [[0, 1], [-1, 0]], "input": {"path": "1"},
                               "output": {"name": "physical"}}]))
pair("ome-zarr/transform-end-object", "object", GOOD6, "own-path-as-a-string", change(GOOD6, DATASET6 + "/0/input", "1"))
pair("ome-zarr/transform-input", "own-path", GOOD6, "another-path-as-a-string", change(GOOD6, DATASET6 + "/0/input", "0"))
pair("ome-zarr/transform-output", "named", GOOD6, "a-number",
     change(GOOD6, DATASET6 + "/0/output", 0))
pair("ome-zarr/transform-own-input", "own-path", GOOD6, "another-path",
     change(GOOD6, DATASET6 + "/0/input", {"path": "0"}))
pair("ome-zarr/transform-system", "known", world(AFFINE), "not-there",
     world(AFFINE, AFFINE | {"output": {"name": "elsewhere"}}))
pair("ome-zarr/transform-name", "different", world(AFFINE | {"name": "a"}, AFFINE | {"name": "b"}), "twice",
     world(AFFINE | {"name": "a"}, AFFINE | {"name": "a"}))
pair("ome-zarr/transform-fit", "2-to-2", world(AFFINE), "3-to-2", world(to_world("affine", affine=[[1, 0, 0, 3],
                                                                                                  [0, 1, 0, 4]])))
pair("ome-zarr/transform-rotation", "quarter", world(to_world("rotation", rotation=[[0, -1], [1, 0]])), "stretches",
     world(to_world("rotation", rotation=[[2, 0], [0, 1]])))

# --- omero
CHANNEL = OME + "/omero/channels/0"
SHOWN = image("0.5", "yx", extra={"omero": omero()})
SHOWN4 = image("0.4", "yx", extra={"omero": omero()})
pair("ome-zarr/omero-channels", "one", SHOWN, "none", change(SHOWN, OME + "/omero", {"id": 1}))
pair("ome-zarr/omero-type", "string", SHOWN, "label-number", change(SHOWN, CHANNEL + "/label", 5))
pair("ome-zarr/omero-color", "six-digits", SHOWN, "name", change(SHOWN, CHANNEL + "/color", "blue"))
pair("ome-zarr/omero-required", "all", SHOWN4, "no-color", drop(SHOWN4, ".zattrs:omero/channels/0/color"))
pair("ome-zarr/omero-recommended", "all", SHOWN, "no-window", drop(SHOWN, CHANNEL + "/window"))
pair("ome-zarr/omero-window", "all", SHOWN, "no-end", drop(SHOWN, CHANNEL + "/window/end"))
pair("ome-zarr/omero-window-order", "start-below-end", SHOWN, "start-above-end", change(SHOWN, CHANNEL + "/window/start", 220))
pair("ome-zarr/omero-rdefs", "index", change(SHOWN, OME + "/omero/rdefs", {"defaultZ": 0}), "negative",
     change(SHOWN, OME + "/omero/rdefs", {"defaultZ": -1}))
pair("ome-zarr/omero-channel-count", "one-of-one", SHOWN, "two-of-one", image("0.5", "yx", extra={"omero": omero(2)}))
DEEP = image("0.5", "zyx", extra={"omero": omero() | {"rdefs": {"defaultZ": 3}}})
pair("ome-zarr/omero-default-plane", "inside", DEEP, "outside", change(DEEP, OME + "/omero/rdefs/defaultZ", 4))
pair("ome-zarr/omero-window-range", "within", SHOWN, "beyond",
     change(SHOWN, CHANNEL + "/window", {"min": 0, "max": 65535, "start": 1000, "end": 65535}))

# --- levels
pair("ome-zarr/array-missing", "there", GOOD5, "not-there",
     {key: value for key, value in GOOD5.items() if not key.startswith("1/")})
pair("ome-zarr/array-rank", "two", GOOD5, "three-for-two-axes",
     GOOD5 | {"0/zarr.json": v3_array([1, 4, 4], None), "1/zarr.json": v3_array([1, 2, 2], None),
              "0/c/0/0/0": pixels([4, 4]), "1/c/0/0/0": pixels([2, 2])})
pair("ome-zarr/levels-rank", "same", GOOD5, "other",
     GOOD5 | {"1/zarr.json": v3_array([1, 2, 2], None), "1/c/0/0/0": pixels([2, 2])})
pair("ome-zarr/levels-data-type", "same", GOOD5, "other",
     GOOD5 | {"1/zarr.json": v3_array([2, 2], "yx", "uint16"), "1/c/0/0": pixels([2, 2], 2)})
pair("ome-zarr/array-empty", "elements", GOOD5, "none",
     drop(change(image("0.5", "yx", edges=(4,)), "0/zarr.json:shape", [0, 4]), "0/c/0/0"))
pair("ome-zarr/levels-order", "largest-first", GOOD5, "smallest-first", image("0.5", "yx", edges=(2, 4)))
pair("ome-zarr/levels-shrink", "smaller", GOOD5, "same-size", image("0.5", "yx", edges=(4, 4)))
LARGE = image("0.5", "yx", edges=(16, 8))
pair("ome-zarr/levels-scale", "doubled", LARGE, "same-scale",
     change(LARGE, TRANSFORMS + "/0/scale", [0.5, 0.5]))
pair("ome-zarr/dimension-names-missing", "yx", GOOD5, "none",
     GOOD5 | {"0/zarr.json": v3_array([4, 4], None), "1/zarr.json": v3_array([2, 2], None)})
pair("ome-zarr/dimension-names", "yx", GOOD5, "xy", GOOD5 | {"0/zarr.json": v3_array([4, 4], "xy")})
DOTS = copy.deepcopy(GOOD4)
for level in "01":
    DOTS[level + "/.zarray"]["dimension_separator"] = "."
    DOTS[level + "/0.0"] = DOTS.pop(level + "/0/0")
pair("ome-zarr/dimension-separator", "slash", GOOD4, "dot", DOTS)
pair("ome-zarr/pixel-size", "half-a-micrometer", GOOD5, "half-a-kilometer",
     image("0.5", "yx", axis_list=axes("yx", "kilometer")))

# --- labels
LABELLED = labelled()
LABEL = "labels/cells/zarr.json:attributes/ome/image-label"
pair("ome-zarr/labels-list", "list", LABELLED, "a-string-in-place-of-a-list",
     {key: value for key, value in change(LABELLED, "labels/zarr.json:attributes/ome/labels", "cells").items()
      if not key.startswith("labels/cells")})
pair("ome-zarr/label-missing", "there", LABELLED, "not-there",
     change(LABELLED, "labels/zarr.json:attributes/ome/labels", ["cells", "nuclei"]))
pair("ome-zarr/label-unlisted", "listed", LABELLED, "not-listed",
     LABELLED | image(base="labels/nuclei", extra={"image-label": label_block()}))
pair("ome-zarr/label-image", "image", LABELLED, "no-image",
     {key: value for key, value in drop(LABELLED, "labels/cells/zarr.json:attributes/ome/multiscales").items()
      if not key.startswith(("labels/cells/0", "labels/cells/1"))})
pair("ome-zarr/image-label-missing", "image-label", LABELLED, "none", drop(LABELLED, LABEL))
pair("ome-zarr/image-label", "object", LABELLED, "a-list", change(LABELLED, LABEL, []))
pair("ome-zarr/label-colors", "rgba", LABELLED, "three-numbers", change(LABELLED, LABEL + "/colors/0/rgba", [1, 2, 3]))
case("ome-zarr/label-colors", "empty-list", change(LABELLED, LABEL + "/colors", []))
pair("ome-zarr/label-colors-missing", "colors", LABELLED, "none", drop(LABELLED, LABEL + "/colors"))
pair("ome-zarr/label-properties", "once", change(LABELLED, LABEL + "/properties", [{"label-value": 1, "area": 5}]),
     "no-label-value", change(LABELLED, LABEL + "/properties", [{"area": 5}]))
pair("ome-zarr/label-source", "path", LABELLED, "number", change(LABELLED, LABEL + "/source", {"image": 5}))
pair("ome-zarr/label-source-missing", "there", LABELLED, "not-there",
     change(LABELLED, LABEL + "/source/image", "../../other"))
FLOATS = labelled()
for level, edge in (("0", 4), ("1", 2)):
    FLOATS[f"labels/cells/{level}/zarr.json"] = v3_array([edge, edge], "yx", "float32")
    FLOATS[f"labels/cells/{level}/c/0/0"] = pixels([edge, edge], 4)
pair("ome-zarr/label-data-type", "uint8", LABELLED, "float32", FLOATS)
pair("ome-zarr/label-levels", "two-of-two", LABELLED, "one-of-two",
     image() | {"labels/zarr.json": group({"labels": ["cells"]})}
     | image(base="labels/cells", edges=(4,), extra={"image-label": label_block()}))
pair("ome-zarr/label-shape", "same", LABELLED, "larger",
     image() | {"labels/zarr.json": group({"labels": ["cells"]})}
     | image(base="labels/cells", edges=(6, 3), extra={"image-label": label_block()}))
DESCRIBED = labelled(label_block(colors=[{"label-value": 1}], properties=[{"label-value": 1}, {"label-value": 8}]),
                     edges=(4, 2))
for level, edge in (("0", 4), ("1", 2)):
    DESCRIBED[f"labels/cells/{level}/c/0/0"] = "hex:" + ("0108" * (edge * edge // 2))
pair("ome-zarr/label-ids-absent", "all-there", DESCRIBED, "nine-is-not-there",
     change(DESCRIBED, LABEL + "/properties", [{"label-value": 1}, {"label-value": 8}, {"label-value": 9}]),
     all_chunks=True)
pair("ome-zarr/label-ids-undescribed", "all-described", DESCRIBED, "eight-is-not-described",
     change(DESCRIBED, LABEL + "/properties", [{"label-value": 1}]), all_chunks=True)

# --- plates
PLATE = plate()
BLOCK = OME + "/plate"
pair("ome-zarr/plate-rows-columns", "named", PLATE, "no-columns", drop(PLATE, BLOCK + "/columns"))
pair("ome-zarr/plate-case", "different", PLATE, "a-and-A", change(PLATE, BLOCK + "/rows/1/name", "a"))
ACQUIRED = plate(acquisitions=[{"id": 0, "name": "day 1", "maximumfieldcount": 1}])
pair("ome-zarr/plate-acquisitions", "id", ACQUIRED, "negative-id", change(ACQUIRED, BLOCK + "/acquisitions/0/id", -1))
pair("ome-zarr/plate-field-count", "one", PLATE, "zero", change(PLATE, BLOCK + "/field_count", 0))
pair("ome-zarr/plate-name", "string", PLATE, "number", change(PLATE, BLOCK + "/name", 5))
pair("ome-zarr/plate-description", "name", PLATE, "no-name", drop(PLATE, BLOCK + "/name"))
OLD = {".zgroup": {"zarr_format": 2}, "A/.zgroup": {"zarr_format": 2}, "A/1/.zgroup": {"zarr_format": 2},
       ".zattrs": {"plate": {"version": "0.3", "name": "plate", "rows": [{"name": "A"}], "columns": [{"name": "1"}],
                             "wells": [{"path": "A/1"}]}},
       "A/1/.zattrs": {"well": {"version": "0.3", "images": [{"path": "0"}]}}}  # fmt: skip
OLD.update(image("0.3", base="A/1/0"))
pair("ome-zarr/plate-version", "version", OLD, "no-version", drop(OLD, ".zattrs:plate/version"))
pair("ome-zarr/plate-wells", "path", PLATE, "three-parts",
     {key: value for key, value in change(PLATE, BLOCK + "/wells/0/path", "A/1/0").items()})
pair("ome-zarr/plate-well-index", "0-0", PLATE, "no-such-row", change(PLATE, BLOCK + "/wells/0/rowIndex", 2))
pair("ome-zarr/plate-well-path", "same", PLATE, "other-row", change(PLATE, BLOCK + "/wells/0/rowIndex", 1))
PLATE4 = {".zgroup": {"zarr_format": 2}, "A/.zgroup": {"zarr_format": 2}, "A/1/.zgroup": {"zarr_format": 2},
          ".zattrs": {"plate": plate_block(version="0.4")}, "A/1/.zattrs": {"well": well()["well"] | {"version": "0.4"}}}
PLATE4.update(image("0.4", base="A/1/0"))
pair("ome-zarr/plate-well-place", "same", PLATE4, "other-row", change(PLATE4, ".zattrs:plate/wells/0/rowIndex", 1))
pair("ome-zarr/well-missing", "there", PLATE, "not-there",
     change(PLATE, BLOCK + "/wells", [*PLATE["zarr.json"]["attributes"]["ome"]["plate"]["wells"],
                                      {"path": "B/1", "rowIndex": 1, "columnIndex": 0}]))
pair("ome-zarr/well-metadata", "well", PLATE, "no-well", change(PLATE, "A/1/zarr.json:attributes", {}))
pair("ome-zarr/well-images", "one", PLATE, "none", change(PLATE, "A/1/zarr.json:attributes/ome/well", {"images": []}))
TWICE = [{"id": 0, "name": "day 1", "maximumfieldcount": 1}, {"id": 1, "name": "day 2", "maximumfieldcount": 1}]
pair("ome-zarr/well-acquisition", "of-the-plate", plate(well([{"path": "0", "acquisition": 1}]), acquisitions=TWICE),
     "of-no-plate", plate(well([{"path": "0", "acquisition": 5}]), acquisitions=TWICE))
pair("ome-zarr/field-missing", "there", PLATE, "not-there",
     change(PLATE, "A/1/zarr.json:attributes/ome/well", {"images": [{"path": "0"}, {"path": "1"}]}))

# --- collections
SERIES = {".zgroup": {"zarr_format": 2}, ".zattrs": {"bioformats2raw.layout": 3}, "OME/.zgroup": {"zarr_format": 2},
          "OME/.zattrs": {"series": ["0"]}, "OME/METADATA.ome.xml": "<OME/>"}  # fmt: skip
SERIES.update(image("0.4", base="0"))
pair("ome-zarr/series-layout", "3", SERIES, "2", change(SERIES, ".zattrs:bioformats2raw.layout", 2))
pair("ome-zarr/series", "paths", SERIES, "numbers", change(SERIES, "OME/.zattrs:series", [0]))
pair("ome-zarr/series-missing", "there", SERIES, "not-there", change(SERIES, "OME/.zattrs:series", ["0", "1"]))
pair("ome-zarr/series-xml-missing", "xml", SERIES, "no-xml", drop(SERIES, "OME/METADATA.ome.xml"))
pair("ome-zarr/scene", "object", scene([between()]), "a-list", change(scene([between()]), OME + "/scene", []))
pair("ome-zarr/scene-image", "there", scene([between()]), "not-there", scene([between(b="c")]))
case("ome-zarr/scene-image", "no-such-system", scene([between(output={"path": "b", "name": "elsewhere"})]))

# --- arrays
pair("ome-zarr/array-metadata", "whole", GOOD5, "no-chunks", drop(GOOD5, "1/zarr.json:chunk_grid"))
pair("zarr/unsupported", "known", GOOD5, "zfp",
     change(GOOD5, "1/zarr.json:codecs", [{"name": "bytes", "configuration": {"endian": "little"}}, {"name": "zfp"}]))
pair("zarr/chunks-none", "one", GOOD5, "none", drop(GOOD5, "0/c/0/0"))
HALF = change(GOOD5, "0/zarr.json:chunk_grid/configuration/chunk_shape", [4, 2])
HALF["0/c/0/0"] = HALF["0/c/0/1"] = pixels([4, 2])
pair("zarr/chunks-missing", "two", HALF, "one-of-two", drop(HALF, "0/c/0/1"))
pair("zarr/chunk-empty", "bytes", HALF, "no-bytes", change(HALF, "0/c/0/1", "hex:"))
pair("zarr/chunk-outside", "inside", HALF, "outside", HALF | {"0/c/0/2": pixels([4, 2])})
pair("zarr/chunk-decode", "16-bytes", GOOD5, "15-bytes", change(GOOD5, "0/c/0/0", "hex:" + "07" * 15))
BLANK = image("0.5", "yx", edges=(4,))
pair("ome-zarr/image-blank", "pixels", BLANK, "all-zero", change(BLANK, "0/c/0/0", "hex:" + "00" * 16))

# --- files
TABLE = {"image.zarr/" + key: value for key, value in GOOD5.items()} | {"table.csv": "id,area\n1,5\n"}
pair("files/name", "plain", TABLE, "colon", TABLE | {"12:30.csv": "id\n"})
pair("files/case", "different", TABLE, "only-in-case", TABLE | {"Table.csv": "id\n"})
pair("files/empty", "content", TABLE, "no-content", TABLE | {"notes.txt": ""})
pair("files/junk", "none", TABLE, "ds-store", TABLE | {".DS_Store": "Bud1"})
TABLE_MD5 = hashlib.md5(TABLE["table.csv"].encode()).hexdigest()
pair("files/checksum", "md5-of-the-table", TABLE | {"table.csv.md5": TABLE_MD5 + "  table.csv\n"},
     "another-md5", TABLE | {"table.csv.md5": "0" * 32 + "  table.csv\n"})
pair("files/checksum-unread", "none", TABLE, "beyond-the-limit", TABLE | {"table.csv.md5": TABLE_MD5 + "  table.csv\n"},
     checksum_bytes=1)
pair("files/format", "csv", TABLE, "czi", TABLE | {"raw.czi": "ZISRAWFILE"})
# What no dataset in memory can show: the test answers these keys with an error.
pair("files/unreadable", "readable", TABLE, "forbidden", TABLE, forbidden=["image.zarr/1/zarr.json"])

# --- annotation files, beside the image and against it
PLAIN = {key: value for key, value in TABLE.items() if key != "table.csv"}


def feature(x, y, edge, **properties):
    ring = [[x, y], [x + edge, y], [x + edge, y + edge], [x, y + edge], [x, y]]
    return {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [ring]}, "properties": properties}


def geojson(*features):
    return {"type": "FeatureCollection", "features": list(features)}


def coco(name, edge=4):
    return {"images": [{"id": 1, "file_name": name, "width": edge, "height": edge}],
            "categories": [{"id": 1, "name": "cell"}],
            "annotations": [{"id": 1, "image_id": 1, "category_id": 1, "bbox": [0, 0, 2, 2], "area": 4, "iscrowd": 0,
                             "segmentation": [[0, 0, 2, 0, 2, 2, 0, 2]]}]}  # fmt: skip


def png(edge, cut=None):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(bytes([0, *range(edge)]) for _ in range(edge))
    header = struct.pack(">IIBBBBB", edge, edge, 8, 0, 0, 0, 0)
    data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return "hex:" + data[:cut].hex()


INSIDE = PLAIN | {"image.geojson": geojson(feature(0, 0, 2))}
pair("annotation/unreadable", "geojson", INSIDE, "no-columns",
     PLAIN | {"annotations/particles.star": "data_\n\nloop_\n"})
pair("annotation/format-unknown", "geojson", INSIDE, "text-for-geojson", PLAIN | {"image.geojson": "No annotations."})
pair("annotation/not-looked-into", "geojson", INSIDE, "hdf5", PLAIN | {"image.h5": "hex:894844460d0a1a0a"})
pair("annotation/image-not-here", "coco-of-the-image", PLAIN | {"annotations/coco.json": coco("image.png")},
     "coco-of-another", PLAIN | {"annotations/coco.json": coco("other.png")})
pair("annotation/mask-size", "as-large", PLAIN | {"image_mask.png": png(4)}, "half-as-large", PLAIN | {"image_mask.png": png(2)})
pair("files/image-unreadable", "png", PLAIN | {"picture.png": png(5)}, "cut-png", PLAIN | {"picture.png": png(5, 20)})
pair("files/image-unreadable", "another-png", PLAIN | {"other.png": png(3)}, "text-for-tiff", PLAIN | {"a.tif": "no picture"})
OBJECTS = {"image.zarr/" + key: value for key, value in DESCRIBED.items()}
pair("annotation/label-not-in-mask", "one-and-eight",
     OBJECTS | {"image.geojson": geojson(feature(0, 0, 2, instance_id=1), feature(2, 2, 1, instance_id=8))},
     "nine-is-not-there",
     OBJECTS | {"image.geojson": geojson(feature(0, 0, 2, instance_id=1), feature(2, 2, 1, instance_id=9))}, all_chunks=True)


def main():
    for folder in HERE.iterdir():
        if folder.name in ("annotation__outside-image", "annotation__outside-planes"):
            continue  # generate_groups.py's
        if folder.is_dir() and folder.name.startswith(("ome-zarr__", "zarr__", "files__", "annotation__")):
            shutil.rmtree(folder)
    for rule, name, files, valid, options in CASES:
        folder = HERE / rule.replace("/", "__")
        folder.mkdir(exist_ok=True)
        path = folder / f"{'valid' if valid else 'invalid'}-{name}.json"
        assert not path.exists(), path
        chosen = {key: value for key, value in options.items() if not (valid and key == "forbidden")}
        path.write_text(json.dumps({**chosen, "files": files}, indent=1) + "\n")


if __name__ == "__main__":
    main()
