#!/usr/bin/env python3
"""Fails when a route of a table was never seen answered well, or never seen refused.

routes_seen.py ACCESS-LOG TABLE…        the log has one JSON object a line, with the field `route`
"""

import collections
import json
import pathlib
import re
import sys

ROUTE = re.compile(r'\{\s*(?:http::)?method::(\w+)\s*,\s*(?:(\w+)\s+)?"([^"]*)"')
MACRO = re.compile(r'^#define (\w+) "([^"]*)"$', re.MULTILINE)


def routes_of(table):
    text = pathlib.Path(table).read_text(encoding="utf-8")
    prefixes = dict(MACRO.findall(text))
    for method, prefix, pattern in ROUTE.findall(text):
        yield method.rstrip("_").upper(), prefixes.get(prefix, "") + pattern


def statuses_in(log):
    seen = collections.defaultdict(set)
    for line in pathlib.Path(log).read_text(encoding="utf-8").splitlines():
        try:
            entry = json.loads(line)
        except json.JSONDecodeError:
            continue  # what the server says before it knows how to log
        if "route" in entry:
            seen[entry["method"], entry["route"]].add(entry["status"])
    return seen


def main():
    routes = [route for table in sys.argv[2:] for route in routes_of(table)]
    seen = statuses_in(sys.argv[1])
    complaints = [] if routes else ["no table has a route"]
    for route in routes:
        statuses = sorted(seen[route])
        for word, hundred in (("well", 2), ("refused", 4)):
            if not any(status // 100 == hundred for status in statuses):
                complaints.append(f"{' '.join(route)}: never answered {word}: {statuses}")
    complaints += [f"{' '.join(route)}: {max(statuses)}"
                   for route, statuses in seen.items() if max(statuses) >= 500]
    print("\n".join(complaints) or f"{len(routes)} routes, each seen answered well and refused")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
