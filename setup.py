# SPDX-License-Identifier: MIT
"""The Python package: a compiler is all that it needs to be built.

The extension is made of the single file (bindings/go has the committed copy), so that neither CMake
nor a generator runs here.
"""
import importlib.util
import pathlib
import re
import shutil
import sys

from pybind11.setup_helpers import Pybind11Extension
from setuptools import setup
from setuptools.command.build_ext import build_ext
from setuptools.command.build_py import build_py
from setuptools.command.sdist import sdist

ROOT = pathlib.Path(__file__).parent
SINGLE_FILE = "bindings/go/linnet.cc"
SOURCES = "bindings/python/src"
HEADER = "bindings/go/linnet.h"
DEFAULT_MODEL = "examples/model/default.onnx"
PACKAGE_DATA = [SINGLE_FILE, HEADER, DEFAULT_MODEL]
HEADERS = [HEADER, *sorted(str(path.relative_to(ROOT).as_posix())
                          for path in (ROOT / SOURCES).glob("*.h"))]


def version():
    """The version that the header states."""
    header = (ROOT / "bindings/go/linnet.h").read_text(encoding="utf-8")
    numbers = [re.search(rf"#define LINNET_VERSION_{part} (\d+)", header)[1]
               for part in ("MAJOR", "MINOR", "PATCH")]
    return ".".join(numbers)


def cutter():
    """The module of the package, which cannot be imported before it is built."""
    path = ROOT / "bindings/python/linnet/cutter.py"
    spec = importlib.util.spec_from_file_location("cutter", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class BuildPy(build_py):
    """Puts the default model beside the Python files, and the text that is cut to models."""

    def run(self):
        super().run()
        if not self.editable_mode:
            for path in PACKAGE_DATA:
                shutil.copy(ROOT / path, pathlib.Path(self.build_lib) / "linnet")


class BuildExt(build_ext):
    """Compiles the single file so that it tells `linnet single-file` what models need of it."""

    def build_extension(self, extension):
        text = (ROOT / SINGLE_FILE).read_text(encoding="utf-8")
        traced = pathlib.Path(self.build_temp) / "linnet_traced.cc"
        traced.parent.mkdir(parents=True, exist_ok=True)
        traced.write_text(cutter().traced(text), encoding="utf-8")
        extension.sources = [str(traced) if source == SINGLE_FILE else source
                             for source in extension.sources]
        super().build_extension(extension)


class Sdist(sdist):
    """Adds what the build needs and setuptools does not find by itself."""

    def make_distribution(self):
        self.filelist.extend([*HEADERS, DEFAULT_MODEL, "LICENSE", "README.md"])
        self.filelist.remove_duplicates()
        super().make_distribution()


extension = Pybind11Extension(
    "linnet._native",
    [SINGLE_FILE, *sorted(str(path.relative_to(ROOT).as_posix())
                          for path in (ROOT / SOURCES).glob("*.cc"))],
    include_dirs=["bindings/go", SOURCES],
    cxx_std=17,
    define_macros=[("LINNET_TELL_USES", None)],  # which `linnet single-file` asks for
    extra_compile_args=[] if sys.platform == "win32" else ["-O2", "-fvisibility=hidden"],
    depends=HEADERS,
)

setup(
    name="linnet",
    version=version(),
    description="Prediction with trained neural networks, from one C++ file",
    long_description=(ROOT / "README.md").read_text(encoding="utf-8"),
    long_description_content_type="text/markdown",
    author="the Linnet authors",
    license="MIT",
    license_files=["LICENSE"],
    packages=["linnet"],
    package_dir={"linnet": "bindings/python/linnet"},
    package_data={"linnet": ["py.typed", "*.pyi", "default.onnx", "linnet.cc", "linnet.h"]},
    ext_modules=[extension],
    cmdclass={"build_ext": BuildExt, "build_py": BuildPy, "sdist": Sdist},
    python_requires=">=3.9",
    install_requires=["numpy>=1.22", "pillow>=9.0", "tqdm>=4.60"],
    entry_points={"console_scripts": ["linnet = linnet.cli:main"]},
    classifiers=["Programming Language :: Python :: 3", "Programming Language :: C++",
                 "Topic :: Scientific/Engineering :: Artificial Intelligence"],
)
