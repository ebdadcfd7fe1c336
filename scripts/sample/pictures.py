"""Real pictures from Debian's python3-skimage, as OME-Zarr images, with annotations derived from them."""

import json
from pathlib import Path

import numpy as np
import skimage
from scipy import ndimage
from skimage import color, filters, io, measure, segmentation

import omezarr as oz
import zipped

DATA = Path(skimage.__file__).parent / "data"  # the offline part; nothing is fetched
# Neighbours that a double cannot tell apart, and the largest uint64.
LESION_IDS = (2**53, 2**53 + 1)
VESSEL_IDS = (2**60 + 1, 2**63 + 1, 2**64 - 1)


def _read(name):
    return io.imread(DATA / name)


def _derived(method):
    return {
        "description": "Derived annotation: made by software from the image, not checked by an expert.",
        "method": method,
        "version": f"scikit-image {skimage.__version__}",
    }


def _source(text):
    return {
        "description": text,
        "method": "mean over blocks",
        "version": f"scikit-image {skimage.__version__}",
    }


def _tidy(mask, smallest):
    """Drops specks and pinholes."""
    for value in (True, False):
        parts = measure.label(mask == value)
        small = np.bincount(parts.ravel()) < smallest
        small[0] = False
        mask = np.where(small[parts], not value, mask)
    return mask


def _write_text(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def ihc(images, annotations):
    """Stained tissue, RGB; stain classes by colour deconvolution, and a few scribbles."""
    rgb = _read("ihc.png")[..., :3]
    path = images / "ihc.ome.zarr"
    common = dict(names="cyx", scale=(1, 1, 1), separator="/", levels=3, space=None)
    oz.write_image(
        path,
        np.moveaxis(rgb, -1, 0),
        name="IHC: FHL2 in colonic glands",
        chunks=(3, 128, 128),
        codec=oz.ZLIB,
        omero=oz.rgb_omero("IHC: FHL2 in colonic glands"),
        consolidate=True,
        metadata=_source(
            "Immunohistochemistry (DAB) of FHL2 in colonic glands, haematoxylin "
            "counterstain; Center for Microscopy and Molecular Imaging. RGB on axis c."
        ),
        **common,
    )
    hed = ndimage.gaussian_filter(color.rgb2hed(rgb), (1.2, 1.2, 0))
    brown = hed[..., 2] > filters.threshold_otsu(hed[..., 2])
    blue = (hed[..., 0] > filters.threshold_otsu(hed[..., 0][~brown])) & ~brown
    stain = np.where(_tidy(brown, 60), 1, np.where(_tidy(blue, 25), 2, 0)).astype(np.uint8)
    oz.write_label(
        path,
        "stain",
        stain[None],
        chunks=(1, 256, 256),
        codec=oz.GZIP,
        colors=[(0, (0, 0, 0, 0)), (1, (230, 159, 0, 255)), (2, (86, 180, 233, 255))],
        properties=[
            (0, {"class": "background"}),
            (1, {"class": "DAB positive"}),
            (2, {"class": "haematoxylin only"}),
        ],
        metadata=_derived("Colour deconvolution (rgb2hed), Otsu thresholds, removal of specks"),
        **common,
    )
    strokes = {
        "epithelium": [
            [(50, 60), (130, 110), (190, 190)],
            [(400, 60), (420, 150), (390, 240)],
            [(330, 330), (322, 400), (350, 470)],
        ],
        "stroma": [[(215, 262), (190, 330), (230, 400)], [(470, 60), (485, 180), (460, 300)]],
        "lumen": [[(318, 95), (345, 140), (374, 178)], [(12, 325), (18, 380)]],
    }
    colours = {"epithelium": [230, 159, 0], "stroma": [86, 180, 233], "lumen": [240, 228, 66]}
    features = [
        {
            "type": "Feature",
            "id": f"stroke-{n}",
            "geometry": {"type": "LineString", "coordinates": line},
            "properties": {
                "objectType": "annotation",
                "name": f"{kind} stroke",
                "classification": {"name": kind, "color": colours[kind]},
            },
        }
        for n, (kind, line) in enumerate((k, l) for k, ls in strokes.items() for l in ls)
    ]
    _write_text(
        annotations / "ihc" / "scribbles.geojson",
        json.dumps({"type": "FeatureCollection", "features": features}, indent=1) + "\n",
    )


def cell(images, _):
    """Quantitative phase, one cell; no omero, so contrast is up to the viewer. Also in one file."""
    grey = _read("cell.png")
    path = images / "cell.ome.zarr"
    common = dict(names="yx", scale=(0.107, 0.107), separator=".", levels=3)
    oz.write_image(
        path,
        grey,
        name="Cell floating in saline",
        chunks=(256, 256),
        codec=oz.BLOSC_LZ4,
        metadata=_source(
            "Quantitative phase image of a cell floating in saline, from a digital "
            "hologram; CC0, Müller et al. 2018, doi:10.1364/OE.26.010729."
        ),
        **common,
    )
    parts = measure.label(
        ndimage.gaussian_filter(grey.astype(float), 2) > filters.threshold_otsu(grey)
    )
    mask = ndimage.binary_fill_holes(parts == 1 + np.bincount(parts.ravel())[1:].argmax()).astype(
        np.int32
    )
    oz.write_label(
        path,
        "cell",
        mask,
        chunks=(256, 256),
        codec=oz.LZ4,
        colors=[(1, (0, 158, 115, 255))],
        properties=[(1, {"class": "cell", "area_px": int(mask.sum())})],
        metadata=_derived("Gaussian blur, Otsu threshold, largest component, holes filled"),
        **common,
    )
    zipped.write_all(images, grey, mask)


def coins(images, _):
    """Coins: the classic segmentation example; odd sizes, no compression, no unit, no omero."""
    grey = _read("coins.png")
    path = images / "coins.ome.zarr"
    common = dict(names="yx", scale=(1, 1), separator="/", levels=3, space=None)
    oz.write_image(
        path,
        grey,
        name="Greek coins from Pompeii",
        chunks=(128, 128),
        codec=oz.RAW,
        metadata=_source(
            "Greek coins from Pompeii, Brooklyn Museum Collection; no known copyright "
            "restrictions. Not microscopy: here because everyone knows it."
        ),
        **common,
    )
    markers = np.where(grey < 30, 1, np.where(grey > 150, 2, 0))
    filled = ndimage.binary_fill_holes(segmentation.watershed(filters.sobel(grey), markers) - 1)
    labels = measure.label(_tidy(filled, 300)).astype(np.uint16)
    regions = measure.regionprops(labels, grey)
    palette = (np.array(color.color_dict["orange"]), np.array(color.color_dict["teal"]))
    oz.write_label(
        path,
        "coins",
        labels,
        chunks=(303, 384),
        codec=oz.ZSTD,
        colors=[
            (r.label, (*(255 * palette[r.label % 2]).astype(int), 255))
            for r in regions
            if r.label % 3
        ],
        properties=[
            (
                r.label,
                {
                    "class": "coin",
                    "area_px": int(r.area),
                    "mean_intensity": round(float(r.mean_intensity), 2),
                },
            )
            for r in regions
        ],
        metadata=_derived(
            "Sobel gradient, watershed from grey-level markers (<30, >150), holes filled; "
            "colours are given for two ids in three"
        ),
        **common,
    )


def retina(images, annotations):
    """A larger RGB picture whose pyramid goes by three; vessels by a ridge filter, two landmarks."""
    rgb = _read("retina.jpg")
    path = images / "retina.ome.zarr"
    common = dict(
        names="cyx", scale=(1, 1, 1), separator="/", levels=3, factors=(1, 3, 3), space=None
    )
    oz.write_image(
        path,
        np.moveaxis(rgb, -1, 0),
        name="Human retina",
        chunks=(1, 512, 512),
        codec=oz.BLOSC_ZSTD_BITS,
        omero=oz.rgb_omero("Human retina"),
        metadata=_source(
            "Fundus photograph of a normal left eye, Mikael Häggström 2014, CC0, "
            "doi:10.15347/wjm/2014.008. Each level is a third of the one before."
        ),
        **common,
    )
    green = ndimage.gaussian_filter(rgb[..., 1].astype(np.float32), 1)
    field = ndimage.binary_erosion(rgb[..., 0] > 60, iterations=24)
    ridge = filters.sato(green, sigmas=[3, 5], black_ridges=True)
    vessels = filters.apply_hysteresis_threshold(ridge * field, 1.6, 3.2)
    oz.write_label(
        path,
        "vessels",
        _tidy(vessels, 500).astype(np.uint8)[None],
        chunks=(1, 512, 512),
        codec=oz.BLOSC_ZSTD,
        colors=[(1, (0, 114, 178, 255))],
        properties=[(1, {"class": "vessel"})],
        metadata=_derived("Sato ridge filter on the green channel, hysteresis threshold"),
        **common,
    )
    _write_text(
        annotations / "retina" / "landmarks.csv",
        "id,class,x_px,y_px\n1,optic disc,267,655\n2,fovea,711,703\n",
    )


def microaneurysms(images, _):
    """A small picture whose label ids do not fit in a double."""
    grey = _read("microaneurysms.png")
    path = images / "microaneurysms.ome.zarr"
    common = dict(names="yx", scale=(1, 1), separator=".", space=None)
    oz.write_image(
        path,
        grey,
        name="Microaneurysms in a retina",
        chunks=(64, 64),
        codec=oz.GZIP,
        omero=oz.omero(
            "Microaneurysms in a retina",
            [("green", "FFFFFF", (0, 38, 129, 255))],
            model="greyscale",
        ),
        metadata=_source(
            "Detail of a fundus photograph (green channel) with two lesions; High-Resolution "
            "Fundus database, CC0 by Andreas Maier, doi:10.1155/2013/154860."
        ),
        **common,
    )
    smooth = ndimage.gaussian_filter(grey.astype(float), 1)
    dark = ndimage.black_tophat(smooth, size=(13, 13)) > 8
    y, x = np.indices(grey.shape)
    lesions = [dark & (np.hypot(y - cy, x - cx) < 5) for cy, cx in ((22, 16), (71, 49))]
    parts = measure.label(_tidy(dark & ~lesions[0] & ~lesions[1], 60))
    vessels = [parts == r.label for r in sorted(measure.regionprops(parts), key=lambda r: -r.area)]
    labels = np.zeros(grey.shape, np.uint64)
    named = []
    for kind, ids, masks in (
        ("microaneurysm", LESION_IDS, lesions),
        ("vessel", VESSEL_IDS, vessels),
    ):
        for i, mask in zip(ids, masks):
            labels[mask] = i
            named.append((i, {"class": kind, "area_px": int(mask.sum())}))
    oz.write_label(
        path,
        "structures",
        labels,
        chunks=(102, 102),
        codec=oz.BLOSC_ZSTD,
        properties=named,
        colors=list(zip(LESION_IDS, ((213, 94, 0, 255), (204, 121, 167, 255)))),
        metadata=_derived(
            "Black top-hat and threshold; parts named by hand. The ids are 64-bit on "
            "purpose: 2^53 and 2^53 + 1 are two lesions"
        ),
        **common,
    )


IMAGE_CLASSES = {
    "ihc": "brightfield tissue section",
    "cell": "quantitative phase",
    "coins": "photograph",
    "retina": "fundus photograph",
    "microaneurysms": "fundus photograph",
}


def write_all(images, annotations):
    for draw in (ihc, cell, coins, retina, microaneurysms):
        draw(images, annotations)
    for image, kind in IMAGE_CLASSES.items():
        _write_text(
            annotations / image / "image_classes.csv", f"image,class\n{image}.ome.zarr,{kind}\n"
        )
