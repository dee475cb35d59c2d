#!/usr/bin/env python3
"""The walkthrough of docs/RELEASES.md works as it is printed, on a cluster that runs already.

releases_tour.py PILOTHOUSE CLUSTER-FOLDER HELM SDK-PYTHON [PAGE]

With another page, its walkthrough does, behind the first block of that one.

Blocks behind `<!-- tour -->` are typed into one shell, in order, as tour_test.py types those of the
README; the server is started with the flags that the page names, and has the certificate that the page
makes. Only ports are others, the cluster's kubeconfig is where the page has it by a link, and the SDK is
one that is there already.
"""

import contextlib
import os
import pathlib
import re
import shlex
import signal
import socket
import subprocess
import sys
import tempfile
import time

from tour_test import BLOCK, PATIENCE, ROOT

PAGE = (ROOT / "docs/RELEASES.md").read_text()
FIRST = re.search(r"^```sh\nmake cluster\n(.*?)^make run SERVE='(.*?)'\n```$", PAGE, re.MULTILINE | re.DOTALL)
PRINTED_PORT, PRINTED_GRPC_PORT = "8080", "8443"


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return str(server.getsockname()[1])


class Reader:
    """What somebody has before him who reads the page: a folder, programs, a cluster."""

    def __init__(self, folder, program, cluster, helm, sdk_python):
        self.folder, self.grpc_port = pathlib.Path(folder), free_port()
        for name in ("home", "tmp", "bin", "build/release"):
            (self.folder / name).mkdir(parents=True)
        (self.folder / "build/release/pilothouse").symlink_to(pathlib.Path(program).resolve())
        (self.folder / "build/cluster").symlink_to(pathlib.Path(cluster).resolve())
        (self.folder / "bin/helm").symlink_to(pathlib.Path(helm).resolve())
        (self.folder / "sdk").symlink_to(pathlib.Path(sdk_python).parent.parent)

    def environment(self):
        return {"PATH": f"{self.folder}/bin:{os.environ['PATH']}", "LC_ALL": "C.UTF-8",
                "no_proxy": "127.0.0.1,localhost", "HOME": str(self.folder / "home"),
                "TMPDIR": str(self.folder / "tmp"), "KUBECONFIG": "/dev/null"}

    def type(self, commands):
        """What a shell prints that is given these lines; the first command that fails is the last."""
        (self.folder / "typed").write_text(commands)
        done = subprocess.run(["bash", "-euo", "pipefail", "typed"], cwd=self.folder, env=self.environment(),
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True, timeout=400, check=False)
        assert done.returncode == 0, f"{(self.folder / 'log').read_text()[-2000:]}--- the shell:\n{done.stdout}"
        return done.stdout

    @contextlib.contextmanager
    def server(self):
        """Started as the page says; gives its port."""
        flags = shlex.split(FIRST[2].replace(PRINTED_GRPC_PORT, self.grpc_port))
        with open(self.folder / "log", "w") as log:
            process = subprocess.Popen(["build/release/pilothouse", "serve", "--listen", "127.0.0.1:0", *flags],
                                       cwd=self.folder, env=self.environment(), stdout=log, stderr=log)
        try:
            yield self.wait_for_port(process)
        finally:
            process.send_signal(signal.SIGTERM)
            status = process.wait(PATIENCE)
        assert status == 0, (self.folder / "log").read_text()

    def wait_for_port(self, process):
        deadline = time.monotonic() + PATIENCE
        while process.poll() is None and time.monotonic() < deadline:
            if found := re.search(r"listens on https://\S+:(\d+)\b", (self.folder / "log").read_text()):
                return found[1]
            time.sleep(0.02)
        raise AssertionError("the server did not say where it listens:\n" + (self.folder / "log").read_text())


def main():
    texts = [text for _, text in BLOCK.findall(PAGE)]
    if len(sys.argv) > 5:
        texts[1:] = [text for _, text in BLOCK.findall((ROOT / sys.argv[5]).read_text())]
    blocks = [(text, re.findall(r"^# → (.*)$", text, re.MULTILINE)) for text in texts]
    assert FIRST and len(blocks) > 5, "the page has another form"
    with tempfile.TemporaryDirectory(prefix="pilothouse-tour.") as folder:
        reader = Reader(folder, *sys.argv[1:5])
        (reader.folder / "log").touch()
        reader.type(FIRST[1])
        typed = "".join(f"{text}echo '=== end of block {n}'\n" for n, (text, _) in enumerate(blocks))
        with reader.server() as port:
            shown = reader.type(typed.replace(PRINTED_PORT, port).replace(PRINTED_GRPC_PORT, reader.grpc_port))
    for n, (text, promises) in enumerate(blocks):
        printed, shown = shown.split(f"=== end of block {n}\n", 1)
        for promise in promises:
            assert promise in printed, f"'{promise}' was not printed by:\n{text}\nbut:\n{printed}"
            printed = printed.split(promise, 1)[1]
    print(f"{len(blocks)} blocks: each works as printed")


if __name__ == "__main__":
    main()
