"""A cold start on a large channel, and the memory that it ends in."""

import http.client
import statistics
import time
from dataclasses import dataclass

import report

ROUNDS = 3

READY_AIM_S = 0.5
MEMORY_AIM = (1.5, 64 * 2**20)  # × the index's bytes, plus this


@dataclass
class Start:
    ready_s: float
    first_byte_s: float  # of the index, asked for as soon as the server is ready
    index_bytes: int
    resident_bytes: int
    gzip_resident_bytes: int  # after somebody asked for the compressed form


def one_start(channel):
    with channel.folder.serve() as server:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=120)
        connection.request("GET", channel.index_path())
        answer = connection.getresponse()
        size = len(answer.read(1))
        first_byte = time.monotonic() - server.begun
        while piece := answer.read(2**20):
            size += len(piece)
        resident = server.resident_bytes()
        connection.request("GET", channel.index_path(), headers={"Accept-Encoding": "gzip"})
        connection.getresponse().read()
        return Start(server.ready_seconds, first_byte, size, resident, server.resident_bytes())


def measure(channels, say):
    """Returns the table, for the largest channel of each shape."""
    greatest = max(channel.size for channel in channels)
    channels = [channel for channel in channels if channel.size == greatest]
    starts = {channel.shape.name: [] for channel in channels}
    for number in range(ROUNDS):
        say(f"cold starts: round {number + 1}")
        for channel in channels:
            starts[channel.shape.name].append(one_start(channel))
    times, plus = MEMORY_AIM
    return report.table(
        f"Cold starts at {greatest:,} versions, medians of {ROUNDS}, files in the page cache. Aim: "
        f"ready in {READY_AIM_S} s; memory {times} × the index + {plus >> 20} MiB",
        ["channel", "ready\ns", "first index\nbyte, s", "index\nMiB", "resident\nMiB",
         "÷ index", "with gzip\nMiB", "ready", "memory"],
        [row(name, of_name) for name, of_name in starts.items()])


def row(name, starts):
    def middle(of):
        return statistics.median(of(start) for start in starts)

    ready, index = middle(lambda s: s.ready_s), middle(lambda s: s.index_bytes)
    resident = middle(lambda s: s.resident_bytes)
    times, plus = MEMORY_AIM
    return [f"{name}", f"{ready:.3f}", f"{middle(lambda s: s.first_byte_s):.3f}",
            report.mebibytes(index), report.mebibytes(resident), f"{resident / index:.2f}",
            report.mebibytes(middle(lambda s: s.gzip_resident_bytes)),
            report.met(ready <= READY_AIM_S), report.met(resident <= times * index + plus)]
