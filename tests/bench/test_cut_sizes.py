# SPDX-License-Identifier: MIT
"""The comparison with the accepted sizes, on made-up ones; `tests/run cross` measures real ones."""
import cut_sizes
import pytest
from phone_networks import NETWORKS

KEY = ("x86-64", "-Os", "default model")


@pytest.fixture(autouse=True)
def compiler(monkeypatch):
    monkeypatch.setattr(cut_sizes, "compiler_version", lambda target: "12")


def baseline(size, packed, version="12"):
    return {"compilers": {"x86-64": version}, "bytes": {" ".join(KEY): [size, packed]}}


def test_what_grows_a_little_passes():
    assert cut_sizes.compare({KEY: (1029, 500)}, baseline(1000, 500)) == []


@pytest.mark.parametrize("measured, word", [((1031, 500), "1031 bytes"), ((900, 516), "gzipped")])
def test_what_grows_more_fails(measured, word):
    problem, = cut_sizes.compare({KEY: measured}, baseline(1000, 500))
    assert word in problem and "x86-64 -Os default model" in problem


def test_new_sizes_are_asked_for():
    problem, = cut_sizes.compare({("x86-64", "-O2", "whole"): (1, 1)}, baseline(1000, 500))
    assert "no size" in problem


def test_another_compiler_is_said_and_not_compared(capsys):
    assert cut_sizes.compare({KEY: (2000, 2000)}, baseline(1000, 500, "11")) == []
    assert "not compared" in capsys.readouterr().out


def test_accepting_keeps_the_other_sizes(monkeypatch, tmp_path):
    monkeypatch.setattr(cut_sizes, "BASELINE", tmp_path / "sizes.json")
    cut_sizes.accept({KEY: (1000, 500)})
    cut_sizes.accept({("x86-64", "-O2", "whole"): (7, 5)})
    assert cut_sizes.compare({KEY: (1000, 500), ("x86-64", "-O2", "whole"): (7, 5)}) == []


def test_table_has_what_was_measured():
    lines = cut_sizes.table({KEY: (2048, 1024)}).splitlines()
    assert lines == ["| KB (gzipped) | x86-64 -Os |", "|---|---|", "| default model | 2.0 (1.0) |"]


def test_every_build_has_its_network():
    assert {build for build in cut_sizes.BUILDS.values() if build not in (None, "default")} <= \
        set(NETWORKS)
    assert all(target in cut_sizes.TARGETS and level in cut_sizes.LEVELS and
               build in cut_sizes.BUILDS for target, level, build in cut_sizes.QUICK)
