"""Holds today's description against those of the releases: what was promised stays."""

import copy

FREE_TO_CHANGE = ("doc", "section")


def promise(description):
    """The part of a description that binds: all but the comments."""
    kept = copy.deepcopy(description)
    _strip(kept)
    return kept


def _strip(value):
    if isinstance(value, dict):
        for key in FREE_TO_CHANGE:
            value.pop(key, None)
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            _strip(each)


def required_baselines(version):
    """The releases that must be frozen: all minors before this one, and the first in any case."""
    major, minor = version[:2]
    return [f"{major}.{each}" for each in range(max(minor, 1))]


def violations(frozen, today):
    """What in `today` breaks the promise of `frozen`, as sentences."""
    frozen, today = promise(frozen), promise(today)
    found = []
    if frozen["version"][0] != today["version"][0]:
        return [f"major version {frozen['version'][0]} became {today['version'][0]}"]
    if frozen["version"][:2] > today["version"][:2]:
        found.append("the version went back")
    for group in ("constants", "types", "callbacks"):
        found += _same(frozen[group], today[group], group[:-1])
    found += _enums(frozen, today)
    found += _functions(frozen, today)
    return found


def _by_name(items):
    return {each["name"]: each for each in items}


def _same(old, new, what):
    new = _by_name(new)
    found = []
    for each in old:
        if each["name"] not in new:
            found.append(f"{what} {each['name']} is gone")
        elif new[each["name"]] != each:
            found.append(f"{what} {each['name']} changed")
    return found


def _enums(frozen, today):
    newer = today["version"][:2] > frozen["version"][:2]
    now, found = _by_name(today["enums"]), []
    for old in frozen["enums"]:
        new = now.get(old["name"])
        if not new or new["flags"] != old["flags"]:
            found.append(f"enum {old['name']} is gone or changed its kind")
            continue
        found += _same(old["values"], new["values"], "enumerator")
        added = set(_by_name(new["values"])) - set(_by_name(old["values"]))
        found += [f"enumerator {each} was added without a new minor version"
                  for each in sorted(added) if not newer]
    return found


def _functions(frozen, today):
    now, found = _by_name(today["functions"]), []
    for old in frozen["functions"]:
        new = now.pop(old["name"], None)
        if not new:
            found.append(f"function {old['name']} is gone")
        elif _without_deprecation(new) != _without_deprecation(old):
            found.append(f"function {old['name']} changed")
    for new in now.values():
        since = [int(each) for each in new["tags"]["SINCE"].split(".")]
        if since <= frozen["version"][:2]:
            found.append(f"function {new['name']} is new, but says SINCE({new['tags']['SINCE']})")
    return found


def _without_deprecation(function):
    tags = {key: each for key, each in function["tags"].items() if key != "DEPRECATED"}
    return dict(function, tags=tags)
