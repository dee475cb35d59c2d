#!/usr/bin/env python3
"""Reads an index again and again until a file is there: watch_index.py URL USER:TOKEN STOP-FILE

Prints how many versions the indexes held that it met, a line each, as soon as that is another number.
"""

import base64
import http.client
import json
import pathlib
import sys
import urllib.parse


def main():
    url, stop = urllib.parse.urlsplit(sys.argv[1]), pathlib.Path(sys.argv[3])
    who = "Basic " + base64.b64encode(sys.argv[2].encode()).decode()
    connection = http.client.HTTPConnection(url.netloc, timeout=60)
    seen, tags = None, {}
    while True:
        last = stop.exists()
        connection.request("GET", url.path, headers={"Authorization": who})
        answer = connection.getresponse()
        body = answer.read()
        assert answer.status == 200, (answer.status, body[:200])
        tag = answer.headers["ETag"]
        if tag not in tags:  # every index is one whole document
            tags[tag] = sum(len(versions) for versions in json.loads(body)["entries"].values())
        if seen != tags[tag]:
            seen = tags[tag]
            print(seen, flush=True)
        if last:
            break


if __name__ == "__main__":
    main()
