# SPDX-License-Identifier: MIT
"""Some hundreds of small random graphs against onnxruntime. The seed is the test's number."""
import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

import harness
import linnet

onnxruntime = pytest.importorskip("onnxruntime")

GRAPHS = 300


class RandomGraph:
    """Grows a graph node by node from one picture input; every tensor keeps its shape here."""

    def __init__(self, seed):
        self.random = np.random.RandomState(seed)
        self.nodes, self.constants, self.shapes = [], [], {}
        self.input_shape = (self.pick(1, 2, 3), self.pick(1, 3, 4, 8, 17),
                            self.pick(1, 5, 8, 13), self.pick(1, 4, 9, 16))
        self.shapes["x"] = self.input_shape
        steps = [self.conv, self.conv, self.depthwise, self.batch_norm, self.activation,
                 self.activation, self.pool, self.join, self.join, self.concat, self.split,
                 self.slice, self.pad, self.transpose, self.reshape, self.reduce, self.arithmetic,
                 self.resize, self.softmax, self.matmul, self.normalize, self.clip]
        for _ in range(self.random.randint(3, 14)):
            steps[self.random.randint(len(steps))](self.any_tensor())

    def pick(self, *choices):
        return choices[self.random.randint(len(choices))]

    def any_tensor(self):
        names = list(self.shapes)
        return names[-1] if self.random.rand() < 0.7 else self.pick(*names)

    def constant(self, *shape):
        name = f"c{len(self.constants)}"
        value = self.random.uniform(-1, 1, shape).astype(np.float32)
        self.constants.append(numpy_helper.from_array(np.asarray(value, np.float32), name))
        return name

    def integers(self, *values):
        name = f"c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.array(values, np.int64), name))
        return name

    def add(self, op, inputs, shape, **attributes):
        name = f"t{len(self.nodes)}"
        self.nodes.append(helper.make_node(op, inputs, [name], **attributes))
        self.shapes[name] = tuple(int(n) for n in shape)
        return name

    # Each of the following adds one or a few nodes that read tensor t, or none if it does not fit.

    def conv(self, t):
        if len(self.shapes[t]) != 4:
            return
        n, c, h, w = self.shapes[t]
        group = self.pick(*[g for g in (1, 1, 2, c) if c % g == 0])
        out = group * self.pick(1, 2, 5, 8)
        kh, kw = self.pick(1, 1, 2, 3, 5), self.pick(1, 3, 3)
        pads = [self.pick(0, 1, 2) for _ in range(4)]
        stride, dilation = self.pick(1, 1, 2), self.pick(1, 1, 2)
        oh = (h + pads[0] + pads[2] - (kh - 1) * dilation - 1) // stride + 1
        ow = (w + pads[1] + pads[3] - (kw - 1) * dilation - 1) // stride + 1
        if oh < 1 or ow < 1:
            return
        inputs = [t, self.constant(out, c // group, kh, kw)]
        if self.random.rand() < 0.5:
            inputs.append(self.constant(out))
        self.add("Conv", inputs, (n, out, oh, ow), group=group, pads=pads, strides=[stride] * 2,
                 dilations=[dilation] * 2, kernel_shape=[kh, kw])

    def depthwise(self, t):
        if len(self.shapes[t]) != 4:
            return
        n, c, h, w = self.shapes[t]
        stride = self.pick(1, 2)
        self.add("Conv", [t, self.constant(c, 1, 3, 3)],
                 (n, c, (h - 1) // stride + 1, (w - 1) // stride + 1), group=c, pads=[1] * 4,
                 strides=[stride] * 2)

    def batch_norm(self, t):
        if len(self.shapes[t]) not in (3, 4):
            return
        c = self.shapes[t][1]
        variance = numpy_helper.from_array(self.random.uniform(0.5, 2, c).astype(np.float32),
                                           f"c{len(self.constants)}")
        scale, bias, mean = (self.constant(c) for _ in range(3))
        variance.name = f"c{len(self.constants)}"
        self.constants.append(variance)
        self.add("BatchNormalization", [t, scale, bias, mean, variance.name], self.shapes[t])

    def activation(self, t):
        op = self.pick("Relu", "LeakyRelu", "Elu", "Selu", "Sigmoid", "HardSigmoid", "HardSwish",
                       "Tanh", "Erf", "Gelu", "Softplus", "Mish", "Abs", "Neg", "Floor", "Ceil",
                       "Sin", "Cos", "Identity")
        self.add(op, [t], self.shapes[t])

    def pool(self, t):
        if len(self.shapes[t]) != 4:
            return
        n, c, h, w = self.shapes[t]
        op = self.pick("MaxPool", "AveragePool", "GlobalAveragePool", "GlobalMaxPool")
        if op.startswith("Global"):
            self.add(op, [t], (n, c, 1, 1))
            return
        k, pad, stride = self.pick(2, 3), self.pick(0, 1), self.pick(1, 2)
        oh, ow = ((side + 2 * pad - k) // stride + 1 for side in (h, w))
        if oh < 1 or ow < 1:
            return
        extra = {"count_include_pad": self.pick(0, 1)} if op == "AveragePool" else {}
        self.add(op, [t], (n, c, oh, ow), kernel_shape=[k, k], pads=[pad] * 4,
                 strides=[stride] * 2, **extra)

    def join(self, t):
        same = [name for name in self.shapes if self.shapes[name] == self.shapes[t]]
        self.add(self.pick("Add", "Sub", "Mul", "Max", "Min"), [t, self.pick(*same)],
                 self.shapes[t])

    def concat(self, t):
        rank = len(self.shapes[t])
        axis = min(self.pick(1, 1, rank - 1), rank - 1)
        fits = [name for name, shape in self.shapes.items() if len(shape) == rank and all(
            i == axis or shape[i] == self.shapes[t][i] for i in range(rank))]
        parts = [t] + [self.pick(*fits) for _ in range(self.pick(1, 2))]
        shape = list(self.shapes[t])
        shape[axis] = sum(self.shapes[part][axis] for part in parts)
        if np.prod(shape) < 1e5:
            self.add("Concat", parts, shape, axis=axis)

    def split(self, t):
        shape = list(self.shapes[t])
        axis = self.random.randint(len(shape))
        if shape[axis] < 2:
            return
        first = self.random.randint(1, shape[axis])
        names = [f"t{len(self.nodes)}", f"t{len(self.nodes)}b"]
        sizes = self.integers(first, shape[axis] - first)
        self.nodes.append(helper.make_node("Split", [t, sizes], names, axis=int(axis)))
        for name, size in zip(names, (first, shape[axis] - first)):
            self.shapes[name] = tuple(shape[:axis] + [size] + shape[axis + 1:])

    def slice(self, t):
        shape = list(self.shapes[t])
        axis = int(self.random.randint(len(shape)))
        step = self.pick(1, 1, 2, -1)
        start, end = (0, shape[axis]) if step > 0 else (shape[axis] - 1, -shape[axis] - 1)
        if step > 0 and shape[axis] > 2:
            start = self.pick(0, 1)
        shape[axis] = len(range(*slice(start, end if step > 0 else None, step).indices(
            shape[axis])))
        self.add("Slice", [t, self.integers(start), self.integers(end), self.integers(axis),
                           self.integers(step)], shape)

    def pad(self, t):
        shape = self.shapes[t]
        pads = [self.pick(0, 0, 1, 2) for _ in range(2 * len(shape))]
        larger = [n + pads[i] + pads[i + len(shape)] for i, n in enumerate(shape)]
        self.add("Pad", [t, self.integers(*pads), self.constant()], larger)

    def transpose(self, t):
        order = [int(i) for i in self.random.permutation(len(self.shapes[t]))]
        self.add("Transpose", [t], [self.shapes[t][i] for i in order], perm=order)

    def reshape(self, t):
        shape = self.shapes[t]
        new = self.pick((shape[0], -1), (-1, shape[-1]), (*shape[:1], -1, *shape[-1:]),
                        (1, *shape)) if len(shape) < 5 else (shape[0], -1)
        full = [n if n != -1 else int(np.prod(shape)) // max(1, -int(np.prod(new)))
                for n in new]
        self.add("Reshape", [t, self.integers(*new)], full)

    def reduce(self, t):
        op = self.pick("ReduceMean", "ReduceMax", "ReduceMin", "ReduceL2")
        axis, keep = int(self.random.randint(len(self.shapes[t]))), self.pick(0, 1)
        shape = list(self.shapes[t])
        shape[axis:axis + 1] = [1] if keep else []
        if shape:
            self.add(op, [t, self.integers(axis)], shape, keepdims=keep)

    def arithmetic(self, t):
        shape = self.shapes[t]
        constant = self.constant(*self.pick((), (shape[-1],), (1,) * len(shape), shape))
        self.add(self.pick("Add", "Sub", "Mul"), [t, constant], shape)

    def resize(self, t):
        if len(self.shapes[t]) != 4 or np.prod(self.shapes[t]) > 2e4:
            return
        n, c, h, w = self.shapes[t]
        scales = f"c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.array([1, 1, 2, 2], np.float32), scales))
        mode = self.pick({"mode": "nearest", "nearest_mode": "floor",
                          "coordinate_transformation_mode": "asymmetric"}, {"mode": "linear"})
        self.add("Resize", [t, "", scales], (n, c, 2 * h, 2 * w), **mode)

    def softmax(self, t):
        axis = int(self.random.randint(len(self.shapes[t])))
        self.add(self.pick("Softmax", "LogSoftmax"), [t], self.shapes[t], axis=axis)

    def matmul(self, t):
        shape = self.shapes[t]
        if len(shape) < 2:
            return
        out = self.pick(1, 7, 33)
        self.add("MatMul", [t, self.constant(shape[-1], out)], (*shape[:-1], out))

    def normalize(self, t):
        length = self.shapes[t][-1]
        if length > 1:
            self.add("LayerNormalization", [t, self.constant(length), self.constant(length)],
                     self.shapes[t])

    def clip(self, t):
        low, high = (f"c{len(self.constants) + i}" for i in range(2))
        for name, value in ((low, -0.5), (high, 0.75)):
            self.constants.append(numpy_helper.from_array(np.float32(value), name))
        self.add("Clip", [t, low, high], self.shapes[t])

    def model(self):
        read = {name for node in self.nodes for name in node.input}
        outputs = [name for name in self.shapes if name not in read and name != "x"]
        ports = [helper.make_tensor_value_info(name, TensorProto.FLOAT, self.shapes[name])
                 for name in outputs]
        graph = helper.make_graph(
            self.nodes, "random",
            [helper.make_tensor_value_info("x", TensorProto.FLOAT, self.input_shape)], ports,
            self.constants)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)])
        model.ir_version = 9
        onnx.checker.check_model(model)
        return model.SerializeToString()


@pytest.mark.parametrize("seed", range(GRAPHS))
def test_agrees_with_onnxruntime(seed):
    graph = RandomGraph(seed)
    if not graph.nodes:
        pytest.skip("the seed made a graph without nodes")
    data = graph.model()
    x = np.random.RandomState(seed).uniform(-2, 2, graph.input_shape).astype(np.float32)
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    expected = onnxruntime.InferenceSession(data, options).run(None, {"x": x})
    found = linnet.Session(data).run(x)
    threaded = linnet.Session(data, threads=3).run(x)
    saved = harness.run_saved(data, {"x": x})
    for ours, theirs, again, copy in zip(found, expected, threaded, saved, strict=True):
        assert ours.shape == theirs.shape
        np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-4 * (1 + np.abs(theirs).max()))
        assert np.array_equal(ours, again, equal_nan=True)
        assert ours.tobytes() == copy.tobytes()


@pytest.mark.parametrize("group", [1, 6])
def test_sum_of_a_convolution_and_its_own_input(group):
    """The sum must not be written over what the convolution still reads."""
    random = np.random.RandomState(group)
    first = random.uniform(-1, 1, (6, 3, 1, 1)).astype(np.float32)
    second = random.uniform(-1, 1, (6, 6 // group, 3, 3)).astype(np.float32)
    nodes = [helper.make_node("Conv", ["x", "first"], ["a"]),
             helper.make_node("Relu", ["a"], ["h"]),
             helper.make_node("Conv", ["h", "second"], ["c"], pads=[1] * 4, group=group),
             helper.make_node("Add", ["c", "h"], ["y"])]
    port = helper.make_tensor_value_info
    graph = helper.make_graph(nodes, "g", [port("x", TensorProto.FLOAT, [2, 3, 40, 40])],
                              [port("y", TensorProto.FLOAT, [2, 6, 40, 40])],
                              [numpy_helper.from_array(first, "first"),
                               numpy_helper.from_array(second, "second")])
    data = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)],
                             ir_version=8).SerializeToString()
    x = random.uniform(-1, 1, (2, 3, 40, 40)).astype(np.float32)
    expected, = onnxruntime.InferenceSession(data).run(None, {"x": x})
    for threads in (1, 4):
        found, = linnet.Session(data, threads).run(x)
        np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-4)


def test_an_output_of_another_type_than_stated_is_refused():
    port = helper.make_tensor_value_info
    graph = helper.make_graph([helper.make_node("Relu", ["x"], ["y"])], "g",
                              [port("x", TensorProto.FLOAT, [4])],
                              [port("y", TensorProto.BOOL, [4])])
    data = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)],
                             ir_version=8).SerializeToString()
    with pytest.raises(linnet.Malformed, match="'y' has the type bool.*makes float32"):
        linnet.Session(data)
