"""The three networks of the product's model as the weight files that tests/bench/peers/trunk_eager.py reads.

So product and peer compute with the same numbers, and nothing has to be fetched. Needs Python alone.
"""
import array
import json
import struct

VIT, CNN, DETECTOR = "trunk.vit.", "trunk.cnn.", "trunk.detector."
EPSILON = 1e-3  # what the peer adds to variances of EfficientNet
STAGES = [(1, False), (3, True), (3, True), (4, True), (4, True), (5, True), (1, True)]  # blocks, whether they expand


class Model:
    """A safetensors file: tensors as (type, shape, bytes)."""

    def __init__(self, path):
        with open(path, "rb") as file:
            header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
            data = file.read()
        self.metadata = header.pop("__metadata__", {})
        self.tensors = {}
        for name, each in header.items():
            start, end = each["data_offsets"]
            self.tensors[name] = each["dtype"], each["shape"], data[start:end]

    def named(self, prefix):
        """Tensors below the prefix, those of 8 bits multiplied with their scales."""
        return {name[len(prefix):]: self.plain(name) for name in self.tensors
                if name.startswith(prefix) and not name.endswith(".scale")}

    def plain(self, name):
        kind, shape, content = self.tensors[name]
        if kind != "I8":
            return kind, shape, content
        scales = array.array("f", self.tensors[name + ".scale"][2])
        values, width = array.array("b", content), len(content) // len(scales)
        numbers = array.array("f")
        for row, scale in enumerate(scales):
            numbers.extend([scale * value for value in values[row * width:(row + 1) * width]])
        return "F32", shape, numbers.tobytes()


def write(path, tensors):
    header, offset = {}, 0
    for name, (kind, shape, content) in tensors.items():
        header[name] = {"dtype": kind, "shape": shape, "data_offsets": [offset, offset + len(content)]}
        offset += len(content)
    text = json.dumps(header).encode()
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for _, _, content in tensors.values():
            file.write(content)


def constant(value, count):
    return "F32", [count], array.array("f", [value] * count).tobytes()


def convolution_names():
    """Names of the published EfficientNet-Lite's convolutions and norms, in the order of the product's."""
    yield "_conv_stem", "_bn0"
    block = 0
    for blocks, expands in STAGES:
        for _ in range(blocks):
            base = f"_blocks.{block}."
            if expands:
                yield base + "_expand_conv", base + "_bn0"
            yield base + "_depthwise_conv", base + "_bn1"
            yield base + "_project_conv", base + "_bn2"
            block += 1
    yield "_conv_head", "_bn1"


def efficientnet(folded):
    """The product has the norms folded into the convolutions, so the peer gets norms that change nothing."""
    tensors = {}
    for number, (convolution, norm) in enumerate(convolution_names()):
        bias = folded[f"conv{number}.bias"]
        channels = bias[1][0]
        tensors[convolution + ".weight"] = folded[f"conv{number}.weight"]
        tensors[norm + ".bias"] = bias
        tensors[norm + ".weight"] = constant(1, channels)
        tensors[norm + ".running_mean"] = constant(0, channels)
        tensors[norm + ".running_var"] = constant(1 - EPSILON, channels)
    return tensors


def write_peer_weights(model_path, folder):
    model = Model(model_path)
    write(folder / "dinov2_vits14_saliency.fp16.safetensors", model.named(VIT))
    write(folder / "efficientnet_lite2.fp16.safetensors", efficientnet(model.named(CNN)))
    write(folder / "yolox_nano_416.safetensors", model.named(DETECTOR))
    (folder / "yolox_nano_416.graph.json").write_text(model.metadata["detector_graph"])
