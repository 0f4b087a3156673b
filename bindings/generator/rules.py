"""What a declaration must hold so that every language can be given it faithfully."""

import keyword

SCALARS = ("int32_t", "size_t", "float", "double")
THROUGH_POINTERS = ("uint8_t", "int64_t")
ELEMENTS = ("uint8_t", "int32_t", "int64_t", "float", "double")
TEXT_AND_MEMORY = ("char", "void")
TYPES = SCALARS + THROUGH_POINTERS + TEXT_AND_MEMORY
# The enumerators (without prefix) that may name an element type, and their bytes.
ELEMENT_BYTES = {
    "FLOAT32": 4, "UINT8": 1, "INT8": 1, "UINT16": 2, "INT16": 2, "INT32": 4, "INT64": 8,
    "BOOL": 1, "FLOAT16": 2, "FLOAT64": 8, "BFLOAT16": 2,
}
GO_WORDS = """break case chan const continue default defer else fallthrough for func go goto if
    import interface map package range return select struct switch type var""".split()
JAVA_WORDS = """abstract assert boolean byte catch char class do double enum extends final finally
    float implements instanceof int long native new null private protected public short static
    strictfp super synchronized this throw throws transient try void volatile""".split()
RESERVED = set(keyword.kwlist) | set(GO_WORDS) | set(JAVA_WORDS) | {
    "self", "err", "h", "handle", "result", "runtime", "unsafe", "reflect", "call", "cls"}
# Methods that the handle classes have already.
TAKEN_VERBS = ("close", "closed", "is_closed", "wait", "notify", "notify_all", "get_class",
               "finalize")


def check(description, tags_defined, fail):
    del tags_defined
    Checker(description, fail).all()


def without_lines(value):
    """The description as it is written: line numbers serve the error messages only."""
    if isinstance(value, dict):
        return {key: without_lines(each) for key, each in value.items() if key != "line"}
    if isinstance(value, list):
        return [without_lines(each) for each in value]
    return value


class Checker:
    def __init__(self, description, fail):
        self.all_of = description
        self.fail = fail
        self.version = tuple(description["version"][:2])
        self.handles = {each["name"] for each in description["types"]}
        self.enums = {each["name"]: each for each in description["enums"]}
        self.callbacks = {each["name"] for each in description["callbacks"]}

    def all(self):
        self._names()
        for each in self.all_of["enums"]:
            self._enum(each)
        for each in self.all_of["callbacks"]:
            self._doc(each)
            for param in [{"type": each["returns"]}] + each["params"]:
                self._known(param["type"], param["type"]["line"])
        for each in self.all_of["functions"]:
            self._function(each)
        self._destructors()

    # -- names and enums ---------------------------------------------------------------------

    def _names(self):
        seen = set()
        for group in ("types", "enums", "callbacks", "functions"):
            for each in self.all_of[group]:
                if not each["name"].startswith("linnet_"):
                    self.fail(each["line"], f"'{each['name']}' must begin with linnet_")
                if each["name"] in seen:
                    self.fail(each["line"], f"'{each['name']}' is declared twice")
                seen.add(each["name"])
        if "linnet_status" not in self.enums:
            self.fail(1, "the enum linnet_status is missing")

    def _doc(self, item):
        if not item["doc"]:
            self.fail(item["line"], f"'{item['name']}' has no comment directly above it")

    def _enum(self, enum):
        self._doc(enum)
        names, numbers = set(), set()
        if not enum["values"]:
            self.fail(enum["line"], f"enum '{enum['name']}' is empty")
        for each in enum["values"]:
            if not each["name"].startswith("LINNET_"):
                self.fail(each["line"], f"'{each['name']}' must begin with LINNET_")
            if each["name"] in names or each["value"] in numbers:
                self.fail(each["line"], f"'{each['name']}': name or value is taken already")
            if not -2**31 <= each["value"] < 2**31:
                self.fail(each["line"], f"'{each['name']}' does not fit into 32 bits")
            if enum["flags"] and each["value"] & (each["value"] - 1):
                self.fail(each["line"], f"'{each['name']}' of a FLAGS enum is not one bit")
            names.add(each["name"])
            numbers.add(each["value"])

    # -- functions ---------------------------------------------------------------------------

    def _function(self, function):
        self._doc(function)
        self._versions(function)
        self._returns(function)
        names = [each["name"] for each in function["params"]]
        for each in function["params"]:
            if names.count(each["name"]) > 1:
                self.fail(each["line"], f"parameter '{each['name']}' is there twice")
            if each["name"] in RESERVED:
                self.fail(each["line"], f"'{each['name']}' is a word of one of the languages; "
                                        "choose another name")
            self._param(function, each)
        self._creates_one_thing(function)
        verb = function["name"][len("linnet_"):].split("_", 1)[-1]
        if verb in TAKEN_VERBS:
            self.fail(function["line"], f"'{verb}' is a method of every handle class already")

    def _versions(self, function):
        if "SINCE" not in function["tags"]:
            self.fail(function["line"], f"'{function['name']}' needs LINNET_SINCE(version)")
        for tag in ("SINCE", "DEPRECATED"):
            text = function["tags"].get(tag)
            if text is None:
                continue
            parts = text.split(".")
            if len(parts) != 2 or not all(part.isdigit() for part in parts):
                self.fail(function["line"], f"{tag} takes major.minor, found '{text}'")
            since = tuple(int(part) for part in parts)
            if since > self.version or since[0] != self.version[0]:
                self.fail(function["line"], f"{tag}({text}): the header is version "
                                            f"{self.version[0]}.{self.version[1]}")

    def _returns(self, function):
        kind, tags = function["returns"], function["tags"]
        self._known(kind, kind["line"])
        text = (kind["base"], kind["const"], kind["stars"]) == ("char", True, 1)
        if text and "BORROWED" not in tags:
            self.fail(function["line"], "returned text needs LINNET_BORROWED: who owns it")
        if not text and ("BORROWED" in tags or "NULLABLE" in tags):
            self.fail(function["line"], "BORROWED and NULLABLE behind a prototype are about "
                                        "returned text")
        if text:
            return self._borrowed(function, tags["BORROWED"], function["line"])
        if kind["stars"] or kind["base"] in self.handles:
            self.fail(function["line"], "only const char * may be returned; hand out handles "
                                        "through OUT parameters")
        allowed = ("void", "int32_t", "float", "double")
        if kind["base"] not in allowed and kind["base"] not in self.enums:
            self.fail(function["line"], f"'{kind['base']}' cannot be returned")
        writes = any("OUT" in p["tags"] or "INOUT" in p["tags"] for p in function["params"])
        if kind["base"] != "linnet_status" and writes:
            self.fail(function["line"], "a function with OUT parameters returns linnet_status")

    def _creates_one_thing(self, function):
        owned = [each for each in function["params"] if "OWNED" in each["tags"]]
        out = [each for each in function["params"] if "OUT" in each["tags"]]
        if owned and len(out) > 1:
            self.fail(owned[0]["line"], "a function that creates a handle gives nothing else")

    def _known(self, kind, line):
        base = kind["base"]
        if base not in TYPES and base not in self.handles | self.callbacks | set(self.enums):
            self.fail(line, f"type '{base}' is not of the closed list: {', '.join(TYPES)}, and "
                            "the enums, structs and callbacks declared above")

    # -- parameters --------------------------------------------------------------------------

    def _param(self, function, param):
        kind, tags, line = param["type"], param["tags"], param["line"]
        self._known(kind, line)
        if "OUT" in tags and "INOUT" in tags:
            self.fail(line, "either OUT or INOUT")
        if kind["const"] and ("OUT" in tags or "INOUT" in tags) and kind["stars"] < 2:
            self.fail(line, f"'{param['name']}' is const, but the callee writes it")
        self._references(function, param)
        if kind["base"] in self.callbacks:
            return self._only_unwrapped(function, param, "a callback")
        if kind["stars"] == 0:
            return self._by_value(param)
        if kind["base"] in self.handles:
            return self._handle(param)
        if kind["base"] == "char":
            return self._text(function, param)
        self._pointer(function, param)

    def _only_unwrapped(self, function, param, what):
        if "NO_WRAP" not in function["tags"]:
            self.fail(param["line"], f"{what} is for NO_WRAP functions only")

    def _by_value(self, param):
        base = param["type"]["base"]
        if base in THROUGH_POINTERS:
            self.fail(param["line"], f"{base} travels through pointers only")
        if base in self.handles or base in TEXT_AND_MEMORY:
            self.fail(param["line"], f"'{base}' cannot be passed by value")
        if param["tags"]:
            self.fail(param["line"], f"tag {min(param['tags'])} is for pointers")

    def _handle(self, param):
        stars, tags = param["type"]["stars"], param["tags"]
        if stars > 2 or (stars == 2 and not ("OUT" in tags and "OWNED" in tags)):
            self.fail(param["line"], "a pointer to a handle is LINNET_OUT LINNET_OWNED; arrays "
                                     "of pointers are not allowed")
        if stars == 1 and set(tags) - {"NULLABLE"}:
            self.fail(param["line"], "a handle that comes in takes no tag but NULLABLE")
        if stars == 2 and (param["type"]["const"] or set(tags) != {"OUT", "OWNED"}):
            self.fail(param["line"], "a created handle is not const, and OUT OWNED only")

    def _text(self, function, param):
        kind, tags = param["type"], param["tags"]
        if not kind["const"] or kind["stars"] > 2:
            self.fail(param["line"], "text is const char * in, const char ** out")
        if kind["stars"] == 2 and not ("OUT" in tags and "BORROWED" in tags):
            self.fail(param["line"], "text that comes out is LINNET_OUT LINNET_BORROWED(owner)")
        if kind["stars"] == 1 and set(tags) - {"NULLABLE"}:
            self.fail(param["line"], "text that comes in takes no tag but NULLABLE")
        if kind["stars"] == 2:
            self._borrowed(function, tags["BORROWED"], param["line"])

    def _borrowed(self, function, owner, line):
        handles = [p["name"] for p in function["params"] if p["type"]["base"] in self.handles]
        if owner != "static" and owner not in handles:
            self.fail(line, f"BORROWED({owner}): neither 'static' nor a handle parameter")

    def _pointer(self, function, param):
        kind, tags, line = param["type"], param["tags"], param["line"]
        array = "LEN" in tags or "SHAPE" in tags
        if "OWNED" in tags or "BORROWED" in tags:
            self.fail(line, "OWNED and BORROWED are about handles and text")
        if kind["stars"] > 1:
            self.fail(line, "pointers to pointers are for handles and text only")
        if kind["base"] == "void" and not array:
            return self._only_unwrapped(function, param, "void * without LEN")
        if not array and not ("OUT" in tags or "INOUT" in tags):
            self.fail(line, f"'{param['name']}' needs OUT, INOUT or LEN(count): is it one value "
                            "or many?")
        if array and not kind["const"] and not {"OUT", "INOUT", "RETAINED"} & set(tags):
            self.fail(line, f"'{param['name']}' is written by nobody: make it const, or OUT")
        if array and kind["base"] not in ELEMENTS + ("void",):
            self.fail(line, f"arrays of {kind['base']} differ between platforms or languages")
        if not array and {"NULLABLE", "RETAINED", "DTYPE", "COUNT"} & set(tags):
            self.fail(line, "this tag is for arrays: LEN is missing")
        if "OUT" in tags and "NULLABLE" in tags:
            self.fail(line, "wrappers always pass OUT arrays: NULLABLE has no meaning here")

    # -- parameters that name others ---------------------------------------------------------

    def _references(self, function, param):
        params = {each["name"]: each for each in function["params"]}
        wanted = {"LEN": self._is_length, "SHAPE": self._is_length, "COUNT": self._is_count,
                  "DTYPE": self._is_dtype}
        for tag, test in wanted.items():
            target = param["tags"].get(tag)
            if target is None:
                continue
            if target not in params:
                self.fail(param["line"], f"{tag}({target}): there is no such parameter")
            test(param, params[target])
        if "SHAPE" in param["tags"] and param["type"]["base"] != "int64_t":
            self.fail(param["line"], "SHAPE is for int64_t axes")
        if "SHAPE" in param["tags"] and "LEN" in param["tags"]:
            self.fail(param["line"], "either SHAPE or LEN")
        self._retained(function, param)

    def _is_length(self, param, target):
        if target["type"]["base"] not in ("size_t", "int32_t") or target["type"]["stars"]:
            self.fail(param["line"], f"length '{target['name']}' must be size_t or int32_t, by "
                                     "value")

    def _is_count(self, param, target):
        whole = target["type"]["base"] in ("size_t", "int32_t")
        if not whole or target["type"]["stars"] != 1 or "OUT" not in target["tags"]:
            self.fail(param["line"], f"count '{target['name']}' must be size_t * or int32_t * OUT")
        if "OUT" not in param["tags"] or "LEN" not in param["tags"]:
            self.fail(param["line"], "COUNT goes with OUT and LEN")

    def _is_dtype(self, param, target):
        enum = self.enums.get(target["type"]["base"])
        if not enum or target["type"]["stars"] or param["type"]["base"] != "void":
            self.fail(param["line"], "DTYPE goes with void * and names an enum by value")
        for each in enum["values"]:
            if each["name"][len("LINNET_"):] not in ELEMENT_BYTES:
                self.fail(param["line"], f"'{each['name']}' is no element type that the "
                                         "generator knows")

    def _retained(self, function, param):
        owner = param["tags"].get("RETAINED")
        if owner is None:
            return
        names = {p["name"] for p in function["params"] if p["type"]["base"] in self.handles}
        if "NO_WRAP" in function["tags"]:
            names |= {each[len("linnet_"):] for each in self.handles}
        if owner not in names:
            self.fail(param["line"], f"RETAINED({owner}): no handle of that name")

    # -- handles -----------------------------------------------------------------------------

    def _destructors(self):
        functions = {each["name"]: each for each in self.all_of["functions"]}
        for each in self.all_of["types"]:
            self._doc(each)
            free = functions.get(each["name"] + "_free")
            if not free:
                self.fail(each["line"], f"'{each['name']}_free' is missing")
            params = free["params"]
            good = len(params) == 1 and params[0]["type"]["base"] == each["name"]
            if not good or "NULLABLE" not in params[0]["tags"]:
                self.fail(free["line"], "a _free function takes its handle, NULLABLE, alone")
            if free["returns"]["base"] != "void":
                self.fail(free["line"], "a _free function returns void")
