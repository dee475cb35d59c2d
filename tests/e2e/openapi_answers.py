#!/usr/bin/env python3
"""Fails when an answer that a script got is not one that the OpenAPI document has (record_answers of lib.sh).

openapi_answers.py URL FOLDER        FOLDER has the bodies N, and in N.told: STATUS METHOD URL CONTENT-TYPE
"""

import json
import pathlib
import re
import sys
import urllib.parse
import urllib.request

import jsonschema

import openapi_house


def patterns_of(document):
    """Each path as what matches it; those with fewer parameters first."""
    for path in sorted(document["paths"], key=lambda path: (path.count("{"), path)):
        literal = [re.escape(part) for part in re.split(r"\{\w+\}", path)]
        yield re.compile("[^/]+".join(literal)), document["paths"][path]


def operation_of(patterns, method, url):
    path = urllib.parse.urlsplit(url).path
    for pattern, methods in patterns:
        if pattern.fullmatch(path) and method.lower() in methods:
            return methods[method.lower()]
    return None  # an address that is none, or of a path with plain slashes


def complaint(document, operation, status, of_type, body):
    responses = operation["responses"]
    response = responses.get(status, responses.get(f"{status[0]}XX"))
    if response is None:
        return "the status is not documented"
    if "$ref" in response:
        response = document["components"]["responses"][response["$ref"].rsplit("/", 1)[1]]
    content = response.get("content", {})
    kind = of_type.split(";")[0].strip()
    if not body:
        return None
    if kind not in content:
        return f"the type is not documented: {kind}"
    if kind != "application/json":
        return None
    schema = {**content[kind].get("schema", {}), "components": document["components"]}
    error = jsonschema.exceptions.best_match(jsonschema.Draft202012Validator(schema).iter_errors(json.loads(body)))
    return error and f"{error.json_path}: {error.message}"


def main():
    url, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    with urllib.request.urlopen(f"{url}/api/openapi.json", timeout=60) as answer:
        document = json.load(answer)
    openapi_house.close_answers(document)
    patterns, seen, complaints = list(patterns_of(document)), 0, []
    for told in sorted(folder.glob("*.told")):
        status, method, address, *of_type = told.read_text().split()
        operation = operation_of(patterns, method, address)
        if operation is None or method == "HEAD":
            continue
        seen += 1
        why = complaint(document, operation, status, " ".join(of_type), told.with_suffix("").read_bytes())
        if why:
            complaints.append(f"{method} {address} {status}: {why}"[:500])
    if not seen:
        complaints.append("no answer was looked at")
    print("\n".join(complaints) or f"{seen} answers, each as the document has it")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
