"""check_api.c: lets a compiler prove that it sees in the header what the reader saw."""

from text import GENERATED, c_type, call

HEAD = """/* {generated}
 *
 * Every function is put into a pointer of exactly its type, every number is asserted. Compiled as
 * C11 and as C++17; linked with a library it proves, too, that the library has every function. */
#include "linnet.h"

#ifdef __cplusplus
#define SAME(name, value) static_assert(static_cast<int>(name) == (value), #name)
#else
#define SAME(name, value) _Static_assert((int)(name) == (value), #name)
#endif
"""


def emit(description):
    lines = [HEAD.format(generated=GENERATED)]
    for word, value in zip(("MAJOR", "MINOR", "PATCH"), description["version"]):
        lines.append(f"SAME(LINNET_VERSION_{word}, {value});")
    for each in description["constants"]:
        lines.append(f"SAME({each['name']}, {each['value']});")
    for enum in description["enums"]:
        lines += ["", f"/* {enum['name']} */"]
        lines += [f"SAME({each['name']}, {each['value']});" for each in enum["values"]]
    lines += ["", "int linnet_check_api(void);", "", "int linnet_check_api(void) {",
              "    int found = 0;"]
    for function in description["functions"]:
        lines += _function(function)
    lines += ["    return found;", "}", ""]
    return "\n".join(lines)


def _function(function):
    params = [c_type(p["type"]).rstrip() for p in function["params"]] or ["void"]
    opening = f"        {c_type(function['returns'])}(*function)("
    return ["    {"] + call(opening, params, ") =") + [
        f"            {function['name']};", "        found += function != 0;", "    }"]
