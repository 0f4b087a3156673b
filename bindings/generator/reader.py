"""Reads the public header strictly: header -> description. See README.md for its format.

What is outside of the subset raises HeaderError with file:line, so that no wrapper is ever
generated from something that was half understood."""

import re

import rules
from directives import TAGS, Directives
from lexer import HeaderError, comment_text, tokens

SECTION = re.compile(r"-{2,} *(.*?) *-{2,}$")


def read(path, name=None):
    """The description of the header at `path`; errors call it `name`."""
    with open(path, encoding="utf-8") as file:
        return read_text(file.read(), name or str(path))


def read_text(text, name):
    return Reader(text, name).read()


class Reader:
    def __init__(self, text, path):
        self.path = path
        self.tokens = tokens(text, path)
        self.at = 0
        self.directives = Directives(self.fail)
        self.section = ""
        self.comment = None
        self.linkage = False
        self.types, self.enums, self.callbacks, self.functions = [], [], [], []

    def fail(self, line, message):
        raise HeaderError(self.path, line, message)

    # -- tokens ------------------------------------------------------------------------------

    @property
    def token(self):
        return self.tokens[self.at]

    def next(self):
        token = self.token
        if token.kind in ("comment", "directive"):
            self.fail(token.line, f"a {token.kind} inside of a declaration")
        self.at += 1
        return token

    def accept(self, text):
        if self.token.kind in ("name", "mark") and self.token.text == text:
            self.at += 1
            return True
        return False

    def expect(self, text, where):
        token = self.token
        if not self.accept(text):
            self.fail(token.line, f"expected '{text}' {where}, found '{token.text}'")

    def name(self, what):
        token = self.next()
        if token.kind != "name":
            self.fail(token.line, f"expected {what}, found '{token.text}'")
        return token

    def number(self, what):
        token = self.next()
        if token.kind != "number":
            self.fail(token.line, f"expected {what}, found '{token.text}'")
        return token.text

    # -- the file ----------------------------------------------------------------------------

    def read(self):
        while self.token.kind != "end":
            self._one()
        if self.directives.open:
            self.fail(self.token.line, "'#endif' is missing")
        description = self._description()
        rules.check(description, self.directives.tags, self.fail)
        return rules.without_lines(description)

    def _description(self):
        missing = {"MAJOR", "MINOR", "PATCH"} - set(self.directives.version)
        if missing:
            self.fail(self.token.line, f"LINNET_VERSION_{sorted(missing)[0]} is not defined")
        version = self.directives.version
        return {
            "format": 1,
            "version": [version["MAJOR"], version["MINOR"], version["PATCH"]],
            "constants": self.directives.constants,
            "types": self.types,
            "enums": self.enums,
            "callbacks": self.callbacks,
            "functions": self.functions,
        }

    def _one(self):
        token = self.token
        if token.kind == "comment":
            self.at += 1
            return self._comment(token)
        if token.kind == "directive":
            self.at += 1
            return self.directives.read(token, self._doc(token))
        if self.directives.where() == "cplusplus":
            return self._linkage(token)
        if self.directives.where() != "guard" or not self.linkage:
            self.fail(token.line, "declarations stand within extern \"C\" and no condition")
        if self.accept("LINNET_API"):
            return self._function(token)
        if self.accept("typedef"):
            return self._typedef(token)
        self._refuse(token)

    def _refuse(self, token):
        if token.text in ("struct", "union", "enum"):
            self.fail(token.line, f"'{token.text}' begins with typedef: only opaque structs and "
                                  "enums with a name")
        if token.text in ("static", "inline", "extern"):
            self.fail(token.line, f"'{token.text}' is not allowed: prototypes only")
        self.fail(token.line, "expected a prototype that begins with LINNET_API, or a typedef, "
                              f"found '{token.text}'")

    def _linkage(self, token):
        if self.accept("}"):
            self.linkage = False
            return
        words = [self.next().text for _ in range(3)]
        if words != ["extern", '"C"', "{"]:
            self.fail(token.line, "only extern \"C\" may depend on __cplusplus")
        self.linkage = True

    def _comment(self, token):
        section = SECTION.match(comment_text(token))
        if section:
            self.section, self.comment = section.group(1), None
        else:
            self.comment = token

    def _doc(self, token):
        """The comment that ends on the line above `token`; it is used once."""
        comment, self.comment = self.comment, None
        if comment and comment.end_line == token.line - 1:
            return comment_text(comment)
        return ""

    # -- typedefs ----------------------------------------------------------------------------

    def _typedef(self, first):
        doc = self._doc(first)
        if self.accept("struct"):
            return self._struct(first, doc)
        if self.accept("enum"):
            return self._enum(first, doc)
        self._callback(first, doc)

    def _struct(self, first, doc):
        name = self.name("the name of a struct")
        if self.token.text == "{":
            self.fail(name.line, "structs are opaque: no fields in the header")
        again = self.name("the name of the type")
        if again.text != name.text:
            self.fail(name.line, f"struct '{name.text}' must be called so, not '{again.text}'")
        self.expect(";", "behind the struct")
        self.types.append({"name": name.text, "doc": doc, "line": first.line})

    def _enum(self, first, doc):
        name = self.name("the name of the enum")
        self.expect("{", "behind the name of the enum")
        values = []
        while not self.accept("}"):
            if self._enum_comment(values):
                continue
            values.append(self._enumerator())
            if not self.accept(",") and not self._enum_comment(values):
                self.expect("}", "or ',' behind an enumerator")
                break
        again = self.name("the name of the enum")
        if again.text != name.text:
            self.fail(again.line, f"enum '{name.text}' must be called so, not '{again.text}'")
        tags = self._tags(("FLAGS",))
        self.expect(";", "behind the enum")
        self.enums.append({"name": name.text, "doc": doc, "flags": "FLAGS" in tags,
                           "values": values, "line": first.line})

    def _enum_comment(self, values):
        if self.token.kind != "comment":
            return False
        if not values or values[-1]["line"] != self.token.line:
            self.fail(self.token.line, "a comment in an enum stands behind its enumerator, on "
                                       "the same line")
        values[-1]["doc"] = comment_text(self.token)
        self.at += 1
        return True

    def _enumerator(self):
        name = self.name("an enumerator")
        if not self.accept("="):
            self.fail(name.line, f"enumerator '{name.text}' needs an explicit value")
        text = self.number("a plain number")
        if "." in text:
            self.fail(name.line, f"enumerator '{name.text}' needs a whole number")
        return {"name": name.text, "value": int(text, 0), "doc": "", "line": name.line}

    def _callback(self, first, doc):
        returns = self._type()
        self.expect("(", "in the typedef of a callback")
        self.expect("*", "in the typedef of a callback")
        name = self.name("the name of the callback")
        self.expect(")", "behind the name of the callback")
        params = self._params()
        self.expect(";", "behind the callback")
        self.callbacks.append({"name": name.text, "doc": doc, "returns": returns,
                               "params": params, "line": first.line})

    # -- functions ---------------------------------------------------------------------------

    def _function(self, first):
        doc = self._doc(first)
        tags = self._tags(("SINCE", "DEPRECATED"))
        returns = self._type()
        name = self.name("the name of the function")
        params = self._params()
        more = self._tags(("BORROWED", "NULLABLE", "BLOCKING", "NO_WRAP"))
        self.expect(";", "behind the prototype")
        self.functions.append({
            "name": name.text, "section": self.section, "doc": doc, "returns": returns,
            "params": params, "tags": {**tags, **more}, "line": name.line,
        })

    def _type(self):
        const = self.accept("const")
        base = self.name("a type")
        stars = 0
        while self.accept("*"):
            stars += 1
        return {"base": base.text, "const": const, "stars": stars, "line": base.line}

    def _params(self):
        self.expect("(", "before the parameters")
        if self.token.text == "void" and self.tokens[self.at + 1].text == ")":
            self.at += 2
            return []
        params = []
        while True:
            params.append(self._param())
            if self.accept(")"):
                return params
            self.expect(",", "or ')' behind a parameter")

    def _param(self):
        kind = self._type()
        name = self.name("the name of the parameter")
        tags = self._tags(("OUT", "INOUT", "LEN", "COUNT", "DTYPE", "SHAPE", "OWNED",
                           "BORROWED", "RETAINED", "NULLABLE"))
        return {"name": name.text, "type": kind, "tags": tags, "line": name.line}

    def _tags(self, allowed):
        found = {}
        while self.token.kind == "name" and self.token.text.startswith("LINNET_"):
            token = self.next()
            tag = token.text[len("LINNET_"):]
            if tag not in TAGS:
                self.fail(token.line, f"'{token.text}' is no known tag")
            if tag not in allowed:
                self.fail(token.line, f"tag {tag} does not belong here")
            if tag in found:
                self.fail(token.line, f"tag {tag} is given twice")
            if tag not in self.directives.tags:
                self.fail(token.line, f"tag {tag} is not defined in this header")
            found[tag] = self._tag_argument(tag) if TAGS[tag] else True
        return found

    def _tag_argument(self, tag):
        self.expect("(", f"behind tag {tag}")
        token = self.next()
        version = tag in ("SINCE", "DEPRECATED")
        if token.kind != ("number" if version else "name"):
            self.fail(token.line, f"tag {tag} takes a {'version' if version else 'name'}, "
                                  f"found '{token.text}'")
        self.expect(")", f"behind the argument of tag {tag}")
        return token.text
