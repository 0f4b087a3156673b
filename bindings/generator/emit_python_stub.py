"""_native.pyi: the types of linnet._native for editors and checkers."""

from lower import lowered
from python_names import exception_of, optional, order, result, speech
from text import GENERATED, call, comment_lines

HEAD = """# {generated}
import types
from typing import Any, Optional, Union

import numpy as np
import numpy.typing as npt

Bytes = Union[bytes, bytearray, memoryview, npt.NDArray[np.uint8]]
"""
NUMPY = {"uint8_t": "np.uint8", "int32_t": "np.int32", "int64_t": "np.int64",
         "float": "np.float32", "double": "np.float64", "void": "Any"}


def emit(description):
    api = lowered(description)
    say = speech(api).say
    lines = [HEAD.format(generated=GENERATED)]
    lines += [f"{each['name'][len('LINNET_'):]}: int" for each in api.constants]
    for enum in api.enums:
        lines += ["", f"class {enum.name}:"] + _doc(say(enum.doc), "    ")
        lines += ["    def __init__(self, value: int) -> None: ...",
                  "    def __int__(self) -> int: ...", "    @property",
                  "    def name(self) -> str: ...", "    @property",
                  "    def value(self) -> int: ..."]
        lines += [f"    {each.name}: {enum.name}" for each in enum.values]
    lines += _errors(api, say)
    for handle in api.handles:
        lines += _class(api, handle, say)
    for function in api.free_functions():
        lines += [""] + _function(function, say, "")
    return "\n".join(lines) + "\n"


def _doc(text, indent):
    lines = comment_lines(text.replace("\\", "\\\\"), indent, 97)
    lines[0] = indent + '"""' + lines[0][len(indent):]
    if len(lines) == 1 and len(lines[0]) <= 97:
        return [lines[0] + '"""']
    return lines + [indent + '"""']


def _errors(api, say):
    lines = ["", "class LinnetError(Exception):",
             '    """Base of all errors of Linnet."""', "    code: Optional[Status]"]
    for each in api.status.values:
        if each.c_name == "LINNET_OK":
            continue
        name, also = exception_of(each)
        bases = "LinnetError" + (f", {also}" if also else "")
        lines += ["", f"class {name}({bases}):"]
        lines += _doc(say(each.doc or name), "    ") + ["    code: Status"]
    return lines


def _class(api, handle, say):
    lines = ["", f"class {handle.name}:"] + _doc(say(handle.doc), "    ")
    lines += ["    def __init__(self) -> None: ...", "    def close(self) -> None: ...",
              "    @property", "    def closed(self) -> bool: ...",
              f"    def __enter__(self) -> {handle.name}: ...",
              "    def __exit__(self, *args: Any) -> None: ..."]
    for function in api.of(handle):
        lines += _function(function, say, "    ")
    return lines


def _function(function, say, indent):
    lines = []
    first = []
    if function.owner:
        first = ["self" if function.self_param else "cls"]
        if not function.self_param and not function.creates:
            lines, first = [indent + "@staticmethod"], []
        elif not function.self_param:
            lines = [indent + "@classmethod"]
    lines += call(f"{indent}def {function.verb}(", first + _parameters(function),
                  f") -> {_result(function)}:")
    return lines + _doc(say(function.doc), indent + "    ") + [indent + "    ..."]


def _parameters(function):
    found, defaults = [], True
    for p in reversed(order(function)):
        defaults = defaults and optional(p)
        kind = _type(p)
        if p.nullable or p.role == "array_out" or (p.role == "dtype" and optional(p)):
            kind = f"Optional[{kind}]"
        found.insert(0, f"{p.name}: {kind}" + (" = None" if defaults else ""))
    return found


def _type(p):
    if p.is_array:
        return "Bytes" if p.is_bytes and p.role == "array_in" else f"npt.NDArray[{NUMPY[p.base]}]"
    if p.role in ("text", "text_out"):
        return "str"
    if p.handle:
        return p.handle.name
    if p.enum:
        return f"Union[int, {p.enum.name}]" if p.enum.flags else p.enum.name
    return "float" if p.base in ("float", "double") else "int"


def _result(function):
    if function.creates:
        return function.creates.handle.name
    if not function.fails:
        return _returned(function)
    kinds = []
    for p in result(function):
        kind = "int" if p.enum and p.enum.flags else _type(p)
        kinds.append(f"Optional[{kind}]" if p.role == "text_out" and p.nullable else kind)
    if len(kinds) == 1:
        return kinds[0]
    return f"tuple[{', '.join(kinds)}]" if kinds else "None"


def _returned(function):
    base = function.returns["base"]
    if base == "char":
        return "Optional[str]" if "NULLABLE" in function.item["tags"] else "str"
    known = {"void": "None", "int32_t": "int", "float": "float", "double": "float"}
    return known.get(base) or base[len("linnet_"):].title().replace("_", "")
