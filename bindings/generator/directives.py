"""The preprocessor lines that the public header may hold: a closed list."""

import re

# Tag -> number of arguments. They expand to nothing, so that only this reader sees them.
TAGS = {
    "SINCE": 1, "DEPRECATED": 1, "OUT": 0, "INOUT": 0, "LEN": 1, "COUNT": 1, "DTYPE": 1,
    "SHAPE": 1, "OWNED": 0, "BORROWED": 1, "RETAINED": 1, "NULLABLE": 0, "BLOCKING": 0,
    "FLAGS": 0, "NO_WRAP": 0,
}
INCLUDES = ("#include <stddef.h>", "#include <stdint.h>")
CONDITION = re.compile(r"(defined\((_WIN32|__GNUC__|LINNET_SHARED|LINNET_SHARED_BUILD)\)|&&|\s)+")
DEFINE = re.compile(r"#define (\w+)(\(\w+\))?(?:\s+(.*))?$")
VERSION = re.compile(r"LINNET_VERSION_(MAJOR|MINOR|PATCH)$")
NUMBER = re.compile(r"[0-9]+$")


class Directives:
    """Follows the conditionals and collects versions, constants and the tags defined."""

    def __init__(self, fail):
        self.fail = fail
        self.open = []
        self.version = {}
        self.constants = []
        self.tags = set()

    def where(self):
        """'' before the guard, 'guard' where declarations may stand, else the conditional."""
        return self.open[-1] if self.open else ""

    def read(self, token, doc):
        line = re.sub(r"\s*/\*.*\*/\s*$", "", token.text)
        if "/*" in line:
            self.fail(token.line, "a comment that begins behind a directive ends on its line")
        word = line.split()[0]
        handlers = {
            "#include": self._include, "#define": self._define, "#ifndef": self._guard,
            "#ifdef": self._cplusplus, "#if": self._condition, "#elif": self._condition,
            "#else": self._else, "#endif": self._endif,
        }
        if word not in handlers:
            self.fail(token.line, f"directive '{word}' is outside of the subset")
        handlers[word](line, token, doc)

    def _include(self, line, token, _doc):
        if line not in INCLUDES:
            self.fail(token.line, "only <stddef.h> and <stdint.h> may be included")

    def _guard(self, line, token, _doc):
        if line != "#ifndef LINNET_H" or self.open:
            self.fail(token.line, "'#ifndef' is for the guard LINNET_H, at the top")
        self.open.append("guard")

    def _cplusplus(self, line, token, _doc):
        if line != "#ifdef __cplusplus" or self.where() != "guard":
            self.fail(token.line, "'#ifdef' is for __cplusplus around extern \"C\"")
        self.open.append("cplusplus")

    def _condition(self, line, token, _doc):
        start = line.startswith("#if ")
        if not CONDITION.fullmatch(line.split(None, 1)[1]):
            self.fail(token.line, "the contract must be one on all platforms: only LINNET_API "
                                  "may depend on a condition")
        if self.where() != ("guard" if start else "api"):
            self.fail(token.line, "this condition stands in another one")
        if start:
            self.open.append("api")

    def _else(self, _line, token, _doc):
        if self.where() != "api":
            self.fail(token.line, "'#else' is for the definition of LINNET_API")

    def _endif(self, _line, token, _doc):
        if not self.open:
            self.fail(token.line, "'#endif' without '#if'")
        self.open.pop()

    def _define(self, line, token, doc):
        match = DEFINE.match(line)
        if not match:
            self.fail(token.line, "only LINNET_API, tags and plain numbers may be defined")
        name, arguments, value = match.group(1), match.group(2), match.group(3) or ""
        if name == "LINNET_H" and self.where() == "guard":
            return
        if name == "LINNET_API" and self.where() == "api":
            return
        if self.where() != "guard":
            self.fail(token.line, "the contract must be one on all platforms: only LINNET_API "
                                  "may depend on a condition")
        if not value:
            return self._tag(name, arguments, token)
        self._number(name, arguments, value, token, doc)

    def _tag(self, name, arguments, token):
        tag = name[len("LINNET_"):]
        if not name.startswith("LINNET_") or tag not in TAGS:
            self.fail(token.line, f"'{name}' is no known tag")
        if bool(arguments) != bool(TAGS[tag]):
            self.fail(token.line, f"tag {tag} takes {TAGS[tag] or 'no'} argument")
        self.tags.add(tag)

    def _number(self, name, arguments, value, token, doc):
        if arguments or not name.startswith("LINNET_") or not NUMBER.match(value):
            self.fail(token.line, f"'{name}': a constant is LINNET_NAME and a plain number")
        version = VERSION.match(name)
        if version:
            self.version[version.group(1)] = int(value)
        else:
            self.constants.append({"name": name, "value": int(value), "doc": doc})
