"""What the parts of the contract are called in Python, and in which order they stand."""

from text import Speech, pascal

# Enumerator of linnet_status -> class, and the class of Python's own that it is, too.
EXCEPTIONS = {
    "INVALID_ARGUMENT": ("InvalidArgument", "ValueError"),
    "OUT_OF_MEMORY": ("OutOfMemory", "MemoryError"),
    "IO": ("FileError", "OSError"),
    "LIMIT": ("LimitExceeded", None),
    "NOT_FOUND": ("NotFound", "LookupError"),
}


def exception_of(enumerator):
    return EXCEPTIONS.get(enumerator.name, (pascal(enumerator.name), None))


def name_of(function):
    return f"{function.owner.name}.{function.verb}" if function.owner else function.verb


def speech(api):
    names = {each.c_name: name_of(each) for each in api.wrapped}
    names.update({each.free: f"{each.name}.close" for each in api.handles})
    names.update({each.c_name: each.name for each in api.handles + api.enums})
    names.update({v.c_name: f"{e.name}.{v.name}" for e in api.enums for v in e.values})
    names.update({each["name"]: each["name"][len("LINNET_"):] for each in api.constants})
    return Speech(names)


def optional(p):
    """May be left out: NULL is allowed, or it can be told from something else."""
    if p.role == "dtype":
        return all(each.role == "array_in" for each in p.arrays)
    return p.nullable or p.role == "array_out"


def order(function):
    """The Python parameters but self: as in C, then what a caller rarely gives."""
    late = ("array_out",)
    shown = [p for p in function.params if _shown(p)]
    last = [p for p in shown if p.role in late or (p.role == "dtype" and optional(p))]
    return [p for p in shown if p not in last] + last


def _shown(p):
    if p.role == "length":
        return all(each.role == "array_out" for each in p.arrays)
    return p.role not in ("self", "handle_out", "text_out", "value_out", "count")


def result(function):
    """The parameters that come back, in the order of C. A count is its arrays' length."""
    return function.role("text_out", "value_out", "value_inout", "array_out")
