# SPDX-License-Identifier: MIT
"""Single files cut to models, and models as C arrays, as they come out of the installed package."""
import ctypes
import pathlib
import re
import shutil
import subprocess

import numpy as np
import pytest
from cut_library import build, command, same_bits, weights
from onnx import TensorProto, helper
from PIL import Image
from small_models import build_model

import linnet
from linnet import cutter, single_file

# Of variables: what `linnet single-file` puts into the file, and the cutter alone does not.
BARE = ["-Wno-unused-parameter", "-Wno-unused-variable", "-Wno-unused-but-set-variable"]
ROOT = pathlib.Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def network():
    """Convolutions of all kinds, one of which is stated to be computed in a way that the library
    would not choose; a batch norm that is folded, shape arithmetic, functions."""
    nodes = [
        helper.make_node("Conv", ["x", "w3"], ["a"], pads=[1, 1, 1, 1]),
        helper.make_node("BatchNormalization", ["a", "one", "zero", "zero", "one"], ["b"]),
        helper.make_node("Relu", ["b"], ["c"]),
        helper.make_node("Conv", ["c", "wd"], ["d"], pads=[1, 1, 1, 1], group=16),
        helper.make_node("HardSwish", ["d"], ["e"]),
        helper.make_node("Conv", ["e", "w1"], ["f"]),
        helper.make_node("Add", ["f", "c"], ["g"]),
        helper.make_node("Sigmoid", ["g"], ["h"]),
        helper.make_node("MaxPool", ["h"], ["i"], kernel_shape=[2, 2], strides=[2, 2]),
        helper.make_node("ReduceMean", ["i", "axes"], ["j"], keepdims=0),
        helper.make_node("Shape", ["j"], ["s"]),
        helper.make_node("Gather", ["s", "first"], ["n"], axis=0),
        helper.make_node("Unsqueeze", ["n", "first_axis"], ["n1"]),
        helper.make_node("Concat", ["n1", "rest"], ["to"], axis=0),
        helper.make_node("Reshape", ["j", "to"], ["k"]),
        helper.make_node("Softmax", ["k"], ["y"], axis=-1),
    ]
    constants = {"w3": weights(16, 3, 3, 3), "wd": weights(16, 1, 3, 3),
                 "w1": weights(16, 16, 1, 1),
                 "one": np.ones(16, np.float32), "zero": np.zeros(16, np.float32),
                 "axes": np.array([2, 3]), "first": np.array(0), "first_axis": np.array([0]),
                 "rest": np.array([-1])}
    return build_model(nodes, [("x", TensorProto.FLOAT, ["N", 3, 20, 20])],
                       [("y", TensorProto.FLOAT, ["N", 16])], constants,
                       {"linnet.convolutions": "3x20x20>16x20x20:winograd6"}, opset=18)


@pytest.fixture(scope="module")
def integers():
    """Steps on whole numbers and flags, and a choice."""
    nodes = [helper.make_node("Mul", ["i", "i"], ["square"]),
             helper.make_node("Greater", ["square", "limit"], ["large"]),
             helper.make_node("Where", ["large", "limit", "square"], ["least"]),
             helper.make_node("Cast", ["least"], ["real"], to=TensorProto.FLOAT),
             helper.make_node("Tanh", ["real"], ["y"])]
    return build_model(nodes, [("i", TensorProto.INT64, ["n"])], [("y", TensorProto.FLOAT, ["n"])],
                       {"limit": np.array(20)})


@pytest.fixture(scope="module")
def cut(network, integers, tmp_path_factory):
    """The library cut to two models."""
    folder = tmp_path_factory.mktemp("cut")
    (folder / "network.onnx").write_bytes(network)
    (folder / "integers.onnx").write_bytes(integers)
    done = command("single-file", "--model", folder / "network.onnx", "--model",
                   folder / "integers.onnx", "-o", folder)
    assert done.returncode == 0, done.stderr
    return build(folder, "-O2")


@pytest.mark.parametrize("threads", [1, 2])
def test_cut_file_has_the_same_bits(cut, network, threads):
    same_bits(cut, network, [weights(1, 3, 20, 20)], threads)


def test_cut_file_takes_batches(cut, network):
    same_bits(cut, network, [weights(3, 3, 20, 20)])


def test_cut_file_takes_all_its_models(cut, integers):
    same_bits(cut, integers, [np.arange(-9, 9)])


def test_cut_file_refuses_other_operators(cut):
    other = build_model([helper.make_node("Resize", ["x", "", "scales"], ["y"], name="wider")],
                        [("x", TensorProto.FLOAT, [1, 1, 4, 4])],
                        [("y", TensorProto.FLOAT, [1, 1, 8, 8])],
                        {"scales": np.array([1, 1, 2, 2], np.float32)})
    with pytest.raises(linnet.LinnetError) as refused:
        cut.open(other)
    for part in ("node 'wider' (Resize)", "not in this build", "network.onnx, integers.onnx",
                 "linnet single-file"):
        assert part in str(refused.value)


def test_cut_file_refuses_other_kernels(cut):
    """Conv is here, but one of two computed tensors takes what is not."""
    model = build_model([helper.make_node("Conv", ["x", "w"], ["y"], name="computed")],
                        [("x", TensorProto.FLOAT, [1, 2, 4, 4]),
                         ("w", TensorProto.FLOAT, [2, 2, 1, 1])],
                        [("y", TensorProto.FLOAT, [1, 2, 4, 4])])
    with pytest.raises(linnet.LinnetError, match=r"'computed' \(Conv\).*not in this build"):
        cut.run(model, [weights(1, 2, 4, 4), weights(2, 2, 1, 1)], [np.empty(1)])


def test_cut_file_refuses_older_meanings(cut):
    """Before opset 13 Softmax took all axes from the first on together."""
    old = build_model([helper.make_node("Softmax", ["x"], ["y"], name="old", axis=1)],
                      [("x", TensorProto.FLOAT, [1, 2, 3])], [("y", TensorProto.FLOAT, [1, 2, 3])],
                      opset=11)
    linnet.Model(old).close()
    with pytest.raises(linnet.LinnetError, match="older opset is not in this build"):
        cut.open(old)


def test_cut_file_neither_saves_nor_reads_saved_models(cut, color_model, network, tmp_path):
    with pytest.raises(linnet.LinnetError, match="saving models is not in this build"):
        cut.call("model_save", cut.open(network), str(tmp_path / "a.linnet").encode(), 0)
    linnet.Model(color_model).save(tmp_path / "color.linnet")
    with pytest.raises(linnet.LinnetError, match=".linnet is not in this build"):
        cut.open((tmp_path / "color.linnet").read_bytes())


def test_cut_to_a_saved_model(network, tmp_path):
    """Packed weights are found in the file; with one body, for constants the plain one."""
    linnet.Model(network).save(tmp_path / "network.linnet")
    isa = re.search(r"isa=(\w+)", linnet.build_info())[1]
    done = command("single-file", "--model", tmp_path / "network.linnet", "--isa", isa,
                   "--no-loaders", "files", "-o", tmp_path)
    assert done.returncode == 0, done.stderr
    library = build(tmp_path)
    same_bits(library, (tmp_path / "network.linnet").read_bytes(), [weights(1, 3, 20, 20)])
    with pytest.raises(linnet.LinnetError, match="reading files is not in this build"):
        library.call("model_open", b"network.linnet", None, ctypes.byref(ctypes.c_void_p()))
    if isa != "plain":
        options = ctypes.c_void_p()
        library.call("options_create", ctypes.byref(options))
        with pytest.raises(linnet.LinnetError, match="plain"):
            library.call("options_set_isa", options, 1)


@pytest.mark.parametrize("operators", ["Einsum", "LSTM TopK LRN", "If Resize",
                                       "ScatterND ConvTranspose LayerNormalization"])
def test_nothing_is_missing_where_few_operators_are_here(operators, tmp_path):
    """What these operators name, and nothing else, compiles and links."""
    text = single_file.whole().source
    kernels = set(re.findall(r"^LINNET_KERNEL(?:_ONCE)?\((\w+)\)$", text, re.MULTILINE))
    need = cutter.Need(set(operators.split()), kernels, kernels, set(), set())
    (tmp_path / "linnet.cc").write_text(cutter.cut(text, need, ["plain"], ["save"]))
    (tmp_path / "linnet.h").write_text(single_file.whole().header)
    build(tmp_path, "-O0", *BARE)


def test_cutter_says_when_the_text_is_not_its_own():
    with pytest.raises(cutter.CutError):
        cutter.cut("int main() {}", cutter.Need(set(), set(), set(), set(), set()), ["plain"], [])


def test_whole_file(tmp_path):
    assert command("single-file", "-o", tmp_path).returncode == 0
    for name in ("linnet.cc", "linnet.h"):
        assert (tmp_path / name).read_bytes() == (ROOT / "bindings/go" / name).read_bytes()


def test_wrong_usage(tmp_path):
    done = command("single-file", "--isa", "plain", "-o", tmp_path)
    assert (done.returncode, "--model" in done.stderr) == (1, True)
    done = command("embed", "-o", tmp_path / "model.txt")
    assert (done.returncode, "model.txt" in done.stderr) == (1, True)
    (tmp_path / "none.onnx").write_bytes(b"nothing")
    done = command("embed", tmp_path / "none.onnx", "-o", tmp_path / "model.c")
    assert (done.returncode, (tmp_path / "model.c").exists()) == (1, False)


MAIN = """
#include <stdio.h>
#include "linnet.h"
%s
static unsigned char pixels[%d] = {%s};
int main(void) {
    linnet_model *model;
    linnet_session *session;
    int32_t index[3], i;
    float probability[3];
    size_t found;
    if (linnet_model_open_borrowed(bird, bird_size, NULL, &model) != LINNET_OK ||
        linnet_session_create(model, NULL, &session) != LINNET_OK ||
        linnet_session_classify(session, pixels, sizeof pixels, LINNET_RGB, %d, %d, %d, index,
                                probability, 3, &found) != LINNET_OK) {
        fprintf(stderr, "%%s\\n", linnet_last_error());
        return 1;
    }
    for (i = 0; i < 3; ++i) {
        const char *label;
        linnet_model_label(model, index[i], &label);
        printf("%%s %%.9g\\n", label, probability[i]);
    }
    linnet_session_free(session);
    linnet_model_free(model);
    return 0;
}
"""


def test_one_executable(tmp_path):
    """The default model, the library cut to it and a small program: one command, one file."""
    picture = np.asarray(Image.open(ROOT / "examples/pictures/bird_1.png").convert("RGB"))
    height, width = picture.shape[:2]
    shutil.copy(ROOT / "examples/model/default.onnx", tmp_path / "bird.onnx")
    assert command("single-file", "--model", tmp_path / "bird.onnx", "--no-loaders", "files", "-o",
                   tmp_path).returncode == 0
    expected = "".join(f"{label} {probability:.9g}\n" for label, probability, _ in
                       linnet.Classifier().classify(picture, 3))

    def answer(declaration, *sources):
        numbers = ",".join(map(str, picture.ravel()))
        (tmp_path / "main.c").write_text(MAIN % (declaration, picture.size, numbers, width, height,
                                                 3 * width))
        for command_line in sources:
            subprocess.run(command_line, check=True, cwd=tmp_path, timeout=600)
        return subprocess.run([tmp_path / "main"], check=True, capture_output=True,
                              text=True).stdout
    assert command("embed", tmp_path / "bird.onnx", "-o", tmp_path / "bird.c").returncode == 0
    declaration = ('#ifdef __cplusplus\nextern "C" {\n#endif\nextern const unsigned char bird[];\n'
                   "extern const size_t bird_size;\n#ifdef __cplusplus\n}\n#endif\n")
    warnings = ["-Wall", "-Wextra", "-Werror"]
    assert answer(declaration, ["c++", "-O2", *warnings, "-c", "linnet.cc"],
                  ["cc", "-std=c99", "-pedantic", *warnings, "-c", "main.c", "bird.c"],
                  ["c++", "main.o", "bird.o", "linnet.o", "-pthread", "-o", "main"]) == expected
    assert answer(declaration, ["c++", *warnings, "-x", "c++", "main.c", "bird.c", "-x", "none",
                                "linnet.o", "-pthread", "-o", "main"]) == expected
    assert command("embed", "-o", tmp_path / "bird.h").returncode == 0  # the embedded model
    assert answer('#include "bird.h"', ["cc", "-std=c11", *warnings, "-c", "main.c"],
                  ["c++", "main.o", "linnet.o", "-pthread", "-o", "main"]) == expected


def test_embedded_models_are_aligned(tmp_path, network):
    """So that the weights of a saved model are used in place."""
    linnet.Model(network).save(tmp_path / "n.linnet")
    assert command("embed", tmp_path / "n.linnet", "-o", tmp_path / "n.c", "--name",
                   "model").returncode == 0
    (tmp_path / "n.cc").write_text('#include "n.c"\n#include <cstdint>\nint main() { return '
                                   "reinterpret_cast<std::uintptr_t>(model) % 64 != 0 || "
                                   f"model_size != {(tmp_path / 'n.linnet').stat().st_size}; }}\n")
    subprocess.run(["c++", "n.cc", "-o", "n"], check=True, cwd=tmp_path)
    assert subprocess.run([tmp_path / "n"]).returncode == 0
