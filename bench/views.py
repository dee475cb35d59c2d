"""A client of a huge channel that reads it through a lens: what it waits for, and what it loads."""

import http.client
import os
import statistics
import subprocess
import tempfile
import time

import report

ROUNDS = 5
ADD_AIM_S = 0.3  # `helm repo add`, the view not made yet

# Of each shape: the first view is made of few versions of many, the last shows nearly all.
LENSES = ("latest-1", "latest-10", "chart-chart-00000", "range-~1.0.9", "range-*")


def get(channel, lens):
    """Seconds and bytes of one read of the index, or of a view of it."""
    path = channel.index_path()
    if lens:
        path = path.replace("/index.yaml", f"~{lens}/index.yaml")
    connection = http.client.HTTPConnection("127.0.0.1", channel.server.port, timeout=120)
    begun = time.perf_counter()
    connection.request("GET", path)
    answer = connection.getresponse()
    size = len(answer.read())
    taken = time.perf_counter() - begun
    connection.close()
    if answer.status != 200:
        raise SystemExit(f"bench: {path} was answered {answer.status}")
    return taken, size


def helm_add(channel, lens):
    """Seconds of `helm repo add`; None without a Helm: see tools/clients/install."""
    helm = os.environ.get("HELM4") or os.environ.get("HELM3")
    if not helm:
        return None
    path = channel.index_path().removesuffix("/index.yaml") + (f"~{lens}" if lens else "")
    with tempfile.TemporaryDirectory() as home:
        homes = {f"HELM_{what}_HOME": home for what in ("CACHE", "CONFIG", "DATA")}
        begun = time.perf_counter()
        subprocess.run([helm, "repo", "add", "bench", f"http://127.0.0.1:{channel.server.port}{path}"],
                       env={**os.environ, **homes}, check=True, stdout=subprocess.DEVNULL)
        return time.perf_counter() - begun


def measure(channels, say):
    """Returns the table, for the largest channel of each shape. A push drops every view."""
    greatest = max(channel.size for channel in channels)
    rows = []
    for channel in (channel for channel in channels if channel.size == greatest):
        say(f"views: {channel.shape.name}")
        with channel.folder.serve() as server:
            channel.start(server)
            get(channel, None)
            for lens in (None, *LENSES):
                rows.append(row(channel, lens))
    return report.table(
        f"Views of {greatest:,} versions, medians of {ROUNDS}. Aim: `helm repo add` of a view that "
        f"is not made yet in {ADD_AIM_S} s, where it has at most a tenth of the channel",
        ["channel", "lens", "MiB", "made and\nread, ms", "read\nagain, ms", "helm repo\nadd, s", "aim"],
        rows)


def row(channel, lens):
    first, again, added = [], [], []
    for _ in range(ROUNDS):
        channel.pusher.push(channel.next_form())
        taken, size = get(channel, lens)
        first.append(taken)
        again.append(get(channel, lens)[0])
        channel.pusher.push(channel.next_form())
        added.append(helm_add(channel, lens))
    whole = get(channel, None)[1]
    add = statistics.median(added) if None not in added else None
    small = lens and size <= whole / 10
    return [channel.shape.name, lens or "the whole", report.mebibytes(size),
            f"{statistics.median(first) * 1e3:.1f}", f"{statistics.median(again) * 1e3:.1f}",
            "–" if add is None else f"{add:.2f}",
            report.met(add <= ADD_AIM_S) if small and add is not None else ""]
