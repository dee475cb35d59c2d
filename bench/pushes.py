"""What one push costs, in channels of different sizes."""

import os
import statistics
import time
from contextlib import ExitStack
from dataclasses import dataclass, field

import charts
import report
import servers

CHANNEL = "stable"
SIZES = (1_000, 10_000, 100_000)
ARCHIVE_BYTES = 7_600  # the median of charts in public repositories

CPU_AIM_MS = 2.0
GROWTH_AIM = 1.2  # of the same shape's cost at the least size

# Short rounds, so that a busy machine troubles all channels alike.
ROUNDS = 20
WARM_UP, ALONE, READ_AFTER = 1, 5, 2  # pushes a round


@dataclass
class Shape:
    name: str
    versions: int  # of each chart; 0: one chart has all

    def charts(self, size):
        return size // self.versions if self.versions else 1


SHAPES = (Shape("10 versions a chart", 10), Shape("one chart", 0))


@dataclass
class Channel:
    """A channel of `size` versions in a folder of its own, its server, and what was measured."""

    shape: Shape
    size: int
    folder: servers.Folder
    server: servers.Pilothouse = None
    pusher: charts.Pusher = None
    pushed: int = 0
    cpu_ms: list = field(default_factory=list)
    wall_ms: list = field(default_factory=list)
    read_cpu_ms: list = field(default_factory=list)  # of the first read after a push

    def start(self, server):
        self.server = server
        path = self.folder.push_path(CHANNEL)
        self.pusher = charts.Pusher(server.port, path, self.folder.token)
        # Loads the index and compresses it, as the first client of a day does.
        servers.get(server.port, self.index_path(), {"Accept-Encoding": "gzip"})

    def index_path(self):
        return self.folder.channel(CHANNEL) + "/index.yaml"

    def next_form(self):
        """The next new version, of a chart anywhere in the channel."""
        self.pushed += 1
        chart = self.pushed * 7919 % self.shape.charts(self.size)
        packed = charts.archive(f"chart-{chart:05}", f"1000.0.{self.pushed}", ARCHIVE_BYTES)
        return self.pusher.form(packed)

    def round(self):
        forms = [self.next_form() for _ in range(WARM_UP + ALONE + READ_AFTER)]
        for form in forms[:WARM_UP]:
            self.pusher.push(form)
        # What the server does after its answer counts too: CPU is read before the next push.
        before = self.server.cpu_seconds()
        for form in forms[WARM_UP:WARM_UP + ALONE]:
            begun = time.perf_counter()
            self.pusher.push(form)
            self.wall_ms.append((time.perf_counter() - begun) * 1e3)
            after = self.server.cpu_seconds()
            self.cpu_ms.append((after - before) * 1e3)
            before = after
        self.ask()
        for form in forms[WARM_UP + ALONE:]:
            self.pusher.push(form)
            self.read_cpu_ms.append(self.ask())

    def ask(self):
        """HEAD of the compressed index; the server's CPU, in milliseconds."""
        before = self.server.cpu_seconds()
        self.pusher.ask(self.index_path(), {"Accept-Encoding": "gzip"})
        return (self.server.cpu_seconds() - before) * 1e3


def prepare(build, work, quick, say):
    """Fills the folders; they serve the cold starts afterwards."""
    channels = []
    for shape in SHAPES[:1] if quick else SHAPES:
        for size in SIZES[:2] if quick else SIZES:
            say(f"pushes: filling {size:,} versions, {shape.name}")
            folder = servers.Folder(build, work / f"{shape.versions}-{size}")
            count = shape.charts(size)
            folder.fill(CHANNEL, count, size // count)
            channels.append(Channel(shape, size, folder))
    return channels


def measure(channels, work, say):
    """Returns the table. All servers run at once, and are pushed to in turns."""
    with ExitStack() as running:
        for channel in channels:
            channel.start(running.enter_context(channel.folder.serve()))
        for number in range(ROUNDS):
            if number % 5 == 0:
                say(f"pushes: round {number + 1} of {ROUNDS}")
            for channel in channels:
                channel.round()
    return report.table(
        f"Pushes of {ARCHIVE_BYTES / 1e3:.1f} KB, one at a time, {ROUNDS * ALONE} to each channel "
        f"in {ROUNDS} rounds (a write and fdatasync of that size: {sync_ms(work):.2f} ms). "
        f"Aim: {CPU_AIM_MS:g} ms CPU, and {GROWTH_AIM:g} × that at {SIZES[0]:,}",
        ["channel", "CPU ms\nmedian", "CPU ms\nmean", f"CPU ÷ that\nat {SIZES[0]:,}",
         "wall ms\nmedian", "CPU ms of the\nnext gzip HEAD", "≤ 2 ms", "≤ 1.2 ×"],
        [row(channel, channels) for channel in channels])


def row(channel, channels):
    least = next(c for c in channels if c.shape is channel.shape)
    cpu = statistics.median(channel.cpu_ms)
    growth = cpu / statistics.median(least.cpu_ms)
    return [f"{channel.size:,} versions, {channel.shape.name}",
            f"{cpu:.2f}", f"{statistics.mean(channel.cpu_ms):.2f}", f"{growth:.2f}",
            f"{statistics.median(channel.wall_ms):.2f}",
            f"{statistics.median(channel.read_cpu_ms):.2f}",
            report.met(cpu <= CPU_AIM_MS), report.met(growth <= GROWTH_AIM)]


def sync_ms(work):
    """What this disk takes for one durable write."""
    taken = []
    with open(work / "synced", "wb", buffering=0) as file:
        for _ in range(50):
            begun = time.perf_counter()
            file.write(bytes(ARCHIVE_BYTES))
            os.fdatasync(file.fileno())
            taken.append(time.perf_counter() - begun)
    return statistics.median(taken) * 1e3
