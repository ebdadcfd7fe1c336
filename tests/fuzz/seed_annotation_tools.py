#!/usr/bin/env python3
"""Writes the annotation vectors as seeds of fuzz_annotation_tools: seed_annotation_tools.py FOLDER"""

import pathlib
import sys

FORMATS = ["coco", "cvat", "imagej-roi", "imagej-roi-zip", "labelme", "ome-roi", "via", "via-csv", "voc", "yolo"]
ROOT = pathlib.Path(__file__).resolve().parent.parent / "vectors" / "annotation"

folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
for number, name in enumerate(FORMATS):
    for file in sorted((ROOT / name).glob("*valid/*")):
        if file.suffix != ".expected":
            target = 10 if file.suffix == ".yaml" else number
            (folder / f"{name}-{file.parent.name}-{file.name}").write_bytes(bytes([target, 0, 1]) + file.read_bytes())
