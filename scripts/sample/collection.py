"""A collection as bioformats2raw writes it: three series of one slide, with OME-XML that names them."""

import numpy as np
import zarr
from skimage import io
from xml.sax.saxutils import quoteattr

import omezarr as oz
import pictures

# Name, first row and column in ihc.png, rows and columns, reduction.
SERIES = (
    ("Slide overview", (0, 0), (512, 512), 2),
    ("Gland & lumen", (20, 270), (192, 200), 1),
    ("Stroma, 2nd region", (210, 140), (160, 224), 1),
)
NAMESPACE = "http://www.openmicroscopy.org/Schemas/OME/2016-06"


def series(number):
    """t,c,z,y,x, as bioformats2raw always has it."""
    _, (y, x), (height, width), reduction = SERIES[number]
    rgb = io.imread(pictures.DATA / "ihc.png")[y : y + height, x : x + width, :3]
    data = np.moveaxis(rgb, -1, 0)[None, :, None]
    return oz.mean(data, (1, 1, 1, reduction, reduction))


def ome_xml():
    """Metadata only, as the layout asks for; the images in the order of the series."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<OME xmlns="{NAMESPACE}">']
    for number, (name, *_) in enumerate(SERIES):
        _, c, _, height, width = series(number).shape
        lines += [
            f' <Image ID="Image:{number}" Name={quoteattr(name)}>',
            f'  <Pixels ID="Pixels:{number}" DimensionOrder="XYZCT" Type="uint8" SizeX="{width}"'
            f' SizeY="{height}" SizeZ="1" SizeC="{c}" SizeT="1">',
            *(
                f'   <Channel ID="Channel:{number}:{i}" SamplesPerPixel="1"><LightPath/></Channel>'
                for i in range(c)
            ),
            "   <MetadataOnly/>",
            "  </Pixels>",
            " </Image>",
        ]
    return "\n".join([*lines, "</OME>", ""])


def write_all(images):
    path = images / "collection.ome.zarr"
    root = zarr.group(store=zarr.DirectoryStore(str(path)))
    root.attrs.put({"bioformats2raw.layout": 3})
    listed = [str(number) for number in range(len(SERIES))]
    zarr.group(store=zarr.DirectoryStore(str(path / "OME"))).attrs.put({"series": listed})
    (path / "OME" / "METADATA.ome.xml").write_text(ome_xml(), encoding="utf-8")
    for number in range(len(SERIES)):
        oz.write_image(
            path / str(number),
            series(number),
            # The names are in the OME-XML: bioformats2raw leaves them out here.
            name=None,
            names="tczyx",
            scale=(1, 1, 1, 1, 1),
            levels=2,
            separator="/",
            space=None,
            time=None,
            chunks=(1, 1, 1, 128, 128),
            codec=oz.BLOSC_LZ4,
            omero=oz.rgb_omero(str(number)),
        )
