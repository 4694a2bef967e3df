"""The three networks of the trunk in PyTorch, for comparison with bench_verbs' BM_Trunk and with bench_gpu_verbs.

    python3 -m venv VENV && VENV/bin/pip install torch==2.11.0 numpy safetensors
    VENV/bin/python tests/bench/peers/trunk_eager.py ../shared/data/weights
    VENV/bin/python tests/bench/peers/trunk_eager.py ../shared/data/weights --device cuda --batch 8 --dtype float16 --compile

Plain code over the published weights, as one would write it: batch norms folded, default memory layout; eager, or with
PyTorch's compiler. Not part of the product: it needs Python, the product does not.
"""

import argparse
import json
import pathlib
import time

import torch
import torch.nn.functional as F
from safetensors.torch import load_file


class Transformer:
    """The first blocks of ViT-S/14 at a resolution."""

    def __init__(self, folder, resolution, blocks):
        self.state = {k: v.float() for k, v in load_file(folder / "dinov2_vits14_saliency.fp16.safetensors").items()}
        self.blocks = [{k[len(p):]: v for k, v in self.state.items() if k.startswith(p)}
                       for p in (f"blocks.{i}." for i in range(blocks))]
        self.pixels = torch.randn(1, 3, resolution, resolution)
        side = resolution // 14
        table = self.state["pos_embed"][:, 1:].transpose(1, 2).reshape(1, 384, 37, 37)
        self.position = F.interpolate(table, (side, side), mode="bicubic", align_corners=False).flatten(2).transpose(1, 2)

    @staticmethod
    def block(p, x, heads=6):
        b, n, d = x.shape
        y = F.layer_norm(x, (d,), p["norm1.weight"], p["norm1.bias"], 1e-6)
        qkv = F.linear(y, p["attn.qkv.weight"], p["attn.qkv.bias"]).reshape(b, n, 3, heads, d // heads)
        q, k, v = qkv.permute(2, 0, 3, 1, 4)
        y = F.scaled_dot_product_attention(q, k, v).transpose(1, 2).reshape(b, n, d)
        x = x + p["ls1.gamma"] * F.linear(y, p["attn.proj.weight"], p["attn.proj.bias"])
        y = F.layer_norm(x, (d,), p["norm2.weight"], p["norm2.bias"], 1e-6)
        y = F.linear(F.gelu(F.linear(y, p["mlp.fc1.weight"], p["mlp.fc1.bias"])), p["mlp.fc2.weight"], p["mlp.fc2.bias"])
        return x + p["ls2.gamma"] * y

    def __call__(self):
        s = self.state
        grid = F.conv2d(self.pixels, s["patch_embed.proj.weight"], s["patch_embed.proj.bias"], stride=14)
        x = grid.flatten(2).transpose(1, 2) + self.position
        x = torch.cat([(s["cls_token"] + s["pos_embed"][:, :1]).expand(len(x), -1, -1), x], 1)
        for p in self.blocks:
            x = self.block(p, x)
        return F.layer_norm(x, (384,))


class EfficientNetLite2:
    STAGES = [(1, 3, 1, 1, 16), (3, 3, 2, 6, 24), (3, 5, 2, 6, 48), (4, 3, 2, 6, 88), (4, 5, 1, 6, 120), (5, 5, 2, 6, 208),
              (1, 3, 1, 6, 352)]

    def __init__(self, folder, resolution):
        state = {k: v.float() for k, v in load_file(folder / "efficientnet_lite2.fp16.safetensors").items()}
        self.layers, self.size = [], 260

        def add(conv, norm, kernel, stride, **kind):
            scale = state[norm + ".weight"] / torch.sqrt(state[norm + ".running_var"] + 1e-3)
            out = -(-self.size // stride)
            total = max((out - 1) * stride + kernel - self.size, 0)
            self.size = out
            self.layers.append(dict(weight=state[conv + ".weight"] * scale.reshape(-1, 1, 1, 1),
                                    bias=state[norm + ".bias"] - state[norm + ".running_mean"] * scale, stride=stride,
                                    pad=(total // 2, total - total // 2) * 2, **kind))

        add("_conv_stem", "_bn0", 3, 2)
        channels, block = 32, 0
        for repeats, kernel, first_stride, expand, out in self.STAGES:
            for i in range(repeats):
                base, stride, first = f"_blocks.{block}.", first_stride if i == 0 else 1, len(self.layers)
                if expand != 1:
                    add(base + "_expand_conv", base + "_bn0", 1, 1)
                add(base + "_depthwise_conv", base + "_bn1", kernel, stride, groups=channels * expand)
                add(base + "_project_conv", base + "_bn2", 1, 1, linear=True, shortcut=stride == 1 and channels == out)
                self.layers[first]["opens"] = True
                channels, block = out, block + 1
        add("_conv_head", "_bn1", 1, 1)
        self.pixels = torch.randn(1, 3, resolution, resolution)

    def __call__(self):
        x, kept = self.pixels, None
        for c in self.layers:
            if c.get("opens"):
                kept = x
            pad = c["pad"]
            if pad[0] != pad[1]:
                x, pad = F.pad(x, pad), (0, 0)
            x = F.conv2d(x, c["weight"], c["bias"], c["stride"], pad[0], groups=c.get("groups", 1))
            if not c.get("linear"):
                x = F.relu6(x, inplace=True)
            if c.get("shortcut"):
                x = x + kept
        return x


class YoloxNano:
    """Runs the nodes of the graph file in order."""

    def __init__(self, folder, resolution):
        self.graph = json.loads((folder / "yolox_nano_416.graph.json").read_text())
        constants = load_file(folder / "yolox_nano_416.safetensors")
        numbers = {node["inputs"][2] for node in self.graph["nodes"] if node["op"] == "Resize"}
        self.constants = {k: v if v.is_floating_point() and k not in numbers else v.tolist() for k, v in constants.items()}
        self.pixels = torch.rand(1, 3, resolution, resolution) * 255

    def run(self, op, x, a):
        if op == "Conv":
            return F.conv2d(x[0], x[1], x[2], a["strides"], a["pads"][:2], a["dilations"], a.get("group", 1))
        if op == "Sigmoid":
            return torch.sigmoid(x[0])
        if op == "Mul":
            return x[0] * x[1]
        if op == "Add":
            return x[0] + x[1]
        if op == "Concat":
            return torch.cat(x, a["axis"])
        if op == "Slice":
            start, end, axis, step = (int(v[0]) for v in x[1:5])
            end = min(end, x[0].shape[axis])
            return x[0].movedim(axis, 0)[start:end:step].movedim(0, axis)
        if op == "MaxPool":
            return F.max_pool2d(x[0], a["kernel_shape"], a["strides"], a["pads"][:2])
        if op == "Reshape":
            return x[0].reshape([len(x[0]), *(int(v) for v in x[1][1:])])
        if op == "Resize":
            return F.interpolate(x[0], scale_factor=float(x[2][2]), mode="nearest")
        if op == "Transpose":
            return x[0].permute(a["perm"])
        raise ValueError(op)

    def __call__(self):
        values = dict(self.constants)
        values[self.graph["inputs"][0]] = self.pixels
        for node in self.graph["nodes"]:
            inputs = [values.get(name) for name in node["inputs"]]
            values[node["outputs"][0]] = self.run(node["op"], inputs, node.get("attributes", {}))
        return values[self.graph["outputs"][0]]


def moved(value, device, dtype):
    if isinstance(value, torch.Tensor):
        return value.to(device, dtype)
    if isinstance(value, dict):
        return {k: moved(v, device, dtype) for k, v in value.items()}
    return [moved(v, device, dtype) for v in value] if isinstance(value, list) else value


def prepared(network, args):
    """On the device, for a batch of photos, compiled if that is asked for."""
    dtype = getattr(torch, args.dtype)
    for name, value in vars(network).items():
        if name != "graph":
            setattr(network, name, moved(value, args.device, dtype))
    network.pixels = network.pixels.repeat(args.batch, 1, 1, 1)
    return torch.compile(network.__call__, mode="max-autotune") if args.compile else network


def synchronize(args):
    if args.device.startswith("cuda"):
        torch.cuda.synchronize()


def median(run, args):
    for _ in range(3):  # the compiler takes its time
        run()
    synchronize(args)
    times = []
    for _ in range(args.repeats):
        start = time.perf_counter()
        run()
        synchronize(args)
        times.append(1000 * (time.perf_counter() - start))
    return sorted(times)[len(times) // 2]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("weights", type=pathlib.Path, help="folder of the published weights")
    parser.add_argument("--repeats", type=int, default=15)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--batch", type=int, default=1, help="photos at once")
    parser.add_argument("--dtype", default="float32", choices=["float32", "bfloat16", "float16"])
    parser.add_argument("--compile", action="store_true")
    args = parser.parse_args()
    networks = {"vit": Transformer(args.weights, 336, 10), "cnn": EfficientNetLite2(args.weights, 640),
                "detector": YoloxNano(args.weights, 640)}
    networks = {name: prepared(network, args) for name, network in networks.items()}
    torch.backends.cudnn.allow_tf32 = False  # as the product: float32 means all its bits
    with torch.no_grad():
        for threads in (1, 2) if args.device == "cpu" else (1,):
            torch.set_num_threads(threads)
            times = {name: median(run, args) for name, run in networks.items()}
            whole = sum(times.values())
            print(f"threads:{threads}  " + "  ".join(f"{name} {ms:.1f} ms" for name, ms in times.items()) +
                  f"  trunk {whole:.1f} ms  {1000 * args.batch / whole:.1f} photos/s")


if __name__ == "__main__":
    main()
