"""What the shared library shows: one list in the forms that the linkers take."""

from text import GENERATED


def emit(description):
    """Path -> text, relative to capi/exports."""
    nodes = _nodes(description)
    names = [name for _, group in nodes for name in group]
    major = description["version"][0]
    return {
        "linnet.map": _map(nodes),
        "linnet.def": "\n".join([f"; {GENERATED}", "EXPORTS"] + [f"    {n}" for n in names]) + "\n",
        "linnet.exports": "\n".join([f"# {GENERATED}"] + [f"_{n}" for n in names]) + "\n",
        "symbols.txt": "".join(f"{n} LINNET_{v}\n" for v, group in nodes for n in group),
        "soname.txt": f"liblinnet.so.{major}\n",
    }


def _nodes(description):
    """[(version, sorted names)], oldest first: a function stays in the node of its SINCE."""
    versions = {}
    for each in description["functions"]:
        versions.setdefault(each["tags"]["SINCE"], []).append(each["name"])
    order = sorted(versions, key=lambda text: tuple(int(part) for part in text.split(".")))
    return [(version, sorted(versions[version])) for version in order]


def _map(nodes):
    lines = [f"/* {GENERATED}",
             " * A node per release that added functions, each on top of the one before. */"]
    before = ""
    for version, names in nodes:
        lines += [f"LINNET_{version} {{", "    global:"]
        lines += [f"        {name};" for name in names]
        if not before:
            lines += ["    local:", "        *;"]
        lines += ["}" + before + ";", ""]
        before = f" LINNET_{version}"
    return "\n".join(lines[:-1]) + "\n"
