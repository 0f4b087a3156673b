"""generated.d.ts: the types of generated.js."""

from emit_javascript import doc
from javascript_names import (ARRAYS, ELEMENTS, constant_name, function_name, handle_type, order,
                              results, speech)
from lower import lowered
from text import GENERATED, call, camel, pascal

HEAD = """// {generated}

/** What every handle has. A closed one is refused with INVALID_ARGUMENT. */
declare class Handle {{
  protected constructor();
  /** Frees it; closing again is fine. */
  close(): void;
  /** Whether close() has been called. */
  readonly closed: boolean;
}}

/** An error of Linnet: `code` is a name of {status}, such as "INVALID_ARGUMENT". */
export class LinnetError extends Error {{
  constructor(code: keyof typeof {status}, message: string);
  readonly code: keyof typeof {status};
}}

/** What the module must be: this major version, and at least this minor one. */
export const GENERATED_FOR: readonly [number, number];
"""


def emit(description):
    api = lowered(description)
    say = speech(api).say
    lines = [HEAD.format(generated=GENERATED, status=api.status.name).rstrip()]
    for each in api.constants:
        lines += [""] + doc(say(each["doc"]))
        lines.append(f"export const {constant_name(each)}: {each['value']};")
    for enum in api.enums:
        lines += [""] + doc(say(enum.doc)) + [f"export const {enum.name}: {{"]
        for each in enum.values:
            lines += doc(say(each.doc), "  ") if each.doc else []
            lines.append(f"  readonly {each.name}: {each.value};")
        kind = "number" if enum.flags else f"(typeof {enum.name})[keyof typeof {enum.name}]"
        lines += ["};", f"export type {enum.name} = {kind};"]
    for each in api.dtypes:
        kinds = dict.fromkeys(ELEMENTS[v.name] for v in each.values)
        lines += ["", f"/** Elements of a {each.name}. */"]
        lines += [f"export type {each.name}Array ="]
        lines += [f"  | {kind}" for kind in kinds]
        lines[-1] += ";"
    for handle in api.handles:
        lines += [""] + doc(say(handle.doc))
        lines.append(f"export class {handle_type(handle)} extends Handle {{")
        for function in api.of(handle):
            lines += doc(say(function.doc), "  ")
            lines += _function(function, "  " if function.self_param else "  static ")
        lines.append("}")
    for function in api.free_functions():
        lines += [""] + doc(say(function.doc)) + _function(function, "export function ")
    return "\n".join(lines) + "\n"


def _function(f, opening):
    params, optional = [], True
    for p in reversed(order(f)):
        optional = optional and p.nullable
        null = " | null" if p.nullable else ""
        params.insert(0, f"{camel(p.name)}{'?' if optional else ''}: {_type(p)}{null}")
    return call(f"{opening}{function_name(f)}(", params, f"): {_result(f)};")


def _type(p):
    if p.role == "handle":
        return handle_type(p.handle)
    if p.role in ("text", "text_out"):
        return "string"
    if p.is_array:
        return _array_of(p) if p.dtype else ARRAYS[p.base]
    if p.enum:
        return p.enum.name
    return "bigint" if p.base == "int64_t" else "number"


def _array_of(p):
    return pascal(p.dtype_enum[len("linnet_"):]) + "Array"


def _result(f):
    if not f.fails:
        known = {"void": "void", "char": "string", "int64_t": "bigint"}
        null = " | null" if "NULLABLE" in f.item["tags"] else ""
        return known.get(f.returns["base"], "number") + null
    if f.creates:
        return handle_type(f.creates.handle)
    kinds = [(camel(p.name), _type(p) + (" | null" if p.nullable else "")) for p in results(f)]
    if len(kinds) > 1:
        return "{ " + "; ".join(f"{name}: {kind}" for name, kind in kinds) + " }"
    return kinds[0][1] if kinds else "void"
