#!/usr/bin/env python3
"""docs/HTTP-API.md lists exactly the routes that the tables in server/*/*routes.cpp have."""

import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
# {method::get, HELM "{channel}/index.yaml", …
ROUTE = re.compile(r'\{\s*(?:http::)?method::(\w+)\s*,\s*(\w+\s+)?"([^"]*)"')
MACRO = re.compile(r'^#define (\w+) "([^"]*)"$', re.MULTILINE)
# | GET | `/metrics` | …
ROW = re.compile(r"^\| *([A-Z]+) *\| *`(/[^`]*)` *\|", re.MULTILINE)


def routes_of_the_code():
    routes = []
    for table in sorted(ROOT.glob("server/*/*routes.cpp")):
        text = table.read_text()
        prefixes = dict(MACRO.findall(text))
        for method, prefix, pattern in ROUTE.findall(text):
            routes.append((method.rstrip("_").upper(), prefixes.get(prefix.strip(), "") + pattern))
        # Nothing that the pattern above cannot read.
        count = len(re.findall(r"\{\s*(?:http::)?method::", text))
        assert count == len(ROUTE.findall(text)), f"{table}: a row that this test cannot read"
    return routes


class HttpApi(unittest.TestCase):
    def setUp(self):
        self.code = routes_of_the_code()
        self.paper = ROW.findall((ROOT / "docs/HTTP-API.md").read_text())

    def test_there_are_routes_to_compare(self):
        self.assertIn(("GET", "/-/ready"), self.code)
        self.assertTrue(any(method == "POST" for method, _ in self.code))

    def test_every_route_is_in_the_paper(self):
        self.assertEqual(sorted(set(self.code) - set(self.paper)), [])

    def test_every_route_in_the_paper_exists(self):
        self.assertEqual(sorted(set(self.paper) - set(self.code)), [])

    def test_no_route_is_listed_twice(self):
        self.assertEqual(sorted(self.paper), sorted(set(self.paper)))


if __name__ == "__main__":
    unittest.main()
