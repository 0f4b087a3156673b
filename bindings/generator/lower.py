"""The description seen from a wrapper: what each parameter is for. All emitters share it."""

from rules import ELEMENT_BYTES
from text import pascal

# Not wrapped, although it is no C-only function: its text is the message of every error.
INSIDE_ERRORS = ("linnet_last_error",)


def lowered(description):
    return Api(description)


class Api:
    def __init__(self, description):
        self.description = description
        self.version = description["version"]
        self.constants = description["constants"]
        self.handles = [Handle(each) for each in description["types"]]
        self.enums = [Enum(each) for each in description["enums"]]
        self.enum_of = {each.c_name: each for each in self.enums}
        self.handle_of = {each.c_name: each for each in self.handles}
        self.functions = [Function(self, each) for each in description["functions"]]
        self.wrapped = [each for each in self.functions if each.wrapped]
        dtypes = {p.dtype_enum for f in self.wrapped for p in f.params if p.dtype_enum}
        self.dtypes = [each for each in self.enums if each.c_name in dtypes]

    @property
    def status(self):
        return self.enum_of["linnet_status"]

    def of(self, handle):
        """The methods and makers of a handle, in the order of the header."""
        return [each for each in self.wrapped if each.owner is handle]

    def free_functions(self):
        return [each for each in self.wrapped if each.owner is None]


class Handle:
    def __init__(self, item):
        self.c_name, self.doc = item["name"], item["doc"]
        self.short = self.c_name[len("linnet_"):]
        self.name = pascal(self.short)
        self.free = self.c_name + "_free"


class Enum:
    def __init__(self, item):
        self.c_name, self.doc, self.flags = item["name"], item["doc"], item["flags"]
        self.short = self.c_name[len("linnet_"):]
        self.name = pascal(self.short)
        self.values = [Enumerator(self, each) for each in item["values"]]


class Enumerator:
    def __init__(self, enum, item):
        self.c_name, self.value, self.doc = item["name"], item["value"], item["doc"]
        name, prefix = self.c_name[len("LINNET_"):], enum.short.upper() + "_"
        self.name = name[len(prefix):] if name.startswith(prefix) else name

    @property
    def bytes(self):
        """Of an element type; see DTYPE."""
        return ELEMENT_BYTES[self.name]


class Function:
    """A C function. `owner` is the handle it belongs to; a method has a `self_param`."""

    def __init__(self, api, item):
        tags = item["tags"]
        self.c_name, self.doc, self.returns = item["name"], item["doc"], item["returns"]
        self.item = item
        self.since, self.deprecated = tags["SINCE"], tags.get("DEPRECATED")
        self.blocking = "BLOCKING" in tags
        self.fails = self.returns["base"] == "linnet_status" and bool(item["params"])
        self.short = self.c_name[len("linnet_"):]
        self.owner = self._owner(api)
        self.verb = self.short[len(self.owner.short) + 1:] if self.owner else self.short
        self.is_free = bool(self.owner) and self.verb == "free"
        inside = self.c_name in INSIDE_ERRORS
        self.wrapped = not ("NO_WRAP" in tags or self.is_free or inside)
        self.params = [Param(api, self, each) for each in item["params"]]
        self._roles()

    def _owner(self, api):
        fits = [h for h in api.handles if self.short.startswith(h.short + "_")]
        return max(fits, key=lambda h: len(h.short), default=None)

    def _roles(self):
        by_name = {each.name: each for each in self.params}
        first = self.params[0] if self.params else None
        self.self_param = None
        if first and self.owner and first.base == self.owner.c_name and first.role == "handle":
            first.role, self.self_param = "self", first
        for each in self.params:
            if each.length:
                by_name[each.length].role = "length"
                by_name[each.length].arrays.append(each)
            if each.count:
                by_name[each.count].role = "count"
            if each.dtype:
                by_name[each.dtype].role = "dtype"
                by_name[each.dtype].arrays.append(each)
                each.dtype_enum = by_name[each.dtype].base

    def param(self, name):
        return next(each for each in self.params if each.name == name)

    def role(self, *roles):
        return [each for each in self.params if each.role in roles]

    @property
    def creates(self):
        """The parameter through which a new handle comes out, or None."""
        made = self.role("handle_out")
        return made[0] if made else None


class Param:
    """`role` is one of: self handle handle_out text text_out enum scalar value_out value_inout
    array_in array_out array_inout length count dtype."""

    def __init__(self, api, function, item):
        kind, tags = item["type"], item["tags"]
        self.name, self.type, self.tags = item["name"], kind, tags
        self.base, self.const = kind["base"], kind["const"]
        self.nullable = "NULLABLE" in tags
        self.length = tags.get("LEN") or tags.get("SHAPE")
        self.count, self.dtype = tags.get("COUNT"), tags.get("DTYPE")
        self.retained = tags.get("RETAINED")
        self.dtype_enum = None
        self.arrays = []
        self.enum = api.enum_of.get(self.base)
        self.handle = api.handle_of.get(self.base)
        self.role = self._role(kind["stars"])

    def _role(self, stars):
        written = "out" if "OUT" in self.tags else "inout" if "INOUT" in self.tags else "in"
        if self.handle:
            return "handle_out" if stars == 2 else "handle"
        if self.base == "char":
            return "text_out" if stars == 2 else "text"
        if self.length:
            return "array_" + written
        if stars:
            return "value_" + written
        return "enum" if self.enum else "scalar"

    @property
    def is_array(self):
        return self.role.startswith("array_")

    @property
    def is_bytes(self):
        """Memory without an element type of its own: its length counts bytes."""
        return self.is_array and not self.dtype and self.base in ("void", "uint8_t")
