#!/usr/bin/env python3
"""Fails when a webhook was told what the OpenAPI document does not say (its `webhooks`).

openapi_told.py URL LOG KINDS        LOG is hook_receiver.py's; so many kinds of documents are in it at least, tests apart from the others
"""

import json
import pathlib
import sys
import urllib.request

import jsonschema


def main():
    url, log = sys.argv[1], pathlib.Path(sys.argv[2])
    with urllib.request.urlopen(f"{url}/api/openapi.json", timeout=60) as answer:
        document = json.load(answer)
    seen = set()
    for line in log.read_text().splitlines():
        body = json.loads(line.split(" ", 3)[3])
        content = document["webhooks"][body["type"]]["post"]["requestBody"]["content"]
        schema = {**content["application/json"]["schema"], "components": document["components"]}
        jsonschema.Draft202012Validator(schema).validate(body)
        seen.add((body["type"], body["data"].get("test", False)))
    print(f"kinds that were told: {sorted(seen)}")
    return 0 if len(seen) >= int(sys.argv[3]) else 1


if __name__ == "__main__":
    sys.exit(main())
