#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes two vision transformers as ONNX files with seeded random weights.

usage: transformers.py OUT_DIR

vit_tiny.onnx has the shapes of ViT-Tiny, deit_small.onnx those of DeiT-Small, both for pictures of
224 x 224 pixels in patches of 16 x 16. The nodes are those that PyTorch 2's exporter for opset 17
writes of timm's models: attention scales queries and keys apart, Gelu is spelled out with Erf.
"""
import pathlib
import sys
from typing import Sequence

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

NETWORKS = {"vit_tiny": (192, 3), "deit_small": (384, 6)}  # width, heads
BLOCKS, SIDE, PATCH, CLASSES = 12, 224, 16, 1000


class Transformer:
    """A graph in the making; methods add nodes and return the name of what they compute."""

    def __init__(self, width: int, heads: int, seed: int = 0, side: int = SIDE,
                 blocks: int = BLOCKS):
        self._width, self._heads = width, heads
        self._side, self._blocks = side, blocks
        self._tokens = (side // PATCH) ** 2 + 1
        self._random = np.random.default_rng(seed)
        self._nodes, self._weights = [], []

    def model(self) -> onnx.ModelProto:
        x = self._embed("x")
        for _ in range(self._blocks):
            x = self._node("Add", x, self._attention(self._norm(x)))
            x = self._node("Add", x, self._perceptron(self._norm(x)))
        token = self._node("Gather", self._norm(x), self._constant(np.int64(0)), axis=1)
        head = [self._weight((CLASSES, self._width), self._width), self._bias(CLASSES)]
        self._nodes.append(helper.make_node("Gemm", [token, *head], ["scores"], transB=1))
        graph = helper.make_graph(
            self._nodes, "transformer",
            [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 3, self._side, self._side])],
            [helper.make_tensor_value_info("scores", TensorProto.FLOAT, [1, CLASSES])],
            self._weights)
        return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)

    def _node(self, op: str, *inputs: str, outputs: int = 1, **attributes):
        number = len(self._nodes)
        names = [f"{op.lower()}{number}_{i}" for i in range(outputs)]
        self._nodes.append(helper.make_node(op, inputs, names, **attributes))
        return names if outputs > 1 else names[0]

    def _constant(self, value) -> str:
        name = f"constant{len(self._weights)}"
        self._weights.append(numpy_helper.from_array(np.asarray(value), name))
        return name

    def _normal(self, shape: Sequence[int], deviation: float) -> str:
        return self._constant((self._random.standard_normal(shape) * deviation).astype(np.float32))

    def _weight(self, shape: Sequence[int], inputs: int) -> str:
        return self._normal(shape, inputs ** -0.5)

    def _bias(self, size: int) -> str:
        return self._normal((size,), 0.1)

    def _linear(self, x: str, inputs: int, outputs: int) -> str:
        product = self._node("MatMul", x, self._weight((inputs, outputs), inputs))
        return self._node("Add", self._bias(outputs), product)

    def _norm(self, x: str) -> str:
        scale = 1 + 0.1 * self._random.standard_normal(self._width).astype(np.float32)
        return self._node("LayerNormalization", x, self._constant(scale), self._bias(self._width),
                          axis=-1, epsilon=1e-6)

    def _embed(self, x: str) -> str:
        """Patches as tokens behind the class token, all with their positions."""
        patches = self._weight((self._width, 3, PATCH, PATCH), 3 * PATCH * PATCH)
        x = self._node("Conv", x, patches, self._bias(self._width), kernel_shape=[PATCH, PATCH],
                       strides=[PATCH, PATCH])
        x = self._node("Reshape", x, self._constant(np.int64([1, self._width, -1])))
        x = self._node("Transpose", x, perm=[0, 2, 1])
        x = self._node("Concat", self._normal((1, 1, self._width), 0.1), x, axis=1)
        return self._node("Add", x, self._normal((1, self._tokens, self._width), 0.1))

    def _attention(self, x: str) -> str:
        size = self._width // self._heads
        scale = self._constant(np.float32(size ** -0.25))
        x = self._linear(x, self._width, 3 * self._width)
        shape = np.int64([1, self._tokens, 3, self._heads, size])
        x = self._node("Reshape", x, self._constant(shape))
        x = self._node("Transpose", x, perm=[2, 0, 3, 1, 4])
        parts = self._node("Split", x, self._constant(np.int64([1, 1, 1])), outputs=3, axis=0)
        q, k, v = (self._node("Squeeze", part, self._constant(np.int64([0]))) for part in parts)
        k = self._node("Transpose", k, perm=[0, 1, 3, 2])
        scores = self._node("MatMul", self._node("Mul", q, scale), self._node("Mul", k, scale))
        x = self._node("MatMul", self._node("Softmax", scores, axis=-1), v)
        x = self._node("Transpose", x, perm=[0, 2, 1, 3])
        x = self._node("Reshape", x, self._constant(np.int64([1, self._tokens, self._width])))
        return self._linear(x, self._width, self._width)

    def _perceptron(self, x: str) -> str:
        x = self._linear(x, self._width, 4 * self._width)
        gate = self._node("Erf", self._node("Div", x, self._constant(np.float32(2 ** 0.5))))
        gate = self._node("Add", gate, self._constant(np.float32(1)))
        x = self._node("Mul", self._node("Mul", x, gate), self._constant(np.float32(0.5)))
        return self._linear(x, 4 * self._width, self._width)


def main() -> int:
    if len(sys.argv) != 2:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, (width, heads) in NETWORKS.items():
        onnx.save(Transformer(width, heads).model(), folder / f"{name}.onnx")
    return 0


if __name__ == "__main__":
    sys.exit(main())
