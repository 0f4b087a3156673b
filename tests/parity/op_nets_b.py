"""Small nets in which operators of op_cases_b.py meet each other, for test_ops_b.py."""

import numpy as np
from onnx import TensorProto, helper, numpy_helper

from op_cases_b import IR_VERSION, OPSET, Variant, floats


class Net:
    """Builds a graph node by node; values are names."""

    def __init__(self, name):
        self.name = name
        self.nodes, self.constants, self.feeds = [], [], {}

    def input(self, *shape):
        name = f"x{len(self.feeds)}"
        self.feeds[name] = floats(self.name + name, *shape)
        return name

    def constant(self, array):
        name = f"c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.asarray(array), name))
        return name

    def weights(self, *shape):
        fan = max(int(np.prod(shape[1:])), 1)
        array = floats(f"{self.name}{len(self.constants)}", *shape)
        return self.constant(array / np.float32(np.sqrt(fan)))

    def integers(self, *values):
        return self.constant(np.array(values, np.int64))

    def op(self, op, *inputs, outputs=1, **attributes):
        names = [f"v{len(self.nodes)}_{i}" for i in range(outputs)]
        self.nodes.append(helper.make_node(op, inputs, names, name=names[0], **attributes))
        return names[0] if outputs == 1 else names

    def conv(self, x, into, out, kernel=3, bias=True, **attributes):
        group = attributes.get("group", 1)
        w = self.weights(out, into // group, kernel, kernel)
        b = [self.weights(out)] if bias else []
        pad = kernel // 2
        return self.op("Conv", x, w, *b, **{"pads": [pad] * 4, **attributes})

    def batch_normalization(self, x, channels):
        variance = self.constant(np.abs(floats(self.name + "var", channels)) + np.float32(0.5))
        parts = [self.weights(channels) for _ in range(3)]
        return self.op("BatchNormalization", x, *parts, variance)

    def variant(self, *outputs, tolerance=5e-5):
        graph = helper.make_graph(
            self.nodes,
            self.name,
            [helper.make_tensor_value_info(n, TensorProto.FLOAT, a.shape)
             for n, a in self.feeds.items()],
            [helper.make_tensor_value_info(o, TensorProto.FLOAT, None) for o in outputs],
            self.constants,
        )
        model = helper.make_model(
            graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION
        )
        return Variant(self.name, model.SerializeToString(), self.feeds, tolerance)


def residual_net():
    net = Net("net_residual")
    x = net.op("Relu", net.conv(net.input(2, 3, 14, 13), 3, 24))
    y = net.op("Relu", net.batch_normalization(net.conv(x, 24, 24, bias=False), 24))
    y = net.batch_normalization(net.conv(y, 24, 24, bias=False), 24)
    x = net.op("Relu", net.op("Add", y, x))
    y = net.conv(x, 24, 40, strides=[2, 2])
    z = net.conv(x, 24, 40, kernel=1, strides=[2, 2])
    x = net.op("LeakyRelu", net.op("Add", z, y))
    x = net.op("Flatten", net.op("GlobalAveragePool", x))
    return net.variant(net.op("Gemm", x, net.weights(10, 40), net.weights(10), transB=1))


def dense_net():
    net = Net("net_dense")
    parts = [net.conv(net.input(1, 3, 12, 12), 3, 16)]
    for _ in range(3):
        joined = net.op("Concat", *parts, axis=1) if len(parts) > 1 else parts[0]
        channels = 16 + 8 * (len(parts) - 1)
        y = net.op("Relu", net.batch_normalization(joined, channels))
        parts.append(net.conv(y, channels, 8))
    x = net.op("Relu", net.batch_normalization(net.op("Concat", *parts, axis=1), 40))
    x = net.op("AveragePool", x, kernel_shape=[2, 2], strides=[2, 2])
    return net.variant(x, net.op("Softmax", net.op("Flatten", x)))


def inception_net():
    net = Net("net_inception")
    x = net.op("Relu", net.conv(net.input(1, 3, 15, 15), 3, 16))
    x = net.op("LRN", x, size=5, alpha=0.01)
    a = net.op("Relu", net.conv(x, 16, 8, kernel=1))
    b = net.op("Relu", net.conv(x, 16, 12, kernel=5))
    c = net.op("MaxPool", x, kernel_shape=[3, 3], pads=[1, 1, 1, 1])
    d = net.conv(net.op("AveragePool", x, kernel_shape=[3, 3], pads=[1, 1, 1, 1]), 16, 4, kernel=1)
    e = net.op("InstanceNormalization", x, net.weights(16), net.weights(16))
    f = net.op("GroupNormalization", x, net.weights(16), net.weights(16), num_groups=4)
    y = net.op("Concat", a, b, c, d, e, f, axis=1)
    return net.variant(net.op("MaxPool", y, kernel_shape=[2, 2], strides=[2, 2], ceil_mode=1))


def pyramid_net():
    net = Net("net_pyramid")
    x = net.op("Relu", net.conv(net.input(1, 3, 16, 12), 3, 8))
    low = net.op("Relu", net.conv(x, 8, 16, strides=[2, 2]))
    scales = net.constant(np.array([1, 1, 2, 2], np.float32))
    near = net.op("Resize", low, "", scales, mode="nearest", nearest_mode="floor",
                  coordinate_transformation_mode="asymmetric")
    linear = net.op("Resize", low, "", scales, mode="linear")
    back = net.op("ConvTranspose", low, net.weights(16, 6, 2, 2), net.weights(6), strides=[2, 2])
    back = net.op("Relu", back)
    y = net.op("Concat", x, near, linear, back, axis=1)
    y = net.conv(y, 46, 10, kernel=1)
    scores = net.op("Softmax", y, axis=1)
    return net.variant(scores, net.op("ReduceMax", scores, net.integers(1), keepdims=0))


def squeeze_net():
    net = Net("net_squeeze")
    x = net.op("HardSwish", net.conv(net.input(1, 3, 14, 14), 3, 32))
    y = net.conv(x, 32, 32, group=32)
    y = net.op("Relu", net.batch_normalization(y, 32))
    s = net.op("ReduceMean", y, net.integers(2, 3), keepdims=1)
    s = net.op("Relu", net.conv(s, 32, 8, kernel=1))
    s = net.op("HardSigmoid", net.conv(s, 8, 32, kernel=1))
    y = net.op("Add", net.conv(net.op("Mul", y, s), 32, 32, kernel=1), x)
    mean = net.op("ReduceMean", y, net.integers(-1, -2), keepdims=0)
    top = net.op("MatMul", mean, net.weights(32, 10))
    return net.variant(net.op("LogSoftmax", net.op("Add", top, net.weights(10))))


def attention_net():
    net = Net("net_attention")
    heads, depth, words = 4, 8, 9
    wide = heads * depth
    x = net.input(2, words, wide)
    y = net.op("LayerNormalization", x, net.weights(wide), net.weights(wide))
    split = net.integers(2, words, heads, depth)

    def part(order):
        h = net.op("MatMul", y, net.weights(wide, wide))
        h = net.op("Add", h, net.weights(wide))
        return net.op("Transpose", net.op("Reshape", h, split), perm=order)

    q, k, v = part([0, 2, 1, 3]), part([0, 2, 3, 1]), part([0, 2, 1, 3])
    scores = net.op("Mul", net.op("MatMul", q, k), net.constant(np.float32(depth ** -0.5)))
    mixed = net.op("MatMul", net.op("Softmax", scores), v)
    mixed = net.op("Transpose", mixed, perm=[0, 2, 1, 3])
    mixed = net.op("Reshape", mixed, net.integers(2, words, wide))
    x = net.op("Add", x, net.op("Add", net.op("MatMul", mixed, net.weights(wide, wide)),
                                net.weights(wide)))
    y = net.op("LayerNormalization", x, net.weights(wide), net.weights(wide))
    y = net.op("Gelu", net.op("Add", net.op("MatMul", y, net.weights(wide, 50)), net.weights(50)))
    y = net.op("Add", net.weights(wide), net.op("MatMul", y, net.weights(50, wide)))
    x = net.op("Add", x, y)
    return net.variant(x, net.op("ReduceMean", x, net.integers(1), keepdims=0))


def patches_net():
    net = Net("net_patches")
    x = net.op("Conv", net.input(1, 3, 12, 12), net.weights(16, 3, 4, 4), net.weights(16),
               strides=[4, 4])
    x = net.op("Transpose", net.op("Reshape", x, net.integers(1, 16, 9)), perm=[0, 2, 1])
    x = net.op("Add", x, net.weights(1, 9, 16))
    y = net.op("MatMul", net.op("LayerNormalization", x, net.weights(16)), net.weights(16, 24))
    y = net.op("MatMul", net.op("Relu", y), net.weights(24, 16))
    x = net.op("Add", x, y)
    picture = net.op("Reshape", net.op("Transpose", x, perm=[0, 2, 1]), net.integers(1, 16, 3, 3))
    return net.variant(net.conv(picture, 16, 5), net.op("ReduceL2", x, net.integers(1, 2)))


def last_channels_net():
    """As converters from other layouts write it."""
    net = Net("net_last_channels")
    x = net.input(1, 10, 9, 6)
    y = net.conv(net.op("Transpose", x, perm=[0, 3, 1, 2]), 6, 20)
    y = net.op("Transpose", y, perm=[0, 2, 3, 1])
    mean = net.op("ReduceMean", y, net.integers(1, 2), keepdims=0)
    most = net.op("ReduceMax", y, net.integers(1, 2), keepdims=1)
    y = net.op("MatMul", y, net.weights(20, 7))
    soft = net.op("Softmax", y, axis=-1)
    best = net.op("Cast", net.op("ArgMax", y, axis=3), to=TensorProto.FLOAT)
    return net.variant(mean, most, soft, best)


def shuffle_net():
    net = Net("net_shuffle")
    x = net.op("Relu", net.conv(net.input(1, 8, 9, 9), 8, 24, kernel=1, group=2))
    x = net.op("Reshape", x, net.integers(1, 2, 12, 9, 9))
    x = net.op("Transpose", x, perm=[0, 2, 1, 3, 4])
    x = net.op("Reshape", x, net.integers(1, 24, 9, 9))
    y = net.conv(x, 24, 24, group=24, strides=[2, 2])
    y = net.conv(y, 24, 16, kernel=1, group=4)
    p = net.op("AveragePool", x, kernel_shape=[3, 3], pads=[1, 1, 1, 1], strides=[2, 2])
    return net.variant(net.op("Relu", net.op("Concat", y, p, axis=1)))


def generator_net():
    net = Net("net_generator")
    x = net.op("Gemm", net.input(2, 10), net.weights(10, 8 * 9), net.weights(72))
    x = net.op("Reshape", x, net.integers(2, 8, 3, 3))
    for into, out in ((8, 12), (12, 6)):
        x = net.op("ConvTranspose", x, net.weights(into, out, 4, 4), strides=[2, 2],
                   pads=[1, 1, 1, 1])
        x = net.op("Relu", net.batch_normalization(x, out))
    return net.variant(net.op("Tanh", net.conv(x, 6, 3)))


def style_net():
    net = Net("net_style")
    x = net.conv(net.input(1, 3, 12, 12), 3, 16)
    x = net.op("Relu", net.op("InstanceNormalization", x, net.weights(16), net.weights(16)))
    y = net.conv(x, 16, 16)
    y = net.op("InstanceNormalization", y, net.weights(16), net.weights(16))
    x = net.op("Add", x, y)
    g = net.op("GroupNormalization", x, net.weights(16), net.weights(16), num_groups=8)
    return net.variant(net.op("Sigmoid", net.conv(g, 16, 3)), tolerance=1e-4)


def standardized_net():
    """Weights standardized by the batch normalization of training, as torch exports it."""
    net = Net("net_standardized")
    x, into = net.input(1, 3, 12, 12), 3
    for out in (8, 16):
        w = net.op("Reshape", net.weights(out, into, 3, 3), net.integers(1, out, -1))
        gain, zero, one = (net.constant(np.full(out, v, np.float32)) for v in (0.7, 0, 1))
        w = net.op("BatchNormalization", w, gain, zero, zero, one, outputs=3, training_mode=1,
                   epsilon=1e-6)[0]
        w = net.op("Reshape", w, net.integers(out, into, 3, 3))
        x = net.op("Relu", net.op("Conv", x, w, net.weights(out)))
        into = out
    return net.variant(x)


NETS = [residual_net, dense_net, inception_net, pyramid_net, squeeze_net, attention_net,
        patches_net, last_channels_net, shuffle_net, generator_net, style_net, standardized_net]
