#!/usr/bin/env python3
"""Every route of the deploy API, tried by every kind of caller.

deploy_rights.py TABLE        the routes; what each needs is in docs/HTTP-API.md, and what that means in MEANING

The server is at BASE, with a certificate of the authority in ROOTS. Whoever may not is refused by every
route. Whoever may gets 200 from those that read, and 400 from those that take a body, for theirs is none;
what the rest does shows deploy.js, as these would change something.

Callers by the variables that hold their tokens; for each the role in the project, in the cluster, and
whether the token may change anything.
"""

import json
import os
import pathlib
import re
import ssl
import sys
import urllib.error
import urllib.request

from routes_seen import routes_of

ROOT = pathlib.Path(__file__).resolve().parents[2]
ROW = re.compile(r"^\| *([A-Z]+) *\| *`(/api/deploy/[^`]*)` *\|.*\| *([^|]*?) *\|$", re.MULTILINE)
TRUSTED = ssl.create_default_context(cafile=os.environ["ROOTS"])
REPORTER, DEVELOPER, MAINTAINER = 20, 30, 40
CALLERS = {  # in the project, in the cluster, may change
    "TOKEN": (MAINTAINER, DEVELOPER, True),
    "LOOK_TOKEN": (MAINTAINER, DEVELOPER, False),
    "ASHORE_TOKEN": (MAINTAINER, 0, True),
    "BOSUN_TOKEN": (DEVELOPER, DEVELOPER, True),
    "READER_TOKEN": (REPORTER, REPORTER, True),
    "STRANGER_TOKEN": (0, 0, True),
}
BODY = re.compile(r'method::\w+,\s*\w+\s+"[^"]*",\s*known,\s*(none|doc)')
# The least role in the project, and in the cluster; whether the token must be one that may change something.
MEANING = {
    "a user": (0, 0, False),
    "a look at the group": (REPORTER, 0, False),
    "a look at the group, and reporter of the cluster": (REPORTER, 0, False),  # of each that is listed
    "a look at the group, and the right to read": (REPORTER, 0, False),  # of each that is listed
    "a look at the project": (REPORTER, 0, False),
    "deployer": (DEVELOPER, DEVELOPER, True),
    "maintainer": (MAINTAINER, DEVELOPER, True),
    "maintainer of the project, and developer of the cluster": (MAINTAINER, 0, True),  # that the body names
}


def call(method, path, token=None, body=None):
    request = urllib.request.Request(os.environ["BASE"] + path, method=method, data=body)
    if token:
        request.add_header("Authorization", f"Bearer {token}")
    try:
        with urllib.request.urlopen(request, context=TRUSTED, timeout=60) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def done(method, path, body=None):
    status, text = call(method, "/api/deploy" + path, os.environ["TOKEN"], body and json.dumps(body).encode())
    assert 200 <= status < 300, (method, path, status, text)
    return json.loads(text) if text else None


def wanted(caller, need, method, takes_body):
    """The status; None: it would be done."""
    in_project, on_cluster, may_change = CALLERS[caller]
    least, least_on_cluster, changes = MEANING[need]
    if least and not in_project:
        return 404
    if in_project < least or on_cluster < least_on_cluster or (changes and not may_change):
        return 403
    if takes_body:
        return 400
    return 200 if method == "GET" else None


class Places:
    """What the routes' parameters stand for."""

    def __init__(self):
        self.group = done("GET", "/organization")["results"][0]["id"]
        self.project = done("GET", f"/organization/{self.group}/project")["results"][0]["id"]
        repositories = done("GET", f"/organization/{self.group}/helmRepository")["results"]
        channel = next(r["id"] for r in repositories if r["name"] == os.environ["CHANNEL"])
        self.environment = done("POST", f"/project/{self.project}/environment",
                                {"name": "rights", "cluster": os.environ["CLUSTER"]})["id"]
        source = {"repository": channel, "chart_name": "buoy", "chart_version": "1.0.0"}
        self.helm = done("POST", f"/environment/{self.environment}/helm", {
            "name": "rights", "auto_deploy": False, "arguments": [], "values_override": {},
            "source": {"helm_repository": source}})["id"]
        run = done("POST", f"/helm/{self.helm}/deploy?forceEvent=DIFF")
        self.deployment = run["deployment_request_id"]

    def path(self, pattern):
        names = {"organization": self.group, "project_id": self.project, "environment": self.environment,
                 "helm": self.helm, "deployment": self.deployment}
        return re.sub(r"\{(\w+)\}", lambda name: names[name[1]], pattern)


def main():
    text = pathlib.Path(sys.argv[1]).read_text(encoding="utf-8")
    needs = {(method, path): need for method, path, need in
             ROW.findall((ROOT / "docs/HTTP-API.md").read_text(encoding="utf-8"))}
    routes = list(routes_of(sys.argv[1]))
    bodies = BODY.findall(text)
    assert len(routes) == len(bodies) > 30, (len(routes), len(bodies))
    places, complaints, count = Places(), [], 0
    for (method, pattern), body in zip(routes, bodies):
        need, takes_body = needs[method, pattern], body == "doc"
        path = places.path(pattern)
        status, _ = call(method, path)
        count += 1
        if status != 401:
            complaints.append(f"{method} {pattern} by nobody: {status}")
        for caller in CALLERS:
            expected = wanted(caller, need, method, takes_body)
            if expected is None:
                continue
            status, words = call(method, path, os.environ[caller], b"[" if takes_body else None)
            count += 1
            if status != expected:
                complaints.append(f"{method} {pattern} by {caller}: wanted {expected}, got {status} {words[:200]}")
    done("DELETE", f"/helm/{places.helm}")
    done("DELETE", f"/environment/{places.environment}")
    print("\n".join(complaints) or f"{count} requests, each answered as the paper says")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
