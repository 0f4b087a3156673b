#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Draws the report of compare.py: bars a network, ours and each peer's, with their spread.

usage: chart.py REPORT.json PICTURE    (.png, .svg or .pdf)
"""
import json
import pathlib
import sys
from typing import Any, Dict, List

import matplotlib
import numpy as np
from matplotlib.figure import Figure

OURS = "linnet"
# Of Okabe and Ito, who chose them so that everybody can tell them apart.
COLORS = {OURS: "#d55e00", "onnxruntime": "#0072b2", "openvino": "#009e73", "ncnn": "#56b4e9",
          "mnn": "#e69f00"}
HIGHEST = 4  # of the axis; bars that go on are cut off there and carry their milliseconds


def draw(report: Dict[str, Any], path: pathlib.Path) -> None:
    """Writes the picture: one row of bars for each batch and number of threads. The axis is a time
    divided by the fastest peer's, so that large and small networks fit in one picture; our bar and
    the fastest peer's carry their milliseconds."""
    cases = sorted({(result["batch"], result["threads"]) for result in report["results"]})
    networks = len({result["network"] for result in report["results"]})
    figure = Figure(figsize=(max(7, 2.5 + 1.25 * networks), 1 + 3.1 * len(cases)),
                    layout="constrained")
    axes = figure.subplots(len(cases), squeeze=False)[:, 0]
    for plot, (batch, threads) in zip(axes, cases):
        results = [result for result in report["results"]
                   if (result["batch"], result["threads"]) == (batch, threads)]
        _draw_case(plot, results, report["settings"]["engines"])
        plot.set_title(f"{threads} thread{'s' * (threads > 1)}, batch {batch}", loc="left",
                       fontsize=10)
    axes[0].legend(ncols=5, fontsize=8, frameon=False, loc="lower right",
                   bbox_to_anchor=(1, 1), borderaxespad=0.2)
    figure.supxlabel(_caption(report), fontsize=7)
    with matplotlib.rc_context({"svg.hashsalt": "linnet"}):
        figure.savefig(path, dpi=150)


def _draw_case(plot, results: List[Dict[str, Any]], engines: List[str]) -> None:
    width = 0.84 / len(engines)
    for place, name in enumerate(engines):
        bars = [(i + (place - (len(engines) - 1) / 2) * width, _unit(result), result)
                for i, result in enumerate(results) if _counts(result, name)]
        if not bars:
            continue
        units = np.array([unit for _, unit, _ in bars])
        low, middle, high = (np.array([result["engines"][name][figure] for *_, result in bars])
                             for figure in ("p10_ms", "median_ms", "p90_ms"))
        plot.bar([x for x, _, _ in bars], middle / units, width * 0.94, label=name,
                 yerr=[(middle - low) / units, (high - middle) / units], color=COLORS.get(name),
                 error_kw={"elinewidth": 0.8, "capsize": 1.5})
        for (x, unit, result), ms, top in zip(bars, middle, high / units):
            if ms / unit > HIGHEST:
                plot.text(x, HIGHEST * 0.99, _digits(ms), fontsize=6, ha="center", va="top")
            elif name in (OURS, result["fastest_peer"]):
                plot.annotate(_digits(ms), (x, min(top, HIGHEST * 0.96)), fontsize=6, ha="center",
                              va="bottom", xytext=(0, 2), textcoords="offset points")
    plot.axhline(1, color="black", linewidth=0.8, linestyle=":")
    plot.set_xticks(np.arange(len(results)), [result["network"] for result in results],
                    fontsize=8)
    plot.set_ylabel("time, of the fastest peer's", fontsize=8)
    plot.tick_params(axis="y", labelsize=8)
    plot.spines[["top", "right"]].set_visible(False)
    plot.margins(x=0.01, y=0.12)
    plot.set_ylim(0, min(plot.get_ylim()[1], HIGHEST))


def _digits(ms: float) -> str:
    return f"{ms:.0f}" if ms >= 100 else f"{ms:.3g}"


def _counts(result: Dict[str, Any], name: str) -> bool:
    status = result["engines"].get(name, {}).get("status")
    return status in ("ok", "not compared") and _unit(result) is not None


def _unit(result: Dict[str, Any]):
    """The milliseconds that count as 1: the fastest peer's; ours where there is no peer."""
    name = result["fastest_peer"] or OURS
    return result["engines"].get(name, {}).get("median_ms")


def _caption(report: Dict[str, Any]) -> str:
    machine, peak = report["machine"], report["peak"][0]
    clock = f" at {peak['clock_ghz'][0]:.2f} GHz" if peak else ""
    packages = (name for name in report["software"] if name in COLORS)
    versions = ", ".join(f"{name} {report['software'][name]}" for name in packages
                         if report["software"][name])
    return (f"Bars: medians; lines: 10th to 90th percentile of all runs; numbers: milliseconds. "
            f"{report['settings']['rounds']} interleaved rounds.\n{machine['cpu']}{clock}, load "
            f"average {machine['load_average'][0]:.1f}. {versions}.")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    draw(json.loads(pathlib.Path(sys.argv[1]).read_text()), pathlib.Path(sys.argv[2]))
