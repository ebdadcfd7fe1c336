"""The study's MIFA record (bia-agent form), its file list, the demo page's index and a README."""

import csv
import io
import json

import yaml

import crate
import plate
import simulation as sim

CREATED = "2026-11-22T09:00:00Z"
BY_SIMULATION = (
    "Made by software: the simulation that drew the image wrote this annotation, so no human "
    "annotator was involved. Quality assurance: all annotation files are derived from one label array, and "
    "scripts/make-sample --check compares them."
)
BY_SOFTWARE = "Quality assurance: looked at once over the image by the makers of this sample; no expert has revised it."
EXACT = "Exact by construction: the simulation's own geometry before blur and noise."
ROUGH = "Low: a fixed recipe for a demonstration, not fit for training or for any biological or medical conclusion."
COMPLETE = (
    "Every nucleus with at least %d voxels in view, in all %d frames. Nuclei cut by the border are included."
    % (sim.SMALLEST, sim.FRAMES)
)
OUTLINE = "A voxel belongs to a nucleus (or chromosome mass in mitosis) if its centre lies inside the simulated surface."
CORNER = "Pixels; pixel i spans i to i + 1 (top-left corner of the image is 0,0)."
CENTRE = (
    "Columns _px are voxel-centre indices (the centre of the first voxel is 0); columns _um are those times the "
    "voxel size (z 1.0, y 0.325, x 0.325 micrometre)."
)
SEQUENCE = "images/mitosis.ome.zarr"

IMAGES = {
    SEQUENCE: (
        "Simulated mitosis (3D + time)",
        "SIMULATION: ten frames of an epithelial sheet with three divisions, two "
        "channels, anisotropic voxels, with exact ground truth of every kind.",
    ),
    "images/mitosis-stage.ome.zarr": (
        "Simulated mitosis, one frame",
        "SIMULATION: frame 4, pyramid reduced in z too, placed in "
        "stage coordinates, big-endian, without rendering settings.",
    ),
    "annotations/mitosis/probability.ome.zarr": (
        "Simulated mitosis, probability",
        "SIMULATION: probability of nucleus, 0 to 1, " "as floating point.",
    ),
    "images/plate.ome.zarr": (
        "Simulated 384-well plate",
        "SIMULATION: dose response of eight compounds; eight wells were not imaged, and of two that are "
        "listed the image is missing on purpose.",
    ),
    "images/collection.ome.zarr": (
        "Three regions of a slide",
        "A collection of three images with OME-XML, as bioformats2raw writes it.",
    ),
    "images/stitched.ome.zarr": (
        "Stitched retina",
        "OME-Zarr 0.6 scene: four tiles that overlap, one of them turned by seven degrees.",
    ),
    "images/rotated.ome.zarr": (
        "Simulated mitosis, on the slide",
        "SIMULATION, OME-Zarr 0.6: as the camera saw it, and by an affine transformation as it lies on "
        "the slide.",
    ),
    "images/ihc.ome.zarr": (
        "Immunohistochemistry",
        "FHL2 in colonic glands, RGB; stain classes and scribbles.",
    ),
    "images/cell.ome.zarr": (
        "Cell in saline",
        "Quantitative phase image of one cell, with its mask.",
    ),
    "images/cell.ozx": (
        "Cell in saline, in one file",
        "The same picture and mask as a zipped OME-Zarr 0.5, in shards.",
    ),
    "images/retina.ome.zarr": (
        "Retina",
        "Fundus photograph whose pyramid goes by three; vessels and two landmarks.",
    ),
    "images/microaneurysms.ome.zarr": (
        "Microaneurysms",
        "A small detail with label ids beyond 2^53.",
    ),
    "images/coins.ome.zarr": (
        "Coins",
        "Greek coins, segmented by watershed: not microscopy, but a picture that is well known.",
    ),
}


class Annotation:
    """One entry of the record's `annotations`, with the files that belong to it: [(path, source image)]."""

    def __init__(
        self, title, types, files, overview, method, criteria, coverage, confidence, spatial=None
    ):
        self.title, self.types, self.files, self.overview, self.method = (
            title,
            types,
            files,
            overview,
            method,
        )
        self.criteria, self.coverage, self.confidence, self.spatial = (
            criteria,
            coverage,
            confidence,
            spatial,
        )

    def record(self):
        files = [
            {
                "annotation_id": path,
                "source_image_id": source,
                "annotation_type": list(self.types),
                **({"spatial_information": self.spatial} if self.spatial else {}),
                "annotation_creation_time": CREATED,
            }
            for path, source in self.files
        ]
        return {
            "annotation_overview": self.overview,
            "annotation_type": list(self.types),
            "annotation_method": self.method,
            "annotation_criteria": self.criteria,
            "annotation_coverage": self.coverage,
            "annotation_confidence_level": self.confidence,
            "file_metadata": files,
        }


def _simulated(
    title,
    types,
    names,
    overview,
    spatial=None,
    criteria=OUTLINE,
    confidence=EXACT,
    coverage=COMPLETE,
    folder="mitosis",
):
    files = [
        (f"images/{n}", "images/" + n.split("/")[0])
        if "/labels/" in n
        else (f"annotations/{folder}/{n}", f"images/{folder}.ome.zarr")
        for n in names
    ]
    return Annotation(
        title,
        types,
        files,
        "Simulated ground truth: " + overview,
        BY_SIMULATION,
        criteria,
        coverage,
        confidence,
        spatial,
    )


def _derived(title, types, image, file, overview, recipe, criteria, coverage, spatial=None):
    source = f"images/{image}.ome.zarr"
    path = f"{source}/{file}" if file.startswith("labels/") else f"annotations/{image}/{file}"
    return Annotation(
        title,
        types,
        [(path, source)],
        overview,
        f"{recipe} {BY_SOFTWARE}",
        criteria,
        coverage,
        ROUGH,
        spatial,
    )


def annotations():
    mask, derived = "segmentation_mask", "derived_annotations"
    by_program = "Made by software (scikit-image):"
    by_hand = (
        "Placed by hand from the picture by the makers of this sample, who are not physicians:"
    )
    classes = [
        Annotation(
            f"Image class of {name}",
            ["class_labels"],
            [(f"annotations/{name}/image_classes.csv", f"images/{name}.ome.zarr")],
            "Class label of the whole image: how it was taken.",
            "Assigned by hand by the makers of this sample from the source's description. "
            + BY_SOFTWARE,
            "The kind of imaging named by the source.",
            "The whole image.",
            "High: it is the source's own word.",
        )
        for name in ("ihc", "cell", "coins", "retina", "microaneurysms")
    ]
    return [
        _simulated(
            "Nuclei",
            [mask],
            ["mitosis.ome.zarr/labels/nuclei", "mitosis-stage.ome.zarr/labels/nuclei"],
            "instance masks of nuclei in 3D and time; an id is a track, and a daughter has an id of its own.",
        ),
        _simulated(
            "Nuclei in one frame",
            [mask],
            ["nuclei.ome.tif"],
            "the instance masks of frame 4 as an OME-TIFF, for programs that do not read OME-Zarr.",
            folder="mitosis-stage",
        ),
        _simulated(
            "Nuclei from above",
            [mask],
            ["masks.coco.json"],
            "instance masks of the z projection, as COCO's run lengths, packed and plain.",
            criteria="A pixel belongs to a nucleus if any voxel of its column does; nuclei may overlap.",
        ),
        _simulated(
            "Nucleus or mitosis",
            [mask],
            ["mitosis.ome.zarr/labels/semantic"],
            "semantic mask: 0 background, 1 nucleus, 2 nucleus in mitosis (prophase to telophase).",
        ),
        _simulated(
            "Probability of nucleus",
            [mask, derived],
            ["probability.ome.zarr"],
            "probability map; above 0.5 in exactly the voxels of the instance masks, soft round the border.",
            confidence="Simulated classifier: the 0.5 contour is exact, the values beside it are invented.",
        ),
        _simulated(
            "Probability in one frame",
            [mask, derived],
            ["probability.ome.tif"],
            "the probability map of frame 4 as an OME-TIFF of floating point.",
            confidence="Simulated classifier: the 0.5 contour is exact, the values beside it are invented.",
            folder="mitosis-stage",
        ),
        _simulated(
            "Boxes",
            ["bounding_boxes"],
            ["boxes.coco.json", "boxes.csv"],
            "boxes in COCO form (as seen from above, with outlines and track ids) and as 3D boxes in a table.",
            CORNER,
            "The smallest box that holds all voxels of the nucleus in the frame, class by mitotic phase.",
        ),
        _simulated(
            "Boxes in one frame",
            ["bounding_boxes"],
            ["mitosis-stage.txt", "classes.txt"],
            "boxes in frame 4 as seen from above in YOLO's form, and the names of its classes.",
            "Shares of the image's width and height.",
            "The smallest box that holds all voxels of the nucleus, class by mitotic phase.",
            folder="mitosis-stage",
        ),
        _simulated(
            "Centroids",
            ["point_annotations"],
            ["centroids.csv"],
            "centre of mass of each nucleus in each frame.",
            CENTRE,
            "Mean position of the voxels in view, unweighted.",
        ),
        _simulated(
            "Outlines",
            ["geometrical_annotations"],
            ["outlines.geojson"],
            "outlines in QuPath's GeoJSON, one polygon a nucleus, z plane and frame.",
            CORNER,
        ),
        _simulated(
            "Tracks",
            ["tracks", "graphs"],
            ["tracks.csv", "tracks_graph.json", "tracks.trackmate.xml", "tracks.geff", "man_track.txt"],
            "lineage as the Cell Tracking Challenge's man_track.txt (id, first frame, last frame, parent), and as a napari "
            "tracks table with its graph (child: [parent]), in TrackMate's XML, and as a graph in Zarr (GEFF).",
            CENTRE.replace("Columns _px", "Columns z, y and x of " "tracks.csv").split(";")[0]
            + "; t is the frame.",
            "A track ends where its nucleus divides or leaves the view; daughters start in anaphase.",
        ),
        _simulated(
            "Strokes",
            ["weak_annotations"],
            ["strokes.geojson"],
            "a short stroke within one nucleus in five, as for training a pixel classifier.",
            CORNER,
            "Both ends lie within the nucleus, in its middle plane; class by mitotic phase.",
            coverage="One nucleus in five, in all frames; the rest is unlabelled.",
        ),
        _simulated(
            "Counts",
            ["counts"],
            ["counts.csv"],
            "number of nuclei in each frame, in all and by phase.",
            "Whole field of view of a frame.",
        ),
        _simulated(
            "Phase of each nucleus",
            ["class_labels"],
            ["nucleus_classes.csv"],
            "phase of each nucleus in each frame, with its volume in view.",
            "Rows name the nucleus by its mask's id.",
            "interphase, prophase, metaphase, anaphase or telophase, as simulated.",
        ),
        _simulated(
            "Frames with a division",
            ["class_labels"],
            ["image_classes.csv"],
            "whole-frame class: dividing if a nucleus is in metaphase, anaphase or telophase.",
            "Whole frame.",
        ),
        Annotation(
            "Nuclei of each well",
            ["counts"],
            [("annotations/plate/counts.csv", "images/plate.ome.zarr")],
            "Simulated ground truth: number of nuclei in each field of the plate, with the well's treatment.",
            BY_SIMULATION.replace("label array", "list of places"),
            "A nucleus counts if its centre lies in the field.",
            "Every field that has an image.",
            EXACT,
            "Whole field of view.",
        ),
        _derived(
            "Stain",
            [mask, derived],
            "ihc",
            "labels/stain",
            "Semantic mask of the stains: DAB positive, haematoxylin only.",
            by_program + " colour deconvolution, blur, Otsu thresholds, removal of specks.",
            "Pixels above the threshold of the deconvolved stain.",
            "The whole image.",
        ),
        _derived(
            "Scribbles",
            ["weak_annotations"],
            "ihc",
            "scribbles.geojson",
            "Scribbles in epithelium, stroma and lumen, as for training a pixel classifier.",
            by_hand + " seven strokes.",
            "A stroke lies wholly in its class as judged by eye.",
            "Seven strokes; most of the image is unlabelled.",
            CORNER,
        ),
        _derived(
            "Cell",
            [mask, derived],
            "cell",
            "labels/cell",
            "Mask of the one cell.",
            by_program + " blur, Otsu threshold, largest component.",
            "Pixels of the bright body.",
            "The whole image.",
        ),
        _derived(
            "Coins",
            [mask, derived],
            "coins",
            "labels/coins",
            "Instance masks of 24 coins.",
            by_program + " watershed on the gradient from grey-level markers.",
            "One id a coin.",
            "All 24 coins.",
        ),
        _derived(
            "Vessels",
            [mask, derived],
            "retina",
            "labels/vessels",
            "Mask of blood vessels.",
            by_program + " ridge filter and hysteresis threshold.",
            "Dark ridges found at scales of 3 and 5 pixels.",
            "The whole image; the finest vessels are missed.",
        ),
        _derived(
            "Landmarks",
            ["point_annotations"],
            "retina",
            "landmarks.csv",
            "Centres of the optic disc and of the fovea.",
            by_hand + " two points.",
            "Centre as judged by eye.",
            "The whole image.",
            CENTRE.split(";")[0] + ".",
        ),
        _derived(
            "Lesions and vessels",
            [mask, derived],
            "microaneurysms",
            "labels/structures",
            "Instance masks of two microaneurysms and three vessels, with 64-bit ids.",
            by_program + " top-hat and threshold; the parts were then named by hand.",
            "Dark spots and ridges.",
            "The whole image.",
        ),
        *classes,
    ]


PUBLICATIONS = [
    (
        "scikit-image: image processing in Python",
        "Stéfan van der Walt, Johannes L. Schönberger, Juan Nunez-Iglesias, "
        "François Boulogne, Joshua D. Warner, Neil Yager, Emmanuelle Gouillart, Tony Yu",
        "10.7717/peerj.453",
        2014,
    ),
    (
        "Accurate evaluation of size and refractive index for spherical objects in quantitative phase imaging",
        "Paul Müller, Mirjam Schürmann, Salvatore Girardo, Gheorghe Cojoc, Jochen Guck",
        "10.1364/OE.26.010729",
        2018,
    ),
    (
        "Robust Vessel Segmentation in Fundus Images",
        "A. Budai, R. Bock, A. Maier, J. Hornegger, G. Michelson",
        "10.1155/2013/154860",
        2013,
    ),
    ("Medical gallery of Mikael Häggström 2014", "Mikael Häggström", "10.15347/wjm/2014.008", 2014),
]
DESCRIPTION = """A small study to look at and to test with: images as OME-Zarr with annotations of nearly every kind that MIFA names. \
Its main image is a SIMULATION of mitosis in an epithelial cell sheet, drawn by a program with exact ground truth; no microscope \
and no cells were involved. So is a 384-well plate with a dose response. The other images are real pictures shipped with scikit-image: a quantitative phase image of a cell \
(Müller et al. 2018, CC0), an immunohistochemistry section of colonic glands (Center for Microscopy and Molecular Imaging, \
no known copyright restrictions), a retina (Mikael Häggström, CC0), microaneurysms from the High-Resolution Fundus database \
(Andreas Maier, CC0), and Greek coins from Pompeii (Brooklyn Museum, no known copyright restrictions). Annotations of the real \
pictures are derived by software or were placed by hand for demonstration, and are not expert annotations."""


def record():
    entries = annotations()
    study = {
        "title": "Mifascope sample study: simulated mitosis and annotated example images",
        "description": DESCRIPTION,
        "license": "CC0",
        "keywords": [
            "OME-Zarr",
            "MIFA",
            "simulation",
            "mitosis",
            "nucleus segmentation",
            "cell tracking",
            "example data",
        ],
        "authors": [
            {
                "first_name": "Mifascope",
                "last_name": "contributors",
                "role": "simulation, data annotation, data curation",
                "affiliation": {"name": "Mifascope"},
            }
        ],
        "funding": {"funding_statement": "This sample was made without funding."},
        "publications": [dict(zip(("title", "authors", "doi", "year"), p)) for p in PUBLICATIONS],
        "links": [
            {
                "link_url": "https://scikit-image.org/docs/stable/api/skimage.data.html",
                "link_description": "Sources and licences of the real pictures",
            }
        ],
        "acknowledgements": "We thank the scikit-image team and everyone who gave the pictures it ships. scikit-image itself is "
        "under the BSD-3-Clause licence.",
    }
    version = {"version": "1.0", "timestamp": CREATED, "changes": "First version"}
    return {
        "study": study,
        "annotations": {a.title: a.record() for a in entries},
        "version": {a.title: dict(version) for a in entries},
    }


def file_list():
    """Rows of file_list.tsv: images first, then annotations with their source."""
    header = [
        "Files",
        "Description",
        "Annotation",
        "Source image",
        "Annotation type",
        "Spatial information",
        "Creation time",
    ]
    rows = [
        [path, text, "", "", "", "", ""]
        for path, (_, text) in IMAGES.items()
        if path.startswith("images/")
    ]
    for a in annotations():
        rows += [
            [path, a.overview, a.title, source, ", ".join(a.types), a.spatial or "", CREATED]
            for path, source in a.files
        ]
    rows += [
        [name, text, "", "", "", "", ""]
        for name, text in (
            ("README.md", "Layout and conventions of this folder"),
            ("index.json", "List of images for the demo page"),
            ("ro-crate-metadata.json", "The study as an RO-Crate"),
        )
    ]
    return [header, *rows]


FORMATS = {
    ".geojson": "GeoJSON",
    ".coco.json": "COCO",
    "_graph.json": "",  # belongs to the table beside it
    "man_track.txt": "",
    "classes.txt": "",
    ".trackmate.xml": "TrackMate",
    ".geff": "GEFF",
    ".ome.tif": "OME-TIFF",
    ".ome.zarr": "OME-Zarr",
    ".csv": "CSV",
    ".txt": "YOLO",
}


def _format(file):
    """What to call a file's format in a list; empty for files that are not opened by themselves."""
    if "/labels/" in file:
        return "OME-Zarr"
    return next(name for end, name in FORMATS.items() if file.endswith(end))


def index():
    entries = annotations()
    images = []
    for path, (title, text) in IMAGES.items():
        mine = [
            {"path": file, "title": a.title, "type": list(a.types), "format": _format(file)}
            for a in entries
            for file, source in a.files
            if source == path and _format(file)
        ]
        images.append({"path": path, "title": title, "description": text, "annotations": mine})
    return {
        "title": record()["study"]["title"],
        "description": DESCRIPTION,
        "license": "CC0",
        "mifa": "mifa.yaml",
        "file_list": "file_list.tsv",
        "images": images,
    }


README = f"""# Mifascope sample study

{DESCRIPTION}

- `images/*.ome.zarr`: the images (OME-Zarr 0.4; `stitched` and `rotated` 0.6), masks under `labels/` in each
- `images/cell.ozx`: an image with its mask in one file (OME-Zarr 0.5, RFC-9)
- `annotations/<image>/`: all other annotations of that image
- `mifa.yaml`: MIFA metadata in the form of bia-agent; `file_list.tsv`: which file annotates which image
- `ro-crate-metadata.json`: the same as an RO-Crate; a study page opens it
- `index.json`: the list of images for a demo page

Conventions of `annotations/mitosis`: ids are track ids in all files and frames start at 0. Boxes, COCO and GeoJSON:
{CORNER} Points and tracks: {CENTRE}
A frame lasts {sim.INTERVAL:g} seconds.
"""


def write_all(out):
    text = io.StringIO()
    csv.writer(text, delimiter="\t", lineterminator="\n").writerows(file_list())
    (out / "file_list.tsv").write_text(text.getvalue(), encoding="utf-8")
    (out / "mifa.yaml").write_text(
        yaml.safe_dump(record(), sort_keys=False, allow_unicode=True, width=110), encoding="utf-8"
    )
    images = {path: text for path, text in IMAGES.items() if path.startswith("images/")}
    (out / "ro-crate-metadata.json").write_text(
        crate.crate(record()["study"], images, annotations(), CREATED), encoding="utf-8"
    )
    (out / "README.md").write_text(README, encoding="utf-8")
    (out / "index.json").write_text(
        json.dumps(index(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
    )
