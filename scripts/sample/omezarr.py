"""Writes OME-Zarr 0.4 groups with python3-zarr, independently of Mifascope's own code."""

import gzip

import numcodecs
import numpy as np
import zarr
from numcodecs import blosc
from numcodecs.compat import ensure_contiguous_ndarray

# c-blosc stores blocks in the order its threads finish, so two runs would differ.
blosc.use_threads = False


class TimelessGzip(numcodecs.GZip):
    """gzip without the time of day in its header (numcodecs writes it, so two runs would differ)."""

    def encode(self, buf):
        return gzip.compress(ensure_contiguous_ndarray(buf).tobytes(), self.level, mtime=0)


numcodecs.register_codec(TimelessGzip, "gzip")

BLOSC_LZ4 = numcodecs.Blosc("lz4", clevel=5, shuffle=numcodecs.Blosc.SHUFFLE)
BLOSC_ZSTD = numcodecs.Blosc("zstd", clevel=5, shuffle=numcodecs.Blosc.SHUFFLE)
BLOSC_ZSTD_BITS = numcodecs.Blosc("zstd", clevel=5, shuffle=numcodecs.Blosc.BITSHUFFLE)
BLOSC_ZLIB = numcodecs.Blosc("zlib", clevel=5, shuffle=numcodecs.Blosc.SHUFFLE)
ZSTD = numcodecs.Zstd(level=6)
GZIP = TimelessGzip(level=6)
ZLIB = numcodecs.Zlib(level=6)
LZ4 = numcodecs.LZ4()
RAW = None

KINDS = {"t": "time", "c": "channel", "z": "space", "y": "space", "x": "space"}


def axes(names, space="micrometer", time="second"):
    """OME-Zarr axes; a unit is left out where it is not known (space=None)."""
    units = {"time": time, "space": space}
    out = []
    for name in names:
        axis = {"name": name, "type": KINDS[name]}
        if units.get(KINDS[name]):
            axis["unit"] = units[KINDS[name]]
        out.append(axis)
    return out


def _blocks(data, factors):
    """One array a voxel of the block: the members of each block, edges repeated to fill it."""
    pad = [(0, -size % f) for size, f in zip(data.shape, factors)]
    padded = np.pad(data, pad, mode="edge")
    return [
        padded[tuple(slice(o, None, f) for o, f in zip(offset, factors))]
        for offset in np.ndindex(*factors)
    ]


def mean(data, factors):
    """Block mean, rounded to nearest for integers."""
    members = _blocks(data, factors)
    total = sum(m.astype(np.float64) for m in members) / len(members)
    return (np.floor(total + 0.5) if data.dtype.kind in "iu" else total).astype(data.dtype)


def majority(data, factors):
    """The commonest label of each block; a tie goes to the larger id, so thin objects survive."""
    members = np.sort(np.stack(_blocks(data, factors)), axis=0)[::-1]
    votes = np.stack([(members == m).sum(axis=0, dtype=np.uint8) for m in members])
    return np.take_along_axis(members, votes.argmax(axis=0)[None], axis=0)[0]


def transforms(scale, translation):
    """The "coordinateTransformations" before 0.6."""
    out = [{"type": "scale", "scale": [float(s) for s in scale]}]
    if any(translation):
        out.append({"type": "translation", "translation": [float(t) for t in translation]})
    return out


def write_image(
    path,
    data,
    *,
    name,
    names,
    scale,
    chunks,
    codec,
    separator,
    levels=1,
    factors=None,
    reduce=mean,
    space="micrometer",
    time="second",
    metadata=None,
    omero=None,
    image_label=None,
    placement=None,
    consolidate=False,
    skip_empty=False
):
    """Writes one multiscale group.

    `data` is level 0, in the order of `names`; `scale` is its voxel size in axis units; `factors` is
    the reduction from each level to the next (default: 2 in y and x). Index 0 is the centre of the
    first voxel and lies at 0, so a level reduced by f starts (f - 1) / 2 voxels further right.
    `placement` is a translation of the whole multiscale (a stage position), in axis units.
    """
    store = zarr.DirectoryStore(str(path))
    group = zarr.group(store=store, overwrite=True)
    factors = factors or [2 if n in "yx" else 1 for n in names]
    scale, translation, datasets = np.array(scale, float), np.zeros(len(names)), []
    for level in range(levels):
        if level:
            data = reduce(data, factors)
            translation = translation + (np.array(factors) - 1) / 2 * scale
            scale = scale * factors
        array = zarr.create(
            shape=data.shape,
            chunks=chunks,
            dtype=data.dtype,
            compressor=codec,
            dimension_separator=separator,
            fill_value=0,
            store=store,
            path=str(level),
            write_empty_chunks=not skip_empty,
        )
        array[...] = data
        datasets.append(
            {"path": str(level), "coordinateTransformations": transforms(scale, translation)}
        )
    multiscale = {
        "version": "0.4",
        **({"name": name} if name else {}),
        "axes": axes(names, space, time),
        "datasets": datasets,
        "type": reduce.__name__,
        "metadata": metadata or {},
    }
    if placement is not None:
        multiscale["coordinateTransformations"] = transforms([1] * len(names), placement)
    attrs = {"multiscales": [multiscale]}
    if omero:
        attrs["omero"] = omero
    if image_label:
        attrs["image-label"] = image_label
    group.attrs.put(attrs)
    if consolidate:
        zarr.consolidate_metadata(store)


def write_label(image_path, label, data, *, colors=(), properties=(), **kwargs):
    """Writes `labels/<label>` inside an image and adds it to the image's list of labels.

    `colors` is [(id, (r, g, b, a))], `properties` is [(id, {...})]; ids stay exact integers.
    """
    labels = zarr.open_group(zarr.DirectoryStore(str(image_path / "labels")), mode="a")
    labels.attrs.put({"labels": labels.attrs.asdict().get("labels", []) + [label]})
    image_label = {"version": "0.4", "source": {"image": "../../"}}
    if colors:
        image_label["colors"] = [
            {"label-value": int(i), "rgba": [int(v) for v in c]} for i, c in colors
        ]
    if properties:
        image_label["properties"] = [{"label-value": int(i), **p} for i, p in properties]
    write_image(
        image_path / "labels" / label,
        data,
        name=label,
        image_label=image_label,
        reduce=majority,
        skip_empty=True,
        **kwargs
    )


def omero(name, channels, **rdefs):
    """OMERO rendering settings; a channel is (label, colour, (min, start, end, max))."""
    return {
        "name": name,
        "version": "0.4",
        "channels": [
            {
                "label": label,
                "color": color,
                "active": True,
                "coefficient": 1,
                "family": "linear",
                "inverted": False,
                "window": dict(zip(("min", "start", "end", "max"), map(float, window))),
            }
            for label, color, window in channels
        ],
        "rdefs": {"defaultT": 0, "defaultZ": 0, "model": "color", **rdefs},
    }


def rgb_omero(name):
    full = (0, 0, 255, 255)
    return omero(
        name, [("red", "FF0000", full), ("green", "00FF00", full), ("blue", "0000FF", full)]
    )
