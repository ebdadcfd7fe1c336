#!/usr/bin/env python3
"""Writes the vectors of the rules on GEFF, AnnData, SpatialData and Parquet, as generate.py does the others."""

import copy
import json
import pathlib
import shutil
import struct

from generate import HERE, image, v3_array

KINDS = ("geff", "anndata", "spatialdata", "geoparquet", "parquet")
FORMATS = {"uint64": "Q", "int64": "q", "int8": "b", "float64": "d", "float32": "f"}


def array(values, data_type, width=None):
    shape = [len(values)] if width is None else [len(values) // width, width]
    data = struct.pack(f"<{len(values)}{FORMATS[data_type]}", *values)
    document = v3_array(shape, None, data_type)
    if 0 in shape:
        document["chunk_grid"]["configuration"]["chunk_shape"] = [max(1, extent) for extent in shape]
    return document, "hex:" + data.hex()


def put(files, path, values, data_type, width=None):
    document, data = array(values, data_type, width)
    files[f"{path}/zarr.json"] = document
    if values:
        files[f"{path}/c/" + ("0" if width is None else "0/0")] = data


def group(**attributes):
    return {"zarr_format": 3, "node_type": "group", "attributes": attributes}


def geff(base="tracks.geff"):
    def described(name, dtype):
        return {"identifier": name, "dtype": dtype}

    axes = [{"name": "t", "type": "time"}, {"name": "y", "type": "space", "min": 0.5, "max": 2.5},
            {"name": "x", "type": "space", "min": 1, "max": 3}]  # fmt: skip
    metadata = {"geff_version": "1.1.0", "directed": True, "axes": axes, "edge_props_metadata": {},
                "node_props_metadata": {name: described(name, "float64") for name in "tyx"}}  # fmt: skip
    files = {f"{base}/zarr.json": group(geff=metadata)}
    for folder in ("nodes", "nodes/props", "nodes/props/t", "nodes/props/y", "nodes/props/x", "edges"):
        files[f"{base}/{folder}/zarr.json"] = group()
    put(files, f"{base}/nodes/ids", [1, 2, 3], "uint64")
    put(files, f"{base}/nodes/props/t/values", [0.0, 1.0, 2.0], "float64")
    put(files, f"{base}/nodes/props/y/values", [0.5, 1.5, 2.5], "float64")
    put(files, f"{base}/nodes/props/x/values", [1.0, 2.0, 3.0], "float64")
    put(files, f"{base}/edges/ids", [1, 2, 2, 3], "uint64", 2)
    return files


def without(files, folder):
    return {key: value for key, value in files.items() if not key.startswith(folder + "/")}


def changed(files, key, path, value):
    files = copy.deepcopy(files)
    place = files[key]["attributes"]
    for step in path[:-1]:
        place = place[step]
    if value is None:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return files


def replaced(files, path, values, data_type, width=None):
    files = without(files, path)
    put(files, path, values, data_type, width)
    return files


def categorical(files, path, codes, categories):
    files[f"{path}/zarr.json"] = group(**{"encoding-type": "categorical", "encoding-version": "0.2.0", "ordered": False})
    put(files, f"{path}/codes", codes, "int8")
    put(files, f"{path}/categories", categories, "int64")


def frame(files, path, rows, columns):
    files[f"{path}/zarr.json"] = group(**{"encoding-type": "dataframe", "encoding-version": "0.2.0", "_index": "_index",
                                          "column-order": columns})  # fmt: skip
    put(files, f"{path}/_index", list(range(rows)), "int64")


def anndata(base="cells.zarr", **attributes):
    files = {f"{base}/zarr.json": group(**{"encoding-type": "anndata", "encoding-version": "0.1.0", **attributes})}
    frame(files, f"{base}/obs", 3, ["kind", "cell"])
    categorical(files, f"{base}/obs/kind", [0, 1, -1], [10, 20])
    put(files, f"{base}/obs/cell", [1, 2, 3], "int64")
    frame(files, f"{base}/var", 2, [])
    put(files, f"{base}/X", [1.0] * 6, "float32", 2)
    for name in ("obsm", "layers"):
        files[f"{base}/{name}/zarr.json"] = group(**{"encoding-type": "dict", "encoding-version": "0.1.0"})
    put(files, f"{base}/obsm/spatial", [1.0, 1.0, 2.0, 2.0, 3.0, 1.0], "float64", 2)
    put(files, f"{base}/layers/raw", [1.0] * 6, "float32", 2)
    return files


def shapes(base="study.zarr/shapes/cells", **attributes):
    identity = {"type": "identity", "input": {"name": "xy"}, "output": {"name": "global"}}
    about = {"encoding-type": "ngff:shapes", "axes": ["x", "y"], "coordinateTransformations": [identity],
             "spatialdata_attrs": {"version": "0.2"}}  # fmt: skip
    about.update(attributes)
    return {"study.zarr/zarr.json": group(spatialdata_attrs={"version": "0.2"}), "study.zarr/shapes/zarr.json": group(),
            f"{base}/zarr.json": group(**about), f"{base}/shapes.parquet": parquet()}  # fmt: skip


def regions(**attributes):
    about = {"region": "cells", "region_key": "kind", "instance_key": "cell", "spatialdata-encoding-type": "ngff:regions_table"}
    about.update(attributes)
    table = anndata("study.zarr/tables/table", **about)
    return {**shapes(), "study.zarr/tables/zarr.json": group(), **table}


# --- Parquet: a footer in Thrift's compact protocol, without any column data


def varint(value):
    result = b""
    while value > 127:
        result += bytes([value & 127 | 128])
        value >>= 7
    return result + bytes([value])


def zigzag(value):
    return varint(value << 1 if value >= 0 else (-value << 1) - 1)


def text(value):
    data = value if isinstance(value, bytes) else value.encode()
    return varint(len(data)) + data


def struct_of(*fields):
    """(id, type, bytes)…"""
    result, before = b"", 0
    for number, kind, data in fields:
        result += bytes([(number - before) << 4 | kind]) + data
        before = number
    return result + b"\0"


def list_of(items, kind=12):
    return bytes([len(items) << 4 | kind]) + b"".join(items)


def parquet(columns=(("geometry", 6),), geo=None, ranges=None, end=4, cut=0):
    schema = [struct_of((4, 8, text("schema")), (5, 5, zigzag(len(columns))))]
    schema += [struct_of((1, 5, zigzag(kind)), (3, 5, zigzag(0)), (4, 8, text(name))) for name, kind in columns]
    chunks = []
    for name, kind in columns:
        about = [(1, 5, zigzag(kind)), (3, 9, list_of([text(name)], 8)), (5, 6, zigzag(1)), (7, 6, zigzag(end - 4)), (9, 6, zigzag(4))]
        if ranges and name in ranges:
            low, high = (struct.pack("<d", value) for value in ranges[name])
            about.append((12, 12, struct_of((5, 8, text(high)), (6, 8, text(low)))))
        chunks.append(struct_of((3, 12, struct_of(*about))))
    fields = [(1, 5, zigzag(2)), (2, 9, list_of(schema)), (3, 6, zigzag(1)),
              (4, 9, list_of([struct_of((1, 9, list_of(chunks)), (3, 6, zigzag(1)))]))]  # fmt: skip
    if geo is not None:
        fields.append((5, 9, list_of([struct_of((1, 8, text("geo")), (2, 8, text(json.dumps(geo))))])))
    footer = struct_of(*fields)
    data = b"PAR1" + footer + struct.pack("<I", len(footer)) + b"PAR1"
    return "hex:" + data[: len(data) - cut].hex()


def geo(**changes):
    column = {"encoding": "WKB", "geometry_types": ["Polygon"], "crs": None, "bbox": [0, 0, 3, 2]}
    column.update(changes)
    return {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": column}}


def outlines(**arguments):
    return {**image(base="cells.ome.zarr"), "cells.parquet": parquet(geo=geo(), **arguments)}


VECTORS = []


def case(rule, name, files, valid=False):
    VECTORS.append((rule, f"{'valid' if valid else 'invalid'}-{name}", files))


def fill():
    g, key = "tracks.geff", "tracks.geff/zarr.json"
    good = geff()
    case("geff/array", "graph", good, True)
    case("geff/array", "no-edges", without(good, f"{g}/edges/ids"))
    case("geff/array", "edges-of-three", replaced(good, f"{g}/edges/ids", [1, 2, 3], "uint64", 3))
    case("geff/array", "id-with-a-fraction", replaced(good, f"{g}/nodes/ids", [1.0, 2.0, 2.5], "float64"))
    case("geff/id-type", "unsigned", good, True)
    case("geff/id-type", "floats", replaced(good, f"{g}/nodes/ids", [1.0, 2.0, 3.0], "float64"))
    case("geff/axes", "axes", good, True)
    case("geff/axes", "two-of-a-name", changed(good, key, ["geff", "axes", 2, "name"], "y"))
    case("geff/axes", "unknown-type", changed(good, key, ["geff", "axes", 0, "type"], "when"))
    case("geff/axes", "half-a-range", changed(good, key, ["geff", "axes", 2, "max"], None))
    case("geff/axes", "range-reversed", changed(good, key, ["geff", "axes", 2, "min"], 9))
    case("geff/axes", "scaled-unit-without-scale", changed(good, key, ["geff", "axes", 2, "scaled_unit"], "micrometer"))
    case("geff/axes", "hint-of-no-axis", changed(good, key, ["geff", "display_hints"], {"display_horizontal": "lon", "display_vertical": "y"}))
    case("geff/metadata", "directed", good, True)
    case("geff/metadata", "directed-missing", changed(good, key, ["geff", "directed"], None))
    case("geff/metadata", "properties-undescribed", changed(good, key, ["geff", "node_props_metadata"], None))
    case("geff/version", "stated", good, True)
    case("geff/version", "old", changed(good, key, ["geff", "geff_version"], "0.2.2.dev20+g611e7a2.d20250719"), True)
    case("geff/version", "missing", changed(good, key, ["geff", "geff_version"], None))
    case("geff/version", "a-word", changed(good, key, ["geff", "geff_version"], "latest"))
    case("geff/property", "properties", good, True)
    case("geff/property", "axis-without-values", without(good, f"{g}/nodes/props/x"))
    case("geff/property", "too-few-values", replaced(good, f"{g}/nodes/props/t/values", [0.0, 1.0], "float64"))
    case("geff/property", "track-property-missing", changed(good, key, ["geff", "track_node_props"], {"tracklet": "track"}))
    case("geff/property-type", "as-stated", good, True)
    case("geff/property-type", "another", changed(good, key, ["geff", "node_props_metadata", "t", "dtype"], "int64"))
    extra = copy.deepcopy(good)
    extra[f"{g}/nodes/props/size/zarr.json"] = group()
    put(extra, f"{g}/nodes/props/size/values", [1.0, 2.0, 3.0], "float64")
    case("geff/property-undescribed", "described", changed(extra, key, ["geff", "node_props_metadata", "size"], {"identifier": "size", "dtype": "float64"}), True)
    case("geff/property-undescribed", "size", extra)
    case("geff/range", "as-stated", good, True)
    case("geff/range", "nodes-beyond", changed(good, key, ["geff", "axes", 2, "max"], 2))
    still = replaced(geff(), f"{g}/nodes/props/t/values", [0.0, 0.0, 0.0], "float64")
    related = {**image(base="raw.ome.zarr"), **still}
    case("geff/related-object", "image", changed(related, key, ["geff", "related_objects"], [{"type": "image", "path": "../raw.ome.zarr"}]), True)
    case("geff/related-object", "image-missing", changed(related, key, ["geff", "related_objects"], [{"type": "image", "path": "../other.ome.zarr"}]))
    case("graph/edge-without-node", "edges", good, True)
    case("graph/edge-without-node", "to-nowhere", replaced(good, f"{g}/edges/ids", [1, 2, 2, 9], "uint64", 2))
    case("graph/id-twice", "ids", good, True)
    case("graph/id-twice", "twice", replaced(replaced(good, f"{g}/nodes/ids", [1, 2, 2], "uint64"), f"{g}/edges/ids", [1, 2], "uint64", 2))

    a = "cells.zarr"
    good = anndata()
    case("anndata/categories", "codes", good, True)
    wrong = without(good, f"{a}/obs/kind")
    categorical(wrong, f"{a}/obs/kind", [0, 1, 2], [10, 20])
    case("anndata/categories", "code-of-none", wrong)
    case("anndata/coordinates", "places", good, True)
    case("anndata/coordinates", "too-few-rows", replaced(good, f"{a}/obsm/spatial", [1.0, 1.0, 2.0, 2.0], "float64", 2))
    case("anndata/dataframe", "columns", good, True)
    case("anndata/dataframe", "column-missing", without(good, f"{a}/obs/cell"))
    case("anndata/dataframe", "index-missing", without(good, f"{a}/var/_index"))
    case("anndata/dataframe", "no-column-order", changed(good, f"{a}/var/zarr.json", ["column-order"], None))
    case("anndata/element", "parts", good, True)
    case("anndata/element", "no-var", without(good, f"{a}/var"))
    case("anndata/element", "no-categories", without(good, f"{a}/obs/kind/categories"))
    case("anndata/encoding", "stated", good, True)
    case("anndata/encoding", "no-version", changed(good, f"{a}/zarr.json", ["encoding-version"], None))
    case("anndata/encoding", "var-is-no-frame", changed(good, f"{a}/var/zarr.json", ["encoding-type"], "dict"))
    case("anndata/shape", "shapes", good, True)
    case("anndata/shape", "matrix-of-another-table", replaced(good, f"{a}/X", [1.0] * 4, "float32", 2))
    case("anndata/shape", "layer-of-another-table", replaced(good, f"{a}/layers/raw", [1.0] * 4, "float32", 2))
    case("anndata/shape", "column-too-short", replaced(good, f"{a}/obs/cell", [1, 2], "int64"))

    case("spatialdata/element", "shapes", shapes(), True)
    case("spatialdata/element", "no-version", shapes(spatialdata_attrs={}))
    case("spatialdata/element", "no-transformations", shapes(coordinateTransformations=[]))
    case("spatialdata/element", "unknown-transformation", shapes(coordinateTransformations=[{"type": "warp", "output": {"name": "global"}}]))
    case("spatialdata/element", "no-axes", shapes(axes="xy"))
    case("spatialdata/element", "no-parquet", {key: value for key, value in shapes().items() if not key.endswith(".parquet")})
    case("spatialdata/region", "cells", regions(), True)
    case("spatialdata/region", "not-there", regions(region="nuclei"))
    case("spatialdata/table", "keys", regions(), True)
    case("spatialdata/table", "no-instance-key", regions(instance_key=None))
    case("spatialdata/table", "column-missing", regions(instance_key="nucleus"))

    wkb = (("geometry", 6),)
    case("parquet/broken", "whole", {"cells.parquet": parquet(geo=geo())}, True)
    case("parquet/broken", "cut-off", {"cells.parquet": parquet(geo=geo(), cut=9)})
    case("parquet/broken", "columns-beyond-the-end", {"cells.parquet": parquet(geo=geo(), end=100_000)})
    case("parquet/broken", "another-format", {"cells.parquet": "x,y\n1,2\n"})
    case("geoparquet/absent", "stated", {"cells.geoparquet": parquet(geo=geo())}, True)
    case("geoparquet/absent", "not-stated", {"cells.geoparquet": parquet(wkb)})
    case("geoparquet/metadata", "described", {"cells.parquet": parquet(geo=geo())}, True)
    case("geoparquet/metadata", "draft", {"cells.parquet": parquet(geo={"version": "0.4.0", "primary_column": "geometry", "columns": {"geometry": {}}})}, True)
    for name, value in (("unknown-encoding", geo(encoding="WKT")), ("no-geometry-types", geo(geometry_types=None)),
                        ("unknown-geometry-type", geo(geometry_types=["Circle"])), ("crs-is-a-text", geo(crs="EPSG:4326")),
                        ("bbox-of-three", geo(bbox=[0, 0, 1])), ("native-encoding-of-bytes", geo(encoding="polygon")),
                        ("covering-not-there", geo(covering={"bbox": {side: ["bbox", side] for side in ("xmin", "ymin", "xmax", "ymax")}})),
                        ("primary-column-not-described", {**geo(), "primary_column": "outline"}),
                        ("no-version", {**geo(), "version": None}), ("no-columns", {**geo(), "columns": {}}), ("a-list", [])):  # fmt: skip
        case("geoparquet/metadata", name, {"cells.parquet": parquet(geo=value)})
    case("geoparquet/on-earth", "pixels", {"cells.parquet": parquet(geo=geo())}, True)
    case("geoparquet/on-earth", "projjson", {"cells.parquet": parquet(geo=geo(crs={"name": "WGS 84"}))})

    case("annotation/outside-image", "geoparquet", outlines(), True)
    case("annotation/outside-image", "geoparquet", {**outlines(), "cells.parquet": parquet(geo=geo(bbox=[0, 0, 300, 2]))})
    points = (("x", 5), ("y", 5))
    case("annotation/outside-image", "parquet-points", {**outlines(), "cells.parquet": parquet(points, ranges={"x": (0, 3), "y": (1, 2)})}, True)
    case("annotation/outside-image", "parquet-points", {**outlines(), "cells.parquet": parquet(points, ranges={"x": (0, 3), "y": (-7, 2)})})
    beside = {**image(base="tracks.ome.zarr"), **still}
    case("annotation/outside-image", "graph", beside, True)
    case("annotation/outside-planes", "graph", beside, True)
    case("annotation/outside-planes", "frames-of-a-film", {**image(base="tracks.ome.zarr"), **geff()})
    far = replaced(beside, f"{g}/nodes/props/x/values", [1.0, 2.0, 300.0], "float64")
    case("annotation/outside-image", "graph", changed(far, key, ["geff", "axes", 2, "max"], 300))


def main():
    fill()
    for folder in HERE.iterdir():
        if folder.is_dir() and folder.name.startswith(tuple(f"{kind}__" for kind in (*KINDS, "graph")) + ("annotation__outside-image", "annotation__outside-planes")):
            shutil.rmtree(folder)
    for rule, name, files in VECTORS:
        path = HERE / rule.replace("/", "__") / f"{name}.json"
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps({"files": files}, indent=1) + "\n")
    print(f"{len(VECTORS)} vectors of {len({rule for rule, *_ in VECTORS})} rules")


if __name__ == "__main__":
    main()
