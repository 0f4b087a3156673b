#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Shows how much memory a run takes beside the least that it could take.

The arena of a session is exact and holds everything but the weights: the copy of the input, all
tensors between the layers, scratch. The bound is the largest set of tensors that must exist at the
same moment, if no layer is cut into pieces but those named in BOUNDS; it counts neither the input
nor scratch. An arena is in its bound if, without the input, it takes at most 3 % more, and 1 MB of
scratch a thread.
All MB are 10^6 bytes.
"""
import argparse
import json
import pathlib
import sys
from typing import Any, Dict

import numpy as np

import linnet
from networks import find_networks, table_parser

# In MB, for one picture of 224 x 224 in float32: found by simulating which tensors live when, over
# the orders in which the layers can run. Batch normalization and activations are part of the
# convolutions, sums are formed in place, concatenations and shuffles copy nothing, the stem is one
# layer with the pooling after it, the last convolution one with the global pooling (level B); and
# 1x1, depthwise, 1x1 run as one in bands of rows (level D) in the MobileNets and MnasNet.
BOUNDS = {"squeezenet1_1": 1.92, "mobilenet_v1": 1.61, "mobilenet_v2": 2.41, "mnasnet_b1": 2.41,
          "shufflenet_v2_x1": 1.10, "inception_bn": 3.21, "resnet18": 1.61, "resnet50": 5.22,
          "vgg16": 25.69}
SCRATCH_MB = 1.0  # a thread
SLACK = 1.03


def main() -> int:
    options = _parse()
    rows = [measure(path, threads) for path in find_networks(options.networks, options.only)
            for threads in options.threads]
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1) + "\n")
    print("network            threads  arena MB  input MB  bound MB  rest/bound   in its bound")
    for row in rows:
        print(_line(row))
    return 0


def _parse() -> argparse.Namespace:
    parser = table_parser(__doc__)
    parser.add_argument("--threads", type=lambda text: [int(word) for word in text.split(",")],
                        default=[1, 2], help="default: 1,2")
    return parser.parse_args()


def measure(path: pathlib.Path, threads: int) -> Dict[str, Any]:
    """The row of a network; "bound_mb" is None for networks and pictures without a known bound."""
    with linnet.Session(linnet.Model(path), threads) as session:
        shapes, ports = session.input_shapes, session.model.inputs
        arena = session.arena_bytes
    inputs = sum(int(np.prod(shape)) * port.dtype.itemsize for shape, port in zip(shapes, ports))
    known = path.stem in BOUNDS and list(shapes) == [(1, 3, 224, 224)]
    bound = BOUNDS[path.stem] if known else None
    return {"network": path.stem, "threads": threads, "arena_bytes": arena,
            "input_bytes": inputs, "bound_mb": bound,
            "in_bound": (arena - inputs) / 1e6 <= bound * SLACK + SCRATCH_MB * threads
                        if bound else None}


def _line(row: Dict[str, Any]) -> str:
    bound, arena = row["bound_mb"], row["arena_bytes"] / 1e6
    beside_input = arena - row["input_bytes"] / 1e6
    judged = f"{'-':>9} {'-':>12} {'-':>13}"
    if bound:
        judged = f"{bound:9.2f} {beside_input / bound:12.2f} {'yes' if row['in_bound'] else 'no':>13}"
    return (f"{row['network']:18} {row['threads']:7} {arena:9.2f} {row['input_bytes'] / 1e6:9.2f} "
            f"{judged}")


if __name__ == "__main__":
    sys.exit(main())
