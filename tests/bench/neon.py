#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""How close the loops of the NEON body are to nothing but multiply-adds: cross-compiles the single
file for AArch64 and counts, in the innermost loop of each function that holds the most of them, the
instructions for one vector multiply-add (fmla).

The ideal beside it is what the algorithm cannot do without. A tile of 5 x 16 multiplies, for four
input channels, 16 vectors of weights with four numbers of each of 5 rows: 80 fmla, 8 loads of pairs
of weight vectors and 5 of rows. The loop itself takes 2.
Depthwise 3x3 makes 7 outputs from 9 inputs and 3 weights for each row of taps: 21 fmla, 12 loads."""
import argparse
import pathlib
import re
import subprocess
import sys
import tempfile
from typing import Dict, List, Tuple

ROOT = pathlib.Path(__file__).resolve().parents[2]
# Function, as in the symbol; vector multiply-adds and instructions of the ideal loop.
LOOPS = {"tile of 5 x 16": ("run_tileILi5ELi4E", 80, 80 + 8 + 5 + 2),
         "depthwise 3x3": (r"depthwise_(?:row|step)ILi3ELi1ELb1E", 21, 21 + 12 + 2),
         "depthwise 5x5": (r"depthwise_(?:row|step)ILi5ELi1ELb1E", 35, 35 + 16 + 2)}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--compiler", default="aarch64-linux-gnu-g++")
    parser.add_argument("--objdump", default="aarch64-linux-gnu-objdump")
    options = parser.parse_args()
    functions = disassemble(options.compiler, options.objdump)
    print("loop               fmla  instructions  for each fmla  ideal")
    for title, (symbol, fmla, ideal) in LOOPS.items():
        found, count = densest_loop(body_of(functions, symbol))
        print(f"{title:18} {found:4} {count:13} {count / found:14.2f} {ideal / fmla:6.2f}")
    return 0


def disassemble(compiler: str, objdump: str) -> Dict[str, List[Tuple[int, str]]]:
    """The instructions of each function, with their addresses."""
    with tempfile.TemporaryDirectory() as folder:
        made = pathlib.Path(folder, "linnet.o")
        subprocess.run([compiler, "-O2", "-std=c++17", "-c", ROOT / "bindings/go/linnet.cc", "-o",
                        made], check=True)
        listing = subprocess.run([objdump, "-d", "--no-show-raw-insn", made], check=True,
                                 capture_output=True, text=True).stdout
    functions: Dict[str, List[Tuple[int, str]]] = {}
    for line in listing.splitlines():
        if start := re.match(r"[0-9a-f]+ <(.*)>:", line):
            at = functions.setdefault(start[1], [])
        elif instruction := re.match(r"\s*([0-9a-f]+):\s+(.*)", line):
            at.append((int(instruction[1], 16), instruction[2]))
    return functions


def body_of(functions: Dict[str, List[Tuple[int, str]]], symbol: str) -> List[Tuple[int, str]]:
    found = [body for name, body in functions.items()
             if "isa_neon" in name and re.search(symbol, name)]
    if len(found) != 1:
        raise SystemExit(f"{len(found)} functions are named {symbol}; one was expected")
    return found[0]


def densest_loop(body: List[Tuple[int, str]]) -> Tuple[int, int]:
    """The vector multiply-adds and the instructions of the innermost loop with the most of them."""
    loops = []
    for end, text in body:
        target = re.match(r"(?:b\.\w+|cbn?z|tbn?z)\s.*?\b([0-9a-f]+) <", text)
        if target and int(target[1], 16) < end:
            loops.append((int(target[1], 16), end))
    counts = []
    for begin, end in loops:
        if any(begin <= first and last < end for first, last in loops):
            continue  # another loop is inside
        inside = [text for at, text in body if begin <= at <= end]
        counts.append((sum(text.startswith("fmla") for text in inside), len(inside)))
    return max(counts, key=lambda count: (count[0], -count[1]))


if __name__ == "__main__":
    sys.exit(main())
