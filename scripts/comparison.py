"""What the comparisons of models share: training and measuring one model after another, on the same data.

Runs go on where they were stopped: give the same folder again.
"""
import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
GROUPS = ("all", "seen", "unseen")


def add_arguments(parser, out, steps, scenes):
    parser.add_argument("--data", default="../shared/data", help="folder of the data (%(default)s)")
    parser.add_argument("--out", default=out, help="folder of the runs (%(default)s)")
    parser.add_argument("--steps", type=int, default=steps, help="guided steps (%(default)s)")
    parser.add_argument("--scenes", type=int, default=scenes, help="photos a guided step (%(default)s)")
    parser.add_argument("--cache", help="folder of photo features from other runs")
    parser.add_argument("--limit", type=int, default=500,
                        help="photos of data sets that are not boxed exhaustively (%(default)s)")
    parser.add_argument("--mirror", action=argparse.BooleanOptionalAction, default=False,
                        help="use mirror images, too")
    parser.add_argument("--threads", type=int, default=0, help="0: one per core")


def out_folder(args):
    out = pathlib.Path(args.out)
    return out if out.is_absolute() else ROOT / out


def configuration(args):
    """The shipped model's, with what the comparison sets."""
    config = json.loads((ROOT / "resources/models/inkling-s.train.json").read_text())
    config["data_root"] = str(pathlib.Path(args.data).resolve())
    for source in config["data"]["scenes"]:
        exhaustive = source.get("exhaustive", True)
        source["mirror"] = args.mirror and exhaustive
        if not exhaustive:
            source["limit"] = args.limit
    for source in config["data"]["objects"]:
        if "imagenet_words" in source:  # relative to the configuration, which moves
            source["imagenet_words"] = str(ROOT / "resources/models" / source["imagenet_words"])
    config["stages"]["sketch"].pop("start", None)
    config["stages"]["guided"].update(steps=args.steps, scenes=args.scenes)
    return config


def run(*command):
    """Runs inkling; returns the seconds it took and the most memory that it had, in MB."""
    start = time.monotonic()
    process = subprocess.Popen([str(ROOT / "build/inkling"), *map(str, command)], cwd=ROOT)
    _, status, usage = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status) != 0:
        sys.exit(f"{sys.argv[0]}: inkling {command[0]} ended with status {os.waitstatus_to_exitcode(status)}")
    return time.monotonic() - start, usage.ru_maxrss / 1024


def copy_missing(files, folder):
    for file in files:
        if not (folder / file.name).exists():
            shutil.copy(file, folder / file.name)


def steps_of(checkpoint):
    with checkpoint.open("rb") as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
    return int(header["__metadata__"]["steps"])


def train(folder, config, args):
    """Trains in a folder, which may hold checkpoints of the first stages."""
    if (folder / "model.safetensors").exists():
        return
    checkpoint = folder / "sketch.checkpoint.safetensors"
    if checkpoint.exists():  # resumed only with the steps that it was written for
        config["stages"]["sketch"]["steps"] = steps_of(checkpoint)
    (folder / "config.json").write_text(json.dumps(config, indent=1))
    seconds, _ = run("train", "--config", folder / "config.json", "--out", folder, "--resume",
                     "--cache", args.cache or folder.parent / "features", "--threads", args.threads)
    (folder / "seconds.json").write_text(json.dumps(seconds))


def measure(model, args, *options):
    """What inkling eval says of a model, its memory added; kept beside the model."""
    folder, figures = model.parent, model.with_suffix(".eval.json")
    if not figures.exists():
        data = pathlib.Path(args.data).resolve()
        unfinished = folder / "eval.unfinished.json"
        _, megabytes = run("eval", "--model", model, "--annotations",
                           data / "coco/val.json", "--photos", data / "coco/val", "--sketches",
                           data / "quickdraw/val.ndjson.gz", "--out", unfinished,
                           "--threads", args.threads, *options)
        result = json.loads(unfinished.read_text())
        result["peak_megabytes"] = megabytes
        unfinished.write_text(json.dumps(result, indent=1))
        unfinished.rename(figures)
    return json.loads(figures.read_text())


def cell(figures, group, figure="ap50"):
    """A figure of a group of queries, or of all of them together (None), with its interval."""
    value = figures[figure] if group is None else figures[group][figure]
    low, high = figures["ci95"][figure] if group is None else figures["ci95"][group][figure]
    return f"{value:.3f} [{low:.3f}, {high:.3f}]"


def cells(figures):
    return [cell(figures, group) for group in GROUPS] + [cell(figures, None, "presence_auroc")]


def print_table(header, rows):
    print("| " + " | ".join(header) + " |")
    print("|---" * len(header) + "|")
    for row in rows:
        print("| " + " | ".join(row) + " |")
