"""The reader takes the subset and nothing else: each fault stops at its own line."""

import pathlib

import pytest

import reader
from lexer import HeaderError

FIXTURE = pathlib.Path(__file__).resolve().parent / "testdata/capi/linnet.h"
TEXT = FIXTURE.read_text()
SUM = "linnet_status linnet_store_sum(const linnet_store *store, "

# What is replaced in the fixture, by what, where it must be found (the line that holds this text
# after the change), and a word of the message.
BAD = {
    "line comment": ("/* A store of things. */", "// A store", "// A store", "/* like this */"),
    "comment without end": ("#endif /* LINNET_H */", "#endif /* LINNET_H", "#endif /* L",
                            "ends on its line"),
    "public struct": ("typedef struct linnet_store linnet_store;",
                      "typedef struct linnet_store { int a; } linnet_store;",
                      "{ int a; }", "opaque"),
    "bare struct": ("typedef struct linnet_store linnet_store;", "struct linnet_store;",
                    "struct linnet_store;", "typedef"),
    "struct alias": ("typedef struct linnet_store linnet_store;",
                     "typedef struct linnet_store linnet_shop;", "linnet_shop;", "called so"),
    "enumerator without value": ("LINNET_UNSUPPORTED = 5,", "LINNET_UNSUPPORTED,",
                                 "LINNET_UNSUPPORTED,", "explicit value"),
    "enumerator expression": ("LINNET_ACCESS_WRITE = 2,", "LINNET_ACCESS_WRITE = 1 << 1,",
                              "1 << 1", "plain number"),
    "enumerator of a name": ("LINNET_ACCESS_WRITE = 2,", "LINNET_ACCESS_WRITE = LINNET_MOST,",
                             "LINNET_ACCESS_WRITE = L", "plain number"),
    "enumerator fraction": ("LINNET_UNSUPPORTED = 5,", "LINNET_UNSUPPORTED = 5.5,", "5.5", "whole"),
    "enumerator twice": ("LINNET_UNSUPPORTED = 5,", "LINNET_UNSUPPORTED = 1,",
                         "LINNET_UNSUPPORTED = 1", "taken already"),
    "enumerator prefix": ("LINNET_UNSUPPORTED = 5,", "UNSUPPORTED = 5,", " UNSUPPORTED = 5",
                          "begin with LINNET_"),
    "flag of two bits": ("LINNET_ACCESS_WRITE = 2,", "LINNET_ACCESS_WRITE = 3,", "= 3,", "one bit"),
    "comment above an enumerator": ("    LINNET_UNSUPPORTED = 5,",
                                    "    /* above */\n    LINNET_UNSUPPORTED = 5,",
                                    "/* above */", "same line"),
    "enum without comment": ("/* Element types. */\n", "\n", "typedef enum linnet_dtype {",
                             "no comment"),
    "no LINNET_API": ("LINNET_API LINNET_SINCE(2.0)\nint32_t linnet_version",
                      "int32_t linnet_version", "int32_t linnet_version", "LINNET_API"),
    "static function": ("LINNET_API LINNET_SINCE(2.0)\nint32_t linnet_version",
                        "static int32_t linnet_version", "static int32_t", "prototypes only"),
    "no SINCE": ("LINNET_API LINNET_SINCE(2.0)\nint32_t linnet_version",
                 "LINNET_API\nint32_t linnet_version", "int32_t linnet_version", "SINCE"),
    "SINCE of the future": ("LINNET_SINCE(2.1)", "LINNET_SINCE(2.4)", "linnet_status_hint(",
                            "version 2.3"),
    "SINCE of an older major": ("LINNET_SINCE(2.1)", "LINNET_SINCE(1.9)", "linnet_status_hint(",
                                "version 2.3"),
    "SINCE with a word": ("LINNET_SINCE(2.1)", "LINNET_SINCE(first)", "LINNET_SINCE(first)",
                          "takes a version"),
    "function without comment": ("/* Sets the shape. */\n", "\n", "linnet_store_set_shape(",
                                 "no comment"),
    "comment too far above": ("/* Sets the shape. */\n", "/* Sets the shape. */\n\n",
                              "linnet_store_set_shape(", "no comment"),
    "comment inside": ("int32_t times,", "int32_t times, /* here */", "/* here */", "inside"),
    "name without prefix": ("linnet_pause(", "pause(", "void pause(", "begin with linnet_"),
    "function twice": ("linnet_store_move(", "linnet_store_put(", "linnet_store_put(",
                       "twice"),
    "unknown type": ("int32_t times", "unsigned times", "unsigned times", "closed list"),
    "plain int": ("int32_t times", "int times", "(int times", "closed list"),
    "64 bits by value": ("int32_t times", "int64_t times", "int64_t times", "through pointers"),
    "bool": ("int32_t times", "bool times", "bool times", "closed list"),
    "struct by value": ("int32_t times", "linnet_store times", "linnet_store times", "by value"),
    "variable arguments": ("double seconds)", "...)", "...)", "variable arguments"),
    "array parameter": ("double seconds)", "double seconds[2])", "seconds[2]", "LINNET_LEN"),
    "parameter without name": ("double seconds)", "double)", "double)", "name of the parameter"),
    "parameter twice": ("double seconds)", "double times)", "double times)", "twice"),
    "parameter is a keyword": ("double seconds)", "double lambda)", "double lambda)", "word of"),
    "empty list": ("linnet_version(void)", "linnet_version()", "linnet_version()", "a type"),
    "unknown tag": ("void linnet_pause(int32_t times", "void linnet_pause(int32_t times LINNET_NEW",
                    "LINNET_NEW", "known tag"),
    "tag in a wrong place": ("int32_t times", "int32_t times LINNET_BLOCKING", "LINNET_BLOCKING,",
                             "belong here"),
    "tag twice": ("int64_t *position LINNET_INOUT", "int64_t *position LINNET_INOUT LINNET_INOUT",
                  "LINNET_INOUT LINNET_INOUT", "twice"),
    "tag without argument": ("LINNET_SHAPE(rank),", "LINNET_SHAPE,", "LINNET_SHAPE,",
                             "expected '('"),
    "tag not defined": ("#define LINNET_SHAPE(rank)\n", "\n", "LINNET_SHAPE(rank),",
                        "not defined"),
    "tag that expands": ("#define LINNET_OWNED\n", "#define LINNET_OWNED const\n",
                         "#define LINNET_OWNED const", "plain number"),
    "unknown tag defined": ("#define LINNET_OWNED\n", "#define LINNET_OWNED\n#define LINNET_NEW\n",
                            "#define LINNET_NEW", "known tag"),
    "tag defined with argument": ("#define LINNET_OWNED\n", "#define LINNET_OWNED(x)\n",
                                  "#define LINNET_OWNED(x)", "takes no"),
    "tag on a value": ("size_t limit,", "size_t limit LINNET_OUT,", "size_t limit LINNET_OUT",
                       "for pointers"),
    "OUT and INOUT": ("int64_t *position LINNET_INOUT", "int64_t *position LINNET_INOUT LINNET_OUT",
                      "LINNET_INOUT LINNET_OUT", "either"),
    "const OUT": ("int64_t *position LINNET_INOUT", "const int64_t *position LINNET_INOUT",
                  "const int64_t *position", "const"),
    "pointer without tag": ("int64_t *position LINNET_INOUT", "int64_t *position",
                            "int64_t *position)", "one value or many"),
    "array written by nobody": ("const int64_t *shape LINNET_SHAPE", "int64_t *shape LINNET_SHAPE",
                                "int64_t *shape LINNET_SHAPE", "nobody"),
    "length missing": ("const int64_t *shape LINNET_SHAPE(rank)",
                       "const int64_t *shape LINNET_SHAPE(size)", "LINNET_SHAPE(size)",
                       "no such parameter"),
    "length is a pointer": ("double *sum LINNET_OUT", "double *sum LINNET_OUT LINNET_LEN(weights)",
                            "LINNET_LEN(weights)", "size_t or int32_t"),
    "SHAPE of floats": ("const float *weights LINNET_LEN(size)",
                        "const float *weights LINNET_SHAPE(size)", "LINNET_SHAPE(size)", "int64_t"),
    "COUNT by value": ("int32_t *indices LINNET_OUT LINNET_LEN(top) LINNET_COUNT(found)",
                       "int32_t *indices LINNET_OUT LINNET_LEN(top) LINNET_COUNT(top)",
                       "LINNET_COUNT(top)", "OUT"),
    "COUNT of an input": ("const uint8_t *from_bytes LINNET_LEN(size)",
                          "const uint8_t *from_bytes LINNET_LEN(size) LINNET_COUNT(size)",
                          "LINNET_COUNT(size)", "count"),
    "DTYPE of a number": ("LINNET_DTYPE(dtype) LINNET_LEN(count),\n                               "
                          "size_t count, linnet_dtype dtype);",
                          "LINNET_DTYPE(count) LINNET_LEN(count),\n                               "
                          "size_t count, linnet_dtype dtype);", "LINNET_DTYPE(count)", "enum"),
    "element type unknown": ("LINNET_FLOAT16 = 10", "LINNET_COMPLEX = 10",
                             "const void *data LINNET_DTYPE(dtype)", "LINNET_COMPLEX"),
    "handle not owned": ("linnet_store_walker **walker LINNET_OUT LINNET_OWNED",
                         "linnet_store_walker **walker LINNET_OUT", "**walker LINNET_OUT)",
                         "OWNED"),
    "array of pointers": ("const double *numbers LINNET_LEN(count)",
                          "const double **numbers LINNET_LEN(count)", "**numbers",
                          "pointers to pointers"),
    "two created handles": ("linnet_store_walker **walker LINNET_OUT LINNET_OWNED);",
                            "linnet_store_walker **walker LINNET_OUT LINNET_OWNED, "
                            "int32_t *more LINNET_OUT);", "*more LINNET_OUT", "nothing else"),
    "text to be written": ("const char *key LINNET_NULLABLE", "char *key LINNET_NULLABLE",
                           "char *key", "const char"),
    "text of nobody": ("const char **name LINNET_OUT LINNET_BORROWED(store)",
                       "const char **name LINNET_OUT", "**name LINNET_OUT,", "BORROWED"),
    "text of a stranger": ("const char **name LINNET_OUT LINNET_BORROWED(store)",
                           "const char **name LINNET_OUT LINNET_BORROWED(walker)",
                           "LINNET_BORROWED(walker)", "neither"),
    "memory kept by a stranger": ("LINNET_LEN(count) LINNET_RETAINED(store)",
                                  "LINNET_LEN(count) LINNET_RETAINED(walker)",
                                  "LINNET_RETAINED(walker)", "no handle"),
    "returned text of nobody": ("linnet_last_error(void) LINNET_BORROWED(static)",
                                "linnet_last_error(void)", "linnet_last_error(void)", "BORROWED"),
    "returned handle": ("int32_t linnet_version(void);", "linnet_store *linnet_version(void);",
                        "linnet_store *linnet_version", "OUT parameters"),
    "OUT without status": ("linnet_status linnet_store_move", "int32_t linnet_store_move",
                           "int32_t linnet_store_move", "returns linnet_status"),
    "array of size_t": ("const double *numbers LINNET_LEN(count)",
                        "const size_t *numbers LINNET_LEN(count)", "const size_t *numbers",
                        "differ"),
    "callback in a wrapped function": ("LINNET_NULLABLE) LINNET_NO_WRAP;", "LINNET_NULLABLE);",
                                       "linnet_set_log(", "NO_WRAP"),
    "no destructor": ("void linnet_store_walker_free(linnet_store_walker *walker LINNET_NULLABLE);",
                      "void linnet_store_walker_drop(linnet_store_walker *walker LINNET_NULLABLE);",
                      "typedef struct linnet_store_walker", "_free' is missing"),
    "destructor of non-NULL": ("linnet_store_walker *walker LINNET_NULLABLE);",
                               "linnet_store_walker *walker);", "linnet_store_walker_free(",
                               "NULLABLE"),
    "a method that is taken": ("linnet_store_move(", "linnet_store_close(", "linnet_store_close(",
                               "already"),
    "other include": ("#include <stdint.h>", "#include <stdio.h>", "#include <stdio.h>", "only"),
    "pragma": ("#include <stdint.h>", "#pragma once", "#pragma once", "outside of the subset"),
    "macro function": ("#define LINNET_MOST 8", "#define LINNET_MOST(x) 8", "LINNET_MOST(x)",
                       "plain number"),
    "constant expression": ("#define LINNET_MOST 8", "#define LINNET_MOST (4 + 4)", "(4 + 4)",
                            "plain number"),
    "declaration under a condition": ("/* ---- Store ---- */",
                                      "#if defined(_WIN32)\ntypedef int x;\n#endif",
                                      "typedef int x;", "no condition"),
    "definition under a condition": ("/* ---- Store ---- */",
                                     "#if defined(_WIN32)\n#define LINNET_ODD 1\n#endif",
                                     "LINNET_ODD 1", "all platforms"),
    "other condition": ("#if defined(__GNUC__)", "#if defined(LINNET_BIG)", "LINNET_BIG",
                        "all platforms"),
    "directive on two lines": ("#define LINNET_MOST 8", "#define LINNET_MOST \\\n 8",
                               "#define LINNET_MOST", "one line"),
    "no semicolon": ("int32_t linnet_version(void);", "int32_t linnet_version(void)",
                     "/* A name, or NULL", "expected ';'"),
    "function body": ("int32_t linnet_version(void);", "int32_t linnet_version(void) { return 1; }",
                      "{ return 1; }", "expected ';'"),
}


@pytest.mark.parametrize("name", BAD)
def test_fault_stops_at_its_line(name):
    old, new, place, word = BAD[name]
    assert old in TEXT, "the fixture changed: this case tests nothing"
    text = TEXT.replace(old, new, 1)
    lines = text.split("\n")
    wanted = [at for at, line in enumerate(lines, 1) if place in line]
    with pytest.raises(HeaderError) as error:
        reader.read_text(text, "linnet.h")
    message = str(error.value)
    assert message.startswith(f"linnet.h:{error.value.line}: ")
    assert error.value.line in wanted, message
    assert word in message, message


def test_missing_version_is_a_fault():
    with pytest.raises(HeaderError, match="LINNET_VERSION_PATCH"):
        reader.read_text(TEXT.replace("#define LINNET_VERSION_PATCH 4\n", ""), "linnet.h")


def test_missing_status_is_a_fault():
    with pytest.raises(HeaderError, match="linnet_status"):
        reader.read_text(TEXT.replace("linnet_status", "linnet_state"), "linnet.h")


def test_description_holds_what_the_header_says():
    description = reader.read(FIXTURE)
    assert description["version"] == [2, 3, 4]
    assert description["constants"] == [
        {"name": "LINNET_MOST", "value": 8, "doc": "How many of something."}]
    functions = {each["name"]: each for each in description["functions"]}
    best = functions["linnet_store_best"]
    assert best["section"] == "Store" and best["doc"] == "The best ones."
    assert best["params"][1] == {
        "name": "indices", "type": {"base": "int32_t", "const": False, "stars": 1},
        "tags": {"OUT": True, "LEN": "top", "COUNT": "found"}}
    access = [each for each in description["enums"] if each["flags"]]
    assert [each["name"] for each in access] == ["linnet_access"]
    assert access[0]["values"][2] == {"name": "LINNET_ACCESS_SHARE", "value": 4,
                                      "doc": "with others"}
    assert functions["linnet_store_access"]["tags"] == {"SINCE": "2.0", "DEPRECATED": "2.3"}


def test_every_tag_is_in_the_fixture():
    from directives import TAGS
    description = reader.read(FIXTURE)
    used = {tag for f in description["functions"] for tag in f["tags"]}
    used |= {tag for f in description["functions"] for p in f["params"] for tag in p["tags"]}
    used |= {"FLAGS" for each in description["enums"] if each["flags"]}
    assert used == set(TAGS)
