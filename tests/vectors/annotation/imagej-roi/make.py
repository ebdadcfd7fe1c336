#!/usr/bin/env python3
"""Writes the .roi and .zip vectors beside it, field by field as ImageJ's RoiEncoder.java does.

  tests/vectors/annotation/imagej-roi/make.py
"""

import pathlib
import struct
import zipfile

HERE = pathlib.Path(__file__).resolve().parent
ZIPS = HERE.parent / "imagej-roi-zip"
POLYGON, RECT, OVAL, LINE, FREELINE, POLYLINE, NO_ROI, FREEHAND, TRACED, ANGLE, POINT = range(11)
TEXT, ARROW, ELLIPSE, IMAGE, ROTATED_RECT = range(1, 6)


def roi(kind, top, left, bottom, right, *, version=228, points=(), floats=None, line=None, subtype=0, options=0,
        param=b"\0\0\0\0", composite=(), position=0, czt=(0, 0, 0), name="", group=0, stroke=0, fill=0, text=None,
        count=None, counters=(), props="", large_group=0):
    n = len(points)
    header = b"Iout" + struct.pack(">hBBhhhhH", version, kind, 0, top, left, bottom, right, n if count is None else count)
    header += struct.pack(">4f", *(line or (0, 0, 0, 0)))
    header += struct.pack(">hiIIhh", 0, len(composite), stroke, fill, subtype, options) + param
    body = b""
    for axis in (0, 1):
        body += b"".join(struct.pack(">h", int(p[axis])) for p in points)
    if floats is not None:
        for axis in (0, 1):
            body += b"".join(struct.pack(">f", p[axis]) for p in floats)
    if composite:
        body = struct.pack(f">{len(composite)}f", *composite)
    if text is not None:
        font = "SansSerif"
        body = struct.pack(">iiii", 18, 0, len(font), len(text)) + (font + text).encode("utf-16-be")
    second = 64 + len(body)
    header += struct.pack(">ii", position, second)
    assert len(header) == 64
    tail = struct.pack(">4i", 0, *czt) + struct.pack(">ii", second + 64 if name else 0, len(name.encode("utf-16-be")) // 2)
    names = name.encode("utf-16-be")
    properties = props.encode("utf-16-be")
    at = second + 64 + len(names)
    tail += struct.pack(">IhBBif", 0, 0, group, 0, 0, 0.0)
    tail += struct.pack(">iii", at if props else 0, len(properties) // 2, at + len(properties) if counters else 0)
    tail += struct.pack(">H", large_group)
    tail = tail.ljust(64, b"\0")
    return header + body + tail + names + properties + b"".join(struct.pack(">i", c) for c in counters)


def main():
    red, half_green = 0xFFFF0000, 0x8000FF00
    triangle = [(0, 0), (10, 0), (10, 5)]
    valid = {
        "polygon": roi(POLYGON, 20, 10, 25, 20, points=triangle, name="cell é😀", stroke=red),
        "polygon-sub-pixel": roi(POLYGON, 20, 10, 25, 20, points=triangle, options=128,
                                 floats=[(10.25, 20.5), (20.25, 20.5), (20.25, 25.75)]),
        "freehand": roi(FREEHAND, 0, 0, 5, 10, points=triangle, fill=half_green),
        "traced": roi(TRACED, 0, 0, 5, 10, points=triangle, group=3),
        "rectangle": roi(RECT, 1, 2, 11, 22),
        "rectangle-sub-pixel": roi(RECT, 1, 2, 12, 23, options=128, line=(2.5, 1.5, 20, 10)),
        "rectangle-in-negative-place": roi(RECT, -5, -7, 11, 22),
        "oval": roi(OVAL, 0, 0, 100, 200),
        "oval-sub-pixel": roi(OVAL, 0, 0, 100, 200, options=128, line=(0.5, 0.25, 4, 2)),
        "line": roi(LINE, 2, 1, 4, 3, line=(1, 2, 3.5, 4)),
        "arrow": roi(LINE, 2, 1, 4, 3, line=(1, 2, 3, 4), subtype=ARROW),
        "freeline": roi(FREELINE, 0, 0, 5, 10, points=triangle),
        "polyline": roi(POLYLINE, 0, 0, 5, 10, points=triangle),
        "angle": roi(ANGLE, 0, 0, 5, 10, points=triangle),
        "point": roi(POINT, 7, 3, 7, 3, points=[(0, 0)], name="spot"),
        "multipoint-sub-pixel": roi(POINT, 7, 3, 9, 9, points=[(0, 0), (6, 2)], options=128,
                                    floats=[(3.25, 7.5), (9.0, 9.125)]),
        "multipoint-with-counters": roi(POINT, 7, 3, 9, 9, points=[(0, 0), (6, 2), (2, 1)], name="cells",
                                        counters=[0 | 1 << 8, 3 | 2 << 8, 3]),
        "multipoint-all-of-one-counter": roi(POINT, 7, 3, 9, 9, points=[(0, 0), (6, 2)], counters=[0, 0]),
        "group-above-255": roi(RECT, 1, 2, 11, 22, version=229, large_group=300),
        "properties": roi(RECT, 1, 2, 11, 22, props="stage: metaphase\nscore: 0.75\nno property\n"),
        "vertices-below-0": roi(POLYGON, 20, 10, 25, 20, points=[(-3, 0), (10, -1), (10, 5)]),
        "ellipse": roi(FREEHAND, 0, 0, 40, 100, points=triangle, subtype=ELLIPSE, line=(0, 20, 100, 20),
                       param=struct.pack(">f", 0.4)),
        "turned-rectangle": roi(FREEHAND, 0, 0, 40, 100, points=triangle, subtype=ROTATED_RECT,
                                line=(0, 20, 100, 20), param=struct.pack(">f", 10)),
        "text": roi(RECT, 5, 5, 25, 100, subtype=TEXT, text="mitosis\n"),
        "composite-with-hole": roi(RECT, 0, 0, 10, 10, composite=[
            0, 0, 0, 1, 10, 0, 1, 10, 10, 1, 0, 10, 4, 0, 2, 2, 1, 4, 2, 1, 4, 4, 1, 2, 4, 4,
            0, 20, 0, 1, 30, 0, 1, 30, 10, 4]),
        "composite-of-curves": roi(RECT, 0, 0, 10, 10, composite=[
            0, 0, 0, 2, 10, 0, 10, 10, 3, 10, 20, 0, 20, 0, 10, 4]),
        "hyperstack-position": roi(RECT, 1, 2, 11, 22, czt=(2, 5, 7)),
        "stack-position": roi(RECT, 1, 2, 11, 22, position=4),
        "time-position": roi(RECT, 1, 2, 11, 22, position=4),
        "more-than-65535-vertices": None,
        "version-217": roi(RECT, 1, 2, 11, 22, version=217)[:64],
    }
    many = [(i % 100, i // 100) for i in range(70_000)]
    data = bytearray(roi(POLYLINE, 0, 0, 700, 100, points=many, count=0))
    data[18:22] = struct.pack(">i", len(many))
    del valid["more-than-65535-vertices"]  # 280 KB: in the test, not in the repository
    invalid = {
        "empty-file": b"",
        "not-a-roi": b"Iou!" + bytes(60),
        "header-cut-off": valid["rectangle"][:40],
        "vertices-cut-off": roi(POLYGON, 20, 10, 25, 20, points=triangle)[:70],
        "no-vertices": roi(POLYGON, 20, 10, 25, 20),
        "unknown-type": roi(42, 0, 0, 5, 5),
        "type-no-roi": roi(NO_ROI, 0, 0, 5, 5),
        "billion-vertices": bytes(roi(POLYGON, 0, 0, 5, 5, count=0)[:18]) + struct.pack(">i", 1_000_000_000)
        + bytes(roi(POLYGON, 0, 0, 5, 5)[22:]),
        "composite-of-unknown-segments": roi(RECT, 0, 0, 10, 10, composite=[0, 0, 0, 9, 1, 1]),
        "composite-cut-off": roi(RECT, 0, 0, 10, 10, composite=[0, 0, 0, 1, 5, 5, 1, 9, 9])[:90],
        "composite-segment-cut-off": roi(RECT, 0, 0, 10, 10, composite=[0, 0, 0, 3, 5, 5]),
        "composite-without-move": roi(RECT, 0, 0, 10, 10, composite=[1, 5, 5, 1, 9, 9]),
        "coordinates-not-finite": roi(POLYGON, 0, 0, 5, 10, points=triangle, options=128,
                                      floats=[(float("nan"), 0), (10, float("inf")), (10, 5)]),
    }
    for folder, files in (("valid", valid), ("invalid", invalid)):
        for name, data in files.items():
            (HERE / folder / f"{name}.roi").write_bytes(data)

    def pack(name, members, method):
        # Without dates: the files are the same every time.
        with zipfile.ZipFile(ZIPS / name, "w") as archive:
            for member, content in members.items():
                archive.writestr(zipfile.ZipInfo(member), content, compress_type=method)

    rois = {"0001-0020.roi": valid["rectangle"], "set/0002.roi": valid["polygon"], "notes.txt": b"not a ROI",
            "0003.roi": valid["point"]}
    pack("valid/deflated.zip", rois, zipfile.ZIP_DEFLATED)
    pack("valid/stored.zip", rois, zipfile.ZIP_STORED)
    pack("invalid/one-member-is-no-roi.zip", {"a.roi": valid["rectangle"], "b.roi": b"Iou?"}, zipfile.ZIP_STORED)
    pack("invalid/no-rois.zip", {"a.txt": b"1"}, zipfile.ZIP_STORED)
    pack("invalid/method-bzip2.zip", {"a.roi": valid["rectangle"] * 9}, zipfile.ZIP_BZIP2)
    whole = (ZIPS / "valid/stored.zip").read_bytes()
    (ZIPS / "invalid/directory-cut-off.zip").write_bytes(whole[:-40])
    (ZIPS / "invalid/cut-off-in-first-member.zip").write_bytes(whole[:60])
    (ZIPS / "invalid/checksum-wrong.zip").write_bytes(whole.replace(b"Iout", b"Iout\1"[:4], 1).replace(b"\0\x01\0\x02", b"\0\x01\0\x03", 1))
    (ZIPS / "invalid/empty-file.zip").write_bytes(b"")
    bomb = bytearray((ZIPS / "valid/deflated.zip").read_bytes())
    entry = bomb.find(b"PK\x01\x02")
    bomb[entry + 24:entry + 28] = struct.pack("<I", 60_000_000)
    (ZIPS / "invalid/size-is-a-lie.zip").write_bytes(bytes(bomb))


if __name__ == "__main__":
    main()
