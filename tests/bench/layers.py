#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Shows where the time of a network goes, step by step: which kernel ran, for how long, at how many
GFLOP/s, and which share that is of the peak that this machine was measured to have.

GFLOP/s count two operations for each multiply-add of the file, whatever the kernel does: that of
Winograd needs fewer and can exceed the peak. Bytes are those of the weights and of the tensors that
go in and out of the step. graph_cost.py says which layers of the file a step is charged with.
"""
import argparse
import json
import pathlib
import sys
from typing import Any, Dict, List, Optional

import numpy as np

import linnet
from graph_cost import GraphCost
from machine import describe_machine, describe_software, measure_peak
from networks import random_input

COLUMNS = "      ms  share     MMAC  GFLOP/s   peak  weights KB  tensors KB  kernel        tensor"


def main() -> int:
    options = _parse()
    try:
        report = measure(options)
    except linnet.LinnetError as error:
        print(f"layers: {error}", file=sys.stderr)
        return 1
    if options.json:
        options.json.write_text(json.dumps(report, indent=1) + "\n")
    _print(report, options.sort)
    return 0


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=pathlib.Path, help="an ONNX file")
    parser.add_argument("--runs", type=int, default=50)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--batch", type=int, default=1, help="where the model leaves it free")
    parser.add_argument("--isa", default="auto", help="auto, plain, avx2, avx512 or neon")
    parser.add_argument("--sort", action="store_true", help="the longest steps first")
    parser.add_argument("--json", type=pathlib.Path, help="writes everything into this file")
    return parser.parse_args()


def measure(options: argparse.Namespace) -> Dict[str, Any]:
    """Runs the network and adds up what is known of its steps."""
    session = linnet.Session(linnet.Model(options.model), options.threads, isa=options.isa)
    inputs = {port.name: random_input(_shape(port, shape, options.batch)).astype(port.dtype)
              for port, shape in zip(session.model.inputs, session.input_shapes)}
    for _ in range(min(5, options.runs)):
        session.run(inputs)
    times = []
    for _ in range(options.runs):
        session.run(inputs)
        steps = session.profile()
        times.append([step.milliseconds for step in steps])
    medians = np.median(times, axis=0)
    peak = measure_peak(options.isa, options.threads)
    graph = GraphCost(options.model, {name: array.shape for name, array in inputs.items()})
    costs = graph.of_steps([(step.tensor, step.kernel) for step in steps])
    rows = [_row(step, float(ms), cost, peak) for step, ms, cost in zip(steps, medians, costs)]
    return {"model": options.model.name, "threads": options.threads, "runs": options.runs,
            "inputs": {name: list(array.shape) for name, array in inputs.items()},
            "machine": describe_machine(), "software": describe_software(["linnet", "numpy"]),
            "peak": peak, "macs_of_model": session.model.macs, "steps": rows}


def _shape(port: linnet.TensorInfo, shape, batch: int):
    free = port.shape and port.shape[0] is None
    return (batch, *shape[1:]) if free else shape


def _row(step, ms: float, cost, peak: Optional[Dict[str, Any]]) -> Dict[str, Any]:
    rate = 2e-6 * cost.macs / ms if cost.macs and ms else None
    return {"tensor": step.tensor, "kernel": step.kernel, "ms": ms, "gflops": rate,
            "of_peak": rate / peak["gflops"] if rate and peak else None, **cost._asdict()}


def _print(report: Dict[str, Any], by_time: bool) -> None:
    peak, rows = report["peak"], report["steps"]
    total = _sum(rows, peak)
    if peak:
        print(f"peak {peak['gflops']:.0f} GFLOP/s ({peak['isa']}, {peak['threads']} threads) at "
              f"{peak['clock_ghz'][0]:.2f} GHz, reading {peak['read_gbs']:.0f} GB/s")
    print(COLUMNS)
    for row in sorted(rows, key=lambda row: -row["ms"]) if by_time else rows:
        print(_line(row, total["ms"]))
    print()
    for kernel in sorted({row["kernel"] for row in rows}):
        of_kernel = [row for row in rows if row["kernel"] == kernel]
        print(_line({**_sum(of_kernel, peak), "kernel": kernel,
                     "tensor": f"{len(of_kernel)} steps"}, total["ms"]))
    print(_line({**total, "kernel": "all", "tensor": f"{len(rows)} steps"}, total["ms"]))
    one_image = next(iter(report["inputs"].values()))[:1] == [1]
    if one_image and total["macs"] != report["macs_of_model"]:
        print(f"The steps are charged with {total['macs']:,} multiply-adds; the model has "
              f"{report['macs_of_model']:,}: some step's are not known.")


def _sum(rows: List[Dict[str, Any]], peak: Optional[Dict[str, Any]]) -> Dict[str, Any]:
    """Many rows as one."""
    total = {name: sum(row[name] or 0 for row in rows)
             for name in ("ms", "macs", "weight_bytes", "activation_bytes")}
    rate = 2e-6 * total["macs"] / total["ms"] if total["macs"] and total["ms"] else None
    return {**total, "gflops": rate, "of_peak": rate / peak["gflops"] if rate and peak else None}


def _line(row: Dict[str, Any], total_ms: float) -> str:
    def cell(value, scale, form, width):
        return f"{format(value * scale, form) if value else '-':>{width}}"

    return (f"{row['ms']:8.3f} {row['ms'] / total_ms:6.1%} {cell(row['macs'], 1e-6, '.1f', 8)} "
            f"{cell(row['gflops'], 1, '.1f', 8)} {cell(row['of_peak'], 1, '.0%', 6)} "
            f"{cell(row['weight_bytes'], 1e-3, '.0f', 11)} "
            f"{cell(row['activation_bytes'], 1e-3, '.0f', 11)}  {row['kernel']:<13} "
            f"{row['tensor']}")


if __name__ == "__main__":
    sys.exit(main())
