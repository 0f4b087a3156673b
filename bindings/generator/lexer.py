"""Cuts the public header into tokens. What C has and the subset lacks stops here."""

import re
from collections import namedtuple

Token = namedtuple("Token", "kind text line end_line")

PATTERN = re.compile(
    r"""(?P<comment>/\*.*?\*/)
      | (?P<blank>[ \t\r\n]+)
      | (?P<directive>^[ \t]*\#[^\n]*)
      | (?P<name>[A-Za-z_][A-Za-z0-9_]*)
      | (?P<number>-?(?:0[xX][0-9a-fA-F]+|[0-9]+(?:\.[0-9]+)?))
      | (?P<string>"[^"\n]*")
      | (?P<mark>[(){};,*=])""",
    re.DOTALL | re.MULTILINE | re.VERBOSE,
)

REFUSED = {
    "//": "comments are written /* like this */",
    "/*": "the comment never ends",
    "...": "variable arguments are not allowed: no other language can call them",
    "[": "array parameters are written as a pointer with LINNET_LEN",
    ":": "bit fields are not allowed",
    "<<": "write the value as a plain number",
    "|": "write the value as a plain number",
    "~": "write the value as a plain number",
}


class HeaderError(Exception):
    """A place in the header that is outside of the subset."""

    def __init__(self, path, line, message):
        super().__init__(f"{path}:{line}: {message}")
        self.line = line


def tokens(text, path):
    """All tokens but blanks, with an end token that spares the reader a length check."""
    found, position, line = [], 0, 1
    while position < len(text):
        match = PATTERN.match(text, position)
        if not match:
            raise HeaderError(path, line, _refusal(text[position:]))
        if match.lastgroup == "directive" and match.group().rstrip().endswith("\\"):
            raise HeaderError(path, line, "a directive stands on one line")
        end_line = line + match.group().count("\n")
        if match.lastgroup != "blank":
            found.append(Token(match.lastgroup, match.group().strip(), line, end_line))
        position, line = match.end(), end_line
    found.append(Token("end", "end of file", line, line))
    return found


def _refusal(rest):
    for mark, message in REFUSED.items():
        if rest.startswith(mark):
            return message
    return f"'{rest[0]}' is outside of the subset"


def comment_text(token):
    """The words of a comment without its stars; lines and empty lines are kept."""
    lines = token.text[2:-2].split("\n")
    return "\n".join(re.sub(r"^\s*\*? ?", "", each, count=1).rstrip() for each in lines).strip()
