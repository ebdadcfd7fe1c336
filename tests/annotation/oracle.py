#!/usr/bin/env python3
"""What is in others' annotation files, read by Python's own json and ElementTree, for readers_test.cpp.

  oracle.py FORMAT FILE [CLASSES]    prints {"image": {"class": [objects, sum of areas]}}

Areas: of COCO polygons and boxes by their coordinates, of run lengths by the file's "area"; of YOLO boxes in
shares of the image.
"""

import json
import sys
import xml.etree.ElementTree as ElementTree
from collections import defaultdict


def polygon_area(numbers):
    xs, ys = numbers[0::2], numbers[1::2]
    return abs(sum(xs[i - 1] * ys[i] - xs[i] * ys[i - 1] for i in range(len(xs)))) / 2


def coco(path, found):
    data = json.load(open(path, encoding="utf-8"))
    results = isinstance(data, list)
    names = {} if results else {c["id"]: c["name"] for c in data.get("categories", [])}
    images = {} if results else {i["id"]: i["file_name"] for i in data["images"]}
    for image in images.values():
        found[image]
    for one in data if results else data["annotations"]:
        image = images.get(one["image_id"], str(one["image_id"]))
        category = one.get("category_id")
        name = "" if "caption" in one else str(names.get(category, category))
        shape, box = one.get("segmentation"), one.get("bbox")
        if isinstance(shape, dict):
            area = one.get("area", 0)
        elif shape:
            area = sum(map(polygon_area, shape))
        else:
            area = box[2] * box[3] if box else 0
        found[image][name][0] += 1
        found[image][name][1] += area


def voc(path, found):
    root = ElementTree.parse(path).getroot()
    for one in root.iter("object"):
        box = {child.tag: float(child.text) for child in one.find("bndbox")}
        entry = found[root.findtext("filename")][one.findtext("name")]
        entry[0] += 1
        entry[1] += (box["xmax"] - box["xmin"]) * (box["ymax"] - box["ymin"])


def yolo(path, found, classes):
    names = [line.strip() for line in open(classes, encoding="utf-8")]
    for line in open(path, encoding="utf-8"):
        if not line.strip():
            continue
        index, _, _, width, height = line.split()
        entry = found[""][names[int(index)]]
        entry[0] += 1
        entry[1] += float(width) * float(height)


def main():
    found = defaultdict(lambda: defaultdict(lambda: [0, 0.0]))
    {"coco": coco, "voc": voc, "yolo": yolo}[sys.argv[1]](sys.argv[2], found, *sys.argv[3:])
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
