"""Small models of one operator each: elementwise, types, data movement. See test_ops_a.py.

A case is a model and its inputs. `case` makes one from the operator's inputs, each an array (an
input of the model), a Const (an initializer) or None (absent). With `net` the operator stands
between convolutions, so that its first input and its result lie channels last, and its constants
stay what they are.
"""

import zlib
from dataclasses import dataclass, field

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

F, D, H = np.float32, np.float64, np.float16
I64, I32, I8, U8, B = np.int64, np.int32, np.int8, np.uint8, np.bool_


@dataclass
class Const:
    value: np.ndarray


@dataclass
class Case:
    name: str
    model: bytes
    inputs: dict
    tolerance: float = 2e-6
    error: str = ""  # what the message of the failure contains; "" if the model runs
    reference: bool = False  # compared with onnx's reference, as ONNX Runtime lacks it


CASES = []


def ints(*values):
    return Const(np.array(values, I64))


def const(value, dtype=F):
    return Const(np.array(value, dtype))


def rng(name):
    return np.random.default_rng(zlib.crc32(name.encode()))


def numbers(name, shape, dtype=F, low=-3.0, high=3.0):
    """Random numbers; integers are small, and never 0 where `low` is positive."""
    random = rng(name + str(shape))
    if dtype == B:
        return random.random(shape) < 0.5
    if np.issubdtype(dtype, np.floating):
        return random.uniform(low, high, shape).astype(dtype)
    low = max(int(low), 0) if dtype == U8 else int(low)
    return random.integers(low, int(high) + 1, shape).astype(dtype)


def _model(nodes, inputs, outputs, initializers, opset):
    graph = helper.make_graph(nodes, "case", inputs, outputs, initializers)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)],
                              ir_version=10 if opset > 8 else 8)
    return model.SerializeToString()


def _value(name, array):
    dtype = helper.np_dtype_to_tensor_dtype(array.dtype)
    return helper.make_tensor_value_info(name, dtype, array.shape)


def _open_value(name, dtype):
    return helper.make_tensor_value_info(name, dtype, None)


def _elem(dtype):
    return dtype if isinstance(dtype, int) else helper.np_dtype_to_tensor_dtype(np.dtype(dtype))


def case(op, what, inputs, out=None, opset=17, outputs=1, net=False, tolerance=2e-6, error="",
         reference=False, domain="", **attributes):
    name = f"{op}-{what}" + (f"-opset{opset}" if opset != 17 else "") + ("-net" if net else "")
    assert name not in {c.name for c in CASES}, name
    nodes, values, initializers, feeds, names = [], [], [], {}, []
    for i, item in enumerate(inputs):
        names.append("" if item is None else f"x{i}")
        if isinstance(item, Const):
            initializers.append(numpy_helper.from_array(np.asarray(item.value), f"x{i}"))
        elif item is not None:
            feeds[f"x{i}"] = np.asarray(item)
            values.append(_value(f"x{i}", feeds[f"x{i}"]))
    first = inputs[0].value if isinstance(inputs[0], Const) else inputs[0]
    out = out if isinstance(out, (list, tuple)) else [np.asarray(first).dtype if out is None
                                                      else out] * outputs
    results = [f"y{i}" for i in range(len(out))]
    if net:
        channels = first.shape[1]
        weight = numbers(name + "w", (channels, channels, 1, 1)) / 3
        initializers.append(numpy_helper.from_array(weight, "w"))
        nodes.append(helper.make_node("Conv", ["x0", "w"], ["before"]))
        names[0] = "before"
    nodes.append(helper.make_node(op, names, results, "node", domain=domain, **attributes))
    if net:
        # A second reader of what the operator reads, so that nothing may be overwritten.
        nodes.append(helper.make_node("Relu", ["before"], ["also"]))
        nodes.append(helper.make_node("Neg", ["y0"], ["after"]))
        results, out = results + ["also", "after"], list(out) + [F, out[0]]
    ports = [_open_value(name, _elem(dtype)) for name, dtype in zip(results, out)]
    CASES.append(Case(name, _model(nodes, values, ports, initializers, opset), feeds,
                      max(tolerance, 1e-5) if net else tolerance, error, reference))


def chain(name, nodes, inputs, outputs, constants=None, opset=17, tolerance=1e-5, error="",
          reference=False):
    """A model of several nodes: (op, inputs, outputs, attributes) with blanks between names."""
    made = [helper.make_node(op, [i if i != "_" else "" for i in ins.split()], outs.split(),
                             **attributes) for op, ins, outs, attributes in nodes]
    constants = [numpy_helper.from_array(np.asarray(v), k) for k, v in (constants or {}).items()]
    values = [_value(k, np.asarray(v)) for k, v in inputs.items()]
    ports = [_open_value(k, _elem(v)) for k, v in outputs.items()]
    CASES.append(Case(name, _model(made, values, ports, constants, opset),
                      {k: np.asarray(v) for k, v in inputs.items()}, tolerance, error, reference))


PICTURE = (2, 8, 5, 6)
SPECIAL = np.array([0.0, -0.0, 1.0, -1.0, 0.5, 1.5, 2.5, -0.5, -1.5, -2.5, 1e-30, 88.0, -88.0, 20.0,
                    -20.0, 1e6, -1e6], F)

# ---- unary --------------------------------------------------------------------------------------
for _op, _low, _high, _opset in [
        ("Relu", -3, 3, 17), ("LeakyRelu", -3, 3, 17), ("Elu", -3, 3, 17), ("Selu", -3, 3, 17),
        ("Sigmoid", -9, 9, 17), ("HardSigmoid", -6, 6, 17), ("HardSwish", -6, 6, 17),
        ("Tanh", -6, 6, 17), ("Erf", -3, 3, 17), ("Softplus", -9, 9, 17), ("Mish", -6, 6, 18),
        ("Gelu", -4, 4, 20), ("Exp", -6, 6, 17), ("Log", 0.01, 9, 17), ("Sqrt", 0, 9, 17),
        ("Abs", -3, 3, 17), ("Neg", -3, 3, 17), ("Reciprocal", 0.2, 4, 17), ("Floor", -3, 3, 17),
        ("Ceil", -3, 3, 17), ("Round", -3, 3, 17), ("Sign", -3, 3, 17), ("Sin", -9, 9, 17),
        ("Cos", -9, 9, 17), ("Tan", -1.4, 1.4, 17), ("Asin", -1, 1, 17), ("Acos", -1, 1, 17),
        ("Atan", -3, 3, 17), ("Sinh", -3, 3, 17), ("Cosh", -3, 3, 17), ("Asinh", -3, 3, 17),
        ("Acosh", 1, 9, 17), ("Atanh", -0.9, 0.9, 17), ("Softsign", -3, 3, 17),
        ("ThresholdedRelu", -3, 3, 17), ("Celu", -3, 3, 17), ("Shrink", -3, 3, 17),
        ("Identity", -3, 3, 17)]:
    for _shape in [(), (7,), (3, 0, 2), (2, 3, 4, 5), (1, 2, 3, 2, 3), (70001,)]:
        case(_op, "x".join(map(str, _shape)) or "scalar", [numbers(_op, _shape, F, _low, _high)],
             opset=_opset, tolerance=4e-6)
    case(_op, "picture", [numbers(_op, PICTURE, F, -1, 1)], opset=_opset,
         net=_low <= -1, tolerance=4e-5)
for _op in ["Relu", "Elu", "Selu", "Sigmoid", "HardSigmoid", "HardSwish", "Tanh", "Erf", "Softplus",
            "Abs", "Neg", "Floor", "Ceil", "Round", "Sign", "Softsign", "Celu"]:
    case(_op, "special", [SPECIAL], tolerance=4e-6)
    case(_op, "infinite", [np.array([np.inf, -np.inf], F)])
for _op in ["Relu", "Tanh", "Sigmoid", "Exp", "Sqrt", "Log", "Abs", "Neg", "Floor", "Round"]:
    case(_op, "nan", [np.array([np.nan, 1, 2], F)])
case("Exp", "limits", [np.array([-np.inf, -104, -90, 88.7, 89, np.inf], F)], tolerance=4e-6)
case("Log", "limits", [np.array([0, 2e-38, 1, 3e38, np.inf, -1], F)], tolerance=4e-6)
case("LeakyRelu", "alpha", [numbers("lr", (3, 4))], alpha=0.3)
case("LeakyRelu", "negative-alpha", [numbers("lr", (3, 4))], alpha=-0.3)
case("Elu", "alpha", [numbers("elu", (3, 4))], alpha=0.5)
case("Selu", "both", [numbers("selu", (3, 4))], alpha=2.0, gamma=3.0)
case("HardSigmoid", "both", [numbers("hs", (3, 4))], alpha=0.16666667, beta=0.4)
case("Gelu", "tanh", [numbers("gelu", (3, 40))], opset=20, approximate="tanh", tolerance=4e-6)
case("Gelu", "tanh", [numbers("gelu", PICTURE)], opset=20, approximate="tanh", net=True)
case("ThresholdedRelu", "alpha", [numbers("tr", (3, 4))], alpha=0.4)
case("Celu", "alpha", [numbers("celu", (3, 4))], alpha=0.4)
case("Shrink", "both", [numbers("shrink", (3, 40))], lambd=1.0, bias=0.25)
for _op, _opset in [("Relu", 14), ("Relu", 6), ("Tanh", 6), ("Sigmoid", 6), ("Exp", 6),
                    ("Elu", 6), ("Selu", 6), ("Softplus", 1), ("HardSigmoid", 6)]:
    case(_op, "old", [numbers(_op, (3, 4))], opset=max(_opset, 7))
for _dtype in [I64, I32, I8]:
    for _op in ["Abs", "Neg", "Sign"]:
        case(_op, _dtype.__name__, [numbers(_op, (3, 5), _dtype, -9, 9)])
case("Abs", "least", [np.array([-128, 127, -1], I8)])
case("Abs", "uint8", [numbers("abs", (3, 5), U8, 0, 200)])
case("Sign", "uint8", [numbers("sign", (3, 5), U8, 0, 2)])
case("Relu", "int32", [numbers("relu", (3, 5), I32, -9, 9)])
case("Relu", "int8", [numbers("relu", (3, 5), I8, -9, 9)])
case("Relu", "int64", [numbers("relu", (3, 5), I64, -9, 9)], reference=True)
case("Not", "bool", [numbers("not", (3, 5), B)])
case("IsNaN", "float", [np.array([np.nan, 1, np.inf, -np.inf], F)], out=B)
for _p in (0, 1):
    for _n in (0, 1):
        case("IsInf", f"{_p}{_n}", [np.array([np.nan, 1, np.inf, -np.inf], F)], out=B,
             detect_positive=_p, detect_negative=_n)
case("Exp", "float64", [numbers("f64", (3, 4), D)], tolerance=4e-6)
case("Tanh", "float16", [numbers("f16", (3, 4), H)], tolerance=2e-3)

# ---- Clip ---------------------------------------------------------------------------------------
_x = numbers("clip", (3, 4, 5))
for _opset in (11, 12, 13, 17):
    case("Clip", "both", [_x, const(-1.0), const(0.5)], opset=_opset)
case("Clip", "min", [_x, const(-1.0)])
case("Clip", "max", [_x, None, const(0.5)])
case("Clip", "none", [_x])
case("Clip", "infinite", [np.array([np.inf, -np.inf, 0], F)])
case("Clip", "relu6", [numbers("relu6", PICTURE, F, -9, 9), const(0.0), const(6.0)], net=True)
case("Clip", "attributes", [_x], opset=6 + 1, min=-1.0, max=0.5)
case("Clip", "computed", [_x, np.array(-1.0, F), np.array(0.5, F)])
case("Clip", "computed", [numbers("clipnet", PICTURE), np.array(-1.0, F), np.array(0.5, F)],
     net=True)
case("Clip", "computed-max", [_x, None, np.array(0.5, F)])
for _dtype in (I64, I32, I8, U8):
    case("Clip", _dtype.__name__, [numbers("clip", (4, 5), _dtype, -9, 9), const(2, _dtype),
                                   const(5, _dtype)])
case("Clip", "int-max", [numbers("clip", (4, 5), I32, -9, 9), None, const(5, I32)])
case("Clip", "reversed", [_x, const(1.0), const(-1.0)])
case("Clip", "types", [_x, const(1, I64)], error="must be the same")

# ---- binary -------------------------------------------------------------------------------------
SHAPES = [((), ()), ((4, 5), ()), ((), (4, 5)), ((4, 5), (5,)), ((4, 1), (1, 5)), ((5,), (4, 5)),
          ((2, 3, 4, 5), (2, 3, 4, 5)), ((2, 3, 4, 5), (3, 1, 1)), ((2, 3, 4, 5), (1, 3, 1, 5)),
          ((2, 0, 3), (3,)), ((300, 257), (300, 1)), ((1, 3, 1, 1), (2, 3, 4, 5)),
          ((2, 1, 4, 1, 3), (3, 1, 5, 1))]
for _op in ("Add", "Sub", "Mul", "Div", "Pow", "PRelu", "Min", "Max", "Equal", "Less", "Greater",
            "LessOrEqual", "GreaterOrEqual", "Sum", "Mean"):
    _bool = _op in ("Equal", "Less", "Greater", "LessOrEqual", "GreaterOrEqual")
    for _a, _b in SHAPES:
        if _op == "PRelu" and np.broadcast_shapes(_a, _b) != _a:
            continue
        _low = 0.3 if _op in ("Div", "Pow") else -3
        _left, _right = (numbers(_op + s, t, F, _low, 3) for s, t in (("a", _a), ("b", _b)))
        if _bool:
            _left, _right = np.round(_left), np.round(_right)
        case(_op, f"{_a}{_b}".replace(" ", ""), [_left, _right], out=B if _bool else F,
             tolerance=4e-6)
    if _bool:
        continue
    for _b in [(8, 1, 1), (1, 8, 1, 1), (), (6,), (2, 8, 5, 6), (2, 1, 5, 6), (5, 1)]:
        case(_op, f"const{_b}".replace(" ", ""),
             [numbers(_op, PICTURE), Const(numbers(_op + "b", _b, F, 0.5, 2))], net=_op != "Pow",
             tolerance=1e-4)
        if _op not in ("PRelu", "Pow"):
            case(_op, f"given{_b}".replace(" ", ""),
                 [numbers(_op, PICTURE), numbers(_op + "b", _b, F, 0.5, 2)], net=True,
                 tolerance=1e-4)
for _dtype in (I64, I32, I8, U8):
    for _op in ("Add", "Sub", "Mul", "Div", "Min", "Max", "Mod"):
        case(_op, _dtype.__name__, [numbers(_op, (4, 5), _dtype, -50, 50),
                                    numbers(_op + "b", (5,), _dtype, 1, 9)])
    for _op in ("Equal", "Less", "Greater", "LessOrEqual", "GreaterOrEqual"):
        case(_op, _dtype.__name__, [numbers(_op, (4, 50), _dtype, -2, 2),
                                    numbers(_op + "b", (50,), _dtype, -2, 2)], out=B)
case("Div", "negative", [np.array([-7, 7, -7, 7], I64), np.array([2, -2, -2, 2], I64)])
case("Div", "zero", [np.array([-7, 7, 0], F), np.array([0, 0, 0], F)])
case("Mod", "floor", [np.array([-7, 7, -7, 7, -8, 0], I64), np.array([3, -3, -3, 3, 4, 5], I64)])
case("Mod", "trunc", [np.array([-7, 7, -7, 7, -8, 0], I64), np.array([3, -3, -3, 3, 4, 5], I64)],
     fmod=1)
case("Mod", "float", [numbers("mod", (3, 50)), numbers("modb", (50,), F, 0.5, 2)], fmod=1)
case("Mod", "float-without-fmod", [numbers("mod", (3, 5)), numbers("modb", (5,))], error="fmod")
case("Equal", "bool", [numbers("eq", (3, 9), B), numbers("eqb", (9,), B)], out=B)
for _op in ("And", "Or", "Xor"):
    case(_op, "bool", [numbers(_op, (3, 9), B), numbers(_op + "b", (9,), B)])
    case(_op, "float", [numbers(_op, (3, 9)), numbers(_op + "b", (9,))], out=B, error="")
    CASES[-1].error = "type float32"
for _dtype in (I64, I32):
    case("Pow", f"{_dtype.__name__}-same", [numbers("pow", (3, 9), _dtype, -5, 5),
                                            numbers("powb", (9,), _dtype, 0, 4)])
    case("Pow", f"float-{_dtype.__name__}", [numbers("pow", (3, 9)),
                                             numbers("powb", (9,), _dtype, 0, 4)], tolerance=1e-5)
case("Pow", "int64-int32", [numbers("pow", (3, 9), I64, -5, 5), numbers("powb", (9,), I32, 0, 4)])
for _e in (0.0, 0.5, 1.0, 2.0, 3.0, -1.0, -0.5):
    case("Pow", f"to{_e}", [numbers("pow", (3, 9), F, 0.1, 3), const(_e)], tolerance=1e-5)
case("Pow", "square", [numbers("pow", PICTURE), const([2.0])], net=True)
case("Pow", "square-wide", [numbers("pow", (3,)), const([[[2.0]]])])
case("Pow", "square-int", [numbers("pow", (3, 4)), const(2, I64)])
case("Pow", "negative-base", [numbers("pow", (3, 9), F, -3, -1), const(3.0)], tolerance=1e-5)
case("Pow", "int-to-float", [numbers("pow", (3, 4), I64, 1, 5), const(0.5)], error="float32")
case("Add", "types", [numbers("a", (3,)), numbers("b", (3,), I64)], error="must be the same")
case("Add", "shapes", [numbers("a", (3,)), numbers("b", (4,))], error="[4]")
case("PRelu", "slope-too-large", [numbers("a", (3,)), numbers("b", (2, 3))], error="slope")
for _op in ("Sum", "Mean", "Min", "Max"):
    case(_op, "one", [numbers(_op, (3, 4))])
    case(_op, "three", [numbers(_op, (3, 1)), numbers(_op + "b", (4,)),
                        numbers(_op + "c", (2, 3, 4))])
    case(_op, "three", [numbers(_op, PICTURE), numbers(_op + "b", (2, 8, 5, 6)),
                        Const(numbers(_op + "c", (8, 1, 1)))], net=True)
for _op in ("Min", "Max"):
    case(_op, "nan", [np.array([np.nan, 1, np.nan, 4], F), np.array([1, np.nan, np.nan, 3], F)])
case("Add", "old-broadcast", [numbers("a", (2, 3, 4)), numbers("b", (3, 1))], opset=7)
for _dtype in (F, I64, I32, U8, B):
    case("Where", np.dtype(_dtype).name,
         [numbers("if", (3, 1, 5), B), numbers("a", (4, 5), _dtype), numbers("b", (5,), _dtype)],
         out=_dtype)
CASES[-1].reference = True  # of bool
case("Where", "same", [numbers("if", (7, 9), B), numbers("a", (7, 9)), numbers("b", (7, 9))],
     out=F)
case("Where", "large", [numbers("if", (301, 1), B), numbers("a", (301, 99)), const(-1.0)], out=F)
case("Where", "scalars", [numbers("if", (3, 4), B), const(1.0), const(0.0)], out=F)
chain("Where-net", [("Conv", "x w", "a", {}), ("Greater", "a zero", "c", {}),
                    ("Where", "c a zero", "y", {}), ("Where", "c small a", "z", {})],
      {"x": numbers("where", PICTURE)}, {"y": F, "z": F},
      {"w": numbers("wherew", (8, 8, 1, 1)), "zero": F(0), "small": numbers("ws", (8, 1, 1))})

# ---- types --------------------------------------------------------------------------------------
_values = np.array([-200.7, -129, -128.5, -2.5, -1.5, -0.7, -0.0, 0, 0.3, 0.7, 1.5, 2.5, 100.2,
                    127.4], F)
for _to in (F, I64, I32, B, H, D):
    case("Cast", f"float32-{np.dtype(_to).name}", [_values], out=_to, to=_elem(_to))
for _to in (I8, U8):
    case("Cast", f"float32-{np.dtype(_to).name}", [np.clip(_values, 0, 120)], out=_to,
         to=_elem(_to))
for _from in (I64, I32, I8, U8, B, H, D):
    for _to in (F, I64, I32, I8, U8, B, H, D):
        case("Cast", f"{np.dtype(_from).name}-{np.dtype(_to).name}",
             [numbers("cast", (3, 7), _from, 0, 100)], out=_to, to=_elem(_to))
case("Cast", "int64-wraps", [np.array([300, -300, 1 << 40, 257], I64)], out=U8, to=_elem(U8))
case("Cast", "int64-wraps-int32", [np.array([300, (1 << 40) + 5, -(1 << 33)], I64)], out=I32,
     to=_elem(I32))
case("Cast", "int64-large-float", [np.array([(1 << 40) + 12345, -(1 << 53) - 1, 16777217], I64)],
     out=F, to=1)
case("Cast", "picture", [numbers("castp", PICTURE, F, -90, 90)], out=I32, net=True, to=_elem(I32))
case("Cast", "string", [numbers("cast", (3,))], out=TensorProto.STRING, to=8, error="")
CASES[-1].error = "type"
chain("Cast-through-float16", [("Cast", "x", "h", {"to": 10}), ("Cast", "h", "y", {"to": 1})],
      {"x": np.array([1.0001, 65504, 70000, 1e-8, 3.14159, -2049, 6e-5], F)}, {"y": F},
      tolerance=0)
chain("Cast-through-bfloat16", [("Cast", "x", "h", {"to": 16}), ("Cast", "h", "y", {"to": 1})],
      {"x": np.array([1.0001, 65504, 70000, 1e-8, 3.14159, -2049, 6e-5], F)}, {"y": F},
      tolerance=0)
chain("Cast-int-through-float16", [("Cast", "x", "h", {"to": 10}), ("Cast", "h", "y", {"to": 1})],
      {"x": np.array([2049, -2051, 65504, 1], I32)}, {"y": F}, tolerance=0)
chain("Cast-bool-sum", [("Greater", "x zero", "b", {}), ("Cast", "b", "f", {"to": 1}),
                        ("Mul", "f x", "y", {})], {"x": numbers("cbs", (5, 6))}, {"y": F},
      {"zero": F(0)})
for _to in (F, I64, B):
    case("CastLike", f"float-{np.dtype(_to).name}", [_values, np.zeros((2,), _to)], out=_to)
    case("CastLike", f"const-{np.dtype(_to).name}", [_values, Const(np.zeros((2,), _to))], out=_to)
case("Dropout", "plain", [numbers("drop", (3, 4))])
case("Dropout", "ratio", [numbers("drop", (3, 4)), const(0.3)])
case("Dropout", "mask", [numbers("drop", (3, 4)), const(0.3)], out=[F, B])
case("Dropout", "off", [numbers("drop", (3, 4)), const(0.3), const(False, B)])
case("Dropout", "training", [numbers("drop", (3, 4)), const(0.3), const(True, B)],
     error="training")
case("Dropout", "old", [numbers("drop", (3, 4))], opset=7, ratio=0.4)
case("Dropout", "plain", [numbers("drop", PICTURE)], net=True)

# ---- shapes -------------------------------------------------------------------------------------
for _what, _attributes in [("all", {}), ("start", {"start": 1}), ("end", {"end": -1}),
                           ("both", {"start": -3, "end": 3}), ("empty", {"start": 3, "end": 1}),
                           ("far", {"start": -9, "end": 9})]:
    case("Shape", _what, [numbers("shape", (2, 3, 4, 5))], out=I64, **_attributes)
case("Shape", "old", [numbers("shape", (2, 3))], out=I64, opset=7)
case("Size", "all", [numbers("size", (2, 3, 4))], out=I64)
case("Size", "none", [numbers("size", (2, 0, 4))], out=I64)
chain("Shape-reshape", [("Conv", "x w", "a", {}), ("Shape", "a", "s", {}),
                        ("Gather", "s zero", "n", {"axis": 0}), ("Unsqueeze", "n axes", "n1", {}),
                        ("Concat", "n1 rest", "to", {"axis": 0}), ("Reshape", "a to", "y", {})],
      {"x": numbers("sr", PICTURE)}, {"y": F},
      {"w": numbers("srw", (8, 8, 1, 1)), "zero": I64(0), "axes": np.array([0]),
       "rest": np.array([-1])})
case("ConstantOfShape", "default", [ints(2, 3)], out=F)
case("ConstantOfShape", "scalar", [Const(np.zeros((0,), I64))], out=F)
for _dtype in (F, I64, I32, B, U8):
    case("ConstantOfShape", np.dtype(_dtype).name, [ints(2, 3)], out=_dtype,
         value=numpy_helper.from_array(np.array([1], _dtype)))
case("ConstantOfShape", "float16", [ints(2, 3)], out=H,
     value=numpy_helper.from_array(np.array([1.5], H)))
case("ConstantOfShape", "negative", [ints(2, -3)], out=F, error="shape")
case("ConstantOfShape", "huge", [ints(1 << 40, 1 << 40)], out=F, error="shape")
chain("ConstantOfShape-used", [("Shape", "x", "s", {}), ("ConstantOfShape", "s", "c", {}),
                               ("Add", "c x", "y", {}), ("Exp", "c", "z", {}),
                               ("MatMul", "c x2", "m", {})],
      {"x": numbers("cos", (3, 4)), "x2": numbers("cos2", (4, 5))}, {"y": F, "z": F, "m": F})
for _dtype, _numbers in [(I64, (0, 10, 1)), (I64, (10, 0, -3)), (I64, (3, 3, 1)), (I64, (5, 3, 1)),
                         (I32, (-4, 9, 4)), (F, (0, 1, 0.1)), (F, (1, -1, -0.25)),
                         (I64, (-(1 << 62), 1 << 62, 1 << 61))]:
    case("Range", "-".join(map(str, _numbers)) + np.dtype(_dtype).name,
         [const(v, _dtype) for v in _numbers], out=_dtype)
case("Range", "zero", [const(v, I64) for v in (0, 3, 0)], out=I64, error="delta is 0")
case("Range", "huge", [const(v, I64) for v in (0, 1 << 62, 1)], out=I64, error="more than")
for _from, _to in [((3, 1), (3, 4)), ((3, 1), (2, 1, 6)), ((4,), (3, 4)), ((), (2, 3)),
                   ((1,), (0,)), ((3, 4), (1,)), ((2, 1, 3, 1), (1, 5, 1, 4)), ((3,), ())]:
    case("Expand", f"{_from}{_to}".replace(" ", ""),
         [numbers("expand", _from), Const(np.array(_to, I64))])
case("Expand", "int64", [numbers("expand", (3, 1), I64), ints(3, 4)])
case("Expand", "impossible", [numbers("expand", (3,)), ints(4)], error="[4]")
case("Expand", "picture", [numbers("expand", (1, 8, 1, 1)), ints(3, 8, 4, 4)], net=True)
case("Expand", "negative", [numbers("expand", (3,)), ints(-1)], error="shape")
chain("Expand-in-place", [("Exp", "x", "e", {}), ("Slice", "e s0 s1 s1", "h", {}),
                          ("Expand", "h to", "w", {}), ("Relu", "w", "y", {}),
                          ("Neg", "y", "z", {})],
      {"x": numbers("eip", (2, 2))}, {"z": F},
      {"s0": np.array([0]), "s1": np.array([1]), "to": np.array([2, 2])})
chain("Expand-conv", [("Expand", "x to", "w", {}), ("Conv", "w k", "y", {"pads": [1, 1, 1, 1]})],
      {"x": numbers("ec", (1, 8, 1, 6))}, {"y": F},
      {"to": np.array([2, 8, 5, 6]), "k": numbers("eck", (3, 8, 3, 3))})
chain("Expand-matmul", [("Expand", "x to", "w", {}), ("MatMul", "w k", "y", {}),
                        ("MatMul", "k2 w", "z", {}), ("Softmax", "w", "s", {}),
                        ("ReduceSum", "w", "r", {}), ("Transpose", "w", "t", {"perm": [1, 0]})],
      {"x": numbers("em", (1, 6)), "k": numbers("emk", (6, 3)), "k2": numbers("emk2", (3, 5))},
      {"y": F, "z": F, "s": F, "r": F, "t": F}, {"to": np.array([5, 6])})
chain("Expand-concat", [("Expand", "x to", "w", {}), ("Concat", "w y0", "y", {"axis": 1}),
                        ("Reshape", "w flat", "z", {})],
      {"x": numbers("ex", (3, 1)), "y0": numbers("ey", (3, 2))}, {"y": F, "z": F},
      {"to": np.array([3, 4]), "flat": np.array([2, 6])})
for _shape, _repeats in [((3, 4), (2, 3)), ((3, 4), (1, 1)), ((3, 1), (1, 5)), ((3, 4), (0, 2)),
                         ((2, 3, 4), (2, 1, 2)), ((2, 1, 3, 2), (2, 3, 1, 2)), ((1, 1), (4, 5)),
                         ((2, 2, 2, 2), (2, 2, 2, 2)), ((5,), (3,)), ((0, 3), (2, 2))]:
    case("Tile", f"{_shape}{_repeats}".replace(" ", ""),
         [numbers("tile", _shape), Const(np.array(_repeats, I64))])
case("Tile", "channels", [numbers("tile", PICTURE), ints(1, 2, 1, 1)], net=True)
case("Tile", "space", [numbers("tile", PICTURE), ints(1, 1, 2, 3)], net=True)
case("Tile", "uint8", [numbers("tile", (2, 3), U8, 0, 9), ints(2, 2)])
case("Tile", "huge", [numbers("tile", (4,)), ints(1 << 62)], error="repeat")
case("Tile", "length", [numbers("tile", (4,)), ints(1, 2)], error="rank 1")

# ---- indices ------------------------------------------------------------------------------------
_x = numbers("gather", (4, 5, 6))
for _axis in (0, 1, 2, -1):
    for _what, _indices in [("scalar", 2), ("negative", -1), ("one", [3]), ("many", [3, 0, -2, 1]),
                            ("matrix", [[0, 1], [2, -1], [3, 3]]), ("none", [])]:
        _i = np.array(_indices, I64)
        case("Gather", f"{_what}{_axis}", [_x, Const(_i)], axis=_axis)
        case("Gather", f"given-{_what}{_axis}", [_x, _i], axis=_axis)
case("Gather", "int32-index", [_x, np.array([3, -1], I32)])
for _dtype in (I64, I32, U8, B):
    case("Gather", np.dtype(_dtype).name, [numbers("gather", (4, 5), _dtype, 0, 9),
                                           np.array([3, -1], I64)])
case("Gather", "embedding", [Const(numbers("emb", (50, 96))), np.arange(30).reshape(2, 15) % 7],
     out=F)
case("Gather", "channels", [numbers("gather", PICTURE), ints(3, 1, 7)], axis=1, net=True)
case("Gather", "channel", [numbers("gather", PICTURE), const(3, I64)], axis=1, net=True)
case("Gather", "rows", [numbers("gather", PICTURE), np.array([3, 1])], axis=2, net=True)
case("Gather", "grid", [numbers("gather", PICTURE), ints(3, 1, 0, 1)], axis=3, net=True)
case("Gather", "beyond", [_x, ints(4)], error="out of range")
case("Gather", "axis", [_x, ints(0)], axis=3, error="axis 3")
case("Gather", "float-index", [_x, const([1.0])], error="type float32")
for _axis in (0, 1, -1):
    _i = rng("ge").integers(-3, 3, (3, 3, 3))
    case("GatherElements", f"const{_axis}", [numbers("ge", (3, 4, 5)), Const(_i)], axis=_axis)
    case("GatherElements", f"given{_axis}", [numbers("ge", (3, 4, 5)), _i], axis=_axis)
case("GatherElements", "channels", [numbers("ge", PICTURE),
                                    Const(rng("gc").integers(-8, 8, (2, 3, 5, 6)))], axis=1,
     net=True)
case("GatherElements", "int32", [numbers("ge", (3, 4), I64, -9, 9),
                                 rng("gi").integers(-3, 3, (2, 4)).astype(I32)])
for _batch, _shape, _tuple in [(0, (3, 4, 5), [[0, 1], [2, -1]]), (0, (3, 4, 5), [[1], [-1]]),
                               (0, (3, 4), [[[0, 0]], [[2, 3]], [[-1, -1]]]),
                               (1, (3, 4, 5), [[1], [2], [0]]), (0, (4,), [2]),
                               (1, (3, 4, 5), [[[1, 1], [0, 2]]] * 3),
                               (2, (2, 2, 3), [[[1], [0]], [[2], [-1]]])]:
    _what = f"{_batch}{_shape}{np.array(_tuple).shape}".replace(" ", "")
    case("GatherND", "const" + _what, [numbers("gnd", _shape), Const(np.array(_tuple, I64))],
         batch_dims=_batch)
    case("GatherND", "given" + _what, [numbers("gnd", _shape), np.array(_tuple, I64)],
         batch_dims=_batch)
case("GatherND", "picture", [numbers("gnd", PICTURE), ints(1, 3)], net=True)
for _reduction in ("none", "add", "mul", "min", "max"):
    _x, _i = numbers("snd", (4, 5, 6)), np.array([[1], [3]])
    case("ScatterND", _reduction, [_x, Const(_i), numbers("upd", (2, 5, 6))], opset=18,
         reduction=_reduction)
    case("ScatterND", "given-" + _reduction, [_x, np.array([[1, 2], [3, -1], [0, 0]]),
                                              numbers("upd", (3, 6))],
         opset=18, reduction=_reduction)
    case("ScatterND", "int64-" + _reduction,
         [numbers("snd", (4, 5), I64, -9, 9), np.array([[1, 2], [3, -1], [0, 0]]),
          numbers("upd", (3,), I64, -9, 9)], opset=18, reduction=_reduction)
    case("ScatterElements", _reduction,
         [numbers("se", (4, 5, 6)), np.array([[[1, 0, 3], [2, 1, -4]]]), numbers("u", (1, 2, 3))],
         opset=18, axis=2, reduction=_reduction)
for _reduction in ("add", "mul", "max"):
    case("ScatterND", "repeated-" + _reduction, [numbers("snd", (4, 5)), np.array([[1], [1], [1]]),
                                                 numbers("upd", (3, 5))],
         opset=18, reduction=_reduction)
case("ScatterND", "old", [numbers("snd", (4, 5)), ints(1, 2).value.reshape(2, 1),
                          numbers("upd", (2, 5))], opset=11)
case("ScatterND", "picture", [numbers("snd", PICTURE), Const(np.array([[0, 3], [1, 1]])),
                              numbers("upd", (2, 5, 6))], net=True)
case("ScatterND", "shape", [numbers("snd", (4, 5)), np.array([[1]]), numbers("upd", (2, 5))],
     error="do not go with")
case("ScatterElements", "channels",
     [numbers("se", PICTURE), Const(rng("si").permutation(8)[:3].reshape(1, 3, 1, 1)),
      numbers("u", (1, 3, 1, 1))], axis=1, net=True)
case("ScatterElements", "uint8", [numbers("se", (4, 5), U8, 0, 9), np.array([[1, 0]]),
                                  np.array([[77, 78]], U8)], axis=1)
chain("Scatter-into-itself", [("Exp", "x", "e", {}), ("ScatterND", "e i e", "y", {})],
      {"x": numbers("sii", (3, 4))}, {"y": F}, {"i": np.array([[2], [0], [1]])}, opset=18)

# ---- Slice, Split -------------------------------------------------------------------------------
_x = numbers("slice", (4, 5, 6, 7))
for _what, _inputs in [
        ("front", (ints(0, 1), ints(2, 4))), ("axes", (ints(1, 2), ints(4, 5), ints(1, 3))),
        ("steps", (ints(0, 1), ints(4, 6), ints(0, 3), ints(2, 3))),
        ("negative", (ints(-3, -2), ints(-1, 99), ints(-1, -2))),
        ("backward", (ints(-1, 4), ints(-99, 0), ints(1, 3), ints(-1, -2))),
        ("backward-all", (ints(-1, -1, -1, -1), ints(*[-(1 << 63)] * 4), ints(0, 1, 2, 3),
                          ints(-1, -1, -1, -1))),
        ("empty", (ints(3), ints(1))), ("far", (ints(9), ints(99))),
        ("limits", (ints(-(1 << 63)), ints((1 << 63) - 1), ints(2), ints((1 << 63) - 1))),
        ("limits-backward", (ints((1 << 63) - 1), ints(-(1 << 63)), ints(2), ints(-(1 << 63)))),
        ("backward-empty", (ints(1), ints(3), ints(2), ints(-1))),
        ("no-axes-steps", (ints(1, 1), ints(3, 4), None, ints(1, 2)))]:
    case("Slice", _what, [_x, *_inputs])
case("Slice", "int32", [_x, Const(np.array([1], I32)), Const(np.array([3], I32)),
                        Const(np.array([-1], I32))])
case("Slice", "attributes", [_x], opset=9, starts=[1, 2], ends=[3, 99], axes=[0, 2])
for _dtype in (I64, U8, B):
    case("Slice", np.dtype(_dtype).name, [numbers("slice", (4, 9), _dtype), ints(7), ints(1),
                                          ints(1), ints(-3)])
for _axis in (1, 2, 3):
    case("Slice", f"part{_axis}", [numbers("slice", PICTURE), ints(1), ints(4), ints(_axis)],
         net=True)
    case("Slice", f"second{_axis}", [numbers("slice", PICTURE), ints(1), ints(99), ints(_axis),
                                     ints(2)], net=True)
    case("Slice", f"backward{_axis}", [numbers("slice", PICTURE), ints(-1), ints(-99),
                                       ints(_axis), ints(-1)], net=True)
    chain(f"Slice-conv{_axis}",
          [("Conv", "x w", "a", {}), ("Slice", "a from to axis step", "s", {}),
           ("Slice", "s zero even axis", "t", {}), ("Conv", "t k", "y", {"pads": [1, 1, 1, 1]}),
           ("MaxPool", "t", "m", {"kernel_shape": [2, 2]}), ("Sigmoid", "s", "g", {}),
           ("Mul", "s g", "h", {}), ("GlobalAveragePool", "s", "p", {})],
          {"x": numbers("slice", PICTURE)}, {"y": F, "m": F, "h": F, "p": F},
          {"w": numbers("sw", (8, 8, 1, 1)), "from": np.array([-1]), "to": np.array([-99]),
           "axis": np.array([_axis]), "step": np.array([-1]), "zero": np.array([0]),
           "even": np.array([4]), "k": numbers("sk", (4, 4 if _axis == 1 else 8, 3, 3)) / 9})
chain("Slice-matmul",
      [("Slice", "x from to axes steps", "s", {}), ("MatMul", "s k", "y", {}),
       ("MatMul", "x2 s", "z", {}), ("Softmax", "s", "p", {"axis": 1}),
       ("ReduceMean", "s", "r", {"axes": [0]}), ("Gemm", "s w bias", "g", {}),
       ("Reshape", "s flat", "f", {}), ("Transpose", "s", "t", {"perm": [1, 0]})],
      {"x": numbers("sm", (6, 8)), "k": numbers("smk", (4, 3)), "x2": numbers("sm2", (2, 6))},
      {"y": F, "z": F, "p": F, "r": F, "g": F, "f": F, "t": F},
      {"from": np.array([-1, -1]), "to": np.array([-99, -99]), "axes": np.array([0, 1]),
       "steps": np.array([-1, -2]), "w": numbers("smw", (4, 5)), "bias": numbers("smb", (5,)),
       "flat": np.array([3, 8])})
case("Slice", "step0", [_x, ints(0), ints(1), ints(0), ints(0)], error="is 0")
case("Slice", "axis", [_x, ints(0), ints(1), ints(4)], error="axis 4")
case("Slice", "twice", [_x, ints(0, 0), ints(1, 1), ints(1, -3)], error="twice")
case("Slice", "lengths", [_x, ints(0, 0), ints(1)], error="length")
case("Slice", "computed", [_x, np.array([0]), np.array([1])], error="data")
_x = numbers("split", (4, 6, 5))
case("Split", "equal", [_x], outputs=3, axis=1)
case("Split", "equal", [_x], outputs=3, axis=1, opset=11)
case("Split", "lengths", [_x, ints(1, 2, 3)], outputs=3, axis=-2)
case("Split", "lengths", [_x], outputs=3, axis=1, split=[1, 2, 3], opset=11)
case("Split", "zero-length", [_x, ints(0, 6)], outputs=2, axis=1)
case("Split", "num_outputs", [_x], outputs=3, opset=18, axis=2, num_outputs=3)
case("Split", "num_outputs-even", [_x], outputs=2, opset=18, num_outputs=2)
case("Split", "int64", [numbers("split", (6,), I64)], outputs=2)
case("Split", "sum", [_x, ints(1, 2)], outputs=2, axis=1, error="over")
case("Split", "more", [_x, ints(5, 6)], outputs=2, axis=1, error="add up")
case("Split", "count", [_x, ints(3, 3)], outputs=3, axis=1, error="2 lengths")
case("Split", "channels", [numbers("split", PICTURE)], outputs=2, axis=1, net=True)
case("Split", "rows", [numbers("split", PICTURE), ints(2, 3)], outputs=2, axis=2, net=True)
chain("Split-shuffle",  # as in ShuffleNet and CSP networks
      [("Conv", "x w", "a", {}), ("Split", "a", "l r", {"axis": 1}),
       ("Conv", "r k", "c", {"pads": [1, 1, 1, 1]}), ("Relu", "c", "d", {}),
       ("Concat", "l d", "e", {"axis": 1}), ("Reshape", "e five", "f", {}),
       ("Transpose", "f", "g", {"perm": [0, 2, 1, 3, 4]}), ("Reshape", "g four", "y", {}),
       ("Conv", "y w", "z", {})],
      {"x": numbers("shuffle", PICTURE)}, {"y": F, "z": F},
      {"w": numbers("shw", (8, 8, 1, 1)), "k": numbers("shk", (4, 4, 3, 3)),
       "five": np.array([2, 2, 4, 5, 6]), "four": np.array([2, 8, 5, 6])}, tolerance=1e-4)
chain("Split-absent", [("Split", "x lengths", "a _b c", {"axis": 0}), ("Add", "a c", "y", {})],
      {"x": numbers("sa", (6, 3))}, {"y": F}, {"lengths": np.array([2, 2, 2])})
chain("Split-attention",
      [("MatMul", "x w", "a", {}), ("Split", "a", "q k v", {"axis": 2}),
       ("Transpose", "k", "kt", {"perm": [0, 2, 1]}), ("MatMul", "q kt", "s", {}),
       ("Softmax", "s", "p", {"axis": -1}), ("MatMul", "p v", "y", {})],
      {"x": numbers("att", (2, 7, 6))}, {"y": F}, {"w": numbers("attw", (6, 24)) / 3},
      tolerance=1e-4)

# ---- axes ---------------------------------------------------------------------------------------
_x = numbers("squeeze", (1, 3, 1, 4, 1))
case("Squeeze", "all", [_x])
case("Squeeze", "axes", [_x, ints(0, -3)])
case("Squeeze", "attribute", [_x], opset=11, axes=[0, 2])
case("Squeeze", "negative", [_x, ints(-1)])
case("Squeeze", "long", [_x, ints(1)], error="length 1")
case("Squeeze", "axis", [_x, ints(5)], error="axis 5")
case("Unsqueeze", "axes", [numbers("u", (3, 4)), ints(0, 2)])
case("Unsqueeze", "negative", [numbers("u", (3, 4)), ints(-1, -3)])
case("Unsqueeze", "attribute", [numbers("u", (3, 4))], opset=11, axes=[1, 3])
case("Unsqueeze", "scalar", [numbers("u", ()), ints(0)])
case("Unsqueeze", "twice", [numbers("u", (3, 4)), ints(0, -4)], error="twice")
case("Unsqueeze", "many", [numbers("u", (3, 4)), ints(*range(7))], error="more than 8")
for _axis in range(-3, 4):
    case("Flatten", f"axis{_axis}", [numbers("flatten", (2, 3, 4))], axis=_axis)
case("Flatten", "picture", [numbers("flatten", PICTURE)], net=True)
case("Flatten", "scalar", [numbers("flatten", ())], axis=0)
case("Flatten", "axis", [numbers("flatten", (2, 3))], axis=3, error="axis 3")
for _to in [(2, -1), (0, -1), (-1,), (2, 8, 30), (0, 0, -1), (2, 2, 4, 5, 6), (16, 5, 6),
            (2, 4, 2, 30), (2, 40, 6), (0, 0, 0, 6, 1), (1, 2, 8, 5, 6)]:
    case("Reshape", str(_to).replace(" ", ""), [numbers("reshape", PICTURE), Const(np.array(_to))],
         net=True)
case("Reshape", "allowzero", [numbers("reshape", (0, 3)), ints(3, 0)], opset=14, allowzero=1)
case("Reshape", "impossible", [numbers("reshape", (2, 3)), ints(4, 2)], error="[4, 2]")
case("Reshape", "overflow", [numbers("reshape", (2, 3)), ints(1 << 33, 1 << 33, 6)], error="large")
for _perm in [(0, 2, 3, 1), (3, 2, 1, 0), (0, 1, 3, 2), (1, 0, 2, 3)]:
    case("Transpose", str(_perm).replace(" ", ""), [numbers("transpose", PICTURE)], perm=_perm,
         net=True)
for _axis in (0, 1, 2, 3, -1):
    case("Concat", f"axis{_axis}", [numbers("concat", PICTURE), numbers("concat2", PICTURE)],
         axis=_axis, net=True)

# ---- Pad ----------------------------------------------------------------------------------------
_x = numbers("pad", (3, 4, 5))
_p = ints(1, 0, 2, 0, 3, 1)
for _mode in ("constant", "reflect", "edge"):
    case("Pad", _mode, [_x, _p], mode=_mode)
    case("Pad", _mode + "-attribute", [_x], opset=10, mode=_mode, pads=[1, 0, 2, 0, 3, 1])
    case("Pad", _mode, [numbers("pad", PICTURE), ints(0, 0, 1, 2, 0, 0, 3, 1)], mode=_mode,
         net=True)
    case("Pad", _mode + "-channels", [numbers("pad", PICTURE), ints(0, 2, 0, 0, 0, 3, 0, 0)],
         mode=_mode, net=True)
    case("Pad", _mode + "-int64", [numbers("pad", (3, 4), I64), ints(1, 2, 0, 1)], mode=_mode)
    case("Pad", _mode + "-crop", [_x, ints(1, -1, 2, 0, 2, -1)], mode=_mode)
    case("Pad", _mode + "-row", [numbers("pad", (5,)), ints(4, 3)], mode=_mode)
case("Pad", "value", [_x, _p, const(2.5)])
case("Pad", "value-row", [_x, _p, const([2.5])], reference=True)
case("Pad", "value-attribute", [_x], opset=10, value=2.5, pads=[1, 0, 2, 0, 3, 1])
case("Pad", "value-given", [_x, _p, np.array(2.5, F)])
case("Pad", "only-crop", [_x, ints(-1, 0, -2, 0, -1, -1)])
case("Pad", "only-crop", [numbers("pad", PICTURE), ints(0, -1, -1, 0, 0, -2, 0, -1)], net=True)
case("Pad", "axes", [_x, ints(1, 2), None, ints(1)], opset=18)
case("Pad", "axes-negative", [_x, ints(1, 0, 2, 1), const(1.0), ints(-1, 0)], opset=18)
case("Pad", "uint8", [numbers("pad", (3, 4), U8), ints(1, 2, 0, 1), const(7, U8)], opset=13)
case("Pad", "bool", [numbers("pad", (3, 4), B), ints(1, 2, 0, 1), const(True, B)], opset=13)
for _pads in [(1, 0, 2, 0, 3, 1), (7, 0, 0, 5, 9, 0), (3, 4, 5, 3, 4, 5)]:
    case("Pad", f"wrap{_pads}".replace(" ", ""), [_x, ints(*_pads)], mode="wrap", opset=19)
case("Pad", "wrap", [numbers("pad", PICTURE), ints(0, 0, 1, 2, 0, 0, 3, 1)], mode="wrap", opset=19,
     net=True)
case("Pad", "reflect-too-far", [numbers("pad", (3,)), ints(3, 0)], mode="reflect",
     error="not possible")
case("Pad", "crop-too-far", [numbers("pad", (3,)), ints(-3, -1)], error="not possible")
case("Pad", "length", [_x, ints(1, 1)], error="pads")
case("Pad", "empty", [numbers("pad", (2, 0)), ints(1, 1, 1, 1)])

# ---- rows ---------------------------------------------------------------------------------------
for _axis in (0, 1, -1):
    for _exclusive in (0, 1):
        for _reverse in (0, 1):
            case("CumSum", f"{_axis}{_exclusive}{_reverse}",
                 [numbers("cumsum", (3, 4, 5)), const(_axis, I64)], exclusive=_exclusive,
                 reverse=_reverse)
            case("CumSum", f"{_axis}{_exclusive}{_reverse}",
                 [numbers("cumsum", PICTURE), const(_axis, I64)], exclusive=_exclusive,
                 reverse=_reverse, net=True)
for _dtype in (I64, I32):
    case("CumSum", _dtype.__name__, [numbers("cumsum", (3, 40), _dtype, -9, 9), const(1, I32)])
case("CumSum", "long", [numbers("cumsum", (2, 30001), I32, -9, 9), const(1, I32)])
case("CumSum", "empty", [numbers("cumsum", (2, 0)), const(1, I32)])
chain("CumSum-in-place", [("Exp", "x", "e", {}), ("CumSum", "e axis", "c", {"reverse": 1}),
                          ("Exp", "x", "f", {}), ("CumSum", "f axis", "d", {"exclusive": 1})],
      {"x": numbers("cip", (7, 9))}, {"c": F, "d": F}, {"axis": I64(0)})
for _upper in (0, 1):
    for _k in (None, 0, 1, -2, 9, -9):
        case("Trilu", f"{_upper}{_k}", [numbers("trilu", (2, 4, 5))] +
             ([] if _k is None else [const(_k, I64)]), upper=_upper)
    case("Trilu", f"{_upper}int64", [numbers("trilu", (4, 4), I64)], upper=_upper)
    case("Trilu", f"{_upper}", [numbers("trilu", PICTURE)], upper=_upper, net=True)
case("Trilu", "bool", [numbers("trilu", (4, 4), B)], reference=True)
case("Trilu", "row", [numbers("trilu", (4,))], error="2 axes")
for _mode in ("DCR", "CRD"):
    case("DepthToSpace", _mode, [numbers("d2s", (2, 12, 3, 4))], blocksize=2, mode=_mode)
    case("DepthToSpace", _mode, [numbers("d2s", (2, 12, 3, 4))], blocksize=2, mode=_mode, net=True)
    case("DepthToSpace", _mode + "3", [numbers("d2s", (1, 9, 3, 4))], blocksize=3, mode=_mode)
case("DepthToSpace", "old", [numbers("d2s", (2, 12, 3, 4))], blocksize=2, opset=7)
case("DepthToSpace", "channels", [numbers("d2s", (2, 6, 3, 4))], blocksize=2, error="multiple")
case("SpaceToDepth", "2", [numbers("s2d", (2, 3, 4, 6))], blocksize=2)
case("SpaceToDepth", "2", [numbers("s2d", (2, 8, 4, 6))], blocksize=2, net=True)
case("SpaceToDepth", "3", [numbers("s2d", (1, 3, 6, 9))], blocksize=3)
case("SpaceToDepth", "height", [numbers("s2d", (1, 3, 5, 6))], blocksize=2, error="multiples")

# ---- several nodes ------------------------------------------------------------------------------
chain("activations-fused",
      [("Conv", "x w", "a", {}), ("Clip", "a zero six", "b", {}), ("Conv", "b w", "c", {}),
       ("Sigmoid", "c", "d", {}), ("Mul", "c d", "e", {}), ("Add", "e b", "f", {}),
       ("Relu", "f", "g", {}), ("Div", "g six", "h", {}), ("HardSwish", "h", "y", {})],
      {"x": numbers("fused", PICTURE)}, {"y": F},
      {"w": numbers("fw", (8, 8, 1, 1)) / 3, "zero": F(0), "six": F(6)})
chain("squeeze-excite",
      [("Conv", "x w", "a", {}), ("GlobalAveragePool", "a", "b", {}), ("Flatten", "b", "c", {}),
       ("Gemm", "c k bias", "d", {}), ("HardSigmoid", "d", "e", {}), ("Unsqueeze", "e ax", "f", {}),
       ("Mul", "a f", "y", {})],
      {"x": numbers("se", PICTURE)}, {"y": F},
      {"w": numbers("sew", (8, 8, 1, 1)), "k": numbers("sek", (8, 8)), "bias": numbers("seb", (8,)),
       "ax": np.array([2, 3])})
chain("gelu-by-hand",
      [("Div", "x root", "a", {}), ("Erf", "a", "b", {}), ("Add", "b one", "c", {}),
       ("Mul", "x c", "d", {}), ("Mul", "d half", "y", {})],
      {"x": numbers("gbh", (3, 40))}, {"y": F},
      {"root": F(2 ** 0.5), "one": F(1), "half": F(0.5)})
chain("layer-norm-by-hand",
      [("ReduceMean", "x", "m", {"axes": [-1]}), ("Sub", "x m", "d", {}), ("Pow", "d two", "s", {}),
       ("ReduceMean", "s", "v", {"axes": [-1]}), ("Add", "v eps", "e", {}), ("Sqrt", "e", "r", {}),
       ("Div", "d r", "n", {}), ("Mul", "n g", "h", {}), ("Add", "h b", "y", {})],
      {"x": numbers("lnh", (2, 5, 16))}, {"y": F},
      {"two": F(2), "eps": F(1e-5), "g": numbers("lg", (16,)), "b": numbers("lb", (16,))})
chain("same-input-twice",
      [("Exp", "x", "e", {}), ("Mul", "e e", "m", {}), ("Transpose", "m", "t", {"perm": [1, 0]}),
       ("Add", "m t", "y", {})],
      {"x": numbers("sit", (5, 5))}, {"y": F})
chain("view-of-what-is-overwritten",
      [("Exp", "x", "e", {}), ("Slice", "e one two one", "s", {}), ("Neg", "e", "n", {}),
       ("Add", "s n", "y", {})],
      {"x": numbers("vow", (5, 1))}, {"y": F}, {"one": np.array([0]), "two": np.array([1])})
chain("transposed-add", [("Exp", "x", "e", {}), ("Transpose", "e", "t", {"perm": [1, 0]}),
                         ("Add", "e t", "y", {}), ("Where", "c t e", "z", {})],
      {"x": numbers("ta", (6, 6)), "c": numbers("tac", (6, 6), B)}, {"y": F, "z": F})
