#!/usr/bin/env python3
"""The OpenAPI document (OPENAPI: the file that was built) has exactly the routes of the tables, and holds together."""

import json
import os
import pathlib
import re
import unittest

import http_api_test

PAPER = pathlib.Path(__file__).resolve().parents[2] / "docs/HTTP-API.md"
# | GET | `/metrics` | for | needs |
ROW = re.compile(r"^\| *([A-Z]+) *\| *`(/[^`]*)` *\|.*\| *([^|]*?) *\|$", re.MULTILINE)
IN_PATH = re.compile(r"\{(\w+)\}")


def as_openapi(pattern):
    """{project*} and {project...} are {project} there."""
    return re.sub(r"\{(\w+)[^}]*\}", r"{\1}", pattern)


def references_in(value):
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for each in value.values():
            yield from references_in(each)
    elif isinstance(value, list):
        for each in value:
            yield from references_in(each)


class OpenApi(unittest.TestCase):
    def setUp(self):
        self.document = json.loads(pathlib.Path(os.environ["OPENAPI"]).read_text())
        self.operations = {
            (method.upper(), path): operation
            for path, methods in self.document["paths"].items()
            for method, operation in methods.items()
        }

    def resolve(self, reference):
        found = self.document
        for part in reference.removeprefix("#/").split("/"):
            found = found[part]
        return found

    def test_every_route_is_in_the_document_and_nothing_else(self):
        code = {(method, as_openapi(pattern)) for method, pattern in http_api_test.routes_of_the_code()}
        self.assertGreater(len(code), 100)
        self.assertEqual(sorted(code - set(self.operations)), [])
        self.assertEqual(sorted(set(self.operations) - code), [])

    def test_what_a_route_needs_is_what_the_paper_says(self):
        for method, path, needs in ROW.findall(PAPER.read_text()):
            told = self.operations[method, as_openapi(path)].get("x-needs", "–")
            self.assertEqual(told, needs, f"{method} {path}")

    def test_every_reference_leads_somewhere(self):
        references = set(references_in(self.document))
        self.assertGreater(len(references), 50)
        for reference in references:
            self.resolve(reference)

    def test_operations_are_whole(self):
        ids, tags = set(), {tag["name"] for tag in self.document["tags"]}
        for (method, path), operation in self.operations.items():
            where = f"{method} {path}"
            self.assertNotIn(operation["operationId"], ids, where)
            ids.add(operation["operationId"])
            self.assertIn(operation["tags"][0], tags, where)
            self.assertTrue(operation["summary"], where)
            self.assertTrue(any(status[0] in "24" for status in operation["responses"]), where)
            parameters = [self.resolve(p["$ref"]) if "$ref" in p else p for p in operation.get("parameters", [])]
            in_path = [p["name"] for p in parameters if p["in"] == "path"]
            self.assertEqual(in_path, IN_PATH.findall(path), where)
            for parameter in parameters:
                self.assertIn("schema", parameter, where)

    def test_who_is_asked_for_a_token(self):
        def anonymous(method, path):
            ways = self.operations[method, path]["security"]
            return not ways or {} in ways

        self.assertTrue(anonymous("GET", "/-/live"))
        self.assertTrue(anonymous("GET", "/api/v4/projects"))
        self.assertFalse(anonymous("POST", "/api/v4/projects"))
        self.assertFalse(anonymous("GET", "/api/v4/clusters"))


if __name__ == "__main__":
    unittest.main()
