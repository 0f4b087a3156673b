"""What the parts of the contract are called in JavaScript, and as which types they travel."""

from text import Speech, camel

# Element types of arrays. Of int64 the numbers are BigInts.
ARRAYS = {"uint8_t": "Uint8Array", "void": "Uint8Array", "int32_t": "Int32Array",
          "int64_t": "BigInt64Array", "float": "Float32Array", "double": "Float64Array"}
ELEMENTS = {"FLOAT32": "Float32Array", "UINT8": "Uint8Array", "INT8": "Int8Array",
            "INT32": "Int32Array", "INT64": "BigInt64Array", "BOOL": "Uint8Array",
            "FLOAT16": "Uint16Array", "FLOAT64": "Float64Array", "BFLOAT16": "Uint16Array"}
# How a number is read from memory of the module; the rest are enums, 32 bits.
READS = {"uint8_t": "uint8", "int64_t": "int64", "size_t": "size", "float": "float32",
         "double": "float64"}


def handle_type(handle):
    return handle.name + "Handle"


def function_name(function):
    return camel(function.verb)


def name_of(function):
    owner = handle_type(function.owner) + "." if function.owner else ""
    return owner + function_name(function)


def constant_name(constant):
    return constant["name"][len("LINNET_"):]


def speech(api):
    names = {each.c_name: name_of(each) for each in api.wrapped}
    names.update({each.free: f"{handle_type(each)}.close" for each in api.handles})
    names.update({each.c_name: handle_type(each) for each in api.handles})
    names.update({each.c_name: each.name for each in api.enums})
    names.update({v.c_name: f"{e.name}.{v.name}" for e in api.enums for v in e.values})
    names.update({each["name"]: constant_name(each) for each in api.constants})
    return Speech(names)


def order(function):
    """The parameters of the function: as in C, without what is known otherwise."""
    hidden = ("self", "handle_out", "text_out", "value_out", "count", "length")
    return [p for p in function.params if p.role not in hidden]


def results(function):
    """What comes back, in the order of C."""
    return function.role("text_out", "value_out", "value_inout", "count")
