# SPDX-License-Identifier: MIT
"""If, whose condition follows from constants and shapes, against ONNX Runtime."""
import numpy as np
import onnxruntime
import pytest
from onnx import TensorProto, helper, numpy_helper

import linnet
from harness import PLAIN, run_model

NODE = helper.make_node


def info(name, shape=None, dtype=TensorProto.FLOAT):
    return helper.make_tensor_value_info(name, dtype, shape)


def branch(nodes, output, **constants):
    tensors = [numpy_helper.from_array(value, name) for name, value in constants.items()]
    return helper.make_graph(nodes, "branch", [], [info(output)], tensors)


def choice(condition, then_branch, else_branch, output="v"):
    return NODE("If", [condition], [output], name="choice", then_branch=then_branch,
                else_branch=else_branch)


def model(nodes, shape, constants, opset=17):
    tensors = [numpy_helper.from_array(np.asarray(value), name)
               for name, value in constants.items()]
    graph = helper.make_graph(nodes, "g", [info("x", shape)], [info("y")], tensors)
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)])
    made.ir_version = 8
    return made.SerializeToString()


def squeeze_of_a_free_axis(opset):
    """As PyTorch writes squeeze(1) of an axis whose length it does not know."""
    if opset < 13:
        squeezed = branch([NODE("Squeeze", ["x"], ["q"], axes=[1])], "q")
    else:
        squeezed = branch([NODE("Squeeze", ["x", "one"], ["q"])], "q")
    nodes = [NODE("Shape", ["x"], ["s"]), NODE("Gather", ["s", "one"], ["n"]),
             NODE("Equal", ["n", "one"], ["c"]),
             choice("c", squeezed, branch([NODE("Identity", ["x"], ["i"])], "i")),
             NODE("Relu", ["v"], ["y"])]
    return model(nodes, [2, "N", 3], {"one": np.array([1])}, opset)


def padded_shape():
    """As PyTorch writes Tensor.repeat with as many repeats as axes: both branches make a shape."""
    lengthened = branch(
        [NODE("Expand", ["ones", "missing"], ["e"]), NODE("Concat", ["e", "s"], ["t"], axis=0)],
        "t", ones=np.array([1]))
    lengthened.output[0].type.tensor_type.elem_type = TensorProto.INT64
    same = branch([NODE("Identity", ["s"], ["i"])], "i")
    same.output[0].type.tensor_type.elem_type = TensorProto.INT64
    nodes = [NODE("Shape", ["x"], ["s"]), NODE("Size", ["s"], ["rank"]),
             NODE("Sub", ["two", "rank"], ["missing_axes"]),
             NODE("Reshape", ["missing_axes", "flat"], ["missing"]),
             NODE("Greater", ["missing_axes", "zero"], ["c"]), choice("c", lengthened, same),
             NODE("Expand", ["w", "v"], ["b"]), NODE("Add", ["x", "b"], ["y"])]
    return model(nodes, ["N", 3], {"two": np.array(2), "zero": np.array(0), "flat": np.array([-1]),
                                   "w": np.array([[1, 2, 3]], np.float32)})


def nested(outer, inner):
    deep = choice("inner", branch([NODE("Mul", ["m", "k"], ["a"])], "a", k=np.float32([3, 4])),
                  branch([NODE("Neg", ["m"], ["b"])], "b"), "d")
    whole = branch([NODE("Add", ["x", "bias"], ["m"]), deep, NODE("Relu", ["d"], ["r"])], "r")
    nodes = [choice("outer", whole, branch([NODE("Exp", ["x"], ["e"])], "e")),
             NODE("Sub", ["v", "x"], ["y"])]
    return model(nodes, [3, 2], {"outer": np.array(outer), "inner": np.array(inner),
                                 "bias": np.float32([0.5, -1])})


def weights(training):
    """A convolution in a branch, with weights of its own and of the graph around it."""
    own = branch([NODE("Conv", ["x", "w", "bias"], ["a"])], "a", w=np.float32([[[[2]], [[3]]]]))
    other = branch([NODE("Conv", ["x", "around", "bias"], ["b"])], "b")
    nodes = [NODE("Not", ["off"], ["c"]), choice("c", own, other),
             NODE("BatchNormalization", ["v", "scale", "bias", "mean", "var"], ["n"]),
             NODE("Relu", ["n"], ["y"])]
    one = np.float32([1.5])
    return model(nodes, ["N", 2, 4, 4], {
        "off": np.array(not training), "around": np.float32([[[[4]], [[-5]]]]), "bias": one,
        "scale": one, "mean": one, "var": one})


CASES = [("squeeze", squeeze_of_a_free_axis(opset), (2, n, 3)) for opset in (11, 17)
         for n in (1, 2)]
CASES += [("padded_shape", padded_shape(), (n, 3)) for n in (1, 2)]
CASES += [("nested", nested(outer, inner), (3, 2)) for outer in (True, False)
          for inner in (True, False)]
CASES += [("weights", weights(own), (n, 2, 4, 4)) for own in (True, False) for n in (1, 3)]


@pytest.mark.parametrize("name, file, shape", CASES, ids=lambda v: v if isinstance(v, str) else "")
def test_branch(name, file, shape):
    x = np.random.default_rng(1).standard_normal(shape).astype(np.float32)
    session = onnxruntime.InferenceSession(file, providers=["CPUExecutionProvider"])
    expected, = session.run(None, {"x": x})
    for isa in ("auto", PLAIN):
        found, = run_model(file, {"x": x}, isa=isa)
        assert found.shape == expected.shape
        np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-5)


def test_shapes_may_change_the_choice():
    file = squeeze_of_a_free_axis(17)
    with linnet.Session(file) as session:
        for n in (2, 1, 3):
            x = np.ones((2, n, 3), np.float32)
            assert session.run({"x": x})[0].shape == ((2, 3) if n == 1 else (2, n, 3))


def test_numbers_do_not_choose():
    nodes = [NODE("ReduceSum", ["x"], ["s"], keepdims=0), NODE("Greater", ["s", "zero"], ["c"]),
             choice("c", branch([NODE("Exp", ["x"], ["e"])], "e"),
                    branch([NODE("Neg", ["x"], ["n"])], "n"), "y")]
    for shape in ([2, 3], ["N", 3]):
        with pytest.raises(linnet.Unsupported, match=r"node 'choice' \(If\): its condition depends"):
            linnet.Model(model(nodes, shape, {"zero": np.float32(0)}))
