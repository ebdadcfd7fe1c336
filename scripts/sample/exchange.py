"""The film's ground truth once more, in the formats of other programs: COCO run lengths, YOLO, TrackMate,
GEFF, TIFF, and strokes as for training a pixel classifier.

Derived from the same rows as nuclei.py's files, so ids are track ids here too.
"""

import json
import xml.etree.ElementTree as ElementTree

import numpy as np
import tifffile
import zarr

import omezarr as oz
import simulation as sim

SAYS = "SIMULATION, no microscope was used"
STROKED = 5  # one nucleus in so many has a stroke


# --- COCO's run lengths


def run_lengths(mask):
    """Lengths of the runs of 0 and 1, in turn, down the columns; the first is of 0."""
    flat = mask.astype(bool).ravel(order="F")
    change = np.flatnonzero(flat[1:] != flat[:-1]) + 1
    edges = np.concatenate([[0], change, [flat.size]])
    counts = np.diff(edges).tolist()
    return [0, *counts] if flat[0] else counts


def packed(counts):
    """COCO's text of run lengths: differences to the last but one, five bits a letter."""
    letters = []
    for i, count in enumerate(counts):
        x = count - counts[i - 2] if i > 2 else count
        more = True
        while more:
            bits = x & 0x1F
            x >>= 5
            more = x != -1 if bits & 0x10 else x != 0
            letters.append(chr(48 + bits + (0x20 if more else 0)))
    return "".join(letters)


def unpacked(text):
    counts, at = [], 0
    while at < len(text):
        x = shift = 0
        more = True
        while more:
            bits = ord(text[at]) - 48
            x |= (bits & 0x1F) << shift
            more, at, shift = bool(bits & 0x20), at + 1, shift + 5
        if bits & 0x10:
            x |= -1 << shift
        counts.append(x + counts[-2] if len(counts) > 2 else x)
    return counts


def write_masks(path, rows):
    """Masks of the nuclei as seen from above, one COCO image a frame; one in four is not packed."""
    height, width = sim.SHAPE[1:]
    annotations = []
    for n, row in enumerate(rows):
        x0, y0, _, x1, y1, _ = row["box"]
        mask = np.zeros((height, width), bool)
        mask[y0:y1, x0:x1] = row["mask"].any(axis=0)
        counts = run_lengths(mask)
        annotations.append(
            {
                "id": n + 1,
                "image_id": row["frame"] + 1,
                "category_id": sim.CLASSES.index(row["class"]) + 1,
                "track_id": row["id"],
                "bbox": [x0, y0, x1 - x0, y1 - y0],
                "area": int(mask.sum()),
                "iscrowd": 0,
                "segmentation": {
                    "size": [height, width],
                    "counts": counts if n % 4 == 3 else packed(counts),
                },
            }
        )
    _json(
        path,
        {
            "info": {"description": SAYS + ": masks of the z projection of labels/nuclei"},
            "images": [
                {
                    "id": t + 1,
                    "frame_index": t,
                    "width": width,
                    "height": height,
                    "file_name": "images/mitosis.ome.zarr",
                }
                for t in range(sim.FRAMES)
            ],
            "annotations": annotations,
            "categories": [
                {"id": i + 1, "name": n, "supercategory": "nucleus"}
                for i, n in enumerate(sim.CLASSES)
            ],
        },
    )


def _json(path, value):
    path.write_text(json.dumps(value, separators=(",", ":")) + "\n", encoding="utf-8")


# --- YOLO


def write_yolo(folder, name, rows):
    """`<name>.txt` with "class x y width height", as shares of the image, and the classes' names."""
    height, width = sim.SHAPE[1:]
    lines = []
    for row in rows:
        x0, y0, _, x1, y1, _ = row["box"]
        box = ((x0 + x1) / 2 / width, (y0 + y1) / 2 / height, (x1 - x0) / width, (y1 - y0) / height)
        lines.append(f"{sim.CLASSES.index(row['class'])} " + " ".join("%.6f" % v for v in box))
    (folder / f"{name}.txt").write_text("\n".join(lines) + "\n")
    (folder / "classes.txt").write_text("\n".join(sim.CLASSES) + "\n")


# --- tracks as graphs


def graph(rows, tracks):
    """(row numbers by (frame, id), links between row numbers: within tracks, and to daughters)."""
    at = {(r["frame"], r["id"]): n for n, r in enumerate(rows)}
    links = [(n, at[t + 1, i]) for (t, i), n in at.items() if (t + 1, i) in at]
    links += [(at[first - 1, parent], at[first, i]) for i, first, _, parent in tracks if parent]
    return at, sorted(links)


def _families(rows, links):
    """A number a row: the same for all that are linked."""
    family = list(range(len(rows)))

    def root(n):
        while family[n] != n:
            n = family[n]
        return n

    for a, b in links:
        family[max(root(a), root(b))] = min(root(a), root(b))
    return [root(n) for n in range(len(rows))]


def write_trackmate(path, rows, tracks):
    """TrackMate's XML: spots in micrometres, a track for each family."""
    _, links = graph(rows, tracks)
    families = _families(rows, links)
    top = ElementTree.Element("TrackMate", version="7.11.1")
    model = ElementTree.SubElement(top, "Model", spatialunits="micron", timeunits="sec")
    spots = ElementTree.SubElement(model, "AllSpots", nspots=str(len(rows)))
    for t in range(sim.FRAMES):
        frame = ElementTree.SubElement(spots, "SpotsInFrame", frame=str(t))
        for n, row in enumerate(rows):
            if row["frame"] != t:
                continue
            x, y, z = (v * s for v, s in zip(row["centre"], sim.VOXEL[::-1]))
            volume = row["voxels"] * np.prod(sim.VOXEL)
            ElementTree.SubElement(
                frame,
                "Spot",
                ID=str(n),
                name=f"{row['class']} {row['id']}",
                POSITION_X=f"{x:.4f}",
                POSITION_Y=f"{y:.4f}",
                POSITION_Z=f"{z:.4f}",
                POSITION_T=f"{t * sim.INTERVAL:g}",
                FRAME=str(t),
                RADIUS=f"{(3 * volume / 4 / np.pi) ** (1 / 3):.4f}",
                VISIBILITY="1",
                QUALITY="1.0",
            )
    all_tracks = ElementTree.SubElement(model, "AllTracks")
    kept = ElementTree.SubElement(model, "FilteredTracks")
    for index, family in enumerate(sorted({families[a] for a, _ in links})):
        track = ElementTree.SubElement(
            all_tracks, "Track", name=f"Track_{index}", TRACK_ID=str(index), TRACK_INDEX=str(index)
        )
        for a, b in links:
            if families[a] == family:
                ElementTree.SubElement(
                    track, "Edge", SPOT_SOURCE_ID=str(a), SPOT_TARGET_ID=str(b), LINK_COST="0.0"
                )
        ElementTree.SubElement(kept, "TrackID", TRACK_ID=str(index))
    settings = ElementTree.SubElement(top, "Settings")
    depth, height, width = sim.SHAPE
    ElementTree.SubElement(
        settings,
        "ImageData",
        filename="mitosis.ome.zarr",
        folder="",
        width=str(width),
        height=str(height),
        nslices=str(depth),
        nframes=str(sim.FRAMES),
        pixelwidth=str(sim.VOXEL[2]),
        pixelheight=str(sim.VOXEL[1]),
        voxeldepth=str(sim.VOXEL[0]),
        timeinterval=f"{sim.INTERVAL:g}",
    )
    ElementTree.indent(top)
    ElementTree.ElementTree(top).write(path, encoding="UTF-8", xml_declaration=True)


def write_geff(path, rows, tracks):
    """Graph Exchange File Format: nodes with t (frames) and z, y, x (micrometres), edges between ids."""
    _, links = graph(rows, tracks)
    places = np.array([r["centre"][::-1] for r in rows]) * sim.VOXEL
    values = {
        "t": np.array([r["frame"] for r in rows], np.int64),
        "z": places[:, 0],
        "y": places[:, 1],
        "x": places[:, 2],
        "track_id": np.array([r["id"] for r in rows], np.uint64),
        "volume": np.array([r["voxels"] for r in rows]) * np.prod(sim.VOXEL),
    }
    group = zarr.group(store=zarr.DirectoryStore(str(path)), overwrite=True)
    # Node ids begin at 1 so that none is mistaken for "none".
    ids = np.arange(1, len(rows) + 1, dtype=np.uint64)
    options = {"compressor": oz.ZSTD}
    group.create_dataset("nodes/ids", data=ids, **options)
    group.create_dataset("edges/ids", data=ids[np.array(links)], **options)
    group.require_group("edges/props")
    for name, data in values.items():
        group.create_dataset(f"nodes/props/{name}/values", data=data, **options)
    axes = [
        {
            "name": name,
            "type": "time" if name == "t" else "space",
            **({} if name == "t" else {"unit": "micrometer"}),
            "min": float(values[name].min()),
            "max": float(values[name].max()),
        }
        for name in "tzyx"
    ]
    units = {"z": "micrometer", "y": "micrometer", "x": "micrometer"}
    properties = {
        name: {"identifier": name, "dtype": str(data.dtype), **({"unit": units[name]} if name in units else {})}
        for name, data in values.items()
    }
    group.attrs.put(
        {
            "geff": {
                "geff_version": "1.0.0",
                "directed": True,
                "axes": axes,
                "node_props_metadata": properties,
                "edge_props_metadata": {},
                "track_node_props": {"tracklet": "track_id"},
            }
        }
    )


# --- TIFF


def write_tiff(path, stack, name):
    """An OME-TIFF of one z stack, deflated; the same bytes at every run."""
    tifffile.imwrite(
        path,
        stack,
        ome=True,
        compression="zlib",
        tile=(128, 128),
        metadata={
            "axes": "ZYX",
            "Name": name,
            # Otherwise of the time of day.
            "UUID": "00000000-0000-5000-8000-000000000000",
            "PhysicalSizeX": sim.VOXEL[2],
            "PhysicalSizeY": sim.VOXEL[1],
            "PhysicalSizeZ": sim.VOXEL[0],
            "PhysicalSizeXUnit": "µm",
            "PhysicalSizeYUnit": "µm",
            "PhysicalSizeZUnit": "µm",
        },
    )


# --- strokes


def strokes(rows):
    """[(row, plane, ((x, y), (x, y)))]: a short stroke within one nucleus in five, in its middle plane."""
    found = []
    for row in rows:
        if row["id"] % STROKED:
            continue
        x0, y0, z0, *_ = row["box"]
        dz = min(len(row["mask"]) - 1, max(0, round(row["centre"][2]) - z0))
        y, x = np.nonzero(row["mask"][dz])
        if len(x) < 30:
            continue
        centre = np.array([x.mean(), y.mean()])
        _, _, axes = np.linalg.svd(np.column_stack([x, y]) - centre, full_matrices=False)
        along = (np.column_stack([x, y]) - centre) @ axes[0]
        reach = 0.55 * min(along.max(), -along.min())
        ends = [centre + side * reach * axes[0] + [x0 + 0.5, y0 + 0.5] for side in (-1, 1)]
        found.append((row, z0 + dz, [[round(float(v), 2) for v in end] for end in ends]))
    return found


def write_strokes(path, rows, colors):
    features = [
        {
            "type": "Feature",
            "geometry": {
                "type": "LineString",
                "coordinates": line,
                "plane": {"c": -1, "z": plane, "t": row["frame"]},
            },
            "properties": {
                "objectType": "annotation",
                "classification": {"name": row["class"], "color": colors[row["class"]]},
            },
        }
        for row, plane, line in strokes(rows)
    ]
    _json(path, {"type": "FeatureCollection", "features": features})


def write_all(annotations, rows, tracks, labels, odds, stage_frame, colors):
    film, stage = annotations / "mitosis", annotations / "mitosis-stage"
    stage.mkdir(parents=True, exist_ok=True)
    write_masks(film / "masks.coco.json", rows)
    write_trackmate(film / "tracks.trackmate.xml", rows, tracks)
    write_geff(film / "tracks.geff", rows, tracks)
    write_strokes(film / "strokes.geojson", rows, colors)
    write_yolo(stage, "mitosis-stage", [r for r in rows if r["frame"] == stage_frame])
    write_tiff(stage / "nuclei.ome.tif", labels[stage_frame].astype(np.uint16), "nuclei")
    write_tiff(
        stage / "probability.ome.tif", odds[stage_frame].astype(np.float32), "probability of nucleus"
    )
