"""What is generated is what is committed: for the fixture, and for the repository itself."""

import json
import pathlib
import re
import shutil
import subprocess
import sys

import pytest

import contract
import emit_exports
import generate
import reader
import surface

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
TESTDATA = HERE / "testdata"
HEADER = ROOT / "capi/linnet.h"
TODAY = reader.read(HEADER)
HISTORY = ROOT / "capi/history"


@pytest.mark.parametrize("root", [TESTDATA, ROOT], ids=["fixture", "repository"])
def test_no_drift(root):
    """After a wanted change: generate.py, and generate.py --root tests/generator/testdata."""
    files = generate.outputs(reader.read(root / "capi/linnet.h"))
    assert generate.drifted(files, root) == []


def test_check_names_each_drifted_file(tmp_path):
    shutil.copytree(TESTDATA / "capi", tmp_path / "capi")
    command = [sys.executable, str(ROOT / "bindings/generator/generate.py"), "--root",
               str(tmp_path)]
    subprocess.run(command, check=True)
    assert subprocess.run(command + ["--check"]).returncode == 0
    (tmp_path / "bindings/go/generated.go").write_text("edited by hand")
    (tmp_path / "capi/exports/linnet.map").unlink()
    run = subprocess.run(command + ["--check"], capture_output=True, text=True)
    assert run.returncode != 0
    assert "bindings/go/generated.go is not" in run.stderr
    assert "capi/exports/linnet.map is not" in run.stderr
    assert "linnet.i" not in run.stderr


def test_a_fault_in_the_header_is_told_with_its_place(tmp_path):
    (tmp_path / "capi").mkdir()
    text = HEADER.read_text().replace("int32_t linnet_version", "int linnet_version")
    (tmp_path / "capi/linnet.h").write_text(text)
    run = subprocess.run([sys.executable, str(ROOT / "bindings/generator/generate.py"), "--root",
                          str(tmp_path)], capture_output=True, text=True)
    line = text[:text.index("int linnet_version")].count("\n") + 1
    assert run.returncode != 0 and run.stderr.startswith(f"capi/linnet.h:{line}: ")
    assert not (tmp_path / "bindings").exists(), "nothing is written from a faulty header"


def test_description_is_json_and_the_same_each_time():
    text = generate.json_text(TODAY)
    assert json.loads(text) == TODAY
    assert text == generate.json_text(reader.read(HEADER))


def test_lines_of_the_generated_files_are_short():
    for path, text in generate.outputs(TODAY).items():
        if path.endswith((".json", ".md")):  # rows of a table cannot be broken
            continue
        long = [line for line in text.split("\n") if len(line) > 100]
        assert long == [], path


def test_gofmt_has_nothing_to_say():
    if not shutil.which("gofmt"):
        pytest.skip("gofmt is not installed")
    files = [ROOT / "bindings/go/generated.go", ROOT / "bindings/go/native_support.go",
             TESTDATA / "bindings/go/generated.go", TESTDATA / "smoke/smoke_test.go"]
    run = subprocess.run(["gofmt", "-l", *map(str, files)], capture_output=True, text=True)
    assert run.stdout + run.stderr == ""


# -- completeness ------------------------------------------------------------------------------

def skipped():
    lines = (ROOT / "bindings/generator/skip.txt").read_text().splitlines()
    entries = [line.split(None, 1) for line in lines if line and not line.startswith("#")]
    assert all(len(each) == 2 for each in entries), "each skipped function needs a reason"
    return {name for name, _ in entries}


def test_every_function_is_in_a_wrapper_or_on_the_skip_list():
    functions = {each["name"] for each in TODAY["functions"]}
    reached = set(surface.names(TODAY))
    assert reached | skipped() == functions
    assert not reached & skipped()


LANGUAGES = {
    "python": "bindings/python/src/linnet_native_generated.cc",
    "java": "bindings/java/src/main/swig/linnet.i",
    "go": "bindings/go/generated.go",
    "javascript": "bindings/javascript/src/generated.js",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_function_is_called_by(language):
    text = (ROOT / LANGUAGES[language]).read_text()
    called = set(re.findall(r"\b(linnet_\w+)\(", text))
    missing = {each["name"] for each in TODAY["functions"]} - skipped() - called
    assert missing == set()


@pytest.mark.parametrize("at, path, form", [
    (0, "bindings/python/linnet/_native.pyi", r"def {}\("),
    (1, "bindings/java/src/main/java/org/linnet/*.java", r"\b{}\("),
    (2, "bindings/go/generated.go", r"^func (\(h \*\w+\) )?{}\("),
    (3, "bindings/javascript/src/generated.d.ts", r"^(  |  static |export function ){}\("),
], ids=list(LANGUAGES))
def test_every_function_has_its_name(at, path, form):
    text = "\n".join(each.read_text() for each in sorted(ROOT.glob(path)))
    missing = [c_name for c_name, names in surface.names(TODAY).items()
               if not c_name.endswith("_free")
               and not re.search(form.format(names[at].split(".")[-1]), text, re.MULTILINE)]
    assert missing == []


def test_a_new_function_reaches_all_languages_by_one_command(tmp_path):
    (tmp_path / "capi").mkdir()
    added = ("/* New. */\nLINNET_API LINNET_SINCE(1.0)\nlinnet_status linnet_session_sing("
             "linnet_session *session, int32_t *notes LINNET_OUT);\n\n")
    mark = "/* ---- Hooks"
    text = HEADER.read_text()
    assert text.count(mark) == 1
    (tmp_path / "capi/linnet.h").write_text(text.replace(mark, added + mark))
    generate.main(["--root", str(tmp_path)])
    for path, word in (("bindings/python/src/linnet_native_generated.cc", '"sing"'),
                       ("bindings/python/linnet/_native.pyi", "def sing(self) -> int:"),
                       ("bindings/java/src/main/swig/linnet.i", "%rename(sessionSing)"),
                       ("bindings/java/src/main/java/org/linnet/SessionHandle.java",
                        "public int sing()"),
                       ("bindings/go/generated.go", ") Sing() (notes int32, err error)"),
                       ("bindings/javascript/src/generated.js", "  sing() {"),
                       ("bindings/javascript/src/generated.d.ts", "  sing(): number;"),
                       ("capi/exports/linnet.map", "linnet_session_sing;"),
                       ("tests/abi/check_api.c", "linnet_session_sing;")):
        assert word in (tmp_path / path).read_text(), path


# -- the frozen contract -----------------------------------------------------------------------

@pytest.mark.parametrize("name", contract.required_baselines(TODAY["version"]))
def test_today_keeps_the_promise_of(name):
    path = HISTORY / f"{name}.json"
    assert path.is_file(), f"{path.name} is missing: generate.py --freeze"
    assert contract.violations(json.loads(path.read_text()), TODAY) == []


def changed(edit):
    """Today's contract as that of 1.0, and a next one that `edit` made."""
    frozen, today = json.loads(json.dumps(TODAY)), json.loads(json.dumps(TODAY))
    today["version"][1] += 1
    edit(today)
    return contract.violations(frozen, today)


def add_function(since):
    def edit(today):
        added = json.loads(json.dumps(today["functions"][-1]))
        added["name"], added["tags"]["SINCE"] = "linnet_added", since
        today["functions"].append(added)
    return edit


def test_what_may_change():
    minor = f"{TODAY['version'][0]}.{TODAY['version'][1] + 1}"
    assert changed(add_function(minor)) == []
    assert changed(lambda d: d["functions"][0].update(doc="New words.")) == []
    assert changed(lambda d: d["functions"][0]["tags"].update(DEPRECATED=minor)) == []
    assert changed(lambda d: d["enums"][0]["values"].append(
        {"name": "LINNET_NEW", "value": 99, "doc": ""})) == []


@pytest.mark.parametrize("edit", [
    add_function("1.0"),
    lambda d: d["functions"].pop(),
    lambda d: d["functions"][5]["params"].pop(),
    lambda d: d["functions"][5]["tags"].update(NO_WRAP=True),
    lambda d: d["functions"][1]["returns"].update(base="int32_t"),
    lambda d: d["enums"][0]["values"][3].update(value=99),
    lambda d: d["enums"][0]["values"].pop(),
    lambda d: d["enums"].pop(),
    lambda d: d["types"].pop(),
    lambda d: d["constants"][0].update(value=99),
    lambda d: d["callbacks"][0]["params"].pop(),
    lambda d: d.update(version=[9, 0, 0]),
], ids=["old since", "function gone", "parameter gone", "tag", "return type", "enum value",
        "enumerator gone", "enum gone", "type gone", "constant", "callback", "major"])
def test_what_may_not_change(edit):
    assert changed(edit) != []


def test_an_enumerator_needs_a_new_minor_version():
    today = json.loads(json.dumps(TODAY))
    today["enums"][0]["values"].append({"name": "LINNET_NEW", "value": 99, "doc": ""})
    assert contract.violations(TODAY, today) != []


def test_baselines_of_all_minors_are_required():
    assert contract.required_baselines([1, 0, 3]) == ["1.0"]
    assert contract.required_baselines([1, 3, 0]) == ["1.0", "1.1", "1.2"]


def test_freezing_never_overwrites(tmp_path):
    shutil.copytree(TESTDATA / "capi", tmp_path / "capi")
    generate.main(["--root", str(tmp_path), "--freeze"])
    frozen = json.loads((tmp_path / "capi/history/2.3.json").read_text())
    assert frozen == reader.read(TESTDATA / "capi/linnet.h")
    with pytest.raises(SystemExit, match="exists"):
        generate.main(["--root", str(tmp_path), "--freeze"])


# -- exports -----------------------------------------------------------------------------------

def test_nodes_accumulate():
    """A function stays in the node of the release that brought it: old programs ask for that."""
    text = emit_exports.emit(reader.read(TESTDATA / "capi/linnet.h"))["linnet.map"]
    assert re.findall(r"^LINNET_[0-9.]+|^}.*;", text, re.MULTILINE) == [
        "LINNET_2.0", "};", "LINNET_2.1", "} LINNET_2.0;", "LINNET_2.2", "} LINNET_2.1;",
        "LINNET_2.3", "} LINNET_2.2;"]
    assert text.count("local:") == 1
    hint = text.index("linnet_status_hint")
    assert text.index("LINNET_2.1 {") < hint < text.index("LINNET_2.2 {")


def test_one_command_brings_a_new_function_everywhere(tmp_path):
    for folder in ("capi", "core", "bindings/generator", "bindings/go"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    shutil.copy(ROOT / "LICENSE", tmp_path)
    header = tmp_path / "capi/linnet.h"
    text = header.read_text()
    assert "#define LINNET_VERSION_MINOR 0" in text
    text = text.replace("#define LINNET_VERSION_MINOR 0", "#define LINNET_VERSION_MINOR 1")
    header.write_text(text.replace("/* ---- Hooks", """/* How many inputs there are. */
LINNET_API LINNET_SINCE(1.1)
linnet_status linnet_session_inputs(const linnet_session *session, int32_t *count LINNET_OUT);

/* ---- Hooks""", 1))
    command = [sys.executable, str(tmp_path / "bindings/generator/generate.py")]
    subprocess.run(command, check=True)
    for path in ("bindings/go/linnet.h", "bindings/go/generated.go", "capi/exports/symbols.txt",
                 "bindings/python/src/linnet_native_generated.cc",
                 "bindings/java/src/main/swig/linnet.i", "tests/abi/check_api.c",
                 "bindings/javascript/src/generated.js"):
        assert "linnet_session_inputs" in (tmp_path / path).read_text(), path
    subprocess.run([*command, "--check"], check=True)
    (tmp_path / "bindings/go/linnet.h").write_text("drifted")
    assert subprocess.run([*command, "--check"], capture_output=True).returncode != 0
