"""The deploy API asked over HTTP, for scripts: BASE is the server, with a certificate of the authority
in ROOTS; the rest is what releases.sh tells. Under ANSWERS all answers are kept, for openapi_answers.py.
"""

import itertools
import json
import os
import pathlib
import ssl
import urllib.error
import urllib.request

SERVER = os.environ["BASE"]
TRUSTED = ssl.create_default_context(cafile=os.environ["ROOTS"])
JSON, FORM = "application/json", "application/x-www-form-urlencoded"
NUMBERS = itertools.count()
API = "/api/deploy"


def call(method, path, body=None, kind=JSON, scheme="Token", api=API):
    """The status, and what the answer's JSON says. `api` is another door's prefix."""
    request = urllib.request.Request(SERVER + api + path, method=method, data=body)
    request.add_header("Authorization", f"{scheme} {os.environ['TOKEN']}")
    if body is not None:
        request.add_header("Content-Type", kind)
    try:
        with urllib.request.urlopen(request, context=TRUSTED, timeout=60) as answer:
            status, text, told = answer.status, answer.read(), answer.headers
    except urllib.error.HTTPError as error:
        status, text, told = error.code, error.read(), error.headers
    keep(text, status, method, SERVER + api + path, told["Content-Type"] or "")
    assert status == 204 or told["Content-Type"] == JSON, (path, told["Content-Type"])
    return status, json.loads(text) if text else None


def keep(body, *told):
    """For openapi_answers.py, which compares all answers with the server's document."""
    if "ANSWERS" in os.environ:
        one = pathlib.Path(os.environ["ANSWERS"], f"call{next(NUMBERS)}")
        one.write_bytes(body)
        one.with_suffix(".told").write_text(" ".join(map(str, told)))


def done(wanted, *asked, **how):
    status, told = call(*asked, **how)
    assert status == wanted, (asked, status, told)
    return told


def sent(value):
    return json.dumps(value).encode()
