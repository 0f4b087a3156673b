"""generated.js: the contract over a module of WebAssembly, in which addresses have 32 bits."""

from javascript_names import (ARRAYS, ELEMENTS, READS, constant_name, function_name, handle_type,
                              order, results, speech)
from lower import lowered
from text import GENERATED, call, camel, comment_lines

HEAD = """// {generated}
import {{ Handle, invoke, library }} from "./native_support.js";

/** What the module must be: this major version, and at least this minor one. */
export const GENERATED_FOR = Object.freeze([{major}, {minor}]);
"""


def emit(description):
    api = lowered(description)
    say = speech(api).say
    lines = [HEAD.format(generated=GENERATED, major=api.version[0], minor=api.version[1]).rstrip()]
    for each in api.constants:
        lines += [""] + doc(say(each["doc"]))
        lines.append(f"export const {constant_name(each)} = {each['value']};")
    for enum in api.enums:
        lines += _enum(enum, say)
    for enum in api.dtypes:
        lines += ["", f"const {_kinds(enum)} = new Map(["]
        lines += [f"  [{v.value}, {ELEMENTS[v.name]}]," for v in enum.values] + ["]);"]
    for handle in api.handles:
        lines += _class(api, handle, say)
    for function in api.free_functions():
        lines += [""] + doc(_said(function, say))
        lines += _function(function, "export function ", "")
    return "\n".join(lines) + "\n"


def doc(text, indent=""):
    """A comment of JSDoc."""
    lines = comment_lines(text.replace("*/", "* /"), indent + " * ")
    if len(lines) == 1 and len(lines[0]) <= 96:
        return [f"{indent}/** {lines[0].strip()[2:]} */"]
    return [indent + "/**"] + lines + [indent + " */"]


def _said(function, say):
    since = f"\n\n@deprecated since {function.deprecated}" if function.deprecated else ""
    return say(function.doc) + since


def _kinds(enum):
    return camel(enum.short) + "Arrays"


def _enum(enum, say):
    lines = [""] + doc(say(enum.doc)) + [f"export const {enum.name} = Object.freeze({{"]
    for each in enum.values:
        lines += doc(say(each.doc), "  ") if each.doc else []
        lines.append(f"  {each.name}: {each.value},")
    return lines + ["});"]


def _class(api, handle, say):
    name = handle_type(handle)
    lines = [""] + doc(say(handle.doc)) + [
        f"export class {name} extends Handle {{", "  static release(pointer) {",
        f"    library().{handle.free}(pointer);", "  }"]
    for function in api.of(handle):
        lines += [""] + doc(_said(function, say), "  ")
        lines += _function(function, "  " if function.self_param else "  static ", "  ")
    return lines + ["}"]


def _function(f, opening, indent):
    params = [camel(p.name) for p in order(f)]
    nullable = [p.nullable for p in order(f)]
    for at in range(len(params) - 1, -1, -1):  # what may be null may be left out
        if not nullable[at]:
            break
        params[at] += " = null"
    lines = call(f"{opening}{function_name(f)}(", params, ") {", "")
    lines.append(f"{indent}  return invoke((call) => {{")
    body = _body(f) if f.fails else _plain(f)
    return lines + [f"{indent}    {each}" for each in body] + [f"{indent}  }});", indent + "}"]


def _plain(f):
    lines = [line for p in f.params for line in _prepare(p)]
    value = f"library().{f.c_name}({', '.join(_pass(p) for p in f.params)})"
    if f.returns["base"] == "void":
        return lines + [value + ";"]
    if f.returns["base"] == "char":
        value = f"call.string({value})"
    elif f.returns["base"] == "int64_t":
        value = f"BigInt({value})"
    return lines + [f"return {value};"]


def _body(f):
    lines = [line for p in f.params for line in _prepare(p)]
    arguments = [_pass(p) for p in f.params]
    lines += call(f"call.check(library().{f.c_name}(", arguments, "));", width=94)
    retained = [camel(p.name) + "At" for p in f.params if p.retained]
    if f.creates:
        kind = "this" if f.owner is f.creates.handle else handle_type(f.creates.handle)
        made = f"new {kind}(call.pointer({camel(f.creates.name)}At))"
        if not retained:
            return lines + [f"return {made};"]
        return lines + [f"const made = {made};", f"call.retain(made, [{', '.join(retained)}]);",
                        "return made;"]
    if retained:
        lines.append(f"call.retain(this, [{', '.join(retained)}]);")
    values = [(camel(p.name), _answer(p)) for p in results(f)]
    if len(values) == 1:
        return lines + [f"return {values[0][1]};"]
    if values:
        return lines + ["return {"] + [f"  {name}: {value}," for name, value in values] + ["};"]
    return lines


def _answer(p):
    name = camel(p.name) + "At"
    if p.role == "text_out":
        return f"call.string(call.pointer({name}))"
    return f"call.{READS.get(p.base, 'int32')}({name})"


def _prepare(p):
    name = camel(p.name)
    at = f"const {name}At = "
    if p.role in ("self", "handle"):
        if p.role == "self":
            return [f"{at}this.pointer;"]
        verb = "optionalHandle" if p.nullable else "handle"
        return [f'{at}call.{verb}({name}, {handle_type(p.handle)}, "{name}");']
    if p.role == "text":
        verb = "optionalText" if p.nullable else "text"
        return [f'{at}call.{verb}({name}, "{name}");']
    if p.is_array:
        kind = f"{_kinds_of(p)}.get({camel(p.dtype)})" if p.dtype else ARRAYS[p.base]
        verb = {"array_in": "arrayIn", "array_out": "arrayOut", "array_inout": "arrayInOut"}[p.role]
        null = ", true" if p.nullable else ""
        return [f'{at}call.{verb}({name}, {kind}, "{name}"{null});']
    if p.role == "length":
        arrays = [camel(each.name) for each in p.arrays]
        return [f'const {name} = call.length([{", ".join(arrays)}], "{", ".join(arrays)}");']
    if p.role in ("handle_out", "text_out", "value_out", "count"):
        return [f"{at}call.allocate(8);"]
    if p.role == "value_inout":
        return [f'{at}call.{READS.get(p.base, "int32")}Value({name}, "{name}");']
    check = {"float": "real", "double": "real", "size_t": "sizeOf", "int64_t": "long"}
    return [f'call.{check.get(p.base, "whole")}({name}, "{name}");']


def _kinds_of(p):
    return camel(p.dtype_enum[len("linnet_"):]) + "Arrays"


def _pass(p):
    name = camel(p.name)
    return name if p.role in ("length", "scalar", "enum", "dtype") else name + "At"
