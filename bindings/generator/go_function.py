"""One Go function for each C function, and the static C function between the two."""

from go_names import SLICES, VALUES, function_name, handle_type
from text import c_type, call, camel, comment_lines, pascal


def shims(api):
    lines = []
    for f in api.wrapped:
        if not f.fails:
            continue
        params = [_shim_type(p) + p.name for p in f.params]
        lines += call(f"static linnet_go_result linnet_go_{f.short}(", params, ") {")
        lines += call(f"    return linnet_go_done({f.c_name}(", [p.name for p in f.params], "));")
        lines += ["}", ""]
    return lines[:-1]


def _shim_type(p):
    """Bytes instead of void *: of a void * cgo would check all that lies around it."""
    kind = dict(p.type, base="uint8_t") if p.base == "void" else p.type
    return c_type(kind)


def _broken(opening, arguments, closing):
    """As text.call, but as gofmt wants it: arguments on lines of their own, with a last comma."""
    line = f"{opening}{', '.join(arguments)}{closing}"
    if len(line.expandtabs(4)) <= 100:
        return [line]
    lines, indent = [opening], opening[:len(opening) - len(opening.lstrip("\t"))] + "\t"
    for each in arguments:
        if lines[1:] and len(f"{lines[-1]} {each},".expandtabs(4)) <= 100:
            lines[-1] += f" {each},"
        else:
            lines.append(f"{indent}{each},")
    return lines + [indent[1:] + closing]


class Call:
    def __init__(self, function, say):
        self.function, self.say = function, say
        self.results = function.role("handle_out", "text_out", "value_out", "value_inout", "count")

    def lines(self):
        f = self.function
        name = function_name(f)
        lines = [""] + comment_lines(f"{name}: {self.say(f.doc)}", "// ")
        if f.deprecated:
            lines += ["//", f"// Deprecated: since {f.deprecated}."]
        receiver = f"(h *{handle_type(f.owner)}) " if f.self_param else ""
        params = [each for p in f.params for each in self._param(p)]
        lines += _broken(f"func {receiver}{name}(", params, f"){self._result()} {{")
        body = self._body() if f.fails else self._plain()
        return lines + ["\t" + each for each in body] + ["}"]

    # -- signature -----------------------------------------------------------------------

    def _param(self, p):
        name = camel(p.name)
        if p.role == "handle":
            return [f"{name} *{handle_type(p.handle)}"]
        if p.role == "text":
            return [f"{name} {'*' if p.nullable else ''}string"]
        if p.is_array:
            return [f"{name} any" if p.dtype else f"{name} []{SLICES[p.base]}"]
        if p.role in ("enum", "dtype", "scalar"):
            return [f"{name} {self._value(p)}"]
        return [f"{name}In {self._value(p)}"] if p.role == "value_inout" else []

    @staticmethod
    def _value(p):
        return p.enum.name if p.enum else VALUES[p.base]

    def _result_type(self, p):
        if p.role == "handle_out":
            return "*" + handle_type(p.handle)
        if p.role == "text_out":
            return "*string" if p.nullable else "string"
        return self._value(p)

    def _result(self):
        f = self.function
        if not f.fails:
            base = f.returns["base"]
            text = "*string" if "NULLABLE" in f.item["tags"] else "string"
            known = {"void": "", "char": " " + text}
            return known.get(base, " " + VALUES.get(base, pascal(base[len("linnet_"):])))
        named = [f"{camel(p.name)} {self._result_type(p)}" for p in self.results]
        return f" ({', '.join(named + ['err error'])})" if named else " error"

    # -- body ----------------------------------------------------------------------------

    def _plain(self):
        f = self.function
        lines = [line for p in f.params for line in self._prepare(p)]
        value = f"C.{f.c_name}({', '.join(self._pass(p) for p in f.params)})"
        if f.returns["base"] == "void":
            return lines + [value]
        if f.returns["base"] != "char":
            return lines + [f"return {self._result().strip()}({value})"]
        if "NULLABLE" not in f.item["tags"]:
            return lines + [f"return C.GoString({value})"]
        return lines + [f"text := {value}", "if text == nil {", "\treturn nil", "}",
                        "copied := C.GoString(text)", "return &copied"]

    def _body(self):
        f = self.function
        lines = []
        if f.creates:
            lines += ["if errVersion != nil {", f"\t{self._fail('errVersion')}", "}"]
        for p in f.params:
            lines += self._prepare(p)
        arguments = [self._pass(p) for p in f.params]
        lines += _broken(f"result := C.linnet_go_{f.short}(", arguments, ")")
        lines += [f"runtime.KeepAlive({self._object(p)})" for p in f.params if self._alive(p)]
        retained = [p for p in f.params if p.retained]
        if not self.results and not retained:
            return lines + ["return failure(result)"]
        failed = [f"\tC.free({camel(p.name)}Copy)" for p in retained]
        lines += ["if err := failure(result); err != nil {"] + failed
        lines += [f"\t{self._fail('err')}", "}"]
        return lines + self._answers(retained)

    @staticmethod
    def _alive(p):
        return p.role in ("self", "handle") or (p.is_array and not p.retained)

    @staticmethod
    def _object(p):
        return "h" if p.role == "self" else camel(p.name)

    def _fail(self, error):
        zeros = {"*": "nil", "s": '""'}
        values = [zeros.get(self._result_type(p)[0], "0") for p in self.results]
        return f"return {', '.join(values + [error])}"

    def _test(self, expression):
        return [f"if err := {expression}; err != nil {{", f"\t{self._fail('err')}", "}"]

    def _prepare(self, p):
        name = camel(p.name)
        c_name = "c" + pascal(p.name)
        if p.role in ("self", "handle"):
            return self._borrow(p, name)
        if p.role == "text":
            return self._text(p, name, c_name)
        if p.role == "handle_out" or p.role == "text_out":
            return [f"var {c_name} *C.{p.base}"]
        if p.role in ("value_out", "count"):
            return [f"var {c_name} C.{p.base}"]
        if p.role == "value_inout":
            return [f"{c_name} := C.{p.base}({name}In)"]
        if p.role == "scalar" and p.base == "size_t":
            return [f"if {name} < 0 {{", f'\t{self._fail(self._invalid(name))}', "}"]
        if p.is_array:
            return self._array(p, name)
        return self._length(p) if p.role == "length" else []

    @staticmethod
    def _invalid(name):
        return f'invalid("{name}", "is negative")'

    def _borrow(self, p, name):
        it = self._object(p)
        lines = self._test(f'{it}.base().usable("{name}")') if self.function.fails else []
        return lines + [f"{name}Pointer := (*C.{p.base})({it}.base().acquire())",
                        f"defer {it}.base().release()"]

    def _text(self, p, name, c_name):
        if not p.nullable:
            return self._test(f'plainText({name}, "{name}")') + [
                f"{c_name} := C.CString({name})", f"defer C.free(unsafe.Pointer({c_name}))"]
        inner = self._test(f'plainText(*{name}, "{name}")') + [
            f"{c_name} = C.CString(*{name})", f"defer C.free(unsafe.Pointer({c_name}))"]
        return [f"var {c_name} *C.char", f"if {name} != nil {{"] + \
            ["\t" + each for each in inner] + ["}"]

    def _array(self, p, name):
        if p.dtype:
            return [f"{name}First, {name}Length, err := elements({name}, {camel(p.dtype)}.kind(), "
                    f'"{name}")', "if err != nil {", f"\t{self._fail('err')}", "}"]
        if not p.retained:
            return []
        size = {"int32_t": 4, "float": 4, "int64_t": 8, "double": 8}.get(p.base, 1)
        times = f"*{size}" if size > 1 else ""
        return [f"{name}Bytes := unsafe.Slice((*byte)(first({name})), len({name}){times})",
                f"{name}Copy := C.CBytes({name}Bytes)"]

    def _length(self, p):
        lengths = [self._count(a) for a in p.arrays]
        names = [camel(a.name) for a in p.arrays]
        lines = []
        for other, name in zip(lengths[1:], names[1:]):
            lines += self._test(f'sameLength({lengths[0]}, {other}, "{names[0]} and {name}")')
        if p.base == "int32_t":
            lines += self._test(f'fits({lengths[0]}, "{names[0]}")')
        return lines

    @staticmethod
    def _count(array):
        name = camel(array.name)
        return f"{name}Length" if array.dtype else f"len({name})"

    def _pass(self, p):
        name = camel(p.name)
        if p.role in ("self", "handle"):
            return f"{name}Pointer"
        if p.role == "text":
            return "c" + pascal(p.name)
        if p.role in ("handle_out", "text_out", "value_out", "value_inout", "count"):
            return "&c" + pascal(p.name)
        if p.is_array:
            base = "uint8_t" if p.base == "void" else p.base
            return f"(*C.{base})({self._memory(p, name)})"
        if p.role == "length":
            return f"C.{p.base}({self._count(p.arrays[0])})"
        return f"C.{p.base}({name})"

    @staticmethod
    def _memory(p, name):
        if p.dtype:
            return name + "First"
        if p.retained:
            return name + "Copy"
        return f"firstOrNil({name})" if p.nullable else f"first({name})"

    def _answers(self, retained):
        f = self.function
        lines, values = [], []
        for p in self.results:
            name, c_name = camel(p.name), "c" + pascal(p.name)
            if p.role == "handle_out":
                upper = handle_type(p.handle)
                lines.append(f"{name} = new{upper[0].upper()}{upper[1:]}({c_name})")
                values.append(name)
            elif p.role == "text_out" and p.nullable:
                lines += [f"if {c_name} != nil {{", f"\tcopied := C.GoString({c_name})",
                          f"\t{name} = &copied", "}"]
                values.append(name)
            else:
                kind = "C.GoString" if p.role == "text_out" else self._value(p)
                values.append(f"{kind}({c_name})")
        for p in retained:
            owner = f.param(p.retained)
            lines.append(f"{self._object(owner)}.keep(func() {{ C.free({camel(p.name)}Copy) }})")
        return lines + [f"return {', '.join(values + ['nil'])}"]
