"""Server processes: started, watched, ended."""

import os
import pathlib
import subprocess
import time


class Process:
    """One child and the children it had when it was ready. A context manager: leaving ends it."""

    def __init__(self, command, log):
        with open(log, "ab") as output:
            self.child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output,
                                          stderr=output)
        self.log = log

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.child.terminate()
        self.child.wait()

    def wait_until(self, ready, seconds=120):
        """Polls `ready` until it returns a true value, and returns that."""
        end = time.monotonic() + seconds
        while not (value := ready()):
            if self.child.poll() is not None or time.monotonic() > end:
                words = pathlib.Path(self.log).read_text(errors="replace")
                raise SystemExit(f"bench: {self.child.args[0]} did not start; it said:\n{words}")
            time.sleep(0.001)
        return value

    def cpu_seconds(self):
        """What the whole tree has used so far, to the nanosecond, ended threads included."""
        return sum(cpu_seconds_of(pid) for pid in tree_of(self.child.pid))

    def resident_bytes(self):
        """VmRSS of the child alone."""
        for line in pathlib.Path(f"/proc/{self.child.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024
        raise SystemExit("bench: the server is gone")


def cpu_seconds_of(pid):
    # clock_getcpuclockid(3), which Python does not offer: the kernel numbers the CPU clock of each
    # process. /proc/PID/stat counts the same in hundredths of a second, too coarse for one push.
    return time.clock_gettime((~pid << 3) | 2)


def tree_of(root):
    parents = {}
    for folder in pathlib.Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                words = (folder / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue  # it ended while we looked
            parents.setdefault(int(words[1]), []).append(int(folder.name))
    tree = [root]
    for pid in tree:
        tree += parents.get(pid, [])
    return tree


def is_root():
    return os.geteuid() == 0
