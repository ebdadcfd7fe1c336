"""Checks that a written study agrees with itself: every file is read back and compared with the masks."""

import csv
import json
import zipfile
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import numpy as np
import tifffile
import yaml
import zarr
from scipy import ndimage
from skimage import draw

import collection
import exchange
import plate
import simulation as sim
import zarr3


def _rows(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _expect(ok, what):
    if not ok:
        raise SystemExit(f"make-sample: the study disagrees with itself: {what}")


def _pyramids(out):
    """Every level covers the same extent as level 0, to within the voxels that fill its edge."""
    for zattrs in sorted(out.rglob(".zattrs")):
        group = json.loads(zattrs.read_text())
        for level in group.get("multiscales", [{}])[0].get("datasets", []):
            array = zarr.open(str(zattrs.parent / level["path"]), mode="r")
            first = zarr.open(str(zattrs.parent / "0"), mode="r")
            base = group["multiscales"][0]["datasets"][0]["coordinateTransformations"][0]["scale"]
            scale, *shift = level["coordinateTransformations"]
            factor = np.array(scale["scale"]) / base
            _expect(
                np.array_equal(array.shape, np.ceil(first.shape / factor)),
                f"shape of {zattrs.parent}/{level['path']}",
            )
            start = np.array(shift[0]["translation"] if shift else 0 * factor)
            _expect(
                np.allclose(start - np.array(scale["scale"]) / 2, -np.array(base) / 2),
                f"place of {zattrs.parent}",
            )
            _expect(array[...].any(), f"{zattrs.parent}/{level['path']} is empty")


def _filled(feature, shape):
    """The pixels whose centre lies in a (Multi)Polygon."""
    geometry = feature["geometry"]
    polygons = (
        [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    )
    mask = np.zeros(shape, bool)
    for (ring,) in polygons:
        x, y = np.array(ring).T - 0.5
        mask[draw.polygon(y, x, shape)] = True
    return mask


def _tables(folder, labels):
    """Boxes, centroids, counts, classes and tracks against the masks."""
    boxes, points = _rows(folder / "boxes.csv"), _rows(folder / "centroids.csv")
    classes, counts = _rows(folder / "nucleus_classes.csv"), _rows(folder / "counts.csv")
    coco = json.loads((folder / "boxes.coco.json").read_text())
    present = [(t, i) for t in range(sim.FRAMES) for i in np.unique(labels[t]) if i]
    for table in (boxes, points, classes):
        _expect(
            [(int(r["frame"]), int(r["nucleus_id"])) for r in table] == present,
            "which nuclei are in which frame",
        )
    _expect(
        [(a["image_id"] - 1, a["track_id"]) for a in coco["annotations"]] == present,
        "COCO's nuclei",
    )
    for box, point, a in zip(boxes, points, coco["annotations"]):
        z, y, x = np.nonzero(labels[int(box["frame"])] == int(box["nucleus_id"]))
        limits = [x.min(), y.min(), z.min(), x.max() + 1, y.max() + 1, z.max() + 1]
        _expect(
            [int(box[f"{k}_{m}_px"]) for m in ("min", "max") for k in "xyz"] == limits, f"box {box}"
        )
        _expect(
            a["bbox"] == [limits[0], limits[1], limits[3] - limits[0], limits[4] - limits[1]],
            f"COCO box {a['id']}",
        )
        _expect(a["area"] == len(set(zip(y, x))), f"COCO area {a['id']}")
        for name, values, size in (("x", x, 0.325), ("y", y, 0.325), ("z", z, 1.0)):
            _expect(abs(float(point[f"{name}_px"]) - values.mean()) < 1e-3, f"centroid {point}")
            _expect(
                abs(float(point[f"{name}_um"]) - values.mean() * size) < 1e-3, f"centroid {point}"
            )
    for row in counts:
        _expect(
            int(row["nuclei_count"]) == sum(t == int(row["frame"]) for t, _ in present), f"count {row}"
        )
        _expect(int(row["nuclei_count"]) == sum(int(row[c]) for c in sim.CLASSES), f"count {row}")
    tracks = [
        tuple(map(int, line.split()))
        for line in (folder / "man_track.txt").read_text().splitlines()
    ]
    _expect({(t, i) for i, a, b, _ in tracks for t in range(a, b + 1)} == set(present), "tracks")
    last = {i: b for i, _, b, _ in tracks}
    _expect(
        all(not p or last[p] == a - 1 for _, a, _, p in tracks),
        "a parent ends just before its daughters",
    )
    graph = json.loads((folder / "tracks_graph.json").read_text())
    _expect(graph == {str(i): [p] for i, _, _, p in tracks if p}, "tracks_graph.json")
    _expect(len(_rows(folder / "tracks.csv")) == len(present), "tracks.csv")


def _exchange(folder, labels, odds):
    """What is there for other programs says the same as the masks."""
    film, stage = folder / "mitosis", folder / "mitosis-stage"
    present = [(t, i) for t in range(sim.FRAMES) for i in np.unique(labels[t]) if i]
    coco = json.loads((film / "masks.coco.json").read_text())
    _expect(
        [(a["image_id"] - 1, a["track_id"]) for a in coco["annotations"]] == present, "COCO's masks"
    )
    for a in coco["annotations"]:
        counts = a["segmentation"]["counts"]
        runs = exchange.unpacked(counts) if isinstance(counts, str) else counts
        flat = np.repeat(np.arange(len(runs)) % 2, runs)
        mask = flat.reshape(a["segmentation"]["size"], order="F")
        truth = (labels[a["image_id"] - 1] == a["track_id"]).any(axis=0)
        _expect(np.array_equal(mask, truth), f"COCO mask {a['id']}")
    centres = {
        (int(r["frame"]), int(r["nucleus_id"])): [float(r[f"{k}_um"]) for k in "xyz"]
        for r in _rows(film / "centroids.csv")
    }
    tracks = [
        tuple(map(int, line.split()))
        for line in (film / "man_track.txt").read_text().splitlines()
    ]
    wanted = {((t, i), (t + 1, i)) for t, i in present if (t + 1, i) in centres}
    wanted |= {((a - 1, p), (a, i)) for i, a, _, p in tracks if p}
    _trackmate(film / "tracks.trackmate.xml", centres, wanted)
    _geff(film / "tracks.geff", centres, wanted)
    for stroke in json.loads((film / "strokes.geojson").read_text())["features"]:
        plane = stroke["geometry"]["plane"]
        ids = {
            labels[plane["t"], plane["z"], int(y), int(x)]
            for x, y in stroke["geometry"]["coordinates"]
        }
        _expect(len(ids) == 1 and 0 not in ids, f"stroke {stroke['geometry']}")
    _expect(np.array_equal(tifffile.imread(stage / "nuclei.ome.tif"), labels[4]), "TIFF mask")
    _expect(
        np.array_equal(tifffile.imread(stage / "probability.ome.tif"), odds[4]), "TIFF probability"
    )
    names = (stage / "classes.txt").read_text().split()
    boxes = [r for r in _rows(film / "boxes.csv") if r["frame"] == "4"]
    lines = (stage / "mitosis-stage.txt").read_text().splitlines()
    _expect(len(lines) == len(boxes), "number of YOLO's boxes")
    size = np.array(labels.shape[:1:-1])
    for line, row in zip(lines, boxes):
        number, *box = line.split()
        middle, extent = np.array(box, float).reshape(2, 2) * size
        ends = np.concatenate([middle - extent / 2, middle + extent / 2])
        truth = [int(row[f"{k}_{m}_px"]) for m in ("min", "max") for k in "xy"]
        _expect(names[int(number)] == row["class"], f"YOLO class of {row}")
        _expect(np.allclose(ends, truth, atol=1e-3), f"YOLO box of {row}")


def _trackmate(path, centres, wanted):
    top = ElementTree.parse(path)
    spots = {}
    for spot in top.iter("Spot"):
        key = int(spot.get("FRAME")), int(spot.get("name").split()[1])
        spots[spot.get("ID")] = key
        place = [float(spot.get(f"POSITION_{k}")) for k in "XYZ"]
        _expect(np.allclose(place, centres[key], atol=1e-3), f"TrackMate's spot {key}")
    _expect(set(spots.values()) == set(centres), "TrackMate's spots")
    links = [
        (spots[e.get("SPOT_SOURCE_ID")], spots[e.get("SPOT_TARGET_ID")]) for e in top.iter("Edge")
    ]
    _expect(len(set(links)) == len(links) and set(links) == wanted, "TrackMate's edges")


def _geff(path, centres, wanted):
    group = zarr.open_group(str(path), mode="r")
    value = {name: group[f"nodes/props/{name}/values"][...] for name in ("t", "track_id", *"xyz")}
    keys = [(int(t), int(i)) for t, i in zip(value["t"], value["track_id"])]
    _expect(set(keys) == set(centres), "GEFF's nodes")
    places = np.column_stack([value[k] for k in "xyz"])
    _expect(np.allclose(places, [centres[k] for k in keys], atol=1e-3), "GEFF's places")
    at = dict(zip(group["nodes/ids"][...].tolist(), keys))
    links = {(at[a], at[b]) for a, b in group["edges/ids"][...].tolist()}
    _expect(links == wanted, "GEFF's edges")


def _film(out):
    labels = zarr.open(str(out / "images/mitosis.ome.zarr/labels/nuclei/0"), mode="r")[...]
    classes = zarr.open(str(out / "images/mitosis.ome.zarr/labels/semantic/0"), mode="r")[:, 0]
    odds = zarr.open(str(out / "annotations/mitosis/probability.ome.zarr/0"), mode="r")[...]
    stage = zarr.open(str(out / "images/mitosis-stage.ome.zarr/labels/nuclei/0"), mode="r")[...]
    folder = out / "annotations/mitosis"
    _expect(np.array_equal(classes > 0, labels > 0), "semantic mask")
    _expect(
        np.array_equal(odds > 0.5, labels > 0) and odds.min() >= 0 and odds.max() <= 1,
        "probability map",
    )
    _expect(np.array_equal(stage, labels[4]), "mask of the single frame")
    for row in _rows(folder / "nucleus_classes.csv"):
        inside = classes[int(row["frame"])][labels[int(row["frame"])] == int(row["nucleus_id"])]
        _expect((inside == 1 + int(row["in_mitosis"])).all(), f"class {row}")
    _tables(folder, labels)
    _exchange(out / "annotations", labels, odds)
    drawn = np.zeros_like(labels)
    for feature in json.loads((folder / "outlines.geojson").read_text())["features"]:
        plane = feature["geometry"]["plane"]
        mask = _filled(feature, labels.shape[2:])
        drawn[plane["t"], plane["z"]][mask] = feature["properties"]["measurements"]["track id"]
    _expect(np.array_equal(drawn, labels), "outlines, filled, are the masks")


def _record(out):
    """The metadata names files that are there, and all that are there."""
    listed = [
        r["Files"]
        for r in csv.DictReader(
            open(out / "file_list.tsv", newline="", encoding="utf-8"), delimiter="\t"
        )
    ]
    _expect(len(set(listed)) == len(listed), "duplicate paths in the file list")
    missing = [p for p in listed if not (out / p).exists()]
    _expect(not missing, f"listed but absent: {missing}")
    covered = {out / p for p in [*listed, "mifa.yaml", "file_list.tsv"]}
    stray = [str(f) for f in out.rglob("*") if f.is_file() and not covered & {f, *f.parents}]
    _expect(not stray, f"there but not listed: {stray}")
    crate = json.loads((out / "ro-crate-metadata.json").read_text(encoding="utf-8"))["@graph"]
    described = {e["@id"] for e in crate if {"bia:Image", "bia:AnnotationData"} & set(e["@type"])}
    _expect(described == {p for p in listed if "/" in p}, "images and annotations of the crate")
    record = yaml.safe_load((out / "mifa.yaml").read_text(encoding="utf-8"))
    _expect(list(record["version"]) == list(record["annotations"]), "versions and annotations")
    files = [f for a in record["annotations"].values() for f in a["file_metadata"]]
    _expect({f["annotation_id"] for f in files} <= set(listed), "annotation files in the file list")
    _expect(all((out / f["source_image_id"] / ".zattrs").exists() for f in files), "source images")
    labels = {
        str(p.parent.relative_to(out))
        for p in out.rglob(".zattrs")
        if "image-label" in json.loads(p.read_text())
    }
    _expect(labels <= {f["annotation_id"] for f in files}, "every label image is described")
    small = zarr.open(str(out / "images/microaneurysms.ome.zarr/labels/structures/0"), mode="r")[
        ...
    ]
    ids = {2**53, 2**53 + 1, 2**60 + 1, 2**63 + 1, 2**64 - 1, 0}
    _expect(small.dtype == np.uint64 and set(map(int, np.unique(small))) == ids, "64-bit ids")


def _plate(out):
    """What the plate lists is there, but for two wells; what it does not list is not."""
    path = out / "images/plate.ome.zarr"
    about = json.loads((path / ".zattrs").read_text())["plate"]
    listed = {well["path"] for well in about["wells"]}
    _expect(len(listed) == 384 - len(plate.NOT_IMAGED), "number of wells")
    there = {f"{p.parent.name}/{p.name}" for p in path.glob("?/*/") if (p / ".zattrs").exists()}
    _expect(listed - there == {plate.NO_WELL} and not there - listed, "wells and their folders")
    empty = {w for w in there for f in _fields(path / w) if not (path / w / f / ".zattrs").exists()}
    _expect(empty == {plate.NO_FIELD}, "fields and their folders")
    rows = _rows(out / "annotations/plate/counts.csv")
    named = [(r["well"], r["field"]) for r in rows]
    fields = [(w, f) for w in there - empty for f in _fields(path / w)]
    _expect(sorted(named) == sorted(fields), "counts of fields")
    means = {}
    for row in (
        r for r in rows if r["field"] == "0" and r["compound"] in ("untreated", "staurosporine")
    ):
        reporter = zarr.open(str(path / row["well"] / "0" / "0"), mode="r")[1].mean()
        means.setdefault(row["compound"], []).append((int(row["nuclei_count"]), reporter))
    (many, dark), (few, bright) = (np.mean(m, axis=0) for m in means.values())
    _expect(many > 3 * few and bright > dark + 20, "the controls differ")


def _fields(well):
    return [f["path"] for f in json.loads((well / ".zattrs").read_text())["well"]["images"]]


def _affine(transformation, rank):
    """A matrix (rank x rank + 1) of the transformations that the sample uses (0.6)."""
    kind = transformation["type"]
    if kind == "affine":
        return np.array(transformation["affine"])
    matrix, offset = np.eye(rank), np.zeros(rank)
    if kind == "scale":
        matrix = np.diag(transformation["scale"])
    elif kind == "translation":
        offset = np.array(transformation["translation"])
    elif kind == "rotation":
        matrix = np.array(transformation["rotation"])
    else:
        for step in transformation["transformations"]:
            each = _affine(step, rank)
            matrix, offset = each[:, :-1] @ matrix, each[:, :-1] @ offset + each[:, -1]
    return np.column_stack([matrix, offset])


def _placed_level(store, image, level, ome):
    """(elements, matrix from their indices to the image's own system), as the metadata says."""
    dataset = ome["multiscales"][0]["datasets"][level]
    data = zarr3.read_array(store, f"{image}/{dataset['path']}".lstrip("/"))
    (transformation,) = dataset["coordinateTransformations"]
    _expect(transformation["input"] == {"path": dataset["path"]}, f"input of {image}")
    return data, _affine(transformation, data.ndim)


def _apply(matrix, points):
    return matrix[:, :-1] @ points + matrix[:, -1:]


def _scene(out):
    """Where tiles of the scene overlap they show the same, and less so half a pixel off."""
    store = zarr3.Folder(out / "images/stitched.ome.zarr")
    tiles = []
    for edge in zarr3.read_ome(store)["scene"]["coordinateTransformations"]:
        _expect(edge["output"] == {"name": "stage"}, f"output of {edge['name']}")
        path = edge["input"]["path"]
        data, own = _placed_level(store, path, 0, zarr3.read_ome(store, path))
        tiles.append((path, data, own, _affine(edge, 2)))
    pixel = tiles[0][2][0, 0]
    for name, data, own, to_stage in tiles:
        stage = _apply(to_stage, _apply(own, np.indices(data.shape).reshape(2, -1)))
        for other, picture, there, placed in tiles:
            differences = []
            for shift in (0, pixel / 2):
                back = np.linalg.solve(placed[:, :-1], stage + shift - placed[:, -1:])
                place = (back - there[:, -1:]) / np.diag(there)[:, None]
                seen = ndimage.map_coordinates(
                    picture.astype(float), place, order=3, cval=np.nan, mode="constant"
                )
                differences.append(np.abs(seen - data.ravel())[~np.isnan(seen)])
            _expect(len(differences[0]) > 1000, f"{name} and {other} overlap")
            exact = differences[0].mean()
            _expect(exact < 0.75, f"{name} and {other} differ by {exact:.2f}")
            _expect(differences[1].mean() > exact + 0.2, f"{name} and {other} half a pixel off")


def _rotated(out):
    """The two levels of the rotated image cover the same, and its two systems have their axes."""
    store = zarr3.Folder(out / "images/rotated.ome.zarr")
    ome = zarr3.read_ome(store)
    (multiscale,) = ome["multiscales"]
    _expect(
        [s["name"] for s in multiscale["coordinateSystems"]] == ["physical", "slide"], "systems"
    )
    matrix = _affine(multiscale["coordinateTransformations"][0], 3)
    _expect(abs(np.linalg.det(matrix[:, :-1]) + 1) < 1e-9, "the slide is mirrored, at full size")
    edges = []
    for level in (0, 1):
        data, own = _placed_level(store, "", level, ome)
        corners = [np.full(3, -0.5), np.array(data.shape) - 0.5]
        edges.append(_apply(own, np.array(corners).T)[1:])
    _expect(np.allclose(*edges), "the levels of the rotated image cover the same")


def _collection(out):
    """The OME-XML describes the series, in their order."""
    path = out / "images/collection.ome.zarr"
    listed = json.loads((path / "OME" / ".zattrs").read_text())["series"]
    namespace = {"ome": collection.NAMESPACE}
    images = ElementTree.parse(path / "OME/METADATA.ome.xml").findall("ome:Image", namespace)
    _expect([i.get("Name") for i in images] == [n for n, *_ in collection.SERIES], "series names")
    _expect(len(images) == len(listed), "series and images of the OME-XML")
    for image, name in zip(images, listed):
        shape = zarr.open(str(path / name / "0"), mode="r").shape
        pixels = image.find("ome:Pixels", namespace)
        sizes = tuple(int(pixels.get(f"Size{axis}")) for axis in "TCZYX")
        _expect(sizes == shape, f"sizes of series {name}")


def _zipped(out):
    """The image in one file is the same as that in a folder, and its members lie as RFC-9 asks."""
    with zipfile.ZipFile(out / "images/cell.ozx") as archive:
        members = archive.infolist()
        _expect(all(m.compress_type == zipfile.ZIP_STORED for m in members), "stored members")
        documents = [m.filename.endswith("zarr.json") for m in members]
        _expect(documents == sorted(documents, reverse=True), "zarr.json first in the zip")
        _expect(members[0].filename == "zarr.json", "the root's zarr.json first of all")
        for inside in ("", "labels/cell/"):
            for level in "012":
                folder = zarr.open(str(out / "images/cell.ome.zarr" / inside / level), mode="r")
                data = zarr3.read_array(archive, inside + level)
                _expect(np.array_equal(folder[...], data), f"{inside}{level} of the zip")


def check(out):
    out = Path(out)
    _pyramids(out)
    _record(out)
    _film(out)
    _plate(out)
    _collection(out)
    _zipped(out)
    _scene(out)
    _rotated(out)
