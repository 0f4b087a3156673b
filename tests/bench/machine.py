# SPDX-License-Identifier: MIT
"""What a reader needs to know of the machine and the programs to judge a measured time."""
import importlib.metadata
import json
import os
import pathlib
import platform
import shutil
import subprocess
import tempfile
from typing import Any, Dict, Iterable, Optional

HERE = pathlib.Path(__file__).resolve().parent

# The extensions that decide which kernels an engine has.
_INSTRUCTION_SETS = ("sse4_2", "avx", "f16c", "fma", "avx2", "avx_vnni", "avx512f", "avx512bw",
                     "avx512dq", "avx512vl", "avx512_vnni", "avx512_bf16", "avx512_fp16",
                     "amx_tile", "amx_int8", "amx_bf16", "asimd", "asimddp", "asimdhp", "i8mm",
                     "bf16", "sve", "sve2")


def describe_machine() -> Dict[str, Any]:
    """Processor, system and settings; what cannot be found out is None."""
    cpu = _cpu_info()
    flags = set((cpu.get("flags") or cpu.get("Features") or "").split())
    return {
        "cpu": cpu.get("model name") or platform.processor() or platform.machine(),
        "family_model_stepping": [cpu.get(key) for key in ("cpu family", "model", "stepping")],
        "microcode": cpu.get("microcode"),
        "cores": os.cpu_count(),
        "cores_of_this_process": sorted(os.sched_getaffinity(0)),
        "isa": [name for name in _INSTRUCTION_SETS if name in flags],
        "memory_bytes": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        "system": platform.platform(),
        "transparent_hugepage": _chosen("/sys/kernel/mm/transparent_hugepage/enabled"),
        "governor": _read("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"),
        "load_average": list(os.getloadavg()),
    }


def describe_software(packages: Iterable[str]) -> Dict[str, Optional[str]]:
    """The versions of Python and of the packages (None where one is missing), and how Linnet was
    built."""
    versions: Dict[str, Optional[str]] = {"python": platform.python_version()}
    for package in packages:
        try:
            versions[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            versions[package] = None
    try:
        import linnet
        versions["linnet_build"] = linnet.build_info()
    except ImportError:
        versions["linnet_build"] = None
    versions["linnet_flags"] = "-O2 (setup.py)"
    return versions


def measure_peak(isa: str = "auto", threads: int = 1) -> Optional[Dict[str, Any]]:
    """What machine_peak.cc measures: GFLOP/s of multiply-adds, GB/s of reading, GHz before and
    after. None where there is no compiler. Takes about a second."""
    program = _peak_program()
    if program is None:
        return None
    done = subprocess.run([program, isa, str(threads)], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def _peak_program() -> Optional[pathlib.Path]:
    compiler = os.environ.get("CXX") or shutil.which("c++")
    if compiler is None:
        return None
    source = HERE / "machine_peak.cc"
    folder = pathlib.Path(tempfile.gettempdir()) / f"linnet-bench-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    program = folder / "machine_peak"
    if not program.exists() or program.stat().st_mtime < source.stat().st_mtime:
        # Under another name first: a second command may be about to run it.
        unfinished = folder / f"machine_peak-{os.getpid()}"
        subprocess.run([compiler, "-O2", "-std=c++17", "-pthread", source, "-o", unfinished],
                       check=True)
        unfinished.replace(program)
    return program


def _cpu_info() -> Dict[str, str]:
    """The first processor of /proc/cpuinfo."""
    text = _read("/proc/cpuinfo") or ""
    lines = (line.partition(":") for line in text.split("\n\n")[0].splitlines())
    return {key.strip(): value.strip() for key, _, value in lines}


def _chosen(path: str) -> Optional[str]:
    """The word in brackets, of a file such as "always [madvise] never"."""
    text = _read(path)
    return text.partition("[")[2].partition("]")[0] if text else None


def _read(path: str) -> Optional[str]:
    try:
        return pathlib.Path(path).read_text().strip()
    except OSError:
        return None
