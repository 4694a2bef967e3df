"""Reads the files of an export as any other program would, with the standard library alone.

Usage: read_back.py FORMAT OUT_FOLDER RESULT.json

RESULT.json becomes a list, one entry a photo, picture or row: {"file": hexadecimal path of the file
below the out folder, "photo": its name as text, "width", "height", "boxes": [[category, x, y,
width, height, score], ...]}. What breaks the rules of a format ends the program with a message.
"""

import csv
import json
import os
import re
import struct
import sys
import xml.etree.ElementTree as ElementTree


def require(condition, message):
    if not condition:
        sys.exit(message)


def files_below(out, suffix):
    out = os.fsencode(out)
    for folder, _, names in os.walk(out):
        for name in names:
            path = os.path.join(folder, name)
            if name.endswith(suffix):
                yield path, os.path.relpath(path, out)


def no_constant(text):
    sys.exit("not JSON: " + text)


def read_coco(out):
    with open(os.path.join(out, "annotations.json"), encoding="utf-8") as file:
        data = json.load(file, parse_constant=no_constant)
    for key in ("info", "licenses", "categories", "images", "annotations"):
        require(key in data, key + " is missing")
    for key in ("description", "version", "model", "model_hash", "threshold", "query",
                "coordinate_frame"):
        require(key in data["info"], "info." + key + " is missing")
    for key in ("categories", "images", "annotations"):
        ids = [entry["id"] for entry in data[key]]
        require(ids == list(range(1, len(ids) + 1)), "ids of " + key + " do not count from 1")
    names = {entry["id"]: entry["name"] for entry in data["categories"]}
    require(all("supercategory" in entry for entry in data["categories"]), "no supercategory")
    photos = {}
    for image in data["images"]:
        name = image["file_name"]
        raw = image["path_bytes"] if "path_bytes" in image else name.encode().hex()
        photos[image["id"]] = {"file": raw, "photo": name, "width": image["width"],
                               "height": image["height"], "boxes": []}
    for annotation in data["annotations"]:
        x, y, width, height = annotation["bbox"]
        require(width > 0 and height > 0, "an empty box")
        require(abs(annotation["area"] - width * height) <= 1e-3 + 1e-9 * width * height, "area")
        require(annotation["iscrowd"] == 0 and annotation["segmentation"] == [], "iscrowd")
        photos[annotation["image_id"]]["boxes"].append(
            [names[annotation["category_id"]], x, y, width, height, annotation["score"]])
    return list(photos.values())


def read_csv(out):
    with open(os.path.join(out, "detections.csv"), encoding="utf-8", newline="") as file:
        text = file.read()
    require(text.endswith("\r\n"), "the last row has no end")
    rows = list(csv.reader(text.splitlines(keepends=True), strict=True))
    require(rows[0] == "photo,category,score,x,y,width,height,photo_width,photo_height".split(","),
            "the header is another one")
    photos = []
    for row in rows[1:]:
        require(len(row) == 9, "a row of %d fields" % len(row))
        name, category = row[:2]
        score, x, y, width, height = map(float, row[2:7])
        size = [int(side) for side in row[7:]]
        photos.append({"file": "", "photo": name, "width": size[0], "height": size[1],
                       "boxes": [[category, x, y, width, height, score]]})
    return photos


def read_voc(out):
    for path, relative in files_below(out, b".xml"):
        root = ElementTree.parse(os.fsdecode(path)).getroot()
        require(root.tag == "annotation", "the root is " + root.tag)
        require(root.findtext("source/database") == "Inkling", "no source")
        require(root.findtext("segmented") == "0", "segmented")
        require(root.findtext("size/depth") == "3", "depth")
        width, height = int(root.findtext("size/width")), int(root.findtext("size/height"))
        boxes = []
        for entry in root.iter("object"):
            require(entry.findtext("pose") == "Unspecified", "pose")
            require(entry.findtext("truncated") == entry.findtext("difficult") == "0", "flags")
            xmin, ymin, xmax, ymax = [
                int(entry.findtext("bndbox/" + key)) for key in ("xmin", "ymin", "xmax", "ymax")]
            require(1 <= xmin <= xmax <= width and 1 <= ymin <= ymax <= height, "outside")
            # Pixels from 1 with both ends included, as continuous coordinates from 0.
            boxes.append([entry.findtext("name"), xmin - 1, ymin - 1, xmax - xmin + 1,
                          ymax - ymin + 1, float(entry.findtext("score"))])
        yield {"file": relative.hex(), "photo": root.findtext("filename"),
               "folder": root.findtext("folder"), "width": width, "height": height,
               "boxes": boxes}


def read_yolo(out):
    with open(os.path.join(out, "classes.txt"), encoding="utf-8") as file:
        classes = file.read().splitlines()
    row = re.compile(r"\d+( [01]\.\d{6}){4,5}")
    for path, relative in files_below(out, b".txt"):
        if relative == b"classes.txt":
            continue
        boxes = []
        with open(path, encoding="ascii") as file:
            for line in file.read().splitlines():
                require(row.fullmatch(line), "not a row of YOLO: " + line)
                number, *values = line.split()
                values = [float(value) for value in values]
                require(all(0 <= value <= 1 for value in values), "not a fraction: " + line)
                cx, cy, width, height = values[:4]
                boxes.append([classes[int(number)], cx - width / 2, cy - height / 2, width, height,
                              values[4] if len(values) > 4 else -1])
        yield {"file": relative.hex(), "photo": "", "width": 1, "height": 1, "boxes": boxes}


def jpeg_size(path):
    with open(path, "rb") as file:
        data = file.read()
    require(data[:2] == b"\xff\xd8" and data[-2:] == b"\xff\xd9", "not a whole JPEG file")
    at = 2
    while True:
        marker, length = struct.unpack(">xBH", data[at:at + 4])
        if 0xC0 <= marker <= 0xC3:
            height, width = struct.unpack(">HH", data[at + 5:at + 9])
            return width, height
        at += 2 + length


def read_pictures(out):
    for path, relative in files_below(out, b".jpg"):
        width, height = jpeg_size(path)
        yield {"file": relative.hex(), "photo": "", "width": width, "height": height, "boxes": []}


READERS = {"coco": read_coco, "csv": read_csv, "voc": read_voc, "yolo": read_yolo,
           "pictures": read_pictures, "crops": read_pictures}

if __name__ == "__main__":
    kind, folder, result = sys.argv[1:]
    with open(result, "w", encoding="ascii") as target:
        json.dump(list(READERS[kind](folder)), target)
