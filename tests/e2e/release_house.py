"""What python helpers of the release scripts stand on: a server that can be killed, its HTTP API, and
the cluster as it is behind that. Everything is told by the environment that releases.sh exports."""

import json
import os
import pathlib
import signal
import ssl
import subprocess
import time
import urllib.error
import urllib.request

ENDINGS = 90  # seconds until every operation has to be done


class Unreachable(Exception):
    """No answer: the server is away."""


def ask(address, token, roots, method, path, body=None, timeout=60, header="Authorization"):
    """(status, JSON or None); raises Unreachable."""
    request = urllib.request.Request(
        address + path, method=method, data=None if body is None else json.dumps(body).encode(),
        headers={header: f"Bearer {token}" if header == "Authorization" else token,
                 "Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=timeout, context=roots) as answer:
            return answer.status, json.loads(answer.read() or b"null")
    except urllib.error.HTTPError as refusal:
        try:
            return refusal.code, json.loads(refusal.read() or b"null")
        except (OSError, ValueError):
            return refusal.code, None
    except (OSError, ValueError) as away:
        raise Unreachable(str(away)) from away


class Server:
    """The program under test, started with these arguments, on a data folder of its own."""

    def __init__(self, arguments, data, log):
        self.arguments, self.data, self.log = arguments, pathlib.Path(data), log
        self.roots = ssl.create_default_context(cafile=os.environ["ROOTS"])
        self.process = None
        self.base = ""

    def start(self):
        address = self.data / "address"
        address.unlink(missing_ok=True)
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(self.arguments, stdout=log, stderr=log)
        until = time.monotonic() + 60
        while not (address.exists() and address.read_text()):
            if self.process.poll() is not None or time.monotonic() > until:
                raise SystemExit("the server did not start")
            time.sleep(0.01)
        self.base = address.read_text().strip().replace("127.0.0.1", "localhost")

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        if self.process.wait(timeout=90) != 0:
            raise SystemExit(f"the server ended with {self.process.returncode}")

    def ask(self, method, path, body=None, timeout=60):
        return ask(self.base, os.environ["TOKEN"], self.roots, method,
                   "/api/v4/clusters/" + path, body, timeout, "PRIVATE-TOKEN")

    def pages(self, path):
        """Every entry of a list."""
        found, number = [], 1
        while True:
            sign = "&" if "?" in path else "?"
            status, some = self.ask("GET", f"{path}{sign}per_page=100&page={number}")
            if status != 200:
                raise SystemExit(f"GET {path} was answered {status}: {some}")
            found += some
            if len(some) < 100:
                return found
            number += 1

    def until_idle(self, cluster="quay", seconds=ENDINGS):
        """Waits for the end of every operation; answers them by their ids."""
        until = time.monotonic() + seconds
        while True:
            all_of_them = {o["id"]: o for o in self.pages(f"{cluster}/operations")}
            open_ones = [o for o in all_of_them.values() if not o["done"]]
            if not open_ones:
                return all_of_them
            if time.monotonic() > until:
                events = self.ask("GET", f"{cluster}/operations/{open_ones[0]['id']}/events")
                raise SystemExit(f"no end within {seconds} s: {open_ones[0]} {events}")
            time.sleep(0.1)


class Kubernetes:
    """The API server, asked as one who may everything."""

    def __init__(self):
        self.roots = ssl.create_default_context(cafile=os.environ["KUBERNETES_ROOTS"])

    def ask(self, path, method="GET", body=None):
        return ask(os.environ["KUBERNETES"], os.environ["KUBERNETES_TOKEN"], self.roots, method, path, body)

    def items(self, path):
        status, answer = self.ask(path)
        if status != 200:
            raise SystemExit(f"the cluster answers {status}: {answer}")
        return answer["items"]

    def revisions(self, space):
        """{release: [(number, status, operation), …]}, as Helm's own records say it; the oldest first."""
        found = {}
        for secret in self.items(f"/api/v1/namespaces/{space}/secrets?labelSelector=owner%3Dhelm"):
            labels = secret["metadata"]["labels"]
            found.setdefault(labels["name"], []).append(
                (int(labels["version"]), labels["status"], labels.get("pilothouse.operation", "")))
        return {name: sorted(all_of_them) for name, all_of_them in found.items()}


def helm_processes(data):
    """Programs that were started in the server's data folder."""
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and os.readlink(entry / "cwd").startswith(f"{data}/"):
                found.append((int(entry.name), (entry / "cmdline").read_bytes().replace(b"\0", b" ")[:300]))
        except OSError:
            continue
    return found
