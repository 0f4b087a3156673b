#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes the small networks of the tables of sizes and of the footprint, with random weights.

FastPoorNet, Sub-Inception-BN and Inception-BN are those that MXNet's single file ran on phones in
2015. FastPoorNet is the one of its Android example, layer by layer; Inception-BN that of its model
gallery. Of Sub-Inception-BN no symbol is left: here it is Inception-BN with three quarters of the
channels, which makes a file of about the size that was stated (its application had less than 40 MB,
that of Inception-BN less than 60)."""
import argparse
import pathlib
import sys
from typing import Callable, Dict, Sequence

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper


class Network:
    """A graph that grows; values are names. Pictures are 224 x 224 in colour."""

    def __init__(self, scale: float = 1):
        self._random = np.random.default_rng(1)
        self._nodes: list = []
        self._constants: list = []
        self._channels = {"data": 3}
        self._scale = scale

    def channels(self, x: str) -> int:
        return self._channels[x]

    def _constant(self, shape: Sequence[int], deviation: float, mean: float = 0) -> str:
        name = f"c{len(self._constants)}"
        values = mean + deviation * self._random.standard_normal(shape, np.float32)
        self._constants.append(numpy_helper.from_array(values.astype(np.float32), name))
        return name

    def node(self, op: str, inputs: Sequence[str], channels: int, **attributes) -> str:
        name = f"{op.lower()}{len(self._nodes)}"
        self._nodes.append(helper.make_node(op, list(inputs), [name], name=name, **attributes))
        self._channels[name] = channels
        return name

    def conv(self, x: str, out: int, kernel: int, stride: int = 1, pad: int = -1,
             group: int = 1) -> str:
        out = max(1, round(out * self._scale))
        if group > 1:
            group = out = self.channels(x)
        taps = self.channels(x) // group * kernel * kernel
        weights = self._constant((out, self.channels(x) // group, kernel, kernel),
                                 (2 / taps) ** 0.5)
        pads = [kernel // 2 if pad < 0 else pad] * 4
        return self.node("Conv", [x, weights, self._constant((out,), 0.1)], out,
                         kernel_shape=[kernel] * 2, strides=[stride] * 2, pads=pads, group=group)

    def norm(self, x: str) -> str:
        c = self.channels(x)
        parts = [self._constant((c,), 0.05, 1), self._constant((c,), 0.1),
                 self._constant((c,), 0.1), self._constant((c,), 0.05, 1)]
        return self.node("BatchNormalization", [x, *parts], c)

    def relu(self, x: str) -> str:
        return self.node("Relu", [x], self.channels(x))

    def relu6(self, x: str) -> str:
        if "six" not in self._channels:
            self._channels["six"] = 1
            for name, value in (("nought", 0), ("six", 6)):
                self._constants.append(numpy_helper.from_array(np.float32(value), name))
        return self.node("Clip", [x, "nought", "six"], self.channels(x))

    def pool(self, kind: str, x: str, kernel: int, stride: int, pad: int = 0, ceil: int = 0) -> str:
        attributes = {"count_include_pad": 1} if kind == "AveragePool" else {}
        if ceil:
            attributes["ceil_mode"] = 1
        return self.node(kind, [x], self.channels(x), kernel_shape=[kernel] * 2,
                         strides=[stride] * 2, pads=[pad] * 4, **attributes)

    def concat(self, *inputs: str) -> str:
        return self.node("Concat", inputs, sum(map(self.channels, inputs)), axis=1)

    def flatten(self, x: str) -> str:
        return self.node("Flatten", [x], self.channels(x))

    def dense(self, x: str, out: int) -> str:
        x = self.flatten(x)
        c = self.channels(x)
        weights = self._constant((out, c), (1 / c) ** 0.5)
        return self.node("Gemm", [x, weights, self._constant((out,), 0.1)], out, transB=1)

    def softmax(self, x: str) -> str:
        return self.node("Softmax", [x], self.channels(x), axis=1)

    def global_pool(self, x: str) -> str:
        return self.node("GlobalAveragePool", [x], self.channels(x))

    def model(self, x: str) -> bytes:
        graph = helper.make_graph(
            self._nodes, "network",
            [helper.make_tensor_value_info("data", TensorProto.FLOAT, [1, 3, 224, 224])],
            [helper.make_tensor_value_info(x, TensorProto.FLOAT, [1, self.channels(x)])],
            self._constants)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)])
        model.ir_version = 7
        helper.set_model_props(model, {"linnet.color": "RGB", "linnet.resize": "exact",
                                       "linnet.scale": "0.00392156862745098"})
        onnx.checker.check_model(model)
        return model.SerializeToString()


def squeezenet(n: Network) -> str:
    """SqueezeNet 1.1."""
    def fire(x: str, squeezed: int, expanded: int) -> str:
        s = n.relu(n.conv(x, squeezed, 1))
        return n.concat(n.relu(n.conv(s, expanded, 1)), n.relu(n.conv(s, expanded, 3)))
    x = n.pool("MaxPool", n.relu(n.conv("data", 64, 3, 2, 0)), 3, 2, ceil=1)
    x = n.pool("MaxPool", fire(fire(x, 16, 64), 16, 64), 3, 2, ceil=1)
    x = n.pool("MaxPool", fire(fire(x, 32, 128), 32, 128), 3, 2, ceil=1)
    for squeezed, expanded in ((48, 192), (48, 192), (64, 256), (64, 256)):
        x = fire(x, squeezed, expanded)
    return n.softmax(n.flatten(n.global_pool(n.relu(n.conv(x, 1000, 1)))))


def mobilenet_v1(n: Network) -> str:
    x = n.relu(n.norm(n.conv("data", 32, 3, 2)))
    for out, stride in ((64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2), *[(512, 1)] * 5,
                        (1024, 2), (1024, 1)):
        x = n.relu(n.norm(n.conv(x, 0, 3, stride, group=2)))
        x = n.relu(n.norm(n.conv(x, out, 1)))
    return n.softmax(n.dense(n.global_pool(x), 1000))


def mobilenet_v2(n: Network) -> str:
    def block(x: str, out: int, stride: int, times: int) -> str:
        y = x
        if times > 1:
            y = n.relu6(n.norm(n.conv(y, times * n.channels(x), 1)))
        y = n.relu6(n.norm(n.conv(y, 0, 3, stride, group=2)))
        y = n.norm(n.conv(y, out, 1))
        return n.node("Add", [x, y], out) if stride == 1 and n.channels(x) == out else y
    x = n.relu6(n.norm(n.conv("data", 32, 3, 2)))
    for times, out, repeats, stride in ((1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2),
                                        (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)):
        for i in range(repeats):
            x = block(x, out, stride if i == 0 else 1, times)
    x = n.relu6(n.norm(n.conv(x, 1280, 1)))
    return n.softmax(n.dense(n.global_pool(x), 1000))


def fastpoornet(n: Network) -> str:
    x = n.pool("MaxPool", n.relu(n.norm(n.conv("data", 64, 11, 4, 0))), 3, 1)
    x = n.pool("MaxPool", n.relu(n.conv(x, 192, 3, 2, 0)), 3, 2)
    for out in (96, 160, 144, 160):
        x = n.relu(n.conv(x, out, 3))
    x = n.relu(n.conv(n.norm(x), 256, 3))
    return n.softmax(n.dense(n.pool("AveragePool", x, 12, 1), 1000))


def inception_bn(n: Network) -> str:
    def c(x: str, out: int, kernel: int, stride: int = 1) -> str:
        return n.relu(n.norm(n.conv(x, out, kernel, stride)))

    def mixed(x: str, one: int, three: Sequence[int], double: Sequence[int], kind: str,
              projected: int) -> str:
        return n.concat(c(x, one, 1), c(c(x, three[0], 1), three[1], 3),
                        c(c(c(x, double[0], 1), double[1], 3), double[1], 3),
                        c(n.pool(kind, x, 3, 1, 1), projected, 1))

    def smaller(x: str, three: Sequence[int], double: Sequence[int]) -> str:
        return n.concat(c(c(x, three[0], 1), three[1], 3, 2),
                        c(c(c(x, double[0], 1), double[1], 3), double[1], 3, 2),
                        n.pool("MaxPool", x, 3, 2, 1))
    x = n.pool("MaxPool", c("data", 64, 7, 2), 3, 2, ceil=1)
    x = n.pool("MaxPool", c(c(x, 64, 1), 192, 3), 3, 2, ceil=1)
    x = mixed(x, 64, (64, 64), (64, 96), "AveragePool", 32)
    x = mixed(x, 64, (64, 96), (64, 96), "AveragePool", 64)
    x = smaller(x, (128, 160), (64, 96))
    x = mixed(x, 224, (64, 96), (96, 128), "AveragePool", 128)
    x = mixed(x, 192, (96, 128), (96, 128), "AveragePool", 128)
    x = mixed(x, 160, (128, 160), (128, 160), "AveragePool", 128)
    x = mixed(x, 96, (128, 192), (160, 192), "AveragePool", 128)
    x = smaller(x, (128, 192), (192, 256))
    x = mixed(x, 352, (192, 320), (160, 224), "AveragePool", 128)
    x = mixed(x, 352, (192, 320), (192, 224), "MaxPool", 128)
    return n.softmax(n.dense(n.global_pool(x), 1000))


NETWORKS: Dict[str, Callable[[], bytes]] = {}
for _name, _build, _scale in (
        ("squeezenet", squeezenet, 1), ("mobilenet_v1", mobilenet_v1, 1),
        ("mobilenet_v2", mobilenet_v2, 1), ("fastpoornet", fastpoornet, 1),
        ("sub_inception_bn", inception_bn, 0.75), ("inception_bn", inception_bn, 1)):
    def _make(build=_build, scale=_scale) -> bytes:
        network = Network(scale)
        return network.model(build(network))
    NETWORKS[_name] = _make


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("names", nargs="*", default=list(NETWORKS), metavar="NAME",
                        help=", ".join(NETWORKS))
    options = parser.parse_args()
    for name in options.names:
        if name not in NETWORKS:
            parser.error(f"there is no network {name}; there are {', '.join(NETWORKS)}")
        (options.folder / f"{name}.onnx").write_bytes(NETWORKS[name]())
    return 0


if __name__ == "__main__":
    sys.exit(main())
