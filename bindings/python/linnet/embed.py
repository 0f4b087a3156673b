# SPDX-License-Identifier: MIT
"""A model as C source, so that it is part of a program."""
import re
from typing import Iterator

# As weights in the format .linnet lie: the model is used in place.
_ALIGNMENT = 64
_BYTES_A_LINE = 25

_HEAD = """\
/* {title}, {size} bytes, for linnet_model_open_borrowed({name}, {name}_size, ...).
 * Made by `linnet embed`; do not edit. C99 or C++. */
#include <stddef.h>

"""
_ALIGNED = f"""\
#if defined(__cplusplus)
#define LINNET_EMBED_ALIGNED alignas({_ALIGNMENT})
#elif defined(__STDC_VERSION__) && __STDC_VERSION__ >= 201112L
#define LINNET_EMBED_ALIGNED _Alignas({_ALIGNMENT})
#elif defined(_MSC_VER)
#define LINNET_EMBED_ALIGNED __declspec(align({_ALIGNMENT}))
#else
#define LINNET_EMBED_ALIGNED __attribute__((aligned({_ALIGNMENT})))
#endif

"""


def c_name(text: str) -> str:
    """A file's name as a name in C."""
    name = re.sub(r"\W", "_", text, flags=re.ASCII)
    return name if re.match(r"[A-Za-z]", name) else f"model_{name}"


def c_array(data: bytes, name: str, title: str, header: bool) -> Iterator[str]:
    """The text of a source file that defines NAME and NAME_size, piece by piece; as a header the
    two are private to the file that includes it."""
    yield _HEAD.format(title=title.replace("*/", "* /"), size=len(data), name=name)
    yield _ALIGNED
    if header:
        prefix = "static "
    else:
        prefix = ""
        yield ('#if defined(__cplusplus)\nextern "C" {\n#endif\n'
               f"extern const unsigned char {name}[];\nextern const size_t {name}_size;\n")
    yield f"{prefix}LINNET_EMBED_ALIGNED const unsigned char {name}[{len(data)}] = {{\n"
    numbers = [f"{byte}," for byte in range(256)]
    for start in range(0, len(data), _BYTES_A_LINE):
        yield "".join([numbers[byte] for byte in data[start:start + _BYTES_A_LINE]]) + "\n"
    yield f"}};\n{prefix}const size_t {name}_size = sizeof {name};\n"
    if not header:
        yield "#if defined(__cplusplus)\n}\n#endif\n"
    yield "#undef LINNET_EMBED_ALIGNED\n"
