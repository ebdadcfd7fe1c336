"""The simulated film as OME-Zarr images, and its ground truth in the formats the field uses.

Every file is derived from the one label array, so they agree: ids are the track ids everywhere.
Pixel coordinates of points are voxel-centre indices; those of boxes and outlines have pixel i from i to
i + 1 (the convention of COCO and QuPath), so that the centre of pixel i is i + 0.5.
"""

import colorsys
import csv
import io
import json

import numpy as np
from skimage import measure

import exchange
import omezarr as oz
import simulation as sim

NAME = "Simulated mitosis"
SAYS = "SIMULATION, no microscope was used: "
METHOD = {"simulated": True, "seed": sim.SEED, "method": "scripts/make-sample of Mifascope"}
SCALE = (sim.INTERVAL, *sim.VOXEL)
STAGE_FRAME = 4
STAGE_PLACE = (0, 118.5, 4210.25, -1830.75)  # where the stage stood, in um
MITOTIC = {"background": 0, "nucleus": 1, "mitotic": 2}
SEMANTIC_COLORS = [(0, (0, 0, 0, 0)), (1, (0, 114, 178, 255)), (2, (230, 159, 0, 255))]
CLASS_COLORS = {
    "interphase": [0, 114, 178],
    "prophase": [240, 228, 66],
    "metaphase": [230, 159, 0],
    "anaphase": [213, 94, 0],
    "telophase": [204, 121, 167],
}


def nucleus_table(labels, stages):
    """One dict a nucleus and frame, in order of frame and id."""
    rows = []
    for t, volume in enumerate(labels):
        for region in measure.regionprops(volume):
            z0, y0, x0, z1, y1, x1 = region.bbox
            z, y, x = region.centroid
            rows.append(
                {
                    "frame": t,
                    "id": region.label,
                    "class": stages[t, region.label],
                    "voxels": int(region.area),
                    "box": (x0, y0, z0, x1, y1, z1),
                    "centre": (x, y, z),
                    "mask": region.image,
                    "cut": bool(min(y0, x0) == 0 or y1 == sim.SHAPE[1] or x1 == sim.SHAPE[2]),
                }
            )
    return rows


def semantic(labels, stages):
    """0 background, 1 nucleus, 2 nucleus in mitosis."""
    out = (labels > 0).astype(np.uint8)
    for (t, i), name in stages.items():
        if name != "interphase":
            out[t][labels[t] == i] = MITOTIC["mitotic"]
    return out


def _family_colors(tracks):
    """A colour for each family that divides (daughters paler); all other ids are left to the viewer."""
    parents = sorted({p for _, _, _, p in tracks if p})
    out = []
    for i, _, _, parent in tracks:
        if i in parents or parent:
            hue = (0.08 + 0.31 * parents.index(parent or i)) % 1
            rgb = colorsys.hsv_to_rgb(hue, 0.85 if i in parents else 0.55, 1.0)
            out.append((i, (*(int(255 * v) for v in rgb), 255)))
    return out


def _channels(name):
    return oz.omero(
        name,
        [
            ("nuclei", "22B8FF", (0, 100, 950, 65535)),
            ("cell borders", "FF4F8B", (0, 105, 480, 65535)),
        ],
        defaultT=0,
        defaultZ=8,
    )


def write_images(images, annotations, film, labels, odds, tracks, stages):
    """The film with its two label images, one frame of it with a 3D pyramid, the probability map."""
    classes = semantic(labels, stages)
    path = images / "mitosis.ome.zarr"
    metadata = {
        **METHOD,
        "description": SAYS + "an epithelial sheet; channel 0 nuclei, channel 1 cell borders. PSF "
        "blur, bleaching, shot noise and camera offset are modelled. The first z plane is nearly blank.",
    }
    oz.write_image(
        path,
        film,
        name=NAME,
        names="tczyx",
        scale=(sim.INTERVAL, 1, *sim.VOXEL),
        levels=3,
        separator="/",
        chunks=(1, 1, 4, 128, 128),
        codec=oz.BLOSC_ZSTD,
        omero=_channels(NAME),
        metadata=metadata,
    )
    properties = [
        (i, {"class": "nucleus", "first_frame": a, "last_frame": b, "parent": p})
        for i, a, b, p in tracks
    ]
    oz.write_label(
        path,
        "nuclei",
        labels,
        names="tzyx",
        scale=SCALE,
        levels=3,
        separator="/",
        chunks=(1, 16, 128, 128),
        codec=oz.BLOSC_LZ4,
        colors=_family_colors(tracks),
        properties=properties,
        metadata={
            **METHOD,
            "description": "Exact ground truth; ids are track ids, coloured where a nucleus "
            "divides.",
        },
    )
    oz.write_label(
        path,
        "semantic",
        classes[:, None],
        names="tczyx",
        scale=(sim.INTERVAL, 1, *sim.VOXEL),
        levels=3,
        separator="/",
        chunks=(1, 1, 16, 256, 256),
        codec=oz.ZLIB,
        colors=SEMANTIC_COLORS,
        properties=[(v, {"class": k}) for k, v in MITOTIC.items()],
        metadata={
            **METHOD,
            "description": "Exact ground truth: background, nucleus, mitotic nucleus.",
        },
    )

    path = images / "mitosis-stage.ome.zarr"
    common = dict(scale=sim.VOXEL, levels=3, separator=".", codec=oz.ZSTD)
    oz.write_image(
        path,
        film[STAGE_FRAME].astype(">u2"),
        names="czyx",
        name=f"{NAME}, frame {STAGE_FRAME}",
        **{**common, "scale": (1, *sim.VOXEL)},
        chunks=(1, 8, 96, 96),
        factors=(1, 2, 2, 2),
        placement=STAGE_PLACE,
        metadata={
            **METHOD,
            "description": SAYS + f"frame {STAGE_FRAME} of the film, in (made-up) stage "
            "coordinates; halved in z as well, big-endian, no rendering settings.",
        },
    )
    oz.write_label(
        path,
        "nuclei",
        labels[STAGE_FRAME].astype(np.int32),
        names="zyx",
        **common,
        chunks=(8, 96, 96),
        factors=(2, 2, 2),
        placement=STAGE_PLACE[1:],
        properties=[
            p for p in properties if p[1]["first_frame"] <= STAGE_FRAME <= p[1]["last_frame"]
        ],
        metadata={
            **METHOD,
            "description": "Exact ground truth; ids as in the film. No colours are given.",
        },
    )

    name = f"{NAME}: probability of nucleus"
    oz.write_image(
        annotations / "mitosis" / "probability.ome.zarr",
        odds,
        names="tzyx",
        name=name,
        scale=SCALE,
        levels=3,
        separator="/",
        chunks=(1, 8, 128, 128),
        codec=oz.BLOSC_ZLIB,
        skip_empty=True,
        omero=oz.omero(name, [("probability", "FF9A00", (0, 0, 1, 1))], defaultZ=8),
        metadata={
            **METHOD,
            "description": SAYS + "what a classifier might say; above 0.5 exactly in the "
            "nuclei of labels/nuclei.",
        },
    )


def _csv(path, header, rows):
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8")


def _json(path, value):
    path.write_text(json.dumps(value, separators=(",", ":")) + "\n", encoding="utf-8")


def outlines(mask, x0=0, y0=0):
    """Rings round a 2D mask in pixel-corner coordinates, exteriors only.

    The tolerance stays under the 0.35 px between a marching-squares line and the nearest pixel centre,
    so that the pixels with their centre inside a ring are exactly the mask.
    """
    rings = []
    for ring in measure.find_contours(np.pad(mask, 1).astype(float), 0.5):
        ring = measure.approximate_polygon(ring, 0.3)[:, ::-1] + [x0 - 0.5, y0 - 0.5]
        area = np.sum(ring[:-1, 0] * ring[1:, 1] - ring[1:, 0] * ring[:-1, 1]) / 2
        rings.append((ring if area > 0 else ring[::-1]).round(2).tolist())
    return sorted(rings, key=len, reverse=True)


def write_coco(path, rows):
    """Boxes and outlines of each nucleus as seen from above (all z), one COCO image a frame."""
    names = list(sim.CLASSES)
    height, width = sim.SHAPE[1:]
    info = {
        "description": SAYS + "boxes and outlines of the z projection of labels/nuclei",
        "version": "1.0",
        "date_created": "2026-11-22",
        "contributor": "Mifascope",
        "year": 2026,
    }
    images = [
        {
            "id": t + 1,
            "video_id": 1,
            "frame_index": t,
            "width": width,
            "height": height,
            "file_name": "images/mitosis.ome.zarr",
        }
        for t in range(sim.FRAMES)
    ]
    annotations = []
    for n, row in enumerate(rows):
        x0, y0, z0, x1, y1, z1 = row["box"]
        flat = row["mask"].any(axis=0)
        annotations.append(
            {
                "id": n + 1,
                "image_id": row["frame"] + 1,
                "category_id": names.index(row["class"]) + 1,
                "track_id": row["id"],
                "bbox": [x0, y0, x1 - x0, y1 - y0],
                "area": int(flat.sum()),
                "iscrowd": 0,
                "z_range": [z0, z1],
                "segmentation": [
                    [v for p in ring[:-1] for v in p] for ring in outlines(flat, x0, y0)
                ],
            }
        )
    _json(
        path,
        {
            "info": info,
            "licenses": [
                {
                    "id": 1,
                    "name": "CC0 1.0",
                    "url": "https://creativecommons.org/publicdomain/zero/1.0/",
                }
            ],
            "videos": [
                {"id": 1, "name": "images/mitosis.ome.zarr", "width": width, "height": height}
            ],
            "images": images,
            "annotations": annotations,
            "categories": [
                {"id": i + 1, "name": n, "supercategory": "nucleus"} for i, n in enumerate(names)
            ],
        },
    )


def write_geojson(path, rows):
    """One QuPath detection a nucleus, z plane and frame."""
    features = []
    for row in rows:
        x0, y0, z0, *_ = row["box"]
        for dz, mask in enumerate(row["mask"]):
            rings = outlines(mask, x0, y0) if mask.any() else []
            if not rings:
                continue
            shape = (
                {"type": "Polygon", "coordinates": [rings[0]]}
                if len(rings) == 1
                else {"type": "MultiPolygon", "coordinates": [[r] for r in rings]}
            )
            features.append(
                {
                    "type": "Feature",
                    "id": f"t{row['frame']}-n{row['id']}-z{z0 + dz}",
                    "geometry": {**shape, "plane": {"c": -1, "z": z0 + dz, "t": row["frame"]}},
                    "properties": {
                        "objectType": "detection",
                        "name": f"nucleus {row['id']}",
                        "classification": {
                            "name": row["class"],
                            "color": CLASS_COLORS[row["class"]],
                        },
                        "measurements": {"track id": row["id"], "area px^2": int(mask.sum())},
                    },
                }
            )
    _json(path, {"type": "FeatureCollection", "features": features})


def _um(centre):
    return [round(v * s, 4) for v, s in zip(centre, sim.VOXEL[::-1])]


def write_tables(folder, rows, tracks):
    """Everything that fits in a CSV or the Cell Tracking Challenge's text file."""
    px = [[round(v, 3) for v in r["centre"]] for r in rows]
    _csv(
        folder / "boxes.csv",
        [
            "frame",
            "nucleus_id",
            "class",
            "x_min_px",
            "y_min_px",
            "z_min_px",
            "x_max_px",
            "y_max_px",
            "z_max_px",
        ],
        [[r["frame"], r["id"], r["class"], *r["box"]] for r in rows],
    )
    _csv(
        folder / "centroids.csv",
        ["frame", "time_s", "nucleus_id", "class", "x_px", "y_px", "z_px", "x_um", "y_um", "z_um"],
        [
            [r["frame"], r["frame"] * sim.INTERVAL, r["id"], r["class"], *p, *_um(r["centre"])]
            for r, p in zip(rows, px)
        ],
    )
    _csv(
        folder / "nucleus_classes.csv",
        ["frame", "nucleus_id", "class", "in_mitosis", "volume_um3", "cut_by_border"],
        [
            [
                r["frame"],
                r["id"],
                r["class"],
                int(r["class"] != "interphase"),
                round(r["voxels"] * np.prod(sim.VOXEL), 2),
                int(r["cut"]),
            ]
            for r in rows
        ],
    )
    _csv(
        folder / "tracks.csv",
        ["track_id", "t", "z", "y", "x"],
        sorted([r["id"], r["frame"], *p[::-1]] for r, p in zip(rows, px)),
    )
    _json(folder / "tracks_graph.json", {str(i): [p] for i, _, _, p in tracks if p})
    (folder / "man_track.txt").write_text("".join("%d %d %d %d\n" % t for t in tracks))
    counts, frames = [], []
    for t in range(sim.FRAMES):
        here = [r["class"] for r in rows if r["frame"] == t]
        counts.append([t, t * sim.INTERVAL, len(here), *(here.count(c) for c in sim.CLASSES)])
        dividing = any(c in here for c in ("metaphase", "anaphase", "telophase"))
        frames.append(["mitosis.ome.zarr", t, "dividing" if dividing else "resting"])
    _csv(folder / "counts.csv", ["frame", "time_s", "nuclei_count", *sim.CLASSES], counts)
    _csv(folder / "image_classes.csv", ["image", "frame", "class"], frames)


def write_all(images, annotations, film, labels, odds, tracks, stages):
    folder = annotations / "mitosis"
    folder.mkdir(parents=True, exist_ok=True)
    write_images(images, annotations, film, labels, odds, tracks, stages)
    rows = nucleus_table(labels, stages)
    write_coco(folder / "boxes.coco.json", rows)
    write_geojson(folder / "outlines.geojson", rows)
    write_tables(folder, rows, tracks)
    exchange.write_all(annotations, rows, tracks, labels, odds, STAGE_FRAME, CLASS_COLORS)
