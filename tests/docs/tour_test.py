#!/usr/bin/env python3
"""The README's tour, and what the server says at its first start, work as they are printed.

Blocks of the README that follow a line `<!-- tour -->` are typed into one shell, in order: shell blocks
word for word, of a YAML block the lines of its `script`. A line `# → TEXT` says what the lines above it
print. Only the server's address is another: it listens on any free port. PILOTHOUSE names the program.
"""

import contextlib
import os
import pathlib
import re
import shlex
import signal
import subprocess
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"^<!-- tour -->\n```(sh|yaml)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PRINTED_ADDRESS = "127.0.0.1:8080"
PATIENCE = 20  # seconds


def clients():
    """What tools/clients/install prints, as a dictionary; from the environment where it is there already."""
    names = ["HELM3", "HELM4", "CM_PUSH_PLUGINS3", "CM_PUSH_PLUGINS4"]
    if all(name in os.environ for name in names):
        return {name: os.environ[name] for name in names}
    printed = subprocess.run([ROOT / "tools/clients/install"], check=True, capture_output=True, text=True).stdout
    return dict(line.split("=", 1) for line in shlex.split(printed))


def blocks_of_the_tour():
    """The commands of each block, and the texts that it says they print."""
    for kind, text in BLOCK.findall((ROOT / "README.md").read_text()):
        if kind == "yaml":
            text = "\n".join(re.findall(r"^    - (.*)$", text.split("  script:\n")[1], re.MULTILINE)) + "\n"
        yield text, re.findall(r"^# → (.*)$", text, re.MULTILINE)


class Tour:
    """One way to read it; the subclasses say which Helm the reader has."""

    helm = ""

    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory(prefix="pilothouse-tour.")))
        # As in the project's folder after `make run`.
        program = self.folder / "build/release/pilothouse"
        program.parent.mkdir(parents=True)
        program.symlink_to(pathlib.Path(os.environ["PILOTHOUSE"]).resolve())
        for name in ["home", "tmp", "bin"]:
            (self.folder / name).mkdir()
        (self.folder / "bin/helm").symlink_to(clients()[f"HELM{self.helm}"])

    def environment(self):
        """Nothing of the user's own settings, and this Helm with its push plugin."""
        return {"PATH": f"{self.folder}/bin:{os.environ['PATH']}", "LC_ALL": "C.UTF-8", "no_proxy": "127.0.0.1",
                "HOME": str(self.folder / "home"), "TMPDIR": str(self.folder / "tmp"), "KUBECONFIG": "/dev/null",
                "HELM_PLUGINS": clients()[f"CM_PUSH_PLUGINS{self.helm}"]}

    @contextlib.contextmanager
    def server(self):
        """Started as `make run` does it; gives its address, and what it printed."""
        with open(self.folder / "printed", "w") as printed, open(self.folder / "log", "w") as log:
            process = subprocess.Popen(["build/release/pilothouse", "serve", "--listen", "127.0.0.1:0"],
                                       cwd=self.folder, stdout=printed, stderr=log)
        try:
            yield self.wait_for_address(process), (self.folder / "printed").read_text()
        finally:
            process.send_signal(signal.SIGTERM)
            status = process.wait(PATIENCE)
        self.assertEqual(status, 0, (self.folder / "log").read_text())

    def wait_for_address(self, process):
        deadline = time.monotonic() + PATIENCE
        while process.poll() is None and time.monotonic() < deadline:
            # All that is printed at the start is printed in one piece.
            if found := re.search(r"listens on http://(\S+),.*\n", (self.folder / "printed").read_text()):
                return found[1]
            time.sleep(0.02)
        self.fail("the server did not say where it listens:\n" + (self.folder / "log").read_text())

    def type(self, commands):
        """What a shell prints that is given these lines; the first command that fails is the last."""
        script = self.folder / "typed"
        script.write_text(commands)
        done = subprocess.run(["bash", "-euo", "pipefail", script], cwd=self.folder, env=self.environment(),
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True, timeout=120)
        self.assertEqual(done.returncode, 0, done.stdout)
        return done.stdout

    def test_the_commands_of_the_first_start_work_as_printed(self):
        with self.server() as (_, printed):
            commands = "".join(line + "\n" for line in printed.splitlines() if line.startswith("  "))
            self.assertIn("token create", commands)
            shown = self.type(commands)
        self.assertIn('{"message":"201 Created"}', shown)
        self.assertIn("demo/hello", shown)

    def test_the_tour_of_the_readme_works_as_printed(self):
        blocks = list(blocks_of_the_tour())
        self.assertGreater(len(blocks), 5)
        typed = "".join(f"{text}echo '=== end of block {n}'\n" for n, (text, _) in enumerate(blocks))
        with self.server() as (address, _):
            shown = self.type(typed.replace(PRINTED_ADDRESS, address))
        for n, (text, promises) in enumerate(blocks):
            printed, shown = shown.split(f"=== end of block {n}\n", 1)
            for promise in promises:
                self.assertIn(promise, printed, text)
                printed = printed.split(promise, 1)[1]


class TourWithHelm3(Tour, unittest.TestCase):
    helm = "3"


class TourWithHelm4(Tour, unittest.TestCase):
    helm = "4"


if __name__ == "__main__":
    unittest.main()
