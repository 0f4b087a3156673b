"""What the parts of the contract are called in Java."""

from text import Speech, camel, comment_lines

VALUES = {"int32_t": "int", "uint8_t": "int", "size_t": "long", "int64_t": "long",
          "float": "float", "double": "double"}
# C element -> (JNI letter, Java array, Java buffer).
ELEMENTS = {
    "uint8_t": ("B", "byte[]", "ByteBuffer"), "void": ("B", "byte[]", "ByteBuffer"),
    "int32_t": ("I", "int[]", "IntBuffer"), "int64_t": ("J", "long[]", "LongBuffer"),
    "float": ("F", "float[]", "FloatBuffer"), "double": ("D", "double[]", "DoubleBuffer"),
}
DTYPE_LETTERS = {"FLOAT32": "F", "FLOAT64": "D", "INT32": "I", "INT64": "J"}


def dtype_letter(enumerator):
    return DTYPE_LETTERS.get(enumerator.name) or ("B" if enumerator.bytes == 1 else "S")


def native_name(function):
    """In class Native, which holds all."""
    return camel(function.short)


def method_name(function):
    """In the handle's class. Makers give a bare pointer, for the class above to wrap."""
    verb = camel(function.verb)
    return "native" + verb[:1].upper() + verb[1:] if function.creates else verb


def name_of(function):
    owner = function.owner.name if function.owner else "Linnet"
    return f"{owner}.{method_name(function)}"


def speech(api):
    names = {}
    for each in api.wrapped:
        owner = each.owner.name if each.owner else "Linnet"
        names[each.c_name] = f"{owner}.{camel(each.verb)}"
    names.update({each.free: f"{each.name}.close" for each in api.handles})
    names.update({each.c_name: each.name for each in api.handles + api.enums})
    names.update({v.c_name: f"{e.name}.{v.name}" for e in api.enums for v in e.values})
    names.update({each["name"]: f"Linnet.{each['name'][len('LINNET_'):]}"
                  for each in api.constants})
    return Speech(names)


def javadoc(text, indent, more=()):
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = text.replace("*/", "*&#47;").replace("@", "&#64;")
    lines = comment_lines(text, f"{indent} * ", 97)
    lines = [f"{indent} * <p>{below[len(indent) + 3:]}" if above == f"{indent} *" else below
             for above, below in zip([""] + lines, lines)]
    return [f"{indent}/**"] + lines + [f"{indent} * {each}" for each in more] + [f"{indent} */"]


def outs(function):
    """What comes back beside arrays. One is returned; of several, each has an array of one."""
    return function.role("text_out", "value_out", "value_inout", "count", "handle_out")
