#!/usr/bin/env python3
"""Checks every #include of the tree against tools/layers.txt, and that sources include their own header first.

    tools/check_layers.py [ROOT]        exit status 1 when an arrow points the wrong way

Tests may include everything and are left out.
"""

import pathlib
import re
import subprocess
import sys

INCLUDE = re.compile(r'\s*#\s*include\s*(["<])([^">]+)[">]')
FORBIDDEN_FOLDERS = {"util", "utils", "common", "helper", "helpers", "misc"}
POSIX = ("arpa/", "dirent.h", "fcntl.h", "netdb.h", "netinet/", "poll.h", "pthread.h", "signal.h", "sys/", "unistd.h")
KEYS = ("project", "third_party", "in_headers")


class Place:
    def __init__(self, name):
        self.name = name
        self.project = []
        self.third_party = []
        self.in_headers = []


def read_table(path):
    """The places by name. SystemExit for a line that cannot be read, or arrows that run in a circle."""
    places, place = {}, None
    for number, line in enumerate(path.read_text().splitlines(), 1):
        words = line.split("#")[0].split()
        if not words:
            continue
        if words[0] == "place" and len(words) == 2:
            place = places.setdefault(words[1], Place(words[1]))
        elif words[0] in KEYS and place:
            getattr(place, words[0]).extend(words[1:])
        else:
            sys.exit(f"{path}:{number}: cannot be read: {line.strip()}")
    arrows = {name: [place_named(places, target) for target in place.project] for name, place in places.items()}
    circle = find_circle(arrows)
    if circle:
        sys.exit(f"{path}: places in a circle: {' → '.join(circle)}")
    return places


def place_named(places, target):
    """The place that an entry of `project` stands for: itself, or that of a single header."""
    if target in places:
        return target
    place = place_of(places, target)
    if not place:
        sys.exit(f"tools/layers.txt: there is no place {target}")
    return place


def place_of(places, path):
    """The name of the longest place that holds this file; None when there is none."""
    path = pathlib.PurePosixPath(path)
    for candidate in [path.with_suffix(""), *path.parents]:
        if str(candidate) in places:
            name = str(candidate)
            # A folder without a line of its own.
            if f"{name}/*" in places and len(path.relative_to(name).parts) > 1:
                return f"{name}/*"
            return name
    return None


def find_circle(arrows):
    """The names of one circle, the first of them twice; empty: there is none. Arrows to itself do not count."""
    done, way = set(), []

    def visit(name):
        if name in way:
            return [*way[way.index(name):], name]
        if name in done:
            return []
        way.append(name)
        for target in arrows.get(name, []):
            if target != name and (circle := visit(target)):
                return circle
        done.add(way.pop())
        return []

    for start in sorted(arrows):
        if circle := visit(start):
            return circle
    return []


def begins_with_one_of(header, beginnings):
    return any(header.startswith(POSIX) if b == "posix" else header.startswith(b) for b in beginnings)


def complain_project(places, file, header):
    """What is wrong with a file's including a header of the project; None: nothing."""
    own, target = place_of(places, file), place_of(places, header)
    if not target:
        return f'"{header}" is not written from the root, or its folder is not in tools/layers.txt'
    same_folder = pathlib.PurePosixPath(file).parent == pathlib.PurePosixPath(header).parent
    if own == target and (not own.endswith("/*") or same_folder):
        return None
    allowed = places[own].project
    if header in allowed or (target in allowed and own != target):
        return None
    return f'{own} may not include "{header}"; of the project it may include: {" ".join([own, *allowed])}'


def complain_third_party(place, file, header):
    if "." not in header and "/" not in header:
        return None  # the standard library
    if not begins_with_one_of(header, place.third_party + place.in_headers):
        allowed = " ".join(place.third_party) or "nothing"
        return f"{place.name} may not include <{header}>; besides the standard library it may include: {allowed}"
    if file.endswith(".hpp") and not begins_with_one_of(header, place.in_headers):
        allowed = " ".join(place.in_headers) or "nothing"
        return f"<{header}> belongs in .cpp files; of its kind, headers of {place.name} may include: {allowed}"
    return None


def includes_of(path):
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if match := INCLUDE.match(line):
            yield number, match[1] == '"', match[2]


def complain_first(root, file):
    """What is wrong with a source's first include: that of its own header, which so compiles alone; None: nothing."""
    own = pathlib.PurePosixPath(file).with_suffix(".hpp")
    first = next(includes_of(root / file), None)
    if file.endswith(".cpp") and (root / own).is_file() and (not first or first[2] != str(own)):
        return f'include "{own}" first, so that this header is known to compile alone'
    return None


def check(root):
    """All complaints, as lines."""
    places = read_table(root / "tools" / "layers.txt")
    listed = subprocess.run(["git", "-C", root, "ls-files", "-co", "--exclude-standard", "*.cpp", "*.hpp"],
                            check=True, capture_output=True, text=True).stdout.split("\n")
    files = sorted(f for f in set(listed) if f and (root / f).is_file())
    complaints, graph = [], {}
    for file in files:
        folders = pathlib.PurePosixPath(file).parts[:-1]
        if bad := FORBIDDEN_FOLDERS.intersection(folders):
            complaints.append(f"{file}:1: a folder called {bad.pop()} says nothing: name it by what is in it")
        if folders[:1] == ("tests",):
            continue
        own = place_of(places, file)
        if not own:
            complaints.append(f"{file}:1: its folder is not in tools/layers.txt")
            continue
        if complaint := complain_first(root, file):
            complaints.append(f"{file}:1: {complaint}")
        for number, ours, header in includes_of(root / file):
            if ours:
                graph.setdefault(file, []).append(header)
                complaint = complain_project(places, file, header)
            else:
                complaint = complain_third_party(places[own], file, header)
            if complaint:
                complaints.append(f"{file}:{number}: {complaint}")
    if circle := find_circle(graph):
        complaints.append(f"{circle[0]}:1: files include each other in a circle: {' → '.join(circle)}")
    return complaints


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent.parent)
    complaints = check(root)
    print("\n".join(complaints) if complaints else "check_layers: all arrows point downwards")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
