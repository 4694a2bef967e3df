"""The transformer of the trunk in PyTorch eager, for comparison with bench_verbs' BM_TrunkOnly.

    python3 -m venv VENV && VENV/bin/pip install torch==2.11.0 numpy safetensors
    VENV/bin/python tests/bench/peers/trunk_eager.py WEIGHTS.safetensors [--resolution 336] [--blocks 10]

Not part of the product: it needs Python, the product does not.
"""

import argparse
import time

import torch
import torch.nn.functional as F
from safetensors.torch import load_file


class Block(torch.nn.Module):
    def __init__(self, state, prefix, heads):
        super().__init__()
        self.p = {k[len(prefix):]: v for k, v in state.items() if k.startswith(prefix)}
        self.heads = heads

    def forward(self, x):
        p = self.p
        b, n, d = x.shape
        y = F.layer_norm(x, (d,), p["norm1.weight"], p["norm1.bias"], 1e-6)
        qkv = F.linear(y, p["attn.qkv.weight"], p["attn.qkv.bias"]).reshape(b, n, 3, self.heads, d // self.heads)
        q, k, v = qkv.permute(2, 0, 3, 1, 4)
        y = F.scaled_dot_product_attention(q, k, v).transpose(1, 2).reshape(b, n, d)
        x = x + p["ls1.gamma"] * F.linear(y, p["attn.proj.weight"], p["attn.proj.bias"])
        y = F.layer_norm(x, (d,), p["norm2.weight"], p["norm2.bias"], 1e-6)
        y = F.linear(F.gelu(F.linear(y, p["mlp.fc1.weight"], p["mlp.fc1.bias"])), p["mlp.fc2.weight"], p["mlp.fc2.bias"])
        return x + p["ls2.gamma"] * y


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("weights")
    parser.add_argument("--resolution", type=int, default=336)
    parser.add_argument("--blocks", type=int, default=10)
    parser.add_argument("--repeats", type=int, default=15)
    args = parser.parse_args()
    state = {k: v.float() for k, v in load_file(args.weights).items()}
    blocks = [Block(state, f"blocks.{i}.", 6) for i in range(args.blocks)]
    side = args.resolution // 14
    table = state["pos_embed"][:, 1:].transpose(1, 2).reshape(1, 384, 37, 37)
    pixels = torch.randn(1, 3, args.resolution, args.resolution)

    def run():
        grid = F.conv2d(pixels, state["patch_embed.proj.weight"], state["patch_embed.proj.bias"], stride=14)
        position = F.interpolate(table, (side, side), mode="bicubic", align_corners=False).flatten(2).transpose(1, 2)
        x = grid.flatten(2).transpose(1, 2) + position
        x = torch.cat([state["cls_token"] + state["pos_embed"][:, :1], x], 1)
        for block in blocks:
            x = block(x)
        return F.layer_norm(x, (384,))

    with torch.no_grad():
        for threads in (1, 2):
            torch.set_num_threads(threads)
            run()
            times = []
            for _ in range(args.repeats):
                start = time.perf_counter()
                run()
                times.append(time.perf_counter() - start)
            times.sort()
            print(f"threads:{threads}  median {1000 * times[len(times) // 2]:.1f} ms  best {1000 * times[0]:.1f} ms")


if __name__ == "__main__":
    main()
