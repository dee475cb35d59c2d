#!/usr/bin/env python3
# Compares two Helm indexes (as JSON) field by field: ours, and the one that Helm writes itself.
#
#   compare_index.py OURS HELMS
#
# Not compared: `generated`, `created` (ours has to be a time), `serverInfo`, `urls` (ours has to
# end in NAME-VERSION.tgz, where Helm puts the name of the file that it found), and the order of
# versions that are equal in precedence, which Helm leaves to chance.
import datetime
import json
import re
import sys

VERSION = re.compile(r"v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:-([^+]+))?(?:\+.*)?$")
NOT_COMPARED = {"created", "urls"}


def precedence(version):
    """What two versions of equal precedence have in common."""
    match = VERSION.match(version)
    if not match:
        return version
    return tuple(int(part or 0) for part in match.groups()[:3]) + (match.group(4),)


def same(left, right):
    """Equal as JSON values, where True is not 1."""
    if isinstance(left, bool) is not isinstance(right, bool):
        return False
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(left[k], right[k]) for k in left)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    return left == right


def entry_differences(where, ours, helms):
    for key in sorted((ours.keys() | helms.keys()) - NOT_COMPARED):
        left, right = ours.get(key), helms.get(key)
        if not same(left, right):
            yield f"{where}: {key}: ours {json.dumps(left)}, Helm's {json.dumps(right)}"
    urls = ours.get("urls", [])
    if [url.rsplit("/", 1)[-1] for url in urls] != [f"{ours['name']}-{ours['version']}.tgz"]:
        yield f"{where}: urls: {urls}"
    try:
        datetime.datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", ours.get("created", "")))
    except ValueError:
        yield f"{where}: created is not a time: {ours.get('created')!r}"


def differences(ours, helms):
    if ours.get("apiVersion") != helms.get("apiVersion"):
        yield f"apiVersion: ours {ours.get('apiVersion')!r}, Helm's {helms.get('apiVersion')!r}"
    unknown = ours.keys() - {"apiVersion", "entries", "generated", "serverInfo"}
    if unknown:
        yield f"keys that Helm does not know: {sorted(unknown)}"
    left, right = ours.get("entries") or {}, helms.get("entries") or {}
    for name in sorted(left.keys() | right.keys()):
        yield from chart_differences(name, left.get(name, []), right.get(name, []))


def chart_differences(name, ours, helms):
    left = {(entry["version"], entry["digest"]): entry for entry in ours}
    right = {(entry["version"], entry["digest"]): entry for entry in helms}
    if len(left) != len(ours):
        yield f"{name}: a version is there twice"
    for version, digest in sorted(left.keys() ^ right.keys()):
        owner = "ours" if (version, digest) in left else "Helm's"
        yield f"{name} {version}: only in {owner} ({digest})"
    for key in sorted(left.keys() & right.keys()):
        yield from entry_differences(f"{name} {key[0]}", left[key], right[key])
    orders = [[precedence(entry["version"]) for entry in entries] for entries in (ours, helms)]
    if orders[0] != orders[1] and left.keys() == right.keys():
        yield f"{name}: other order: {[entry['version'] for entry in ours]}"


def read(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def main():
    ours, helms = read(sys.argv[1]), read(sys.argv[2])
    found = list(differences(ours, helms))
    for line in found[:40]:
        print(line)
    if len(found) > 40:
        print(f"… and {len(found) - 40} more")
    versions = sum(map(len, (helms.get("entries") or {}).values()))
    print(f"{versions} versions compared, {len(found)} differences")
    if found or not versions:
        sys.exit(1)


if __name__ == "__main__":
    main()
