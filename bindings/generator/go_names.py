"""What the parts of the contract are called in Go."""

from text import Speech, camel, pascal, words

# Words that Go writes in capitals. A name that was released stays as it is.
CAPITALS = ("OK", "IO", "RGB", "BGR", "RGBA", "BGRA", "NCHW", "NHWC", "AVX2", "AVX512")
VALUES = {"int32_t": "int32", "uint8_t": "uint8", "size_t": "int", "int64_t": "int64",
          "float": "float32", "double": "float64"}
SLICES = {"uint8_t": "byte", "void": "byte", "int32_t": "int32", "int64_t": "int64",
          "float": "float32", "double": "float64"}
KINDS = {"BFLOAT16": "Uint16", "FLOAT16": "Uint16"}


def kind_of(enumerator):
    """reflect's word for the Go type that holds an element type."""
    return KINDS.get(enumerator.name) or enumerator.name.capitalize()


def const_name(enumerator, enum):
    parts = [each if each in CAPITALS else pascal(each) for each in words(enumerator.name)]
    return enum.name + "".join(parts)


def constant_name(item):
    return pascal(item["name"][len("LINNET_"):])


def handle_type(handle):
    return camel(handle.short) + "Handle"


def function_name(function):
    if function.owner and not function.self_param:
        return camel(function.short)
    if function.creates:
        return camel(function.verb)
    return pascal(function.verb)


def name_of(function):
    if function.self_param:
        return f"{function.owner.name}.{function_name(function)}"
    return function_name(function)


def speech(api):
    names = {each.c_name: name_of(each) for each in api.wrapped}
    names.update({each.free: f"{each.name}.Close" for each in api.handles})
    names.update({each.c_name: each.name for each in api.handles + api.enums})
    names.update({v.c_name: const_name(v, e) for e in api.enums for v in e.values})
    names.update({each["name"]: constant_name(each) for each in api.constants})
    return Speech(names)
