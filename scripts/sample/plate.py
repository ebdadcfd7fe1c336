"""A simulated 384-well plate: eight compounds in twenty doses, in duplicate, with two controls.

Nuclei of the simulated film (scripts/sample/simulation.py) are scattered over each well; the more of a
compound there is, the fewer there are, and the brighter is the reporter in channel 1.
"""

import csv
import io

import numpy as np
import zarr
from scipy import ndimage

import omezarr as oz
import simulation as sim

ROWS = "ABCDEFGHIJKLMNOP"
COLUMNS = tuple(range(1, 25))
SHAPE = (120, 160)
PIXEL = 2 * sim.VOXEL[1]  # um
NOT_IMAGED = tuple(f"{row}/{column}" for row in "GH" for column in (9, 10, 11, 12))
# Listed, and yet there is no image: a well that is not there at all, and one whose field is not.
NO_WELL, NO_FIELD = "C/7", "K/18"
SECOND_FIELD = (4, 8, 12, 16, 20, 24)  # columns
FIRST_DAY = 1790000000000  # milliseconds since 1970
ACQUISITIONS = [
    {"id": n, "name": f"Day {n}", "maximumfieldcount": 1, "starttime": FIRST_DAY + n * 86400000}
    for n in (1, 2)
]
TOP_DOSE = 20.0  # micromolar, in column 22; half of it in the column before, and so on
NEGATIVE, POSITIVE = (1, 2), (23, 24)
DESCRIPTION = (
    "SIMULATION, no microscope was used: nuclei of the simulated film, scattered at random. "
    "Rows in pairs are a compound, columns 3 to 22 its doses, 1 and 2 untreated, 23 and 24 killed."
)


def treatment(row, column):
    """(compound, concentration in micromolar) of a well; row is an index, column a name."""
    if column in NEGATIVE:
        return "untreated", 0.0
    if column in POSITIVE:
        return "staurosporine", TOP_DOSE
    return f"compound {row // 2 + 1}", TOP_DOSE / 2.0 ** (22 - column)


def _effect(row, column):
    """0: as untreated, 1: as the positive control. Compounds differ in potency, the last has none."""
    name, dose = treatment(row, column)
    if not name.startswith("compound"):
        return float(dose > 0)
    half = 0.01 * 4.0 ** (row // 2)
    return 0.0 if row // 2 == 7 else 1 / (1 + (half / dose) ** 1.6)


def stamps(film, labels):
    """Nuclei seen from above, without what is round them, at the plate's pixel size; in 0 to 1."""
    out = []
    for t in (0, 5):
        seen = film[t, 0].max(axis=0).astype(np.float64) - 100
        mask = labels[t].max(axis=0)
        for i, box in enumerate(ndimage.find_objects(mask), start=1):
            if box is None or any(s.start == 0 or s.stop == 256 for s in box):
                continue
            part = np.pad(seen[box] * (mask[box] == i), 3)
            part = oz.mean(ndimage.gaussian_filter(part, 1), (2, 2))
            if min(part.shape) > 12 and max(part.shape) < 30:
                out.append(part / part.max())
    return out


def _places(rng, count):
    """Centres at least 11 pixels apart, as many as there is room for."""
    places = []
    for y, x in rng.uniform((0, 0), SHAPE, (12 * count, 2)):
        if len(places) < count and all((y - b) ** 2 + (x - a) ** 2 > 121 for b, a in places):
            places.append((y, x))
    return places


def field(row, column, number, shapes):
    """(image c,y,x as camera counts, how many nuclei have their centre in it)."""
    rng = np.random.default_rng([sim.SEED, row, column, number])
    effect = _effect(row, column)
    places = _places(rng, int(rng.poisson(34 - 27 * effect)))
    light = np.zeros((2, *(n + 60 for n in SHAPE)))
    for y, x in places:
        stamp = np.rot90(shapes[rng.integers(len(shapes))], rng.integers(4))
        # Dying nuclei are small and bright.
        stamp = ndimage.zoom(stamp, 1 - 0.3 * effect * rng.uniform(0.5, 1), order=1)
        top, left = int(y) + 30 - stamp.shape[0] // 2, int(x) + 30 - stamp.shape[1] // 2
        window = (slice(top, top + stamp.shape[0]), slice(left, left + stamp.shape[1]))
        light[0][window] += stamp * (300 + 250 * effect) * rng.lognormal(0, 0.2)
        light[1, int(y) + 30, int(x) + 30] += rng.lognormal(0, 0.35)
    light[1] = ndimage.gaussian_filter(light[1], 6) * 226 * (40 + 420 * effect)
    signal = light[:, 30:-30, 30:-30] + 4
    counts = rng.poisson(signal) + rng.normal(0, 1.2, signal.shape) + 100
    return np.clip(np.rint(counts), 0, 65535).astype(np.uint16), len(places)


def _write_field(path, image, name):
    channels = [
        ("nuclei", "22B8FF", (0, 100, 700, 65535)),
        ("reporter", "FFB000", (0, 100, 700, 65535)),
    ]
    oz.write_image(
        path,
        image,
        name=name,
        names="cyx",
        scale=(1, PIXEL, PIXEL),
        levels=3,
        separator=".",
        chunks=(1, *SHAPE),
        codec=oz.BLOSC_ZSTD,
        omero=oz.omero(name, channels),
        metadata={"simulated": True, "seed": sim.SEED, "description": DESCRIPTION},
    )


def _group(path, attributes):
    zarr.group(store=zarr.DirectoryStore(str(path))).attrs.put(attributes)


def wells():
    """(path, row index, column name) of those that were imaged, row by row."""
    return [
        (f"{row}/{column}", r, column)
        for r, row in enumerate(ROWS)
        for column in COLUMNS
        if f"{row}/{column}" not in NOT_IMAGED
    ]


def write_all(images, annotations, film, labels):
    path = images / "plate.ome.zarr"
    shapes, rows = stamps(film, labels), []
    _group(
        path,
        {
            "plate": {
                "version": "0.4",
                "name": "Simulated dose response",
                "rows": [{"name": name} for name in ROWS],
                "columns": [{"name": str(name)} for name in COLUMNS],
                "wells": [
                    {"path": well, "rowIndex": r, "columnIndex": column - 1}
                    for well, r, column in wells()
                ],
                "acquisitions": ACQUISITIONS,
                "field_count": 2,
            }
        },
    )
    for name in ROWS:
        _group(path / name, {})
    for well, r, column in wells():
        if well == NO_WELL:
            continue
        fields = (0, 1) if column in SECOND_FIELD else (0,)
        listed = [{"path": str(n), "acquisition": ACQUISITIONS[n]["id"]} for n in fields]
        _group(path / well, {"well": {"version": "0.4", "images": listed}})
        for number in fields if well != NO_FIELD else ():
            image, count = field(r, column, number, shapes)
            _write_field(path / well / str(number), image, f"{well} field {number}")
            rows.append([well, number, *treatment(r, column), count])
    text = io.StringIO()
    header = ["well", "field", "compound", "concentration_um", "nuclei_count"]
    csv.writer(text, lineterminator="\n").writerows([header, *rows])
    (annotations / "plate").mkdir(parents=True, exist_ok=True)
    (annotations / "plate" / "counts.csv").write_text(text.getvalue(), encoding="utf-8")
