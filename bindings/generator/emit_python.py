"""The Python module linnet._native, with pybind11 and numpy."""

from lower import lowered
from python_names import exception_of, optional, order, result, speech
from text import GENERATED, c_type, call, comment_lines, quoted

NUMPY = {"uint8_t": "std::uint8_t", "int32_t": "std::int32_t", "int64_t": "std::int64_t",
         "float": "float", "double": "double"}

HEAD = """/* {generated} */
#include "linnet_native_support.h"

#if LINNET_VERSION_MAJOR != {major} || LINNET_VERSION_MINOR < {minor}
#error "generated for Linnet {major}.{minor}; run bindings/generator/generate.py"
#endif

namespace linnet_python {{
"""


def emit(description):
    api = lowered(description)
    lines = [HEAD.format(generated=GENERATED, major=api.version[0], minor=api.version[1])]
    for each in api.handles:
        lines += ["template <>", f"void free_handle({each.c_name} *handle) {{",
                  f"  {each.free}(handle);", "}", ""]
    lines += ["namespace {", ""]
    for each in api.dtypes:
        lines += _elements(each)
    lines += _errors(api)
    lines += _enums(api)
    for handle in api.handles:
        lines += _class(api, handle)
    lines += _functions(api)
    lines += ["}  // namespace", "}  // namespace linnet_python", ""]
    return "\n".join(lines) + "\n" + _module(api)


def _elements(enum):
    lines = [f"const Element {enum.short}_elements[] = {{"]
    lines += [f'    {{{each.c_name}, "{each.name.lower()}"}},' for each in enum.values]
    return lines + ["};", ""]


# -- errors, enums, module ---------------------------------------------------------------------

def _errors(api):
    failures = [each for each in api.status.values if each.c_name != "LINNET_OK"]
    lines = ["PyObject *base_error, *error_classes[%d];" % len(failures), "",
             "PyObject *error_class(linnet_status status) {", "  switch (status) {"]
    for at, each in enumerate(failures):
        lines.append(f"    case {each.c_name}: return error_classes[{at}];")
    lines += ["    default: return base_error;", "  }", "}", ""]
    lines += ["void translate(std::exception_ptr error) {", "  try {",
              "    if (error) std::rethrow_exception(error);",
              "  } catch (const Failure &failure) {",
              "    raise(error_class(failure.status()), failure);", "  }", "}", "",
              "void add_errors(py::module_ &module) {",
              '  base_error = exception_class(module, "LinnetError", "Base of all errors of '
              'Linnet.",',
              "                               PyExc_Exception, nullptr);",
              '  py::setattr(base_error, "code", py::none());']
    for at, each in enumerate(failures):
        name, also = exception_of(each)
        doc = quoted(speech(api).say(each.doc or name))
        lines += call(f"  error_classes[{at}] = exception_class(",
                      ["module", f'"{name}"', doc, "base_error",
                       f"PyExc_{also}" if also else "nullptr"], ");")
        lines.append(f'  py::setattr(error_classes[{at}], "code", py::cast({each.c_name}));')
    return lines + ["  py::register_exception_translator(&translate);", "}", ""]


def _enums(api):
    say = speech(api).say
    lines = ["void add_enums(py::module_ &module) {"]
    for enum in api.enums:
        arguments = ["module", f'"{enum.name}"'] + (["py::arithmetic()"] if enum.flags else [])
        lines += call(f"  py::enum_<{enum.c_name}>(", arguments + [quoted(say(enum.doc))], ")")
        for each in enum.values:
            doc = [quoted(say(each.doc))] if each.doc else []
            lines += call("      .value(", [f'"{each.name}"', each.c_name] + doc, ")")
        lines[-1] += ";"
    return lines + ["}", ""]


def _module(api):
    """Classes are all declared before any method is, so that signatures can name them."""
    major, minor = api.version[:2]
    lines = ["PYBIND11_MODULE(_native, module) {", "  using namespace linnet_python;",
             f"  check_version({major}, {minor});", "  add_enums(module);",
             "  add_errors(module);"]
    for each in api.handles:
        doc = quoted(speech(api).say(each.doc))
        lines += call(f"  auto {each.short} = handle_class<{each.c_name}>(",
                      ["module", f'"{each.name}"', doc], ");")
    lines += [f"  add_{each.short}({each.short});" for each in api.handles]
    lines += ["  add_functions(module);"]
    for each in api.constants:
        lines.append(f'  module.attr("{each["name"][len("LINNET_"):]}") = {each["name"]};')
    return "\n".join(lines + ["}", ""])


def _class(api, handle):
    lines = [f"void add_{handle.short}(py::class_<Handle<{handle.c_name}>> &cls) {{"]
    for function in api.of(handle):
        lines += Binding(api, function).lines()
    return lines + ["  (void)cls;", "}", ""]


def _functions(api):
    lines = ["void add_functions(py::module_ &module) {"]
    for function in api.free_functions():
        lines += Binding(api, function).lines()
    return lines + ["  (void)module;", "}", ""]


# -- one function ------------------------------------------------------------------------------

class Binding:
    """The lambda that one C function becomes."""

    def __init__(self, api, function):
        self.api, self.function = api, function

    def lines(self):
        f = self.function
        maker = f.owner and not f.self_param and f.creates
        opening = ("  def_maker(cls, " if maker else "  cls.def(" if f.self_param else
                   "  cls.def_static(" if f.owner else "  module.def(")
        lines = call(f'{opening}"{f.verb}", [](', self._parameters(maker), ") {")
        lines += ["    " + line for line in self._body()]
        arguments = (['py::arg("type")'] if maker else []) + self._arguments()
        lines += call("  },", arguments, ",") if arguments else ["  },"]
        return lines + self._doc()

    def _doc(self):
        """A raw string: doc comments hold quotes and backslashes."""
        doc = comment_lines(speech(self.api).say(self.function.doc), "", 88)
        doc[0] = '  R"doc(' + doc[0]
        doc[-1] += ')doc");'
        return doc

    def _parameters(self, maker):
        f = self.function
        first = ["const py::object &type"] if maker else []
        if f.self_param:
            first = [f"const Handle<{f.self_param.base}> &self"]
        return first + [self._cpp_type(p) + p.name for p in order(f)]

    def _cpp_type(self, p):
        if p.role == "handle":
            return f"const Handle<{p.base}> " + ("*" if p.nullable else "&")
        if p.role == "text":
            return "const std::optional<std::string> &" if p.nullable else "const std::string &"
        if p.is_array:
            return "const py::object &"
        if p.enum and p.enum.flags:
            return "int "
        if p.role == "dtype" and optional(p):
            return f"const std::optional<{p.base}> &"
        return "const std::size_t " if p.base == "size_t" else f"{p.base} "

    def _arguments(self):
        found, defaults = [], True
        for p in reversed(order(self.function)):
            defaults = defaults and optional(p)
            none = ".none(false)" if p.role == "handle" and not p.nullable else ""
            found.insert(0, f'py::arg("{p.name}"){none}' + (" = py::none()" if defaults else ""))
        return found

    # -- the body ------------------------------------------------------------------------

    def _body(self):
        f = self.function
        lines = []
        if f.deprecated:
            lines.append(f'warn_deprecated("{f.verb} is deprecated since {f.deprecated}");')
        for p in f.params:
            lines += self._prepare(p)
        if not f.fails:
            return lines + self._plain()
        call_ = "call_blocking" if f.blocking else "call"
        lines += call(f"{call_}([&] {{ return {f.c_name}(", [self._pass(p) for p in f.params],
                      "); });", "", 96)
        for p in f.role("array_in", "array_inout"):
            if p.retained and not (f.creates and p.retained == f.creates.name):
                lines.append(f"{self._lease(f.param(p.retained))}.keep({p.name}_array);")
        return lines + self._return()

    def _plain(self):
        f = self.function
        value = f"{f.c_name}({', '.join(self._pass(p) for p in f.params)})"
        if f.returns["base"] == "char":
            value = f"decoded_or_none({value})" if "NULLABLE" in f.item["tags"] \
                else f"decoded({value})"
        return [value + ";" if f.returns["base"] == "void" else f"return {value};"]

    @staticmethod
    def _lease(p):
        return p.name + "_lease"

    def _prepare(self, p):
        lease = self._lease(p)
        if p.role == "self":
            return [f'const auto {lease} = self.lend("{p.name}");']
        if p.role == "handle" and p.nullable:
            return [f'const auto {lease} = lend_or_null({p.name}, "{p.name}");']
        if p.role == "handle":
            return [f'const auto {lease} = {p.name}.lend("{p.name}");']
        if p.role == "text":
            return [f'const char *{p.name}_text = checked({p.name}, "{p.name}");']
        if p.role in ("handle_out", "text_out"):
            return [f"{c_type(p.type)[:-1]}{p.name} = nullptr;"]
        if p.role in ("value_out", "count"):
            return [f"{p.base} {p.name}{{}};"]
        if p.role == "length":
            return self._length(p)
        return self._array(p) if p.is_array else []

    def _array(self, p):
        """Arrays that come in are opened where they stand; those that go out need the length
        first and are opened by _length, for it stands behind them in C."""
        if p.role == "array_out" or (p.role == "array_in" and p.dtype):
            return [] if p.role == "array_out" else self._typed(p)
        verb = "bytes_input" if p.is_bytes and p.role == "array_in" else "input"
        verb = "inout" if p.role == "array_inout" else verb
        kind = "" if verb == "bytes_input" else f"<{NUMPY.get(p.base, 'std::uint8_t')}>"
        opened = f'{verb}{kind}({p.name}, "{p.name}")'
        if p.nullable:
            return [f"py::array {p.name}_array;",
                    f"if (!{p.name}.is_none()) {p.name}_array = {opened};"]
        const = "" if p.role == "array_inout" else "const "
        return [f"{const}py::array {p.name}_array = {opened};"]

    def _typed(self, p):
        table = self.api.enum_of[p.dtype_enum].short + "_elements"
        opened = f'typed_input({p.name}, "{p.name}", {p.dtype}, {table})'
        return [f"const auto {p.name}_typed = {opened};",
                f"const py::array &{p.name}_array = {p.name}_typed.array;"]

    def _length(self, p):
        incoming = [a for a in p.arrays if a.role != "array_out"]
        lines = []
        if incoming:
            first = incoming[0].name + "_array"
            lines.append(f'const auto {p.name} = narrowed<{p.base}>(size_of({first}), '
                         f'"{incoming[0].name}");')
            lines += [f'same_size({first}, {a.name}_array, "{incoming[0].name} and {a.name}");'
                      for a in incoming[1:]]
        size = p.name if p.base == "size_t" else f"static_cast<std::size_t>({p.name})"
        if not incoming and p.base != "size_t":
            lines.append(f'if ({p.name} < 0) throw py::value_error("{p.name} is negative");')
        for a in p.arrays:
            if a.role == "array_out":
                lines.append(f"py::array {a.name}_array = {self._output(a, size)};")
        return lines

    def _output(self, a, size):
        if a.dtype:
            table = self.api.enum_of[a.dtype_enum].short + "_elements"
            return f'typed_output({a.name}, "{a.name}", {a.dtype}, {size}, {table})'
        return f'output<{NUMPY.get(a.base, "std::uint8_t")}>({a.name}, "{a.name}", {size})'

    def _pass(self, p):
        if p.role in ("self", "handle"):
            return f"{self._lease(p)}.get()"
        if p.role == "text":
            return p.name + "_text"
        if p.role in ("handle_out", "text_out", "value_out", "value_inout", "count"):
            return "&" + p.name
        if p.is_array:
            return self._memory(p)
        if p.enum and p.enum.flags:
            return f"static_cast<{p.base}>({p.name})"
        if p.role == "dtype" and optional(p):
            return p.arrays[0].name + "_typed.dtype"
        return p.name

    @staticmethod
    def _memory(p):
        const = "const " if p.const else ""
        data = f"{p.name}_array.data()" if p.const else f"{p.name}_array.mutable_data()"
        if p.role == "array_in" and not p.const:
            data = f"const_cast<void *>({p.name}_array.data())"
        cast = data if p.base == "void" else f"static_cast<{const}{p.base} *>({data})"
        return f"{p.name}.is_none() ? nullptr : {cast}" if p.nullable else cast

    def _return(self):
        f = self.function
        if f.creates:
            cls = "type" if not f.self_param else f"py::type::of<Handle<{f.creates.base}>>()"
            kept = [p for p in f.params if p.retained == f.creates.name]
            more = "".join(f", {p.name}_array" for p in kept)
            return [f"return made({cls}, {f.creates.name}{more});"]
        values = [self._value(p) for p in result(f)]
        if not values:
            return []
        if len(values) == 1:
            return [f"return {values[0]};"]
        return call("return py::make_tuple(", values, ");", "", 96)

    def _value(self, p):
        if p.role == "text_out":
            return f"decoded_or_none({p.name})" if p.nullable else f"decoded({p.name})"
        if p.is_array:
            whole = p.name + "_array"
            return f"first({whole}, static_cast<std::size_t>({p.count}))" if p.count else whole
        if p.enum and p.enum.flags:
            return f"static_cast<int>({p.name})"
        return p.name

