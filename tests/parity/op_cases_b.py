"""Small models of the operators with weights, windows, rows and axes, for test_ops_b.py.

Every case is one node; `variants` puts it into several situations: with its axes free, behind a
convolution (so that channels lie innermost), and with its result computed inside a concatenation.
"""

import contextlib
from dataclasses import dataclass, field

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

OPSET = 22
IR_VERSION = 10


@dataclass
class Case:
    name: str
    op: str
    inputs: dict  # name -> array; what the outside sets
    constants: dict = field(default_factory=dict)  # name -> array, or None for an absent input
    attributes: dict = field(default_factory=dict)
    order: list = None  # of the node's inputs; default: inputs, then constants
    outputs: int = 1
    opset: int = OPSET
    tolerance: float = 2e-5
    situations: tuple = ("fixed", "free", "conv", "concat")


@dataclass
class Variant:
    name: str
    model: bytes
    feeds: dict
    tolerance: float


def rng_of(name):
    return np.random.default_rng(sum((i + 1) * ord(c) for i, c in enumerate(name)))


def floats(name, *shape):
    return rng_of(name).standard_normal(shape).astype(np.float32)


def onnx_type(array):
    return helper.np_dtype_to_tensor_dtype(array.dtype)


def value_info(name, array, free):
    shape = [f"{name}_{i}" for i in range(array.ndim)] if free else array.shape
    return helper.make_tensor_value_info(name, onnx_type(array), shape)


def node_of(case, names, outputs):
    order = case.order or [*case.inputs, *case.constants]
    inputs = [
        "" if n in case.constants and case.constants[n] is None else names.get(n, n) for n in order
    ]
    while inputs and not inputs[-1]:
        inputs.pop()
    return helper.make_node(case.op, inputs, outputs, name="node", **case.attributes)


def model_of(case, nodes, constants, outputs, free):
    graph = helper.make_graph(
        nodes,
        "graph",
        [value_info(n, a, free) for n, a in case.inputs.items()],
        [helper.make_empty_tensor_value_info(o) for o in outputs],
        [numpy_helper.from_array(a, n) for n, a in constants.items() if a is not None],
    )
    model = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", case.opset)], ir_version=IR_VERSION
    )
    # Outputs need a type; ONNX's own inference tells it. A stride of 0 would end the process there,
    # and so would a wrong equation.
    inferred = model  # one that is to be refused
    wrong = case.op == "Einsum" and case.name.startswith("refused")
    if 0 not in case.attributes.get("strides", ()) and not wrong:
        with contextlib.suppress(onnx.shape_inference.InferenceError):
            inferred = onnx.shape_inference.infer_shapes(model)
    types = {v.name: v for v in inferred.graph.output}
    for i, output in enumerate(model.graph.output):
        known = types.get(output.name)
        kind = known.type.tensor_type.elem_type if known else 0
        fresh = helper.make_tensor_value_info(output.name, kind or TensorProto.FLOAT, None)
        model.graph.output[i].CopyFrom(fresh)
    return model.SerializeToString()


def is_picture(array):
    return array.dtype == np.float32 and array.ndim in (3, 4)


def variants(case):
    outputs = [f"y{i}" for i in range(case.outputs)]
    first = next(iter(case.inputs))
    for situation in case.situations:
        nodes, constants, names, shown = [], dict(case.constants), {}, outputs
        if situation == "conv":
            if not is_picture(case.inputs[first]):
                continue
            x = case.inputs[first]
            constants["before_w"] = floats(case.name, x.shape[1], x.shape[1], *[1] * (x.ndim - 2))
            constants["before_w"] /= np.float32(np.sqrt(x.shape[1]))
            nodes.append(helper.make_node("Conv", [first, "before_w"], ["before"]))
            names[first] = "before"
        nodes.append(node_of(case, names, outputs))
        if situation == "concat":
            if case.outputs != 1 or case.inputs[first].dtype != np.float32:
                continue
            if case.op in ("ArgMax", "ArgMin"):
                continue
            nodes.append(helper.make_node("Neg", ["y0"], ["z"]))
            nodes.append(helper.make_node("Concat", ["y0", "z"], ["joined"], axis=-1))
            shown = ["joined"]
        model = model_of(case, nodes, constants, shown, situation == "free")
        yield Variant(f"{case.name}-{situation}", model, case.inputs, case.tolerance)


CASES = []


def add(name, op, inputs, constants=None, **options):
    attributes = options.pop("attributes", {})
    CASES.append(Case(name, op, inputs, constants or {}, attributes, **options))


NO_CONCAT = ("fixed", "free", "conv")


def conv_cases():
    def conv(name, x, w, bias=True, dynamic=False, **attributes):
        name = "conv_" + name
        weights = {"w": floats(name + "w", *w) / np.float32(np.sqrt(np.prod(w[1:])))}
        if bias:
            weights["b"] = floats(name + "b", w[0])
        inputs = {"x": floats(name, *x)}
        if dynamic:
            add(name, "Conv", {**inputs, **weights}, attributes=attributes)
        else:
            add(name, "Conv", inputs, weights, attributes=attributes)

    conv("plain", (2, 3, 9, 8), (5, 3, 3, 3))
    conv("no_bias", (1, 3, 9, 8), (5, 3, 3, 3), bias=False, pads=[1, 1, 1, 1])
    conv("stride", (1, 4, 11, 10), (6, 4, 3, 3), strides=[2, 3], pads=[1, 0, 2, 1])
    conv("dilated", (1, 4, 11, 10), (6, 4, 3, 2), dilations=[2, 3], pads=[2, 1, 2, 2])
    conv("same_upper", (1, 3, 10, 9), (4, 3, 4, 3), strides=[3, 2], auto_pad="SAME_UPPER")
    conv("same_lower", (1, 3, 10, 9), (4, 3, 4, 2), strides=[3, 2], auto_pad="SAME_LOWER")
    conv("valid", (1, 3, 10, 9), (4, 3, 4, 3), strides=[3, 2], auto_pad="VALID")
    conv("kernel_shape", (1, 3, 10, 9), (4, 3, 4, 3), kernel_shape=[4, 3])
    conv("pads_beyond_kernel", (1, 2, 4, 5), (3, 2, 2, 2), pads=[3, 2, 4, 3])
    conv("pointwise", (2, 16, 7, 5), (33, 16, 1, 1))
    conv("pointwise_stride", (2, 16, 7, 5), (33, 16, 1, 1), strides=[2, 2])
    conv("pointwise_pads", (1, 16, 5, 5), (8, 16, 1, 1), pads=[1, 1, 1, 1])
    conv("small_map", (1, 64, 4, 4), (128, 64, 3, 3), pads=[1, 1, 1, 1])
    conv("one_pixel", (3, 20, 1, 1), (40, 20, 1, 1))
    conv("one_channel", (2, 1, 12, 12), (1, 1, 3, 3), pads=[1, 1, 1, 1])
    conv("group2", (1, 6, 8, 8), (10, 3, 3, 3), group=2, pads=[1, 1, 1, 1])
    conv("group3_wide", (1, 96, 6, 6), (120, 32, 3, 3), group=3, pads=[1, 1, 1, 1])
    conv("depthwise", (2, 10, 9, 7), (10, 1, 3, 3), group=10, pads=[1, 1, 1, 1])
    conv("depthwise_stride", (1, 33, 9, 8), (33, 1, 5, 5), group=33, strides=[2, 2],
         pads=[2, 2, 2, 2])
    conv("depthwise_dilated", (1, 16, 9, 8), (16, 1, 3, 3), group=16, dilations=[2, 2],
         pads=[2, 2, 2, 2])
    conv("multiplier", (1, 5, 9, 7), (10, 1, 3, 3), group=5, pads=[1, 1, 1, 1])
    conv("fewer_outputs_than_groups_have_inputs", (1, 8, 5, 5), (4, 2, 3, 3), group=4)
    conv("1d", (2, 3, 20), (4, 3, 5), pads=[2, 2])
    conv("1d_stride", (2, 3, 20), (4, 3, 5), strides=[3], dilations=[2], pads=[1, 3])
    conv("1d_same", (1, 3, 20), (4, 3, 4), strides=[3], auto_pad="SAME_UPPER")
    conv("1d_depthwise", (2, 6, 20), (6, 1, 5), group=6, pads=[2, 2])
    conv("computed_weights", (2, 3, 9, 8), (5, 3, 3, 3), dynamic=True, pads=[1, 1, 1, 1])
    conv("computed_group", (1, 6, 9, 8), (4, 3, 3, 3), dynamic=True, group=2)
    conv("computed_depthwise", (1, 6, 9, 8), (6, 1, 3, 3), dynamic=True, group=6)
    conv("computed_1d", (1, 6, 9), (4, 6, 3), dynamic=True, bias=False)


def conv_transpose_cases():
    def conv(name, x, w, bias=True, dynamic=False, **attributes):
        name = "conv_transpose_" + name
        weights = {"w": floats(name + "w", *w) / np.float32(np.sqrt(np.prod(w[1:])))}
        if bias:
            weights["b"] = floats(name + "b", w[1] * attributes.get("group", 1))
        inputs = {"x": floats(name, *x)}
        if dynamic:
            add(name, "ConvTranspose", {**inputs, **weights}, attributes=attributes)
        else:
            add(name, "ConvTranspose", inputs, weights, attributes=attributes)

    conv("plain", (2, 3, 5, 4), (3, 4, 3, 3))
    conv("no_bias", (1, 3, 5, 4), (3, 4, 3, 3), bias=False)
    conv("stride2", (1, 3, 5, 4), (3, 4, 4, 4), strides=[2, 2], pads=[1, 1, 1, 1])
    conv("stride2_kernel2", (1, 8, 5, 4), (8, 6, 2, 2), strides=[2, 2])
    conv("stride2_kernel3", (1, 8, 5, 4), (8, 6, 3, 3), strides=[2, 2], pads=[1, 1, 1, 1],
         output_padding=[1, 1])
    conv("stride_above_kernel", (1, 3, 4, 4), (3, 5, 2, 1), strides=[3, 2])
    conv("stride_above_kernel_no_bias", (1, 3, 4, 4), (3, 5, 2, 1), strides=[3, 2], bias=False)
    conv("output_padding", (1, 3, 4, 4), (3, 5, 3, 3), strides=[3, 2], output_padding=[2, 1])
    conv("dilated", (1, 3, 4, 5), (3, 5, 3, 2), dilations=[2, 3])
    conv("dilated_stride", (1, 3, 4, 5), (3, 5, 3, 3), dilations=[2, 3], strides=[2, 2])
    conv("dilated_stride_common", (1, 3, 4, 5), (3, 5, 3, 3), dilations=[4, 6], strides=[6, 4])
    conv("large_pads", (1, 3, 6, 7), (3, 5, 3, 3), pads=[3, 4, 2, 3])
    conv("large_pads_stride", (1, 3, 6, 7), (3, 5, 3, 3), pads=[5, 4, 1, 3], strides=[2, 2])
    conv("output_shape", (1, 3, 5, 4), (3, 4, 3, 3), strides=[3, 2], output_shape=[13, 10])
    conv("output_shape_small", (1, 3, 5, 4), (3, 4, 3, 3), strides=[3, 2], output_shape=[12, 8])
    conv("output_shape_upper", (1, 3, 5, 4), (3, 4, 3, 3), strides=[3, 2], output_shape=[12, 8],
         auto_pad="SAME_UPPER")
    conv("same_upper", (1, 3, 5, 4), (3, 4, 3, 4), strides=[2, 3], auto_pad="SAME_UPPER")
    conv("same_lower", (1, 3, 5, 4), (3, 4, 4, 3), strides=[1, 2], auto_pad="SAME_LOWER")
    conv("valid", (1, 3, 5, 4), (3, 4, 4, 3), strides=[1, 2], auto_pad="VALID")
    conv("group2", (2, 4, 5, 4), (4, 3, 3, 3), group=2, strides=[2, 2])
    conv("depthwise", (1, 20, 5, 4), (20, 1, 4, 4), group=20, strides=[2, 2], pads=[1, 1, 1, 1])
    conv("group_multiplier", (1, 4, 5, 4), (4, 2, 3, 3), group=4, strides=[2, 1])
    conv("1d", (2, 3, 7), (3, 4, 5), strides=[2], pads=[1, 2])
    conv("1d_group", (2, 4, 7), (4, 2, 5), strides=[3], group=2, output_padding=[1])
    conv("computed_weights", (1, 3, 5, 4), (3, 4, 3, 3), dynamic=True, strides=[2, 2])
    conv("computed_group", (1, 4, 5, 4), (4, 2, 3, 3), dynamic=True, strides=[2, 2], group=2)


def pool_cases():
    def pools(name, x, average=True, greatest=True, opset=OPSET, **attributes):
        for op, wanted in (("AveragePool", average), ("MaxPool", greatest)):
            if wanted:
                full = f"{op.lower()}_{name}"
                add(full, op, {"x": floats(full, *x)}, attributes=attributes, opset=opset)

    pools("plain", (2, 3, 9, 8), kernel_shape=[2, 3])
    pools("stride", (1, 20, 9, 8), kernel_shape=[3, 3], strides=[2, 2])
    pools("pads", (1, 5, 9, 8), kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1])
    pools("uneven_pads", (1, 5, 9, 8), kernel_shape=[3, 4], strides=[2, 2], pads=[2, 0, 1, 3])
    pools("ceil", (1, 5, 9, 8), kernel_shape=[2, 3], strides=[2, 2], ceil_mode=1)
    pools("ceil_pads", (1, 5, 10, 8), kernel_shape=[3, 3], strides=[2, 3], ceil_mode=1,
          pads=[1, 1, 1, 1])
    pools("ceil_in_pad", (1, 2, 4, 4), kernel_shape=[2, 2], strides=[3, 3], ceil_mode=1,
          pads=[1, 1, 1, 1])
    pools("ceil_beyond_picture", (2, 5, 1, 4), kernel_shape=[2, 2], strides=[2, 2], ceil_mode=1)
    pools("same_upper", (1, 5, 10, 9), kernel_shape=[4, 3], strides=[3, 2], auto_pad="SAME_UPPER")
    pools("same_lower", (1, 5, 10, 9), kernel_shape=[4, 2], strides=[3, 2], auto_pad="SAME_LOWER")
    pools("valid", (1, 5, 10, 9), kernel_shape=[4, 2], strides=[3, 2], auto_pad="VALID")
    pools("dilated", (1, 5, 10, 9), kernel_shape=[2, 3], dilations=[3, 2])
    pools("dilated_pads", (1, 5, 10, 9), kernel_shape=[3, 3], dilations=[2, 2], strides=[2, 2],
          pads=[2, 2, 2, 2])
    pools("dilated_ceil", (1, 5, 10, 9), kernel_shape=[3, 3], dilations=[2, 2], strides=[2, 2],
          ceil_mode=1)
    pools("1d", (2, 5, 20), kernel_shape=[3], strides=[2], pads=[1, 1])
    pools("1d_ceil", (2, 5, 20), kernel_shape=[3], strides=[2], ceil_mode=1)
    pools("one_channel", (2, 1, 9, 9), kernel_shape=[3, 3])
    pools("opset11", (1, 5, 9, 8), kernel_shape=[3, 3], strides=[2, 2], opset=11)
    pools("opset7", (1, 5, 9, 8), kernel_shape=[3, 3], strides=[2, 2], opset=7, pads=[1, 1, 1, 1])
    for ceil in (0, 1):
        pools(f"count_pads_{ceil}", (1, 5, 10, 8), greatest=False, kernel_shape=[3, 3],
              strides=[2, 3], pads=[1, 1, 1, 1], count_include_pad=1, ceil_mode=ceil)
        pools(f"count_uneven_pads_{ceil}", (1, 5, 10, 8), greatest=False, kernel_shape=[3, 4],
              strides=[2, 3], pads=[2, 0, 1, 3], count_include_pad=1, ceil_mode=ceil)
        pools(f"count_dilated_{ceil}", (1, 5, 10, 8), greatest=False, kernel_shape=[3, 3],
              strides=[2, 2], dilations=[2, 2], pads=[1, 1, 1, 1], count_include_pad=1,
              ceil_mode=ceil)
    pools("count_same", (1, 5, 10, 9), greatest=False, kernel_shape=[4, 3], strides=[3, 2],
          auto_pad="SAME_UPPER", count_include_pad=1)
    pools("storage_order", (1, 5, 9, 8), average=False, kernel_shape=[2, 2], storage_order=1)
    for op in ("GlobalAveragePool", "GlobalMaxPool"):
        for shape in ((2, 5, 7, 6), (1, 33, 4), (1, 1, 5, 5), (2, 3, 4, 5, 2), (2, 64, 1, 1)):
            name = f"{op.lower()}_{'x'.join(map(str, shape))}"
            add(name, op, {"x": floats(name, *shape)})


def product_cases():
    def gemm(name, a, b, c=None, constant="bc", **attributes):
        name = "gemm_" + name
        arrays = {"a": floats(name + "a", *a), "b": floats(name + "b", *b)}
        if c is not None:
            arrays["c"] = floats(name + "c", *c)
        inputs = {n: v for n, v in arrays.items() if n not in constant}
        add(name, "Gemm", inputs, {n: v for n, v in arrays.items() if n in constant},
            order=list(arrays), attributes=attributes)

    gemm("plain", (4, 7), (7, 5), (5,))
    gemm("no_c", (4, 7), (7, 5))
    gemm("trans_b", (4, 7), (5, 7), (5,), transB=1)
    gemm("trans_a", (7, 4), (7, 5), (5,), transA=1)
    gemm("trans_both", (7, 4), (5, 7), (1, 5), transA=1, transB=1)
    gemm("wide", (3, 130), (130, 70), (70,))
    gemm("one_row", (1, 64), (100, 64), (100,), transB=1)
    gemm("factors", (4, 7), (7, 5), (5,), alpha=0.5, beta=-2.0)
    gemm("beta_zero", (4, 7), (7, 5), (5,), beta=0.0)
    gemm("c_scalar", (4, 7), (7, 5), (), alpha=2.0, beta=3.0)
    gemm("c_one", (4, 7), (7, 5), (1,))
    gemm("c_matrix", (4, 7), (7, 5), (4, 5), beta=0.5)
    gemm("c_column", (4, 7), (7, 5), (4, 1), beta=0.5)
    gemm("c_one_by_one", (4, 7), (7, 5), (1, 1))
    gemm("c_computed_row", (4, 7), (7, 5), (5,), constant="b")
    gemm("c_computed_row_beta", (4, 7), (7, 5), (1, 5), constant="b", beta=0.5)
    gemm("c_computed_matrix", (4, 7), (7, 5), (4, 5), constant="b")
    gemm("c_computed_column", (4, 7), (7, 5), (4, 1), constant="b", alpha=3.0)
    gemm("n_one", (4, 7), (7, 1), (1,))
    gemm("k_one", (4, 1), (1, 6), (6,))
    gemm("computed_b", (4, 7), (7, 5), (5,), constant="c", alpha=0.5, beta=2.0)
    gemm("computed_b_trans", (4, 7), (5, 7), (4, 1), constant="c", transB=1)
    gemm("computed_all", (7, 40), (50, 7), (40, 50), constant="", transA=1, transB=1)
    gemm("constant_a", (7, 4), (7, 5), (5,), constant="a", transA=1)

    def matmul(name, a, b, constant="", opset=OPSET):
        name = "matmul_" + name
        situations = ["fixed"]
        # A vector's only axis is taken as a batch, and its first length of 1 does not fit.
        if not (constant and 1 in (len(a), len(b))):
            situations.append("free")
        if len(a) > 1 or len(b) > 1:
            situations.append("concat")
        arrays = {"a": floats(name + "a", *a), "b": floats(name + "b", *b)}
        inputs = {n: v for n, v in arrays.items() if n not in constant}
        add(name, "MatMul", inputs, {n: v for n, v in arrays.items() if n in constant},
            order=list(arrays), opset=opset, situations=tuple(situations))

    for suffix, constant in (("", ""), ("_b", "b"), ("_a", "a")):
        matmul("plain" + suffix, (4, 7), (7, 5), constant)
        matmul("batch" + suffix, (2, 3, 4, 7), (7, 5), constant)
        matmul("batch_both" + suffix, (2, 3, 4, 7), (2, 3, 7, 5), constant)
        matmul("batch_broadcast" + suffix, (2, 1, 4, 7), (3, 7, 5), constant)
        matmul("batch_one" + suffix, (3, 4, 7), (1, 7, 5), constant)
        matmul("broadcast_left" + suffix, (4, 7), (2, 3, 7, 5), constant)
        matmul("vector_matrix" + suffix, (7,), (7, 5), constant)
        matmul("matrix_vector" + suffix, (4, 7), (7,), constant)
        matmul("batch_vector" + suffix, (2, 3, 4, 7), (7,), constant)
        matmul("vector_batch" + suffix, (7,), (2, 3, 7, 5), constant)
        matmul("vectors" + suffix, (7,), (7,), constant)
        matmul("large" + suffix, (2, 70, 90), (2, 90, 65), constant)
    matmul("one_by_one", (1, 1), (1, 1))
    matmul("opset9", (2, 4, 7), (7, 5), "b", opset=9)


def normalization_cases():
    def batch(name, x, computed=(), opset=OPSET, **attributes):
        name = "batch_normalization_" + name
        c = x[1]
        arrays = {
            "scale": floats(name + "s", c),
            "bias": floats(name + "b", c),
            "mean": floats(name + "m", c),
            "var": np.abs(floats(name + "v", c)) + np.float32(0.1),
        }
        inputs = {"x": floats(name, *x), **{n: a for n, a in arrays.items() if n in computed}}
        constants = {n: a for n, a in arrays.items() if n not in computed}
        add(name, "BatchNormalization", inputs, constants, order=["x", *arrays],
            attributes=attributes, opset=opset)

    batch("2d", (2, 20, 5, 6))
    batch("epsilon", (1, 3, 5, 6), epsilon=0.5)
    batch("1d", (2, 7, 9))
    batch("matrix", (4, 37))
    batch("3d", (1, 3, 2, 3, 4))
    batch("one_channel", (2, 1, 5, 6))
    batch("computed", (2, 6, 5, 6), computed=("scale", "bias", "mean", "var"))
    batch("computed_some", (2, 6, 5), computed=("mean", "var"), epsilon=0.01)
    batch("opset9", (2, 6, 5, 4), opset=9)

    def layer(name, x, shape, bias=True, opset=OPSET, **attributes):
        name = "layer_normalization_" + name
        constants = {"scale": floats(name + "s", *shape)}
        if bias:
            constants["bias"] = floats(name + "b", *shape)
        add(name, "LayerNormalization", {"x": floats(name, *x)}, constants, attributes=attributes,
            opset=opset)

    layer("last", (2, 5, 33), (33,))
    layer("no_bias", (2, 5, 8), (8,), bias=False, epsilon=0.1)
    layer("two_axes", (3, 4, 6), (4, 6), axis=1)
    layer("negative_axis", (2, 3, 4, 6), (4, 6), axis=-2)
    layer("all", (2, 3, 4), (2, 3, 4), axis=0)
    layer("broadcast_scale", (2, 3, 4, 6), (6,), axis=-2)
    layer("one_scale", (2, 3, 4, 6), (1,), axis=-1)
    layer("rank4", (2, 3, 4, 6), (6,), axis=3)
    layer("opset17", (2, 3, 9), (9,), opset=17)

    def instance(name, x, opset=OPSET, **attributes):
        name = "instance_normalization_" + name
        constants = {"scale": floats(name + "s", x[1]), "bias": floats(name + "b", x[1])}
        add(name, "InstanceNormalization", {"x": floats(name, *x)}, constants,
            attributes=attributes, opset=opset)

    instance("2d", (2, 5, 7, 6))
    instance("many_channels", (2, 70, 7, 6), epsilon=0.01)
    instance("1d", (2, 5, 19))
    instance("3d", (1, 3, 4, 3, 2))
    instance("one_channel", (2, 1, 4, 5), opset=7)

    def group(name, x, groups, opset=OPSET, **attributes):
        name = "group_normalization_" + name
        constants = {"scale": floats(name + "s", x[1]), "bias": floats(name + "b", x[1])}
        add(name, "GroupNormalization", {"x": floats(name, *x)}, constants,
            attributes={"num_groups": groups, **attributes}, opset=opset)

    group("2d", (2, 6, 5, 4), 3)
    group("wide", (1, 96, 5, 4), 2)
    group("many", (1, 96, 5, 4), 32, epsilon=0.1)
    group("one", (2, 6, 5, 4), 1)
    group("all", (2, 6, 5, 4), 6)
    group("1d", (2, 6, 11), 2)
    group("opset21", (2, 6, 5, 4), 2, opset=21)

    def lrn(name, x, **attributes):
        name = "lrn_" + name
        add(name, "LRN", {"x": 3 * floats(name, *x)}, attributes=attributes)

    lrn("five", (2, 11, 5, 4), size=5)
    lrn("three", (1, 11, 5, 4), size=3, alpha=0.1, beta=0.5, bias=2.0)
    lrn("odd_power", (1, 11, 5, 4), size=3, alpha=0.2, beta=0.6, bias=1.5)
    lrn("wider_than_channels", (1, 3, 5, 4), size=9, alpha=0.2)


def row_cases():
    for op in ("Softmax", "LogSoftmax"):
        for shape in ((3, 17), (2, 5, 4, 3), (2, 3, 9), (7,), (1, 40, 6, 5)):
            for axis in range(-1, len(shape)):
                name = f"{op.lower()}_{'x'.join(map(str, shape))}_{axis}"
                add(name, op, {"x": 4 * floats(name, *shape)}, attributes={"axis": axis})
        name = op.lower() + "_opset11"
        add(name, op, {"x": floats(name, 2, 3, 4, 5)}, attributes={"axis": 2}, opset=11)
        name = op.lower() + "_large_numbers"
        add(name, op, {"x": 300 * floats(name, 4, 9)})
    for op in ("ArgMax", "ArgMin"):
        for axis in (0, 1, -1):
            for keep in (0, 1):
                for last in (0, 1):
                    name = f"{op.lower()}_{axis}_{keep}_{last}"
                    x = np.round(2 * floats(name, 2, 5, 4, 6))
                    add(name, op, {"x": x}, attributes={
                        "axis": axis, "keepdims": keep, "select_last_index": last})
        for kind in (np.int32, np.int64, np.uint8, np.int8):
            name = f"{op.lower()}_{kind.__name__}"
            add(name, op, {"x": rng_of(name).integers(0, 9, (3, 20)).astype(kind)},
                attributes={"axis": 1})
        add(op.lower() + "_default", op, {"x": floats(op, 6)})
    for largest in (0, 1):
        for axis in (0, 1, -1):
            name = f"topk_{largest}_{axis}"
            add(name, "TopK", {"x": np.round(2 * floats(name, 3, 6, 7))},
                {"k": np.array([3], np.int64)}, outputs=2,
                attributes={"axis": axis, "largest": largest})
        name = f"topk_all_{largest}"
        add(name, "TopK", {"x": floats(name, 2, 50)}, {"k": np.array([50], np.int64)}, outputs=2,
            attributes={"largest": largest})
    for kind in (np.int32, np.int64):
        name = f"topk_{kind.__name__}"
        add(name, "TopK", {"x": rng_of(name).integers(-4, 5, (3, 30)).astype(kind)},
            {"k": np.array([9], np.int64)}, outputs=2)
    add("topk_zero", "TopK", {"x": floats("topk_zero", 3, 4)}, {"k": np.array([0], np.int64)},
        outputs=2)
    add("topk_picture", "TopK", {"x": floats("topk_picture", 1, 9, 4, 5)},
        {"k": np.array([2], np.int64)}, outputs=2, attributes={"axis": 1})


def reduce_cases():
    ops = ("Mean", "Sum", "Max", "Min", "L1", "L2", "Prod", "SumSquare", "LogSum", "LogSumExp")
    for short in ops:
        op = "Reduce" + short
        shapes = (((2, 5, 4, 3), (None, [2, 3], [1], [-1], [0, 2], [1, 2], [0, 1, 2, 3])),
                  ((1, 40, 7, 6), ([2, 3], [1], [3])), ((3, 9), ([1], [0])),
                  ((2, 30, 8), ([2], [1])), ((17,), ([0],)))
        for shape, choices in shapes:
            for axes in choices:
                for keep in (0, 1):
                    chosen = "all" if axes is None else "_".join(map(str, axes))
                    name = f"{op.lower()}_{'x'.join(map(str, shape))}_{chosen}_{keep}"
                    x = floats(name, *shape)
                    if short == "LogSum":
                        x = np.abs(x) + np.float32(0.1)
                    constants = {} if axes is None else {"axes": np.array(axes, np.int64)}
                    situations = ("fixed", "free", "concat") if short == "LogSum" else None
                    if keep == 0 and (axes is None or len(axes) == len(shape)):
                        situations = NO_CONCAT[:2]
                    add(name, op, {"x": x}, constants, attributes={"keepdims": keep},
                        **({"situations": situations} if situations else {}))
    for short in ("Mean", "Sum", "Max", "Min", "Prod"):
        op = "Reduce" + short
        for kind in (np.int32, np.int64):
            name = f"{op.lower()}_{kind.__name__}"
            x = rng_of(name).integers(-5, 6, (3, 4, 5)).astype(kind)
            add(name, op, {"x": x}, {"axes": np.array([1], np.int64)})
        name = op.lower() + "_noop"
        add(name, op, {"x": floats(name, 2, 3)}, attributes={"noop_with_empty_axes": 1})
        name = op.lower() + "_empty_axes"
        add(name, op, {"x": floats(name, 2, 3)}, {"axes": np.array([], np.int64)},
            situations=NO_CONCAT[:2], attributes={"keepdims": 0})
    for opset, op in ((11, "ReduceMean"), (11, "ReduceSum"), (13, "ReduceMax"), (13, "ReduceL2")):
        if op == "ReduceSum" and opset > 12:
            continue
        name = f"{op.lower()}_opset{opset}"
        add(name, op, {"x": floats(name, 2, 5, 4, 3)}, attributes={"axes": [2, 3], "keepdims": 0},
            opset=opset)
    big = np.array([[1e38, 3e38], [-np.inf, 0], [100, 200], [-np.inf, -np.inf]], np.float32)
    add("reducelogsumexp_extremes", "ReduceLogSumExp", {"x": big},
        {"axes": np.array([1], np.int64)})


def resize_cases():
    places = ("half_pixel", "asymmetric", "align_corners", "pytorch_half_pixel",
              "half_pixel_symmetric")
    nearest = ("round_prefer_floor", "round_prefer_ceil", "floor", "ceil")

    def resize(name, x, scales=None, sizes=None, opset=OPSET, **attributes):
        name = "resize_" + name
        constants = {"roi": None}
        constants["scales"] = None if scales is None else np.array(scales, np.float32)
        if sizes is not None:
            constants["sizes"] = np.array(sizes, np.int64)
        data = floats(name, *x) if isinstance(x, tuple) else x
        add(name, "Resize", {"x": data}, constants, attributes=attributes, opset=opset)

    for place in places:
        for mode in nearest:
            for label, scales in (("up", [1, 1, 2, 3]), ("odd", [1, 1, 1.7, 2.3]),
                                  ("down", [1, 1, 0.65, 0.5])):
                # Its centre falls on a tie, which rounding errors decide.
                if place == "half_pixel_symmetric" and label == "odd":
                    continue
                resize(f"nearest_{place}_{mode}_{label}", (1, 3, 7, 6), scales, mode="nearest",
                       nearest_mode=mode, coordinate_transformation_mode=place)
        for label, scales in (("up", [1, 1, 2, 3]), ("odd", [1, 1, 1.7, 2.3]),
                              ("down", [1, 1, 0.6, 0.5])):
            resize(f"linear_{place}_{label}", (2, 5, 7, 6), scales, mode="linear",
                   coordinate_transformation_mode=place)
        resize(f"linear_{place}_sizes", (1, 3, 7, 6), sizes=[1, 3, 13, 4], mode="linear",
               coordinate_transformation_mode=place)
        resize(f"nearest_{place}_sizes", (1, 3, 7, 6), sizes=[1, 3, 13, 4], mode="nearest",
               coordinate_transformation_mode=place)
        resize(f"linear_{place}_one", (1, 3, 7, 6), sizes=[1, 3, 1, 1], mode="linear",
               coordinate_transformation_mode=place)
    resize("axes", (1, 3, 7, 6), [2, 1.5], mode="linear", axes=[2, 3])
    resize("axes_swapped", (1, 3, 7, 6), sizes=[5, 9], mode="nearest", axes=[3, 2])
    resize("negative_axis", (1, 3, 7, 6), sizes=[9], mode="nearest", axes=[-1])
    resize("width_only", (1, 3, 7, 6), [1, 1, 1, 2], mode="linear")
    resize("height_only", (1, 3, 7, 6), [1, 1, 2.5, 1], mode="linear")
    resize("nothing", (1, 3, 7, 6), [1, 1, 1, 1], mode="linear")
    resize("1d", (2, 3, 7), [1, 1, 2], mode="linear")
    resize("1d_nearest", (2, 3, 7), [1, 1, 2.6], mode="nearest")
    resize("matrix", (5, 7), [1.6, 2], mode="linear")
    resize("matrix_nearest", (5, 7), [2, 2], mode="nearest")
    resize("three_axes", (1, 2, 3, 4, 5), [1, 1, 2, 2, 2], mode="linear")
    resize("all_axes_nearest", (2, 3, 4, 5), [2, 2, 2, 2], mode="nearest")
    resize("wide", (1, 64, 6, 5), [1, 1, 2, 2], mode="nearest", nearest_mode="floor",
           coordinate_transformation_mode="asymmetric")
    for policy in ("not_larger", "not_smaller"):
        resize("ratio_" + policy, (1, 3, 7, 6), sizes=[13, 9], axes=[2, 3], mode="nearest",
               keep_aspect_ratio_policy=policy)
        resize("ratio_linear_" + policy, (1, 3, 7, 6), sizes=[13, 9], axes=[2, 3], mode="linear",
               keep_aspect_ratio_policy=policy)
    for kind in (np.int32, np.uint8, np.int8):
        data = rng_of("resize").integers(0, 100, (1, 2, 4, 5)).astype(kind)
        resize(f"nearest_{kind.__name__}", data, [1, 1, 2, 3], mode="nearest")
    for place in places:
        for label, scales in (("up", [1, 1, 2, 3]), ("odd", [1, 1, 1.7, 2.3]),
                              ("down", [1, 1, 0.6, 0.5])):
            for what, attributes in (
                    ("cubic", {"mode": "cubic"}),
                    ("cubic_inside", {"mode": "cubic", "exclude_outside": 1,
                                      "cubic_coeff_a": -0.5}),
                    ("antialias_cubic", {"mode": "cubic", "antialias": 1}),
                    ("antialias_cubic_inside", {"mode": "cubic", "antialias": 1,
                                                "exclude_outside": 1}),
                    ("antialias_linear", {"mode": "linear", "antialias": 1})):
                resize(f"{what}_{place}_{label}", (2, 3, 7, 6), scales, **attributes,
                       coordinate_transformation_mode=place)
    resize("cubic_sizes", (1, 20, 7, 6), sizes=[13, 4], axes=[2, 3], mode="cubic")
    resize("cubic_1_to_5", (1, 3, 1, 2), sizes=[5, 5], axes=[2, 3], mode="cubic")
    resize("cubic_width", (1, 3, 7, 6), [1, 1, 1, 2], mode="cubic")
    resize("cubic_matrix", (7, 6), [2, 1.5], mode="cubic")
    resize("antialias_much", (1, 3, 40, 37), sizes=[3, 2], axes=[2, 3], mode="linear",
           antialias=1)
    for mode in ("nearest", "linear", "cubic"):
        name = f"resize_crop_{mode}"
        add(name, "Resize", {"x": floats(name, 1, 3, 7, 6)},
            {"roi": np.array([0, 0, 0.2, -0.1, 1, 1, 0.7, 1.2], np.float32), "scales": None,
             "sizes": np.array([1, 3, 5, 8], np.int64)},
            attributes={"mode": mode, "extrapolation_value": 7.0,
                        "coordinate_transformation_mode": "tf_crop_and_resize"})
    resize("opset11", (1, 3, 7, 6), [1, 1, 2, 2], mode="nearest", opset=13)
    name = "upsample_opset9"
    add(name, "Upsample", {"x": floats(name, 1, 3, 4, 5)},
        {"scales": np.array([1, 1, 2, 2], np.float32)}, opset=9, attributes={"mode": "nearest"})
    name = "upsample_linear_opset9"
    add(name, "Upsample", {"x": floats(name, 1, 3, 4, 5)},
        {"scales": np.array([1, 1, 2, 2], np.float32)}, opset=9, attributes={"mode": "linear"})


def einsum_cases():
    def einsum(equation, *shapes, kind=np.float32, **options):
        name = f"einsum_{len(CASES)}_" + "".join(c for c in equation if c.isalpha())
        arrays = {f"x{i}": floats(f"{name}{i}", *shape) for i, shape in enumerate(shapes)}
        if kind != np.float32:
            arrays = {n: rng_of(n).integers(-5, 6, a.shape).astype(kind)
                      for n, a in arrays.items()}
        add(name, "Einsum", arrays, attributes={"equation": equation}, **options)

    einsum("bhid,bhjd->bhij", (2, 3, 4, 5), (2, 3, 6, 5))
    einsum("bhij,bjhd->bihd", (2, 3, 4, 5), (2, 5, 3, 6))
    einsum("nchw,nqc->nqhw", (2, 5, 4, 3), (2, 7, 5))
    einsum("nkctv,kvw->nctw", (2, 3, 4, 5, 6), (3, 6, 7))
    einsum("bij, bjk -> kbi", (2, 3, 4), (2, 4, 5))
    einsum("...ij,...jk->...ik", (5, 1, 3, 4), (5, 2, 4, 6), situations=NO_CONCAT[:1])
    einsum("...,...->...", (2, 3), (2, 3))
    einsum("ij,jk", (3, 4), (4, 5))
    einsum("ba", (3, 4))
    einsum("ij->ji", (3, 4))
    einsum("ij->i", (3, 4))
    einsum("ii->i", (4, 4), situations=NO_CONCAT[:1])
    einsum("...ii->...i", (2, 4, 4), situations=NO_CONCAT[:1])
    einsum("iij,jk->ki", (3, 3, 4), (4, 5), situations=NO_CONCAT[:1])
    einsum("ii", (4, 4), situations=NO_CONCAT[:1])
    einsum("i,j->ij", (3,), (4,))
    einsum("i,i->", (5,), (5,), situations=NO_CONCAT[:2])
    einsum("abc,cd,be->ade", (2, 3, 4), (4, 5), (3, 6))
    einsum("ij,k->j", (2, 3), (4,))
    einsum("bA,Ab->Ab", (2, 3), (3, 2))
    einsum("abcdefg,abcdefgh->abcdefh", (2, 1, 2, 1, 2, 2, 3), (2, 1, 2, 1, 2, 2, 3, 2))
    einsum("ij,jk->ik", (3, 4), (4, 5), kind=np.int64)


def one_hot_cases():
    def one_hot(name, indices, values, depth=np.int64(4), **attributes):
        name = "onehot_" + name
        add(name, "OneHot", {"indices": np.array(indices)},
            {"depth": np.array(depth), "values": np.array(values)}, attributes=attributes,
            situations=NO_CONCAT[:2])

    numbers = np.array([[0, 3, -1], [-4, 4, -5]])
    for axis in (-1, 0, 1, 2, -2):
        one_hot(f"axis{axis}", numbers, np.float32([0.5, 2]), axis=axis)
    one_hot("int64", numbers, np.int64([0, 1]))
    one_hot("float_indices", numbers.astype(np.float32), np.float32([0, 1]), np.float32(4))
    one_hot("int32_depth", numbers, np.float32([0, 1]), np.int32(6))
    one_hot("vector", np.int64([2, 7]), np.float32([0, 1]))


def flat_conv_cases():
    """Three axes, along one of which the window does not reach."""
    for axis in range(3):
        kernel = [3, 2, 3]
        kernel[axis] = 1
        pads = [k // 2 for k in kernel] + [k - 1 - k // 2 for k in kernel]
        strides, dilations = [[1 if i == axis else n for i in range(3)] for n in (2, 2)]
        for name, group, attributes in (
                ("plain", 1, {}), ("pads", 1, {"pads": pads}), ("strides", 2, {"strides": strides}),
                ("dilations", 1, {"dilations": dilations, "kernel_shape": kernel})):
            label = f"flat_conv_{axis}_{name}"
            add(label, "Conv", {"x": floats(label, 2, 4, 7, 8, 6)},
                {"w": floats(label + "w", 6, 4 // group, *kernel) / 5, "b": floats(label + "b", 6)},
                attributes={"group": group, **attributes}, situations=NO_CONCAT[:2])
    label = "flat_conv_computed"
    add(label, "Conv", {"x": floats(label, 1, 3, 4, 5, 6), "w": floats(label + "w", 2, 3, 2, 1, 2)},
        attributes={"kernel_shape": [2, 1, 2]}, situations=NO_CONCAT[:1])


def col2im_cases():
    def col2im(name, columns, image, block, **attributes):
        name = "col2im_" + name
        add(name, "Col2Im", {"x": floats(name, *columns)},
            {"image": np.array(image), "block": np.array(block)}, attributes=attributes,
            situations=("fixed", "concat"))

    col2im("plain", (2, 3 * 4, 20), (5, 6), (2, 2))
    col2im("pads", (1, 2 * 9, 30), (5, 6), (3, 3), pads=[1, 1, 1, 1])
    col2im("uneven_pads", (1, 2 * 6, 30), (5, 6), (2, 3), pads=[0, 2, 1, 0])
    col2im("strides", (2, 5 * 9, 9), (6, 5), (3, 3), strides=[2, 2], pads=[1, 1, 1, 1])
    col2im("dilations", (1, 2 * 4, 12), (5, 6), (2, 2), dilations=[2, 2])
    col2im("1d", (2, 3 * 3, 8), (10,), (3,))
    col2im("3d", (1, 2 * 8, 24), (3, 4, 5), (2, 2, 2))


def eye_cases():
    for name, shape, attributes in (("square", (4, 4), {}), ("wide", (3, 5), {"k": 2}),
                                    ("below", (5, 3), {"k": -1, "dtype": 7}),
                                    ("outside", (2, 2), {"k": 9}), ("int32", (3, 3), {"dtype": 6}),
                                    ("double", (2, 3), {"dtype": 11})):
        add("eyelike_" + name, "EyeLike", {"x": floats(name, *shape)}, attributes=attributes,
            situations=NO_CONCAT[:2])


def lstm_cases():
    def lstm(name, direction="forward", constant=True, hidden=6, outputs=3, given=(),
             **attributes):
        name = f"lstm_{name}"
        steps, batch, size, directions = 5, 3, 4, 2 if direction == "bidirectional" else 1
        shapes = {"w": (directions, 4 * hidden, size), "r": (directions, 4 * hidden, hidden),
                  "b": (directions, 8 * hidden), "lengths": (batch,),
                  "h": (directions, batch, hidden), "c": (directions, batch, hidden),
                  "p": (directions, 3 * hidden)}
        arrays = {n: floats(name + n, *shape) / np.float32(2) for n, shape in shapes.items()}
        arrays["lengths"] = np.array([5, 2, 3], np.int32)
        arrays = {n: a if n in ("w", "r", *given) else None for n, a in arrays.items()}
        inputs = {"x": floats(name, steps, batch, size)}
        if not constant:
            inputs.update({n: arrays.pop(n) for n in ("w", "r")})
        add(name, "LSTM", inputs, arrays, order=["x", *shapes], outputs=outputs,
            attributes={"hidden_size": hidden, "direction": direction, **attributes},
            situations=("fixed", "free") if constant else ("fixed",))

    for direction in ("forward", "reverse", "bidirectional"):
        lstm(direction, direction, given=("b",))
        lstm(f"all_{direction}", direction, given=("b", "lengths", "h", "c", "p"))
        lstm(f"bare_{direction}", direction, constant=False)
    lstm("computed", "bidirectional", constant=False, given=("b", "h"))
    lstm("one_output", outputs=1, given=("b",))
    lstm("clipped", clip=0.3, given=("b",))
    lstm("coupled", input_forget=1, given=("b",))
    lstm("wide", hidden=40, given=("b", "h", "c"))


for cases in (conv_cases, conv_transpose_cases, pool_cases, product_cases, normalization_cases,
              row_cases, reduce_cases, resize_cases, einsum_cases, one_hot_cases, eye_cases,
              lstm_cases, flat_conv_cases, col2im_cases):
    cases()


REFUSED = []  # (case, what the message must say)


def refused_cases():
    def refuse(says, op, inputs, constants=None, outputs=1, opset=OPSET, **attributes):
        name = f"refused_{len(REFUSED)}_{op.lower()}"
        arrays = {
            n: a if a is None or isinstance(a, np.ndarray) else floats(name + n, *a)
            for n, a in [*inputs.items(), *(constants or {}).items()]
        }
        case = Case(name, op, {n: arrays[n] for n in inputs},
                    {n: arrays[n] for n in constants or {}}, attributes, outputs=outputs,
                    opset=opset, situations=("fixed",))
        REFUSED.append((case, says))

    cube, picture = {"x": (1, 2, 3, 4, 5)}, {"x": (1, 3, 8, 8)}
    scales = {"roi": None, "scales": np.array([1, 1, 2, 2], np.float32)}
    refuse("1-D and 2-D are supported", "Conv", cube, {"w": (4, 2, 2, 2, 2)})
    refuse("1-D and 2-D are supported", "ConvTranspose", cube, {"w": (2, 4, 1, 1, 1)})
    refuse("1-D and 2-D are supported", "MaxPool", cube, kernel_shape=[1, 2, 2])
    refuse("[1, 3, 8, 8] and weights [4, 2, 3, 3]", "Conv", picture, {"w": (4, 2, 3, 3)})
    refuse("expected [4]", "Conv", picture, {"w": (4, 3, 3, 3), "b": (5,)})
    refuse("kernel of 9", "Conv", picture, {"w": (4, 3, 9, 9)})
    refuse("'strides'", "Conv", picture, {"w": (4, 3, 3, 3)}, strides=[0, 1])
    refuse("'kernel_shape'", "Conv", picture, {"w": (4, 3, 3, 3)}, kernel_shape=[2, 3])
    refuse("'auto_pad'", "AveragePool", picture, kernel_shape=[2, 2], auto_pad="SOME")
    refuse("'pads'", "AveragePool", picture, kernel_shape=[2, 2], pads=[1, 1])
    refuse("not smaller than its kernel", "MaxPool", picture, kernel_shape=[2, 2],
           pads=[2, 0, 2, 0])
    refuse("indices", "MaxPool", picture, outputs=2, kernel_shape=[2, 2])
    refuse("larger than 64", "ConvTranspose", picture, {"w": (3, 4, 3, 3)}, strides=[65, 1])
    refuse("do not go together", "Gemm", {"a": (3, 4)}, {"b": (5, 6)})
    refuse("expected rank 2", "Gemm", {"a": (3, 4, 2)}, {"b": (5, 6)})
    refuse("cannot be broadcast to [3, 6]", "Gemm", {"a": (3, 4)}, {"b": (4, 6), "c": (5,)})
    refuse("do not go together", "MatMul", {"a": (2, 3, 4)}, {"b": (5, 6)})
    refuse("cannot be broadcast", "MatMul", {"a": (2, 3, 4)}, {"b": (3, 4, 6)})
    refuse("axis 3 is out of range", "Softmax", {"x": (2, 3)}, axis=3)
    refuse("axis -4 is out of range", "ArgMax", {"x": (2, 3)}, axis=-4)
    refuse("out of range", "ReduceMean", {"x": (2, 3)}, {"axes": np.array([2], np.int64)})
    refuse("noop_with_empty_axes", "ReduceL2", {"x": (2, 3)}, noop_with_empty_axes=1)
    refuse("fewer elements", "TopK", {"x": (2, 3)}, {"k": np.array([4], np.int64)}, outputs=2)
    refuse("'lanczos'", "Resize", picture, scales, mode="lanczos")
    refuse("twice the axes", "Resize", picture, {**scales, "roi": np.zeros(7, np.float32)},
           coordinate_transformation_mode="tf_crop_and_resize")
    refuse("as in training", "BatchNormalization", picture,
           {"s": (3,), "b": (3,), "m": (3,), "v": (3,)}, training_mode=1)
    refuse("no input has", "Einsum", {"a": (2, 3), "b": (3, 4)}, equation="ij,jk->iz")
    refuse("more inputs than terms", "Einsum", {"a": (2, 3), "b": (3, 4)}, equation="ij->ij")
    refuse("number of axes", "Einsum", {"a": (2, 3), "b": (3, 4)}, equation="ijk,jk->ij")
    refuse("a label twice", "Einsum", {"a": (2, 3)}, equation="ij->ii")
    refuse("another length", "Einsum", {"a": (2, 3), "b": (4, 4)}, equation="ij,jk->ik")
    refuse("strange character", "Einsum", {"a": (2, 3)}, equation="ij->ij!")
    refuse("its depth", "OneHot", {"i": np.array([1])},
           {"d": np.array(-2), "v": np.float32([0, 1])})
    blocks = {"image": np.array([5, 6]), "block": np.array([2, 2])}
    refuse("expected 20 blocks", "Col2Im", {"x": (1, 4, 19)}, blocks)
    refuse("out of range", "Col2Im", {"x": (1, 4, 20)}, blocks, strides=[0, -1])
    refuse("expected rank 2", "EyeLike", {"x": (2, 3, 4)})
    lstm = {"w": (1, 16, 3), "r": (1, 16, 4)}
    refuse("none of forward", "LSTM", {"x": (5, 2, 3)}, lstm, direction="sideways")
    refuse("input 1 has the shape", "LSTM", {"x": (5, 2, 4)}, lstm, hidden_size=4)
    refuse("expected [1, 12, 3]", "LSTM", {"x": (5, 2, 3)}, lstm, hidden_size=3)
    refuse("list of strings", "LSTM", {"x": (5, 2, 3)}, lstm, activations=["Relu"] * 3)
    refuse("expected [2]", "OneHot", {"i": np.array([1])},
           {"d": np.array(3), "v": np.float32([0, 1, 2])})
    refuse("not positive", "Resize", picture,
           {"roi": None, "scales": np.array([1, 1, -1, 2], np.float32)})
    refuse("another length", "Resize", picture,
           {"roi": None, "scales": np.array([1, 2, 2], np.float32)})
    refuse("expected [3]", "BatchNormalization", picture,
           {"s": (4,), "b": (4,), "m": (4,), "v": (4,)})
    refuse("expected [3]", "InstanceNormalization", picture, {"s": (4,), "b": (4,)})
    refuse("does not divide", "GroupNormalization", picture, {"s": (3,), "b": (3,)}, num_groups=2)
    refuse("cannot be broadcast", "LayerNormalization", {"x": (2, 3)}, {"s": (2,)})


refused_cases()
