"""Reads under load, against nginx."""

import re
import statistics
import subprocess
from dataclasses import dataclass

import charts
import report
import servers

AIM = 0.9  # of nginx's requests a second

# A version's line is about 0.8 KB, so these channels' indexes are of 1 MB and of 10 MB.
CHANNELS = {"mb1": 125, "mb10": 1250}  # charts, of 10 versions each
ARCHIVES = {"kb1": 1_000, "kb50": 50_000, "kb300": 300_000}

# Many short rounds rather than few long ones: another program's burst spoils a round or two, and
# each round spreads its connections over the servers' two threads anew.
ROUNDS, QUICK_ROUNDS, SECONDS = 9, 3, 1

GZIP = {"Accept-Encoding": "gzip"}


@dataclass
class Case:
    name: str
    path: str
    headers: dict
    status: int = 200
    quick: bool = False  # belongs to the short run


def cases(folder):
    small, large = (folder.channel(c) + "/index.yaml" for c in CHANNELS)
    known = {"If-None-Match": None}  # each server's own ETag, filled in by one_run()
    chart = folder.channel("archives") + "/charts/{}-1.0.0.tgz"
    return [
        Case("index 1 MB", small, {}, quick=True),
        Case("index 10 MB", large, {}),
        Case("index 1 MB, gzip", small, GZIP, quick=True),
        Case("index 10 MB, gzip", large, GZIP),
        Case("index 1 MB, 304", small, known, status=304, quick=True),
        Case("index 10 MB, 304", large, known, status=304),
        Case("chart 1 KB", chart.format("kb1"), {}),
        Case("chart 50 KB", chart.format("kb50"), {}, quick=True),
        Case("chart 300 KB", chart.format("kb300"), {}),
    ]


def prepare(folder):
    """Before the server runs."""
    for channel, count in CHANNELS.items():
        folder.fill(channel, count, 10)


def push_archives(folder, server):
    pusher = charts.Pusher(server.port, folder.push_path("archives"), folder.token)
    for name, size_bytes in ARCHIVES.items():
        pusher.push(pusher.form(charts.archive(name, "1.0.0", size_bytes)))


def copy_to_nginx(nginx, server, case):
    """The very bytes that Pilothouse sends; `.gz` beside them for nginx's gzip_static."""
    nginx.write(case.path, servers.get(server.port, case.path)[2])
    if case.headers == GZIP:
        nginx.write(case.path + ".gz", servers.get(server.port, case.path, GZIP)[2])


@dataclass
class Load:
    per_second: float
    cpu_micros: float  # of the server, a request


def request_headers(server, case):
    if "If-None-Match" not in case.headers:
        return case.headers
    return {"If-None-Match": servers.get(server.port, case.path)[1]["ETag"]}


def one_run(server, case):
    url = f"http://127.0.0.1:{server.port}{case.path}"
    fields = [w for k, v in request_headers(server, case).items() for w in ("-H", f"{k}: {v}")]
    before = server.cpu_seconds()
    words = subprocess.run(["wrk", "-t2", "-c32", f"-d{SECONDS}s", *fields, url],
                           check=True, capture_output=True, text=True).stdout
    used = server.cpu_seconds() - before
    return parse(words, used)


def parse(words, cpu_seconds):
    if "Socket errors" in words or "Non-2xx" in words:
        raise SystemExit(f"bench: a server failed under load:\n{words}")
    requests = int(re.search(r"(\d+) requests in ", words)[1])
    per_second = float(re.search(r"Requests/sec:\s+([\d.]+)", words)[1])
    return Load(per_second, cpu_seconds / requests * 1e6)


def check_same(nginx, server, case):
    """Both must answer alike, or the figures mean nothing. Returns the body's length."""
    theirs = servers.get(nginx.port, case.path, request_headers(nginx, case))
    ours = servers.get(server.port, case.path, request_headers(server, case))
    for status, headers, _ in (theirs, ours):
        assert status == case.status, (case, status)
        assert (headers["Content-Encoding"] == "gzip") == (case.headers == GZIP), case
    assert theirs[2] == ours[2], case
    return len(ours[2])


def measure(build, work, quick, say):
    """Returns the table."""
    rounds = QUICK_ROUNDS if quick else ROUNDS
    folder = servers.Folder(build, work / "reads")
    prepare(folder)
    rows = []
    with folder.serve() as server, servers.Nginx(work / "nginx") as nginx:
        push_archives(folder, server)
        for case in cases(folder):
            if quick and not case.quick:
                continue
            say(f"reads: {case.name}")
            copy_to_nginx(nginx, server, case)
            length = check_same(nginx, server, case)
            rows.append(row(case, length, *compare(nginx, server, case, rounds)))
    return report.table(
        f"Reads: wrk -t2 -c32, medians of {rounds} rounds of {SECONDS} s in turns. "
        f"Aim: {AIM} × nginx's requests a second",
        ["", "body\nbytes", "nginx\nreq/s", "nginx\nCPU µs/req", "Pilothouse\nreq/s",
         "Pilothouse\nCPU µs/req", "req/s\n÷ nginx", "CPU\n÷ nginx", "aim"], rows)


def compare(nginx, server, case, rounds):
    """(their loads, our loads), by rounds; who goes first alternates."""
    theirs, ours = [], []
    for number in range(rounds):
        turns = [(nginx, theirs), (server, ours)]
        for which, loads in turns if number % 2 == 0 else reversed(turns):
            loads.append(one_run(which, case))
    return theirs, ours


def row(case, length, theirs, ours):
    def middle(values):
        return statistics.median(values)

    speed = middle(o.per_second / t.per_second for o, t in zip(ours, theirs))
    cpu = middle(o.cpu_micros / t.cpu_micros for o, t in zip(ours, theirs))
    return [case.name, report.count(length),
            report.count(middle(t.per_second for t in theirs)),
            f"{middle(t.cpu_micros for t in theirs):.1f}",
            report.count(middle(o.per_second for o in ours)),
            f"{middle(o.cpu_micros for o in ours):.1f}",
            f"{speed:.2f}", f"{cpu:.2f}", report.met(speed >= AIM)]
