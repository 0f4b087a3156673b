# SPDX-License-Identifier: MIT
"""Cuts linnet.cc to what some models need.

What a model needs is told by the library itself (linnet.single_file asks it): operators, kernels,
passes of the optimiser, translations of older opsets. These stand in lists in the text:
LINNET_OPERATOR, LINNET_KERNEL, kPasses, tables of OnnxUpgradeRule. `Cut.text()` takes the other
entries out of the lists, and then everything that nothing reaches any more, starting from the
functions of the C interface. So a new operator, kernel or helper needs no line here.

Reaching is by name: a definition stays if its name occurs in a definition that stays; one that is
private to its file, in that file. So a name that several things have keeps them all, which costs
space and is never wrong.
Values of enumerations whose comment says "Trimmed" go, with the cases for them, where nothing that
stays makes them.
"""
import bisect
import collections
import re
from typing import Dict, Iterable, Iterator, List, NamedTuple, Optional, Set, Tuple

_TOKEN = re.compile(r"""(?P<space>\s+)
|(?P<comment>//[^\n]*|/\*.*?\*/)
|(?P<directive>\#(?:[^\n\\]|\\\n|\\.)*)
|(?P<text>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
|(?P<word>[A-Za-z_]\w*)
|(?P<number>\.?\d(?:[\w.]|'\d|[eEpP][+-])*)
|(?P<mark>::|->|.)""", re.VERBOSE | re.DOTALL)
_WORDS = re.compile(r"[A-Za-z_]\w*")
_REST_OF_LINE = re.compile(r"(?:[ \t]*//[^\n]*)?")
_MARKER = re.compile(r"^// ---- (\S+\.(?:cc|h|inl))$", re.MULTILINE)
_FILE_BREAK = re.compile(r"^// ---- (?:\S+\.(?:cc|h)$|What follows)", re.MULTILINE)


class CutError(Exception):
    """The text is not as the cutter expects: it belongs to another release."""


class Token(NamedTuple):
    kind: str
    text: str
    start: int
    end: int


def tokens_of(text: str) -> List[Token]:
    """What is no space, no comment; directives of the preprocessor are one token each."""
    found = []
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or ""
        if kind not in ("space", "comment"):
            found.append(Token(kind, match[0], match.start(), match.end()))
    return found


class Need(NamedTuple):
    """What models make use of; see linnet.single_file."""
    operators: Set[str]
    kernels: Set[str]
    plain_kernels: Set[str]  # which fold constants
    passes: Set[str]         # "a" is the first of the list
    rules: Set[str]          # "Softmax 13"
    functions: Optional[Set[str]] = None  # the numbers that traced() gave them; None: all


# ---- The lists ----------------------------------------------------------------------------------

def cut_operators(text: str, operators: Iterable[str]) -> str:
    """Takes the entries of other operators out of operator_list.inl, wherever it is pasted."""
    constants = dict(re.findall(r"const Operator (\w+)_operator = \{\s*\"(\w[\w.]*)\"", text))
    if not constants:
        raise CutError("the text defines no operators")
    missing = set(operators) - set(constants.values())
    if missing:
        raise CutError(f"the text has no operator {', '.join(sorted(missing))}")

    def kept(match):
        if match[1] not in constants:
            raise CutError(f"the text lists {match[1]}, but defines no such operator")
        return match[0] if constants[match[1]] in operators else ""
    return re.sub(r"^LINNET_OPERATOR\((\w+)\)\n", kept, text, flags=re.MULTILINE)


def _pastes_of_kernels(text: str) -> Iterator[Tuple[int, int, str]]:
    """Where kernel_list.inl is pasted, with what is made of an entry there."""
    for match in re.finditer(r"^// ---- kernels/kernel_list\.inl$.*?^#undef", text,
                             re.MULTILINE | re.DOTALL):
        made = re.findall(r"#define LINNET_KERNEL_ONCE\(name\) ?(.*)", text[:match.start()])[-1]
        yield match.start(), match.end(), made


def cut_kernels(text: str, need: Need, isas: Iterable[str]) -> str:
    """Takes kernels out of the tables of bodies: all places stay, some are empty. What calls a
    kernel that is nowhere calls an empty function: a step with it cannot be made."""
    direct = set(re.findall(r"\bkernel\(KernelId::(\w+)", text))
    wanted = need.kernels | need.plain_kernels | direct
    listed = set(re.findall(r"^LINNET_KERNEL(?:_ONCE)?\((\w+)\)$", text, re.MULTILINE))
    if wanted - listed:
        raise CutError(f"the text has no kernel {', '.join(sorted(wanted - listed))}")
    parts, last = [], 0
    for start, end, made in list(_pastes_of_kernels(text)):
        body = _last_file(text[:start])
        plain_only = body == "kernels/isa_plain.cc" and "plain" not in isas

        def entry(match, made=made, plain_only=plain_only):
            here = wanted
            if plain_only and match[1] == "":
                here = need.plain_kernels
            if match[2] in here or made.endswith("name,") and "&" not in made:
                return match[0]  # is wanted, or a number in an enumeration
            return "    nullptr,\n" if made.startswith("&") else ""
        parts += [text[last:start],
                  re.sub(r"^LINNET_KERNEL(_ONCE|)\((\w+)\)\n", entry, text[start:end],
                         flags=re.MULTILINE)]
        last = end
    text = "".join(parts) + text[last:]
    for kernel in sorted(listed - wanted):
        text = re.sub(rf"^ *if \(has_kernel\(KernelId::{kernel}\)\) [^;]*;\n", "", text,
                      flags=re.MULTILINE)
        text = _empty_kernel(text, kernel)
    return text


def _empty_kernel(text: str, kernel: str) -> str:
    run = re.search(rf"^const Kernel {kernel}_kernel = \{{\"\w+\", \w+,\s*(\w+)\}};", text,
                    re.MULTILINE)
    if not run:
        raise CutError(f"the text defines no {kernel}_kernel")
    text, count = re.subn(rf"^((?:static )?void {run[1]})\([^)]*\) \{{\n.*?^\}}\n",
                          r"\1(const void *, void *const *, void *, int64_t, int64_t) {}\n", text,
                          flags=re.MULTILINE | re.DOTALL)
    if not count:
        raise CutError(f"the text defines no {run[1]}()")
    return text


def _last_file(text: str) -> str:
    names = [name for name in _MARKER.findall(text) if not name.endswith(".inl")]
    return names[-1] if names else ""


def cut_isas(text: str, isas: Iterable[str]) -> str:
    """Takes out the bodies of other instruction sets: of a file that has an #else for processors
    without, that remains."""
    for match in list(re.finditer(r"^// ---- kernels/isa_(\w+)\.cc$", text, re.MULTILINE)):
        name = match[1]
        if name in isas:
            continue
        if name == "plain":
            text = replace_once(text, "constexpr bool kPlainRunsModels = true;",
                                "constexpr bool kPlainRunsModels = false;")
            continue
        start = text.index(f"// ---- kernels/isa_{name}.cc\n")
        end = _FILE_BREAK.search(text, start + 1).start()
        text = text[:start] + _otherwise(text[start:end]) + text[end:]
    return text


def _otherwise(file: str) -> str:
    depth, begin = 0, None
    for token in tokens_of(file):
        if token.kind != "directive":
            continue
        word = token.text[1:].split()[0]
        if word in ("if", "ifdef", "ifndef"):
            depth += 1
        elif word == "endif":
            depth -= 1
            if depth == 0 and begin is not None:
                return file[:file.index("\n") + 1] + file[begin:token.start]
        elif word == "else" and depth == 1:
            begin = token.end
    raise CutError(f"{file.splitlines()[0]} has no #else for other processors")


def cut_passes(text: str, passes: Iterable[str]) -> str:
    """Leaves in kPasses what changed something."""
    def kept(match):
        names = re.findall(r"\w+", match[2])
        return match[1] + ", ".join(name for i, name in enumerate(names)
                                    if chr(ord("a") + i) in passes) + match[3]
    return _sub_once(r"(static const Pass kPasses\[\] = \{)(.*?)(\};)", kept, text)


def cut_rules(text: str, rules: Set[str], operators: Set[str]) -> str:
    """A translation that no model needs goes, or refuses where its operator is here: else nodes of
    old files would be taken for something that they are not."""
    def table(match):
        def entry(rule):
            until = "-1" if rule[2] == "kOnnxAnyOpset" else rule[2]
            if f"{rule[1]} {until}" in rules:
                return rule[0]
            if rule[1] in operators:
                return f'{{"{rule[1]}", {rule[2]}, onnx_rule_not_here}},'
            return ""
        entries = re.sub(r'\{\s*"(\w+)",\s*(\w+),\s*(\w+)\},?', entry, match[2])
        if "{" not in entries:  # no array is empty
            entries = '    {"", kOnnxAnyOpset, onnx_rule_not_here},\n'
        return match[1] + re.sub(r"\n\s*(?=\n)", "", entries) + match[3]
    text, count = re.subn(r"(constexpr OnnxUpgradeRule \w+\[\] = \{)(.*?)(\};\n)", table, text,
                          flags=re.DOTALL)
    if not count:
        raise CutError("the text has no tables of OnnxUpgradeRule")
    return text


# Where functions that no model calls are left out; elsewhere, what is called hangs on programs.
_ROOMS_OF_MODELS = ("load", "model", "ops", "optimize", "plan", "program")


def _functions(text: str) -> List[Tuple[int, int]]:
    """The bodies of functions that can fail, braces apart, in the rooms whose work hangs on the
    model; only those can say that they are not here."""
    files = list(_MARKER.finditer(text))
    starts = [match.start() for match in files]
    begin = text.find("tell_use(const char *, const char *) {}")  # from there on it can be called
    found = []
    for item in items_of(text):
        tokens = [token for token in item.tokens if token.kind != "directive"]
        if item.kind != "definition" or item.start < begin:
            continue
        at = bisect.bisect(starts, tokens[0].start)
        if not at or files[at - 1][1].split("/")[0] not in _ROOMS_OF_MODELS:
            continue
        if tokens[_after_template(tokens)].text in ("struct", "class"):
            found += _bodies_of_members(tokens)
        elif body := _body_of_failing(tokens):
            found.append(body)
    return found


def _body_of_failing(tokens: List[Token]) -> Optional[Tuple[int, int]]:
    """Where the body of a function lies that returns a Status or a Result."""
    first = _after_template(tokens)
    while tokens[first].text in ("static", "inline"):
        first += 1
    if tokens[first].text not in ("Status", "Result") or tokens[-1].text != "}":
        return None
    words = {token.text for token in tokens}
    if "LINNET_PRINTF" in words or "va_start" in words or "kCutHint" in words:
        return None  # makes the messages
    depth = 0
    for token in tokens:
        depth += (token.text == "(") - (token.text == ")")
        if token.text == "{" and depth == 0:
            return token.end, tokens[-1].start
    return None


def _bodies_of_members(tokens: List[Token]) -> Iterator[Tuple[int, int]]:
    """Of a class: those of its functions that are defined in it and can fail."""
    depth, start = 0, None
    for at, token in enumerate(tokens):
        depth += (token.text == "{") - (token.text == "}")
        if depth != 1:
            continue
        if start is not None and token.text == "}":
            if body := _body_of_failing(tokens[start:at + 1]):
                yield body
        if token.text in ("{", "}", ";") or token.text == ":" and tokens[at - 1].text in (
                "public", "private"):
            start = at + 1


def traced(text: str) -> str:
    """The text with a call of tell_use() in each function that can fail, for the library that says
    what models need."""
    parts, last = [], 0
    for number, (start, _) in enumerate(_functions(text)):
        parts += [text[last:start], f' ::linnet::tell_use("function", "{number}");']
        last = start
    return "".join(parts) + text[last:]


def cut_functions(text: str, called: Set[str]) -> str:
    """What was not called fails."""
    parts, last = [], 0
    for number, (start, end) in enumerate(_functions(text)):
        if str(number) not in called:
            parts += [text[last:start], " return ::linnet::not_here(); "]
            last = end
    return "".join(parts) + text[last:]


# Parts that are left out as a whole: functions, and what they say instead; None: nothing, and 0.
FEATURES: Dict[str, Dict[str, Optional[str]]] = {
    "linnet": {"Result<LoadedModel> load_linnet": "the format .linnet",
               "Status Model::verify": "verifying checksums",
               "uint64_t Tensor::fingerprint": None},  # by which packed weights are found
    "save": {"Status save_model": "saving models"},
    "tune": {"Status Session::tune": "measuring the ways of computing convolutions"},
    "files": {"Result<File> File::open": "reading files"},
    "branches": {"Status parse_onnx_branches": "the operator If",
                 "Result<Array<Node>> take_branch": "the operator If"},
    "graphs": {"Status Model::open_graph": "a model without its plan",
               "Result<Owned<Execution>> Session::prepare_graph": "planning"},
}


def cut_feature(text: str, feature: str) -> str:
    """Replaces the bodies of the functions of a feature by an error."""
    for function, what in FEATURES[feature].items():
        def body(match, what=what):
            parameters = re.sub(r"\b\w+(?=[,)])", "", match[2])
            refusal = f'error(Code::kUnsupported, "{what} %s%s", kNotHere, kCutHint)'
            return (f"{match[1]}{parameters}{match[3]}{{\n"
                    f"    return {refusal if what else 0};\n}}\n")
        text = _sub_once(rf"^({re.escape(function)})(\([^{{;]*\))( (?:const )?)"
                         r"\{(?:\n.*?^| return ::linnet::not_here\(\); )\}\n",
                         body, text)
    return text


def replace_once(text: str, old: str, new: str) -> str:
    if text.count(old) != 1:
        raise CutError(f"{old!r} was expected once in the text")
    return text.replace(old, new)


def _sub_once(pattern: str, replacement, text: str) -> str:
    text, count = re.subn(pattern, replacement, text, flags=re.MULTILINE | re.DOTALL)
    if count != 1:
        raise CutError(f"{pattern!r} was expected once in the text")
    return text


# ---- What nothing reaches -----------------------------------------------------------------------

class Part:
    """Some of a definition's text: all of it, or a group of cases that some values lead to."""

    def __init__(self, start: int, end: int, values: Optional[Set[Tuple[str, str]]] = None,
                 parent: "Optional[Part]" = None):
        self.start, self.end, self.values, self.parent = start, end, values, parent
        self.words: Set[str] = set()
        self.made: Set[Tuple[str, str]] = set()  # "Enumeration::value"
        self.entries: Set[str] = set()  # of lists that are pasted here,
        self.endings: Set[str] = set()  # and what is made of them: "_kernel"
        self.alive = False


class Item:
    """One thing at the level of namespaces: a definition, a directive, a brace of a namespace."""

    def __init__(self, kind: str, start: int, end: int, tokens: List[Token]):
        self.kind, self.start, self.end, self.tokens = kind, start, end, tokens
        self.name = ""
        self.owners: List[str] = []  # the classes that a member is of
        self.values: Set[str] = set()  # of an enumeration, where they need not be qualified
        self.parts: List[Part] = []
        self.labels: List[Tuple[int, int, Tuple[str, str]]] = []  # case labels of trimmed values
        self.mate: Optional[Item] = None  # the other brace
        self.file = 0  # in which it stands
        self.private = False  # to its file
        self.alive = False


def items_of(text: str) -> List[Item]:
    """The text as a list of items, each with the comments before it."""
    items: List[Item] = []
    opened: List[Item] = []
    current: List[Token] = []
    depth, is_function, start = 0, False, 0

    def finish(kind: str) -> Item:
        nonlocal current, start, is_function
        behind = _REST_OF_LINE.match(text, current[-1].end)  # its own comment
        item = Item(kind, start, behind.end(), current)
        items.append(item)
        start, current, is_function = item.end, [], False
        return item

    for token in tokens_of(text):
        current.append(token)
        if token.kind == "directive":
            if depth == 0 and len(current) == 1:
                finish("directive")
        elif token.text == "{":
            if depth == 0 and current[0].text in ("namespace", "extern") and _is_open(current):
                opened.append(finish("open"))
                continue
            if depth == 0:
                is_function = _begins_function(current)
            depth += 1
        elif token.text == "}":
            if depth == 0:
                if not opened:
                    raise CutError(f"a brace too many: {text[start:token.end][-80:]!r}")
                closing = finish("close")
                closing.mate = opened.pop()
                closing.mate.mate = closing
                continue
            depth -= 1
            if depth == 0 and is_function:
                finish("definition")
        elif token.text == ";" and depth == 0:
            finish("definition")
        elif token.text == ")" and depth == 0 and _is_entry(current):
            finish("definition")
    if current or opened:
        raise CutError("the text ends inside of a definition")
    items.append(Item("directive", start, len(text), []))
    return items


def _is_open(tokens: List[Token]) -> bool:
    words = [token.text for token in tokens]
    return words[0] == "namespace" or words[:2] == ["extern", '"C"'] and len(words) == 3


def _is_entry(tokens: List[Token]) -> bool:
    """LINNET_OPERATOR(x), which stands without a semicolon."""
    return len(tokens) == 4 and re.match("LINNET_(OPERATOR|KERNEL)", tokens[0].text) is not None


def _begins_function(tokens: List[Token]) -> bool:
    first = _after_template(tokens)
    if tokens[first].text in ("struct", "class", "enum", "union"):
        return False
    depth = 0
    for token in tokens[first:-1]:
        depth += (token.text in ("(", "[")) - (token.text in (")", "]"))
        if token.text == "=" and depth == 0:
            return "operator" in [t.text for t in tokens]
    return tokens[-2].text in (")", "const", "noexcept", "override")


def _after_template(tokens: List[Token]) -> int:
    """Behind `template <...>` and what else says little."""
    i = 0
    while i < len(tokens) and tokens[i].text == "template":
        depth, i = 0, i + 1
        while True:
            depth += (tokens[i].text == "<") - (tokens[i].text == ">")
            i += 1
            if depth == 0:
                break
    return i


_SPECIFIERS = {"static", "inline", "constexpr", "extern", "const", "thread_local", "typedef"}


def name_item(item: Item) -> None:
    """Finds what the item defines or declares, and of which class it is a member."""
    tokens = [token for token in item.tokens if token.kind != "directive"]
    if not tokens:
        return
    words = [token.text for token in tokens[_after_template(tokens):]]
    while words[0] == "[":  # [[maybe_unused]]
        words = words[words.index("]") + 2:]
    if words[0] in ("struct", "class", "enum", "union"):
        at = 2 if words[1] in ("class", "struct") else 1
        while words[at] in ("alignas", "["):
            at = (_behind_parentheses(words, at) if words[at] == "alignas" else
                  words.index("]", at) + 2)
        _take_name(item, words, at)
        if words[0] == "enum" and at == 1:
            item.values = set(re.findall(r"\w+", " ".join(words[at:])))
        return
    if words[0] in ("using", "static_assert"):
        item.name = words[1] if words[0] == "using" and words[2] == "=" else (
            words[-2] if words[0] == "using" else "")
        return
    at, angle, before = 0, 0, 0
    while at < len(words):
        word = words[at]
        if word in ("alignas", "__attribute__", "__declspec", "decltype"):
            at = _behind_parentheses(words, at)
            continue
        if word == "operator":
            item.name = "operator"
            _take_owners(item, words, at)
            return
        if word == "<":
            angle += 1
        elif word == ">":
            angle -= 1
        elif angle == 0 and word in ("(", "=", "[", "{", ";"):
            break
        elif angle == 0 and re.match(r"[A-Za-z_]", word):
            before = at
        at += 1
    item.name = words[before]
    _take_owners(item, words, before)


def _take_name(item: Item, words: List[str], at: int) -> None:
    item.name = words[at]
    while at + 2 < len(words) and words[at + 1] == "::":
        item.owners.append(words[at])
        at += 2
        item.name = words[at]


def _take_owners(item: Item, words: List[str], at: int) -> None:
    if at > 0 and words[at - 1] == "~":
        item.name, at = "~" + words[at], at - 1
    while at >= 2 and words[at - 1] == "::":
        item.owners.append(words[at - 2])
        at -= 2


def _behind_parentheses(words: List[str], at: int) -> int:
    depth = 0
    for i in range(at + 1, len(words)):
        depth += (words[i] == "(") - (words[i] == ")")
        if depth == 0:
            return i + 1
    return len(words)


def find_parts(item: Item, trimmed: Set[str]) -> None:
    """Divides an item into what is there always and what hangs on cases of trimmed values."""
    whole = Part(item.start, item.end)
    item.parts = [whole]
    tokens = item.tokens
    stack: List[List] = []  # of each open brace: labels so far, whether statements followed, part
    part = whole
    i = 0
    while i < len(tokens):
        text = tokens[i].text
        if text == "{":
            stack.append([[], False, part])
        elif text == "}":
            if stack:
                outer = stack.pop()[2]
                if part is not outer:
                    part.end = tokens[i].start
                part = outer
        elif stack and (text == "case" or text == "default" and tokens[i + 1].text == ":"):
            frame = stack[-1]
            colon = i + 1
            while tokens[colon].text != ":":
                colon += 1
            if frame[1] or not frame[0]:  # the first label of a group
                if part is not frame[2]:
                    part.end = tokens[i].start
                part = frame[2]
                frame[0], frame[1] = [], False
            label = [token.text for token in tokens[i + 1:colon]]
            value = (label[0], label[2]) if len(label) == 3 and label[0] in trimmed else None
            frame[0].append((tokens[i].start, value))
            if value:
                item.labels.append((tokens[i].start, tokens[colon].end, value))
            following = tokens[colon + 1].text if colon + 1 < len(tokens) else "}"
            if following not in ("case", "default", "}"):
                frame[1] = True
                values = {value for _, value in frame[0] if value}
                if len(values) == len(frame[0]):
                    part = Part(frame[0][0][0], item.end, values, frame[2])
                    item.parts.append(part)
            i = colon + 1
            continue
        _note(part, tokens, i)
        i += 1


def _note(part: Part, tokens: List[Token], i: int) -> None:
    token = tokens[i]
    if token.kind == "word":
        part.words.add(token.text)
        if i + 2 < len(tokens) and tokens[i + 1].text == "::" and tokens[i + 2].kind == "word":
            part.made.add((token.text, tokens[i + 2].text))
        if token.text.startswith(("LINNET_OPERATOR", "LINNET_KERNEL")) and i + 2 < len(tokens):
            part.entries.add(tokens[i + 2].text)
    elif token.kind == "directive":
        part.words.update(_WORDS.findall(token.text))
        part.endings.update(re.findall(r"\bname##(\w+)", token.text))


class Reach:
    """Finds what is reached from the roots."""

    def __init__(self, text: str, trims: bool = True):
        self.text = text
        self.items = items_of(text)
        self._place_items()
        self.words: Set[str] = set()
        self.words_of_file: Dict[int, Set[str]] = collections.defaultdict(set)
        self.made: Set[Tuple[str, str]] = set()
        self.trimmed = {match[1] for match in re.finditer(
            r"^// Trimmed\b[^\n]*\n(?:// [^\n]*\n)*enum class (\w+)", text, re.MULTILINE)
            if trims}
        for item in self.items:
            if item.kind == "definition":
                name_item(item)
                find_parts(item, self.trimmed)
            elif item.kind == "directive" and item.tokens:
                self._take_directive(item)
        self._follow()

    def _place_items(self) -> None:
        files = list(re.finditer(r"^// ---- \S+\.(?:cc|h)$", self.text, re.MULTILINE))
        starts = [match.start() for match in files]
        stack: List[bool] = []
        for item in self.items:
            # The comment that names a file belongs to the first item behind it.
            first = item.tokens[0].start if item.tokens else item.end
            item.file = bisect.bisect(starts, first)
            words = [token.text for token in item.tokens[:2]]
            if item.kind == "open":
                stack.append(words == ["namespace", "{"])
            elif item.kind == "close":
                stack.pop()
            item.private = ((any(stack) or words[:1] == ["static"]) and item.file > 0 and
                            files[item.file - 1][0].endswith(".cc"))

    def _take_directive(self, item: Item) -> None:
        words = _WORDS.findall(item.tokens[0].text)
        if words[:1] == ["define"]:
            item.kind, item.name = "define", words[1]
            item.parts = [Part(item.start, item.end)]
            item.parts[0].words = set(words[2:])
        elif words[:1] == ["undef"]:
            item.kind, item.name = "define", words[1]
            item.parts = [Part(item.start, item.end)]
        else:
            self.words.update(words)

    def _follow(self) -> None:
        defined = {item.name for item in self.items if item.name}
        waiting = [item for item in self.items if item.kind in ("definition", "define")]
        changed = True
        while changed:
            changed = False
            rest = []
            for item in waiting:
                if not item.alive:
                    item.alive = self._is_reached(item, defined)
                fresh = [part for part in item.parts if item.alive and
                         self._reach_part(part, item.file)]
                changed = changed or bool(fresh)
                if not item.alive or not all(part.alive for part in item.parts):
                    rest.append(item)
            waiting = rest

    def _reach_part(self, part: Part, file: int) -> bool:
        if part.alive or part.parent and not part.parent.alive:
            return False
        if part.values is not None and not part.values & self.made:
            return False
        part.alive = True
        made = {entry + end for entry in part.entries for end in part.endings}
        self.words |= part.words | made
        self.words_of_file[file] |= part.words | made
        self.made |= part.made
        return True

    def _is_reached(self, item: Item, defined: Set[str]) -> bool:
        if item.kind == "define":
            return item.name in self.words
        words = self.words_of_file[item.file] if item.private else self.words
        if any(owner not in words for owner in item.owners):
            return False
        name = item.name
        if name.startswith("linnet_") and item.tokens[-1].text == "}" and not item.owners:
            return True  # the C interface
        if name == "operator" and not item.owners or not name:
            body = [t.text for t in item.tokens].index("{") if "{" in [
                t.text for t in item.tokens] else len(item.tokens)
            signature = {t.text for t in item.tokens[:body] if t.kind == "word"}
            return all(word in self.words for word in signature & (defined - {"operator"}))
        if item.owners and (name == "operator" or name.lstrip("~") == item.owners[0]):
            return True  # lives with its class
        return name in words or not item.values.isdisjoint(words)

    def result(self) -> str:
        """The text without what is not reached."""
        self._drop_empty_namespaces()
        kept = []
        for item in self.items:
            if item.kind in ("definition", "define"):
                if item.alive:
                    kept.append(self._trimmed_text(item))
            elif item.alive or item.kind == "directive":
                kept.append(self.text[item.start:item.end])
        return _drop_empty_conditions("".join(kept))

    def _drop_empty_namespaces(self) -> None:
        stack: List[List] = []
        for item in self.items:
            if item.kind == "open":
                stack.append([item, False])
            elif item.kind == "close":
                opening, full = stack.pop()
                opening.alive = item.alive = full
                if full and stack:
                    stack[-1][1] = True
            elif stack and (item.alive or item.kind == "directive" and "pragma" not in
                            self.text[item.start:item.end]):
                stack[-1][1] = True

    def _trimmed_text(self, item: Item) -> str:
        if item.name in self.trimmed and item.tokens[-1].text == ";" and len(item.tokens) > 3:
            return self._trimmed_enumeration(item)
        gaps = [(part.start, part.end) for part in item.parts if not part.alive]
        gaps += [(start, end) for start, end, value in item.labels if value not in self.made]
        text, at = [], item.start
        for start, end in sorted(gaps, key=lambda gap: (gap[0], -gap[1])):
            if start < at:
                continue
            text.append(self.text[at:start].rstrip(" \n") + ("\n" if "\n" in
                                                             self.text[at:start] else ""))
            at = end
            while self.text[at] == " ":
                at += 1
            if self.text[at] == "\n":
                at += 1
            else:  # the indentation of what follows
                line = self.text.rfind("\n", 0, at)
                text.append(" " * (at - line - 1) if not self.text[line + 1:at].strip() else
                            self._indentation(start))
        text.append(self.text[at:item.end])
        return "".join(text)

    def _indentation(self, at: int) -> str:
        line = self.text[self.text.rfind("\n", 0, at) + 1:at]
        return line if not line.strip() else "    "

    def _trimmed_enumeration(self, item: Item) -> str:
        text = self.text[item.start:item.end]
        head, body = text.split("{", 1)
        lines, expected, number = [], 0, 0
        for match in re.finditer(r"(\w+)(?: = (\d+))?,?(?:[ \t]*(//[^\n]*))?",
                                 body.rsplit("}", 1)[0]):
            number = int(match[2]) if match[2] else number
            if (item.name, match[1]) in self.made:
                value = "" if number == expected else f" = {number}"
                comment = f" {match[3]}" if match[3] else ""
                lines.append(f"    {match[1]}{value},{comment}\n")
                expected = number + 1
            number += 1
        return f"{head}{{\n{''.join(lines)}}};"


def _drop_empty_conditions(text: str) -> str:
    """Takes out #if ... #endif with nothing in between, and lines of blanks."""
    before = None
    while before != text:
        before = text
        text = re.sub(r"^#if[^\n]*\n(?:\s*#(?:else|elif)[^\n]*\n|\s*\n)*\s*#endif[^\n]*\n", "\n",
                      text, flags=re.MULTILINE)
        text = re.sub(r"^// ---- \S+\.\w+\s*\n+(?=// ----|\Z)", "", text, flags=re.MULTILINE)
    return re.sub(r"\n{3,}", "\n\n", text)


def cut(text: str, need: Need, isas: Iterable[str], without: Iterable[str]) -> str:
    """linnet.cc with what is needed alone. isas: plain, avx2, ...; without: of FEATURES."""
    if need.functions is not None:
        text = cut_functions(text, need.functions)
    text = cut_isas(text, isas)
    text = cut_operators(text, need.operators)
    text = cut_kernels(text, need, isas)
    text = cut_passes(text, need.passes)
    text = cut_rules(text, need.rules, need.operators)
    for feature in without:
        text = cut_feature(text, feature)
    return Reach(text).result()


def cut_to_plans(text: str, digests: Iterable[str]) -> str:
    """What is left of a cut file where models come with their plans, whose digests these are. What
    makes the values of enumerations is not there any more, so that all those of `text` stay."""
    text = replace_once(text, "kIsPlanned = false;", "kIsPlanned = true;")
    plans = "".join(f'\n    "{digest}",' for digest in digests)
    text = replace_once(text, 'kPlans[] = {""};', f"kPlans[] = {{{plans}\n}};")
    return Reach(cut_feature(text, "graphs"), trims=False).result()
