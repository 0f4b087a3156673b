#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes linnet.cc and linnet.h, the whole library in one source file and one header.

usage: amalgamate.py OUT_DIR [--check]

The text depends on nothing but the sources: no clock, no machine. With --check nothing is written;
the command fails if the files in OUT_DIR differ from what it would write.

What it relies on, and checks with an explanation of what to do:
 - rooms (folders of core/, then capi/) include only what `ROOMS` lets them;
 - file names are unique, so that the result is a plain list of files;
 - a .h file begins with #pragma once and is pasted once; a .inl file is pasted wherever it is
   included (the bodies of the kernels, once per instruction set; the second time and later
   without comments and empty lines, and with less indentation) and includes no header;
 - every file is reached; includes have no cycles; there is no `using namespace`;
 - macros that a .cc or .inl file defines end with it; text is ASCII.

The text is: all headers; the kernels and what else takes time; the rest, compiled for size.
"""
import argparse
import collections
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]

# Who may know whom: each room and the rooms that its files may include, itself apart.
ROOMS = {
    "base": [],
    "model": ["base"],
    "kernels": ["base"],
    "image": ["base", "kernels"],
    "program": ["base", "model", "kernels"],
    "ops": ["base", "model", "kernels", "program"],
    "load": ["base", "model"],
    "save": ["base", "model", "load"],
    "optimize": ["base", "model", "ops"],
    "plan": ["base", "model", "kernels", "ops", "program"],
    "run": ["base", "kernels", "program"],
    "predictor": ["base", "model", "kernels", "image", "ops", "program", "load", "save", "optimize",
                  "plan", "run"],
    "capi": ["base", "predictor"],
}
INCLUDE = re.compile(r'\s*#\s*include\s+(?:"([^"]+)"|<([^>]+)>)')
CONDITION = re.compile(r"\s*#\s*(if|ifdef|ifndef|endif)\b")
# Between files with nothing but comments before the namespace.
NAMESPACE_SEAM = re.compile(r"^\} // namespace linnet\n((?:(?://[^\n]*)?\n)*)namespace linnet \{\n",
                            re.MULTILINE)
DEFINE = re.compile(r"\s*#\s*(define|undef)\s+(\w+)")

TITLE = """\
// Linnet {version}: prediction with trained neural networks, in one file.
// Made by capi/single_file/amalgamate.py from the sources; do not edit.
// Build: c++ -O2 -std=c++17 -c linnet.cc (link with -pthread). The interface is linnet.h.
//
"""

# What is compiled for speed, as in CMakeLists.txt.
FAST = re.compile(r"image/|kernels/(isa_|pack|resample|winograd)|"
                  r"optimize/linear_node|ops/convolution[.]")

BEGIN_SMALL = """
// ---- What follows takes no time, but space.

#if defined(__clang__) && defined(__OPTIMIZE__)
#pragma clang attribute push(__attribute__((minsize)), apply_to = function)
#elif defined(__GNUC__) && defined(__OPTIMIZE__)
#pragma GCC push_options
#pragma GCC optimize("Os")
#endif
"""
END_SMALL = """
#if defined(__clang__) && defined(__OPTIMIZE__)
#pragma clang attribute pop
#elif defined(__GNUC__) && defined(__OPTIMIZE__)
#pragma GCC pop_options
#endif
"""


class RuleBroken(Exception):
    """A source file breaks a rule; the message says which and what to do."""


class Source:
    """One source file: its lines, includes and where it stands."""

    def __init__(self, path, room, name):
        self.path, self.room, self.name = path, room, name
        self.kind = path.suffix
        text = path.read_text(encoding="utf-8")
        self.lines = text.splitlines()
        for number, line in enumerate(self.lines, 1):
            if not line.isascii():
                raise RuleBroken(f"{path}:{number}: not ASCII; write it as an escape or in words")
            if re.match(r"\s*using\s+namespace\b", line):
                raise RuleBroken(f"{path}:{number}: `using namespace` would reach all files behind "
                                 "this one; name what you need with `using linnet::x;`")
        self.check_macros()

    def check_macros(self):
        """A macro that outlives its file would change the files behind it."""
        if self.kind == ".h":
            if self.name != "linnet.h" and "#pragma once" not in self.lines:
                raise RuleBroken(f"{self.path}: a header needs #pragma once")
            return
        alive = {}
        for number, line in enumerate(self.lines, 1):
            match = DEFINE.match(line)
            if match and match[1] == "define":
                alive[match[2]] = number
            elif match:
                alive.pop(match[2], None)
        alive.pop("NOMINMAX", None)
        alive.pop("WIN32_LEAN_AND_MEAN", None)
        for macro, number in alive.items():
            raise RuleBroken(f"{self.path}:{number}: the macro {macro} outlives the file; add "
                             f"#undef {macro} at its end")


def read_sources():
    """All sources, by the name under which they are included."""
    sources, by_file_name = {}, {}
    places = [(ROOT / "core" / room, room, f"{room}/") for room in ROOMS if room != "capi"]
    places.append((ROOT / "capi", "capi", ""))
    for folder, room, prefix in places:
        for path in sorted(folder.glob("*")):
            if path.suffix not in (".h", ".cc", ".inl"):
                continue
            if path.name in by_file_name:
                raise RuleBroken(f"{path}: there is also {by_file_name[path.name]}; file names "
                                 "must be unique in the whole code base")
            by_file_name[path.name] = path
            sources[prefix + path.name] = Source(path, room, path.name)
    folders = {path.name for path in (ROOT / "core").iterdir() if path.is_dir()}
    unknown = folders - set(ROOMS)
    if unknown:
        raise RuleBroken(f"core/{min(unknown)} is no room that amalgamate.py knows; add it to "
                         "ROOMS with the rooms that it may include")
    return sources


class Amalgamation:
    """Pastes files into one text, each header before the first file that needs it."""

    def __init__(self, sources):
        self.sources = sources
        self.reached = set()
        self.pasted = set()
        self.system = collections.OrderedDict()
        self.out = []

    def add(self, name, stack=()):
        source = self.sources[name]
        if name in stack:
            raise RuleBroken(f"{source.path}: includes itself by way of {' -> '.join(stack)}")
        if source.kind == ".h" and name in self.pasted:
            return
        again = name in self.pasted
        self.reached.add(name)
        self.pasted.add(name)
        self.out.append(f"\n// ---- {name}\n")
        depth = 0
        for number, line in enumerate(source.lines, 1):
            condition = CONDITION.match(line)
            if condition:
                depth += -1 if condition[1] == "endif" else 1
            include = INCLUDE.match(line)
            if include:
                self.add_include(source, number, line, include, depth, stack + (name,))
            elif line in ("#pragma once", "// SPDX-License-Identifier: MIT"):
                continue
            elif not again:
                self.out.append(line + "\n")
            elif line.strip() and not line.lstrip().startswith("//"):
                code = line.lstrip(" ")
                self.out.append(" " * ((len(line) - len(code)) // 4) + code + "\n")

    def add_include(self, source, number, line, include, depth, stack):
        local, system = include.groups()
        where = f"{source.path}:{number}"
        if source.kind == ".inl" and not (local or "").endswith(".inl"):
            raise RuleBroken(f"{where}: a .inl file is pasted inside a region for one instruction "
                             "set, where a header must not be; include it in the .cc file")
        if system:
            if depth:
                self.out.append(line + "\n")
            else:
                self.system[system] = True
            return
        if local == "linnet.h":
            self.out.append('#include "linnet.h"\n')
            self.reached.add(local)
            return
        if local not in self.sources:
            raise RuleBroken(f"{where}: there is no {local}; write it as room/file")
        room = self.sources[local].room
        if room != source.room and room not in ROOMS[source.room]:
            raise RuleBroken(f"{where}: {source.room} may not know {room}; move the code to where "
                             "it belongs, or hand the value in")
        self.add(local, stack)

    def text(self):
        version = header_version(self.sources["linnet.h"])
        licence = (ROOT / "LICENSE").read_text(encoding="utf-8").strip().splitlines()
        title = TITLE.format(version=version) + "".join(f"// {l}".rstrip() + "\n" for l in licence)
        system = "".join(f"#include <{name}>\n" for name in sorted(self.system))
        body = NAMESPACE_SEAM.sub(r"\1", "".join(self.out))
        body = re.sub(r"\n{3,}", "\n\n", body)
        return f"{title}\n{system}{body}"


def header_version(header):
    numbers = [re.match(r"#define LINNET_VERSION_\w+ (\d+)", line) for line in header.lines]
    return ".".join(match[1] for match in numbers if match)


def amalgamate():
    """The two texts, by file name."""
    sources = read_sources()
    codes = [name for name, source in sources.items() if source.kind == ".cc"]
    trial = Amalgamation(sources) # finds which headers are included
    for name in codes:
        trial.add(name)
    for name, source in sources.items():
        if name not in trial.reached:
            raise RuleBroken(f"{source.path}: no file includes it; delete it")
    whole = Amalgamation(sources)
    for name, source in sources.items():
        if source.kind == ".h" and name != "linnet.h":
            whole.add(name)
    for name in filter(FAST.match, codes):
        whole.add(name)
    whole.out.append(BEGIN_SMALL)
    for name in codes:
        if not FAST.match(name):
            whole.add(name)
    whole.out.append(END_SMALL)
    header = "\n".join(sources["linnet.h"].lines) + "\n"
    return {"linnet.cc": whole.text(), "linnet.h": header}


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out_dir", type=pathlib.Path)
    parser.add_argument("--check", action="store_true", help="compare instead of writing")
    arguments = parser.parse_args()
    try:
        texts = amalgamate()
    except RuleBroken as broken:
        sys.exit(f"amalgamate: {broken}")
    drifted = []
    for name, text in texts.items():
        path = arguments.out_dir / name
        if not arguments.check:
            arguments.out_dir.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != text:
            drifted.append(str(path))
    if drifted:
        sys.exit(f"amalgamate: out of date: {', '.join(drifted)}; run amalgamate.py "
                 f"{arguments.out_dir}")


if __name__ == "__main__":
    main()
