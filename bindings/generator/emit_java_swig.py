"""linnet.i: the C half of the Java wrapper, one small C function for each of the contract, which
SWIG gives to Java as a static method of class Native."""

from java_names import ELEMENTS, VALUES, dtype_letter, native_name, outs
from lower import lowered
from text import GENERATED, c_type, call

C_VALUES = {"int": "int", "long": "long long", "float": "float", "double": "double"}
HEAD = """/* {generated} */
%module Native

%{{
#include "linnet_jni_support.h"

#if LINNET_VERSION_MAJOR != {major} || LINNET_VERSION_MINOR < {minor}
#error "generated for Linnet {major}.{minor}; run bindings/generator/generate.py"
#endif
%}}

%pragma(java) moduleclassmodifiers="final class"
%pragma(java) jniclassclassmodifiers="final class"
%pragma(java) jniclasscode=%{{
  static {{
    LibraryLoader.load();
    final int found = version();
    final int major = found / 1000000;
    final int minor = found / 1000 % 1000;
    if (major != {major} || minor < {minor}) {{
      throw new UnsatisfiedLinkError("these classes need the Linnet library {major}.{minor} or a"
          + " newer {major}.x, but the library found is " + major + "." + minor);
    }}
  }}
%}}

%include "linnet_typemaps.i"
"""


def emit(description):
    api = lowered(description)
    lines = [HEAD.format(generated=GENERATED, major=api.version[0], minor=api.version[1])]
    for each in api.handles:
        lines += [f"LINNET_HANDLE({each.c_name})", f"LINNET_HANDLE(const {each.c_name})"]
    lines += ["", "%{"]
    for each in api.dtypes:
        lines += _letters(each)
    shims = [Shim(each) for each in api.wrapped]
    for each in shims:
        lines += each.definition()
    for each in api.handles:
        lines += [f"static void java_{each.short}_free({each.c_name} *handle) {{",
                  f"    {each.free}(handle);", "}", ""]
    lines += ["%}", ""]
    for each in shims:
        lines += [f"%rename({native_name(each.function)}) {each.name};"]
        lines += each.head(";")
    for each in api.handles:
        lines += [f"%rename({each.short}Free) java_{each.short}_free;",
                  f"void java_{each.short}_free({each.c_name} *handle);"]
    return "\n".join(lines) + "\n"


def _letters(enum):
    lines = [f"static char {enum.short}_kind(linnet_call *call, int {enum.short}) {{",
             f"    switch ({enum.short}) {{"]
    for each in enum.values:
        lines.append(f"        case {each.c_name}: return '{dtype_letter(each)}';")
    return lines + [f'        default: linnet_refuse(call->env, "{enum.short}", "unknown element '
                    'type");', "    }", "    return 0;", "}", ""]


class Shim:
    """Checks what C cannot see, calls, and puts the answers where Java finds them."""

    def __init__(self, function):
        self.function = function
        self.name = "java_" + function.short
        self.outs = outs(function)
        self.single = self.outs[0] if len(self.outs) == 1 else None
        if self.single and self.single.role == "value_inout":
            self.single = None

    # -- signature -----------------------------------------------------------------------

    def head(self, end):
        static = "static " if end == " {" else ""
        params = ["linnet_call *call"] if self.function.params else []
        params += [each for p in self.function.params for each in self._java_param(p)]
        return call(f"{static}{self._result()}{self.name}(", params or ["void"], ")" + end)

    def _result(self):
        f, one = self.function, self.single
        if not f.fails:
            if f.returns["base"] == "char":
                return "const linnet_text *"
            return "int " if f.returns["base"] != "void" else "void "
        if not one:
            return "void "
        if one.role == "handle_out":
            return f"{one.base} *"
        return "const linnet_text *" if one.role == "text_out" else C_VALUES[self._value(one)] + " "

    @staticmethod
    def _value(p):
        return VALUES.get(p.base, "int")

    def _java_param(self, p):
        if p.role in ("self", "handle"):
            return [c_type(p.type) + p.name]
        if p.role == "text":
            return [f"const linnet_text{'_or_null' if p.nullable else ''} *{p.name}"]
        if p.is_array:
            return [f"{self._array_type(p)} *{p.name}"]
        if p.role in ("enum", "dtype", "scalar"):
            return [f"{C_VALUES[self._value(p)]} {p.name}"]
        if p.role == "length" or p is self.single:
            return []
        return [f"jobjectArray {p.name}" if p.role == "text_out" else f"linnet_array_out *{p.name}"]

    @staticmethod
    def _array_type(p):
        if p.role != "array_in":
            return "linnet_array_out"
        if p.retained:
            return "linnet_array_retained"
        return "linnet_array_in" + ("_or_null" if p.nullable else "")

    # -- body ----------------------------------------------------------------------------

    def definition(self):
        f = self.function
        lines = [f"    {self._declared(p)}" for p in self.outs if p.role != "value_inout"]
        lines += self._lengths_declared()
        if not f.fails:
            cast = "(int)" if self._result() == "int " else ""
            arguments = [self._pass(p) for p in f.params]
            word = "" if self._result() == "void " else "return "
            unused = ["    (void)call;"] if f.params else []
            body = unused + call(f"    {word}{cast}{f.c_name}(", arguments, ");")
            return self.head(" {") + body + ["}", ""]
        for test in self._checks():
            lines += _guard(test, self._nothing())
        lines += self._lengths_set()
        lines += call(f"    call->status = {f.c_name}(", [self._pass(p) for p in f.params], ");")
        lines += self._answers()
        return self.head(" {") + lines + ["}", ""]

    def _declared(self, p):
        if p.role in ("handle_out", "text_out"):
            return c_type(p.type)[:-1] + p.name + "_out = NULL;" \
                if p is not self.single else c_type(p.type)[:-1] + p.name + " = NULL;"
        zero = f"({p.base})0" if p.enum else "0"
        return f"{p.base} {self._local(p)} = {zero};"

    def _local(self, p):
        return p.name if p is self.single else p.name + "_out"

    def _lengths_declared(self):
        return [f"    {p.base} {p.name};" for p in self.function.role("length")]

    def _lengths_set(self):
        return [f"    {p.name} = ({p.base}){p.arrays[0].name}->count;"
                for p in self.function.role("length")]

    def _checks(self):
        tests = []
        for p in self.function.params:
            if p.is_array:
                kind = f"{p.dtype_enum[len('linnet_'):]}_kind(call, {p.dtype})" if p.dtype \
                    else f"'{ELEMENTS[p.base][0]}'"
                if p.dtype:
                    tests.append(kind)
                tests.append(f'linnet_array_is(call, {p.name}, {kind}, "{p.name}")')
            if p.role == "scalar" and p.base == "size_t":
                tests.append(f'linnet_fits(call, {p.name}, "{p.name}", SIZE_MAX)')
            if p.role == "length":
                tests += self._length_checks(p)
            if p in self.outs and p is not self.single:
                tests += self._slot_checks(p)
        return tests

    @staticmethod
    def _length_checks(p):
        first = p.arrays[0].name
        tests = [f'linnet_same_length(call, {first}, {a.name}, "{first} and {a.name}")'
                 for a in p.arrays[1:]]
        if p.base == "int32_t":
            tests.append(f'linnet_fits(call, (long long){first}->count, "{first}", INT32_MAX)')
        return tests

    def _slot_checks(self, p):
        if p.role == "text_out":
            return [f'linnet_slot(call, {p.name}, "{p.name}")']
        kind = {"int": "I", "long": "J", "float": "F", "double": "D"}[self._value(p)]
        return [f'linnet_array_is(call, {p.name}, \'{kind}\', "{p.name}")',
                f'linnet_has_room(call, {p.name}, "{p.name}")']

    def _pass(self, p):
        if p.is_array:
            return f"({'const ' if p.const else ''}{p.base} *){p.name}->data"
        if p.role == "value_inout":
            return f"({p.base} *){p.name}->data"
        if p in self.outs:
            return "&" + self._local(p)
        if p.role in ("enum", "dtype"):
            return f"({p.base}){p.name}"
        return f"(size_t){p.name}" if p.role == "scalar" and p.base == "size_t" else p.name

    def _nothing(self):
        result = self._result()
        if result == "void ":
            return "return;"
        return "return NULL;" if result.endswith("*") else "return 0;"

    def _answers(self):
        if self.single:
            cast = "" if self._result().endswith("*") else f"({self._result().strip()})"
            return [f"    return {cast}{self.single.name};"]
        lines = []
        for p in self.outs:
            if p.role == "text_out":
                lines.append(f"    linnet_set_text(call, {p.name}, {p.name}_out);")
            elif p.role != "value_inout":
                kind = {"int": "jint", "long": "jlong"}.get(self._value(p), self._value(p))
                lines.append(f"    (({kind} *){p.name}->data)[0] = ({kind}){p.name}_out;")
        return ["    if (call->status != LINNET_OK) return;"] + lines if lines else []


def _guard(test, nothing):
    line = f"    if (!{test}) {nothing}"
    return [line] if len(line) <= 100 else [f"    if (!{test})", f"        {nothing}"]
