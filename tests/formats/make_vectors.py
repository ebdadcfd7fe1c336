#!/usr/bin/python3
"""Makes tests/vectors/formats: small images by independent writers (tifffile, PIL), and expected.json, what a
reader must find in each: shape, type, and FNV-1a of the values in the order t, c, z, y, x, little-endian.

Run from the source root, with Debian's python3-tifffile and python3-pil. The files are committed: this runs
only when a vector is added.
"""

import io
import json
import pathlib
import struct

import numpy as np
import tifffile
from PIL import Image

OUT = pathlib.Path("tests/vectors/formats")
expected = {}


def fnv(data):
    value = 0xCBF29CE484222325
    for byte in data:
        value = ((value ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return f"{value:016x}"


def note(name, array, axes, labels=False, image=0):
    """`array` as a reader must give it; `axes` names its dimensions, as in "tcyx"."""
    array = np.asarray(array)
    order = [axes.index(a) for a in "tczyx" if a in axes]
    array = np.ascontiguousarray(array.transpose(order))
    little = array.astype(array.dtype.newbyteorder("<"))
    shape = [array.shape["".join(a for a in "tczyx" if a in axes).index(a)] if a in axes else 1 for a in "tczyx"]
    expected[f"{name}#{image}{'#labels' if labels else ''}"] = {
        "shape": shape, "type": str(array.dtype.name), "fnv": fnv(little.tobytes())}


def values(dtype, *shape, seed=1):
    random = np.random.RandomState(seed)
    dtype = np.dtype(dtype)
    if dtype.kind == "f":
        return random.normal(0, 100, shape).astype(dtype)
    if dtype == bool:
        return random.rand(*shape) > 0.5
    info = np.iinfo(dtype)
    # Smooth parts too: codecs treat them differently.
    noise = random.randint(0, 256, shape + (dtype.itemsize,), dtype=np.uint8).view(dtype)[..., 0]
    return np.where(np.add.outer(np.arange(shape[-2]), np.arange(shape[-1])) % 32 < 16, noise, np.array(info.max // 3, dtype))


def tif(name, array, axes="yx", labels=False, **options):
    tifffile.imwrite(OUT / name, array, **options)
    note(name, array, axes, labels)


def pil(name, image, array, axes="yx", **options):
    image.save(OUT / name, **options)
    note(name, array, axes)


def make_types():
    for dtype in ("uint8", "uint16", "uint32", "uint64", "int8", "int16", "int32", "int64", "float16", "float32", "float64"):
        tif(f"{dtype}_strips.tif", values(dtype, 37, 29), rowsperstrip=8, metadata=None)
    tif("uint16_big_endian.tif", values("uint16", 37, 29), byteorder=">", metadata=None)
    tif("float64_big_endian_tiles.tif", values("float64", 37, 29), byteorder=">", tile=(16, 16), metadata=None)
    tif("uint16_bigtiff.tif", values("uint16", 37, 29), bigtiff=True, metadata=None)
    tif("uint32_one_strip.tif", values("uint32", 300, 11), rowsperstrip=300, metadata=None)
    tif("uint8_tiles.tif", values("uint8", 70, 50), tile=(32, 16), metadata=None)
    tif("uint16_tiles_deflate.tif", values("uint16", 70, 50), tile=(32, 32), compression="zlib", metadata=None)
    tif("uint16_tiles_deflate_predictor2.tif", values("uint16", 70, 50), tile=(32, 32), compression="zlib", predictor=2, metadata=None)
    tif("rgb_uint8_contig.tif", values("uint8", 20, 33, 3), "yxc", photometric="rgb", metadata=None)
    tif("rgb_uint16_separate.tif", values("uint16", 3, 20, 33), "cyx", photometric="rgb", planarconfig="separate", metadata=None)
    tif("rgb_uint8_separate_tiles.tif", values("uint8", 3, 40, 33), "cyx", photometric="rgb", planarconfig="separate", tile=(16, 16), metadata=None)
    array = values("uint8", 20, 33, 4)
    tifffile.imwrite(OUT / "rgba_uint8.tif", array, photometric="rgb", extrasamples=["unassalpha"], metadata=None)
    note("rgba_uint8.tif", array[..., :3], "yxc")
    tif("five_samples_contig.tif", values("uint16", 12, 9, 5), "yxc", photometric="minisblack", planarconfig="contig", metadata=None)
    tif("stack_pages.tif", values("uint8", 5, 12, 9), "zyx", metadata=None)
    tif("min_is_white.tif", values("uint8", 12, 9), photometric="miniswhite", metadata=None)


def make_pil():
    rgb = values("uint8", 40, 31, 3)
    grey16 = values("uint16", 40, 31)
    for codec in ("tiff_lzw", "tiff_adobe_deflate", "packbits", "zstd", "tiff_deflate"):
        try:
            pil(f"rgb_{codec}.tif", Image.fromarray(rgb), rgb, "yxc", compression=codec)
            pil(f"uint16_{codec}.tif", Image.fromarray(grey16), grey16, compression=codec)
        except Exception as error:
            print(codec, error)
    for codec in ("tiff_lzw", "tiff_adobe_deflate"):
        pil(f"rgb_{codec}_predictor2.tif", Image.fromarray(rgb), rgb, "yxc", compression=codec, tiffinfo={317: 2})
        real = values("float32", 40, 31)
        pil(f"float32_{codec}_predictor3.tif", Image.fromarray(real), real, compression=codec, tiffinfo={317: 3})
    bits = values(bool, 37, 29)
    pil("bilevel.tif", Image.fromarray(bits), bits.astype(np.uint8), "yx")
    pil("bilevel_group4.tif", Image.fromarray(bits), bits.astype(np.uint8), "yx", compression="group4")
    smooth = np.add.outer(np.arange(64) * 2, np.arange(48) * 3).astype(np.uint8)
    color = np.stack([smooth, 255 - smooth, smooth // 2], axis=-1)
    image = Image.fromarray(color)
    image.save(OUT / "rgb_jpeg.tif", compression="jpeg", quality=90)
    note("rgb_jpeg.tif", np.asarray(Image.open(OUT / "rgb_jpeg.tif").convert("RGB")), "yxc")
    Image.fromarray(smooth).save(OUT / "grey_jpeg.tif", compression="jpeg", quality=90)
    note("grey_jpeg.tif", np.asarray(Image.open(OUT / "grey_jpeg.tif")), "yx")
    indexed = Image.fromarray(values("uint8", 20, 17) % 5, mode="P")
    indexed.putpalette([0, 0, 0, 128, 0, 0, 0, 128, 0, 128, 128, 0, 0, 0, 128] + [0] * 753)
    for name in ("palette.tif", "palette.png"):
        indexed.save(OUT / name)
        note(name, np.asarray(indexed.convert("RGB")), "yxc")
        note(name, np.asarray(indexed), "yx", labels=True)
    pil("rgb.png", Image.fromarray(rgb), rgb, "yxc")
    pil("grey8.png", Image.fromarray(smooth), smooth)
    pil("grey16.png", Image.fromarray(grey16), grey16)
    rgba = np.concatenate([rgb, rgb[..., :1]], axis=-1)
    Image.fromarray(rgba).save(OUT / "rgba.png")
    note("rgba.png", rgb, "yxc")
    pil("bilevel.png", Image.fromarray(bits), bits.astype(np.uint8))
    for bits_count in (2, 4):
        four = values("uint8", 13, 11) % (1 << bits_count)
        packed = Image.fromarray(four, mode="P")
        packed.putpalette([v for i in range(1 << bits_count) for v in (i * 3, i * 5, i * 7)])
        packed.save(OUT / f"palette_{bits_count}bit.png", bits=bits_count)
        note(f"palette_{bits_count}bit.png", four, "yx", labels=True)
    image.save(OUT / "rgb.jpg", quality=90)
    note("rgb.jpg", np.asarray(Image.open(OUT / "rgb.jpg")), "yxc")
    Image.fromarray(smooth).save(OUT / "grey_progressive.jpg", quality=90, progressive=True)
    note("grey_progressive.jpg", np.asarray(Image.open(OUT / "grey_progressive.jpg")), "yx")


def write_bits(name, bits, array):
    """A TIFF of packed samples, which neither library writes."""
    height, width = array.shape
    rows = b""
    for row in array:
        text = "".join(format(int(v), f"0{bits}b") for v in row)
        text += "0" * (-len(text) % 8)
        rows += bytes(int(text[i:i + 8], 2) for i in range(0, len(text), 8))
    tags = [(256, 4, width), (257, 4, height), (258, 3, bits), (259, 3, 1), (262, 3, 1), (273, 4, 8),
            (277, 3, 1), (278, 4, height), (279, 4, len(rows))]
    data = b"II*\0" + struct.pack("<I", 8 + len(rows)) + rows + struct.pack("<H", len(tags))
    for tag, kind, value in tags:
        data += struct.pack("<HHI", tag, kind, 1) + (struct.pack("<HH", value, 0) if kind == 3 else struct.pack("<I", value))
    (OUT / name).write_bytes(data + b"\0\0\0\0")
    note(name, array, "yx")


def make_packed():
    for bits in (2, 4, 6):
        write_bits(f"uint{bits}_packed.tif", bits, values("uint8", 9, 13) % (1 << bits))
    for bits in (10, 12, 14):
        write_bits(f"uint{bits}_packed.tif", bits, values("uint16", 9, 13) % (1 << bits))


def make_stacks():
    tif("imagej_hyperstack.tif", values("uint16", 2, 3, 4, 12, 9), "tzcyx", imagej=True,
        resolution=(5.0, 4.0), metadata={"axes": "TZCYX", "unit": "um", "spacing": 0.5, "finterval": 2.0, "min": 10, "max": 900})
    # The pages but the first left out.
    array = values("uint16", 6, 12, 9)
    tifffile.imwrite(OUT / "imagej_one_page_of_six.tif", array[:1], byteorder=">", metadata=None, description="ImageJ=1.53t\nimages=6\nslices=6\n")
    with open(OUT / "imagej_one_page_of_six.tif", "ab") as file:
        with tifffile.TiffFile(OUT / "imagej_one_page_of_six.tif") as read:
            page = read.pages[0]
            end = page.dataoffsets[0] + page.databytecounts[0]
        size = (OUT / "imagej_one_page_of_six.tif").stat().st_size
        assert size == end, (size, end)
        file.write(array[1:].astype(">u2").tobytes())
    note("imagej_one_page_of_six.tif", array, "zyx")
    for order in ("TCZYX", "TZCYX", "CZTYX"):
        array = values("uint8", 2, 3, 4, 12, 9)
        tifffile.imwrite(OUT / f"order_{order}.ome.tif", array, ome=True, metadata={
            "axes": order, "PhysicalSizeX": 0.25, "PhysicalSizeXUnit": "µm", "PhysicalSizeY": 250, "PhysicalSizeYUnit": "nm",
            "PhysicalSizeZ": 2, "PhysicalSizeZUnit": "µm", "TimeIncrement": 1.5, "TimeIncrementUnit": "s",
            "Channel": {"Name": ["DAPI", "GFP", "RFP", "Cy5"][:array.shape[order.index("C")]]}})
        note(f"order_{order}.ome.tif", array, order.lower())
    array = values("uint8", 3, 20, 33, 3)
    tifffile.imwrite(OUT / "rgb_pages.ome.tif", array, ome=True, photometric="rgb", metadata={"axes": "ZYXS"})
    note("rgb_pages.ome.tif", array, "zyxc")
    with tifffile.TiffWriter(OUT / "two_images.ome.tif", ome=True) as file:
        first, second = values("uint16", 12, 9), values("uint8", 2, 7, 11)
        file.write(first, metadata={"axes": "YX", "Name": "first"})
        file.write(second, photometric="minisblack", metadata={"axes": "CYX", "Name": "second"})
    note("two_images.ome.tif", first, "yx")
    note("two_images.ome.tif", second, "cyx", image=1)


def make_pyramids():
    base = values("uint16", 2, 96, 80)
    with tifffile.TiffWriter(OUT / "sub_ifds.ome.tif", ome=True) as file:
        file.write(base, subifds=2, tile=(32, 32), compression="zlib", photometric="minisblack", metadata={"axes": "CYX"})
        file.write(base[:, ::2, ::2], subfiletype=1, tile=(32, 32), photometric="minisblack", metadata=None)
        file.write(base[:, ::4, ::4], subfiletype=1, tile=(32, 32), photometric="minisblack", metadata=None)
    note("sub_ifds.ome.tif", base, "cyx")
    base = values("uint8", 96, 80, 3)
    with tifffile.TiffWriter(OUT / "reduced_pages.tif") as file:
        file.write(base, tile=(32, 32), photometric="rgb", metadata=None)
        file.write(base[::2, ::2], subfiletype=1, tile=(32, 32), photometric="rgb", metadata=None)
        file.write(base[::4, ::4], subfiletype=1, tile=(32, 32), photometric="rgb", metadata=None)
    note("reduced_pages.tif", base, "yxc")
    with tifffile.TiffWriter(OUT / "two_sizes.tif") as file:
        file.write(values("uint8", 12, 9), metadata=None)
        file.write(values("uint8", 9, 14, seed=2), metadata=None)
    note("two_sizes.tif", values("uint8", 12, 9), "yx")
    note("two_sizes.tif", values("uint8", 9, 14, seed=2), "yx", image=1)


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    make_types()
    make_pil()
    make_packed()
    make_stacks()
    make_pyramids()
    lines = [f"{json.dumps(name)}: {json.dumps(value)}" for name, value in sorted(expected.items())]
    (OUT / "expected.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")


main()
