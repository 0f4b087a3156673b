"""A library without a predictor: every function of the contract, with answers that can be told
beforehand. Tests compile and call the wrappers against it."""

from text import GENERATED, prototype

HEAD = """/* {generated} For tests. */
#include "linnet.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static _Thread_local char message[512];

static linnet_status refuse(const char *function, const char *what) {{
    snprintf(message, sizeof message, "%s: %s", function, what);
    return LINNET_INVALID_ARGUMENT;
}}
"""


def emit(description):
    """NULL where a handle, text or array must be is refused; numbers written count up from 1."""
    handles = {each["name"] for each in description["types"]}
    lines = [HEAD.format(generated=GENERATED)]
    lines += [f"struct {name} {{ int live; }};" for name in sorted(handles)]
    for function in description["functions"]:
        lines += ["", prototype(function) + " {"] + _body(description, function, handles) + ["}"]
    return "\n".join(lines) + "\n"


def _body(description, function, handles):
    name, base = function["name"], function["returns"]["base"]
    if name.endswith("_free") and base == "void":
        return [f"    free({function['params'][0]['name']});"]
    if name == "linnet_last_error":
        return ["    return message;"]
    if name == "linnet_version":
        major, minor, patch = description["version"]
        return [f"    return {major * 1000000 + minor * 1000 + patch};"]
    firsts = {each["name"]: each["values"][0]["name"] for each in description["enums"]}
    lines = [f"    (void){p['name']};" for p in function["params"]]
    if base == "char":
        return lines + [f'    return "{name}";']
    if base != "linnet_status":
        return lines + ([] if base == "void" else ["    return 0;"])
    for param in function["params"]:
        lines += _required(function, param)
    for at, param in enumerate(function["params"], 1):
        lines += _written(function, param, firsts.get(param["type"]["base"], at))
    return lines + ["    return LINNET_OK;"]


def _required(function, param):
    if not param["type"]["stars"] or "NULLABLE" in param["tags"]:
        return []
    name = param["name"]
    return [f'    if ({name} == NULL) return refuse("{function["name"]}", "{name} is NULL");']


def _written(function, param, at):
    tags, name, base = param["tags"], param["name"], param["type"]["base"]
    length = tags.get("LEN") or tags.get("SHAPE")
    if not ("OUT" in tags or "INOUT" in tags) or "NO_WRAP" in function["tags"]:
        return []
    if "OWNED" in tags:
        return [f"    *{name} = calloc(1, sizeof **{name});",
                f'    if (*{name} == NULL) return refuse("{function["name"]}", "no memory");']
    if base == "char":
        return [f'    *{name} = "{function["name"]}: {name} \\xc3\\xbc \\xf0\\x9f\\x90\\xa6";']
    if not length:
        add = f" + *{name}" if "INOUT" in tags else ""
        return [f"    *{name} = ({base})({_count(function, name) or at}{add});"]
    if base == "void":
        return [f"    memset({name}, 0, (size_t){length});"]
    return [f"    for (size_t i = 0; i < (size_t){length}; i++) {name}[i] += ({base})(i + 1);"
            if "INOUT" in tags else
            f"    for (size_t i = 0; i < (size_t){length}; i++) {name}[i] = ({base})(i + 1);"]


def _count(function, name):
    """Two elements are written, or fewer where there is no room."""
    for each in function["params"]:
        if each["tags"].get("COUNT") == name:
            length = each["tags"]["LEN"]
            return f"({length} < 2 ? {length} : 2)"
    return ""
