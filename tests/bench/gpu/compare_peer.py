#!/usr/bin/env python3
"""Measures the peer in Python (tests/bench/peers/trunk_eager.py) and prints one table of product and peer.

The interpreter must have torch and safetensors; without them, or with --seconds 0, the table has the product alone. The
peer runs eager first, at every batch and precision, then compiled, and each run is a process of its own: one that fails,
or for which no time is left, is a dash in the table and has its reason in the file and on stderr. Exit status: 0, 2 when
the command line or a file is wrong.
"""
import argparse
import datetime
import importlib.metadata
import importlib.util
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time

import peer_weights

ROOT = pathlib.Path(__file__).resolve().parents[3]
PEER = ROOT / "tests/bench/peers/trunk_eager.py"
HEAD = """| precision | photos at once | Inkling, photos/s | as a graph | PyTorch eager | compiled | eager : eager | graph : compiled |
|---|---|---|---|---|---|---|---|"""
FOOT = """
Inkling: describe, which is more than the peer does: the three networks of the trunk, and what follows them for a photo.
Compiled: torch.compile with max-autotune, which replays graphs, too."""


def say(text):
    print(f"compare_peer: {text}", file=sys.stderr, flush=True)


def figures(output):
    """From the last line that the peer prints: photos a second, and milliseconds of each network."""
    line = ([line for line in output.splitlines() if line.startswith("threads:")] or [""])[-1]
    rate = re.search(r"([\d.]+) photos/s", line)
    if not rate:
        raise ValueError(f"the peer printed no figures, but: {output[-200:]!r}")
    times = {f"{name}_milliseconds": float(ms) for name, ms in re.findall(r"(\w+) ([\d.]+) ms", line)}
    return {"photos_per_second": float(rate.group(1)), **times}


def measure(row, weights, device, seconds):
    command = [sys.executable, str(PEER), str(weights), "--device", device, "--batch", str(row["batch"]),
               "--dtype", row["precision"], *(["--compile"] if row["way"] == "compiled" else [])]
    # A session of its own, so that the compiler's processes end with it.
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True) as run:
        try:
            out, problems = run.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            os.killpg(run.pid, signal.SIGKILL)
            return {"error": "no time was left"}
    if run.returncode != 0:
        return {"error": (problems.strip().splitlines() or [f"exit status {run.returncode}"])[-1]}
    try:
        return figures(out)
    except ValueError as error:
        return {"error": str(error)}


def what_is_missing():
    return [name for name in ("torch", "safetensors") if importlib.util.find_spec(name) is None]


def peer_rows(args, save):
    end = time.monotonic() + args.seconds
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        peer_weights.write_peer_weights(args.model, pathlib.Path(folder))
        for way in ("eager", "compiled"):
            for precision in args.precisions:
                for batch in args.batches:
                    row = {"precision": precision, "batch": batch, "way": way}
                    left = end - time.monotonic()
                    row |= measure(row, folder, args.device, left) if left > 0 else {"error": "no time was left"}
                    say(f"{way}, {precision}, {batch} at once: " + (row.get("error") or f"{row['photos_per_second']} photos/s"))
                    rows.append(row)
                    save(rows)
    return rows


def number(value):
    return "-" if value is None else f"{value:.0f}" if value >= 10 else f"{value:.1f}"


def ratio(ours, theirs):
    return "-" if not ours or not theirs else f"{ours / theirs:.2f}"


def print_table(verbs, peers):
    product = {(row["precision"], row["batch"]): row["describe"] for row in verbs}
    peer = {(row["precision"], row["batch"], row["way"]): row.get("photos_per_second") for row in peers}
    keys = list(dict.fromkeys([*product, *((precision, batch) for precision, batch, _ in peer)]))
    print(HEAD)
    for key in keys:
        ours = product.get(key, {})
        eager, graph = ours.get("eager_photos_per_second"), ours.get("graph_photos_per_second")
        peer_eager, compiled = peer.get((*key, "eager")), peer.get((*key, "compiled"))
        print(f"| {key[0]} | {key[1]} | {number(eager)} | {number(graph)} | {number(peer_eager)} | {number(compiled)} | "
              f"{ratio(eager, peer_eager)} | {ratio(graph, compiled)} |")
    print(FOOT)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--verbs", type=pathlib.Path, help="file of bench_gpu_verbs; without, the peer alone")
    parser.add_argument("--out", type=pathlib.Path, required=True, help="file for the peer's figures, JSON")
    parser.add_argument("--model", type=pathlib.Path, default=ROOT / "resources/models/inkling-s.safetensors",
                        help="file whose weights the peer gets")
    parser.add_argument("--seconds", type=float, default=1800, help="for all runs of the peer; default %(default)s")
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--batches", type=int, nargs="+", default=[1, 8, 64], metavar="N")
    parser.add_argument("--precisions", nargs="+", default=["float32", "bfloat16", "float16"], metavar="TYPE")
    return parser.parse_args()


def main():
    args = arguments()
    verbs = json.loads(args.verbs.read_text())["verbs"] if args.verbs else []
    rows, missing = [], what_is_missing()
    if args.seconds <= 0:
        say("the peer is not measured")
    elif missing:
        say(f"{sys.executable} has no {' and no '.join(missing)}: the peer is not measured")
    else:
        head = {"date": datetime.date.today().isoformat(), "device": args.device,
                "torch": importlib.metadata.version("torch")}

        def save(measured):
            part = args.out.with_name(args.out.name + ".part")
            part.write_text(json.dumps({**head, "peer": measured}, indent=1) + "\n")
            os.replace(part, args.out)

        rows = peer_rows(args, save)
        say(f"written: {args.out}")
    print_table(verbs, rows)


if __name__ == "__main__":
    try:
        main()
    except (OSError, ValueError, KeyError) as problem:
        say(problem)
        sys.exit(2)
