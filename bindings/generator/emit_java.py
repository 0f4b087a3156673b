"""The Java half: enums, the exception, and one class a handle with a method for each function."""

from java_names import (ELEMENTS, VALUES, javadoc, method_name, native_name, outs, speech)
from lower import lowered
from text import GENERATED, call, pascal

HEAD = [f"// {GENERATED}", "package org.linnet;", ""]


def emit(description):
    """File name -> text, in the folder of package org.linnet."""
    api = lowered(description)
    say = speech(api).say
    files = {f"{each.name}.java": _enum(each, say) for each in api.enums}
    files["LinnetException.java"] = _exception(api)
    files["LinnetFunctions.java"] = _functions(api, say)
    for handle in api.handles:
        files[f"{handle.name}Handle.java"] = _handle(api, handle, say)
    return {name: "\n".join(lines) + "\n" for name, lines in files.items()}


# -- enums -------------------------------------------------------------------------------------

def _enum(enum, say):
    if enum.flags:
        return _flags(enum, say)
    lines = HEAD + javadoc(say(enum.doc), "") + [f"public enum {enum.name} {{"]
    for at, each in enumerate(enum.values):
        lines += javadoc(say(each.doc), "  ") if each.doc else []
        lines.append(f"  {each.name}({each.value}){';' if at == len(enum.values) - 1 else ','}")
    return lines + f"""
  private final int value;

  {enum.name}(int value) {{
    this.value = value;
  }}

  /** The number that C knows it by. */
  public int value() {{
    return value;
  }}

  /** The constant of a number; a number of a newer library is refused. */
  public static {enum.name} of(int value) {{
    for ({enum.name} each : values()) {{
      if (each.value == value) {{
        return each;
      }}
    }}
    throw new IllegalArgumentException("{enum.name} " + value + " is not known to these classes");
  }}
}}""".split("\n")


def _flags(enum, say):
    lines = HEAD + javadoc(say(enum.doc) + " Bits, to be joined by |.", "")
    lines += [f"public final class {enum.name} {{", f"  private {enum.name}() {{}}"]
    for each in enum.values:
        lines += [""] + (javadoc(say(each.doc), "  ") if each.doc else [])
        lines.append(f"  public static final int {each.name} = {each.value};")
    return lines + ["}"]


def _exception(api):
    del api
    return HEAD + """
/** A call of Linnet failed; {@link #status()} tells how. */
public class LinnetException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int code;

  /** Called by the native library as well. */
  public LinnetException(int code, String message) {
    super(message);
    this.code = code;
  }

  public LinnetException(Status status, String message) {
    this(status.value(), message);
  }

  /** The number of the status, which a newer library may know more of. */
  public int code() {
    return code;
  }

  public Status status() {
    return Status.of(code);
  }
}""".strip("\n").split("\n")


# -- functions ---------------------------------------------------------------------------------

def _functions(api, say):
    lines = HEAD + javadoc("What belongs to no model and no session; made public by class Linnet.",
                           "")
    lines += ["abstract class LinnetFunctions {", "  LinnetFunctions() {}"]
    for each in api.constants:
        lines += [""] + (javadoc(say(each["doc"]), "  ") if each["doc"] else [])
        lines.append(f"  public static final int {each['name'][len('LINNET_'):]} = "
                     f"{each['value']};")
    for each in api.free_functions():
        lines += Method(each, say).lines()
    return lines + ["}"]


def _handle(api, handle, say):
    methods = [line for each in api.of(handle) for line in Method(each, say).lines()]
    buffers = sorted({word for line in methods for word in _words(line)
                      if word in {each[2] for each in ELEMENTS.values()}})
    lines = HEAD + [f"import java.nio.{each};" for each in buffers] + ([""] if buffers else [])
    more = f"The generated part of {handle.name}, which extends it."
    lines += javadoc(say(handle.doc) + "\n\n" + more, "")
    return lines + f"""abstract class {handle.name}Handle implements AutoCloseable {{
  final NativeHandle handle;

  /** Takes over what a native method made. */
  {handle.name}Handle(long pointer) {{
    handle = new NativeHandle("{handle.short}", pointer, Native::{handle.short}Free);
  }}

  static NativeHandle handleOf({handle.name}Handle it) {{
    return it == null ? null : it.handle;
  }}

  public boolean isClosed() {{
    return handle.isClosed();
  }}

  /** Frees it, at the end of calls under way; later use throws, closing again is fine. */
  @Override
  public void close() {{
    handle.close();
  }}""".split("\n") + methods + ["}"]


def _words(line):
    return line.replace("(", " ").replace(",", " ").split()


class Method:
    """One function; those with arrays have one method for arrays and one for direct buffers."""

    def __init__(self, function, say):
        self.function, self.say = function, say
        self.outs = outs(function)
        single = len(self.outs) == 1 and self.outs[0].role != "value_inout"
        self.single = self.outs[0] if single else None

    def lines(self):
        arrays = [p for p in self.function.params if p.is_array and not p.dtype]
        retained = any(p.retained for p in arrays)
        lines = [] if retained else self._method(1)
        return lines + (self._method(2) if arrays else [])

    def _method(self, form):
        f = self.function
        deprecated = [f"@deprecated since {f.deprecated}"] if f.deprecated else []
        lines = [""] + javadoc(self.say(f.doc), "  ", deprecated)
        lines += ["  @Deprecated"] if f.deprecated else []
        access = "" if f.creates else "public "
        static = "" if f.self_param else "static "
        params = [each for p in f.params for each in self._param(p, form)]
        lines += call(f"  {access}{static}{self._result()} {method_name(f)}(", params, ") {")
        return lines + self._body() + ["  }"]

    def _result(self):
        f = self.function
        if not f.fails:
            base = f.returns["base"]
            known = {"char": "String", "void": "void", "int32_t": "int"}
            return known.get(base) or VALUES.get(base) or pascal(base[len("linnet_"):])
        if not self.single:
            return "void"
        if self.single.role == "handle_out":
            return "long"
        if self.single.role == "text_out":
            return "String"
        return self._value(self.single)

    @staticmethod
    def _value(p):
        if p.enum:
            return "int" if p.enum.flags else p.enum.name
        return VALUES[p.base]

    def _param(self, p, form):
        if p.role in ("self", "length") or p is self.single:
            return []
        if p.role == "handle":
            return [f"{p.handle.name}Handle {p.name}"]
        if p.role == "text":
            return [f"String {p.name}"]
        if p.is_array:
            return [f"{'Object' if p.dtype else ELEMENTS[p.base][form]} {p.name}"]
        if p.role == "text_out":
            return [f"String[] {p.name}"]
        if p in self.outs:
            return [f"{'int' if p.enum else VALUES[p.base]}[] {p.name}"]
        return [f"{self._value(p)} {p.name}"]

    def _body(self):
        f = self.function
        lent = f.role("self", "handle")
        arguments = [self._pass(p) for p in f.params if p.role != "length" and p is not self.single]
        value = self._wrapped()
        lines = call(f"{value[0]}Native.{native_name(f)}(", arguments, value[1])
        for p in f.params:
            if p.retained and p.retained != (f.creates.name if f.creates else ""):
                lines.append(f"{self._handle(f.param(p.retained))}.keep({p.name});")
        return _nested([(self._handle(p), p) for p in lent], lines, "    ")

    @staticmethod
    def _handle(p):
        return "handle" if p.role == "self" else f"{p.name}.handle"

    def _wrapped(self):
        f = self.function
        result = self._result()
        if result == "void":
            return "", ");"
        enum = self.single.enum if f.fails else None
        if enum and not enum.flags:
            return f"return {enum.name}.of(", "));"
        return "return ", ");"

    @staticmethod
    def _pass(p):
        if p.role in ("self", "handle"):
            return p.name + "Pointer"
        return f"{p.name}.value()" if p.role in ("enum", "dtype") and not p.enum.flags else p.name


def _nested(lent, lines, indent):
    """Each handle is borrowed for the call and given back, whatever happens."""
    if not lent:
        return [indent + each for each in lines]
    handle, p = lent[0]
    take, back = f"{handle}.acquire()", f"{handle}.release()"
    if p.nullable:
        given = f"{p.handle.name}Handle.handleOf({p.name})"
        take, back = f"NativeHandle.acquireOrNull({given})", f"NativeHandle.release({given})"
    return ([f"{indent}final long {p.name}Pointer = {take};", indent + "try {"]
            + _nested(lent[1:], lines, indent + "  ")
            + [indent + "} finally {", f"{indent}  {back};", indent + "}"])
