"""The two servers: Pilothouse, and nginx over the same bytes."""

import http.client
import json
import pathlib
import socket
import subprocess
import time

from processes import Process, is_root

PROJECT = "bench/charts"

NGINX_CONF = """\
{user}
worker_processes 2;
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/nginx-error.log warn;
events {{ worker_connections 4096; }}
http {{
    access_log off;
    sendfile on;
    tcp_nopush on;
    keepalive_requests 1000000000;
    open_file_cache max=1000 inactive=600s;
    open_file_cache_valid 600s;
    gzip_static on;
    types {{ text/yaml yaml; application/octet-stream tgz; }}
    client_body_temp_path {folder}/temporary;
    proxy_temp_path {folder}/temporary;
    fastcgi_temp_path {folder}/temporary;
    uwsgi_temp_path {folder}/temporary;
    scgi_temp_path {folder}/temporary;
    server {{
        listen 127.0.0.1:{port} reuseport backlog=4096;
        root {folder}/root;
    }}
}}
"""


def get(port, path, headers=None):
    """One GET on a connection of its own: (status, headers, body)."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", path, headers=headers or {})
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        connection.close()


class Nginx(Process):
    """Serves {folder}/root; see write()."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        (self.folder / "root").mkdir(parents=True)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        conf = self.folder / "nginx.conf"
        user = "user root;" if is_root() else ""  # as root, workers would change to another user
        conf.write_text(NGINX_CONF.format(folder=self.folder, port=self.port, user=user))
        super().__init__(["nginx", "-p", str(self.folder), "-c", str(conf)],
                         self.folder / "nginx.log")
        self.wait_until(self._listens)

    def _listens(self):
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def write(self, path, body):
        file = self.folder / ("root" + path)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(body)


class Pilothouse(Process):
    """A server on a data folder that exists or not. `ready_seconds`: from spawn to ready."""

    def __init__(self, build, data):
        address = pathlib.Path(data) / "address"
        address.unlink(missing_ok=True)  # of a server that was killed
        self.begun = time.monotonic()
        super().__init__([build / "pilothouse", "serve", "--data", data, "--listen", "127.0.0.1:0",
                          "--log-level", "warning"], pathlib.Path(f"{data}.log"))
        self.wait_until(address.exists)
        self.port = int(address.read_text().strip().rpartition(":")[2])
        self.wait_until(lambda: get(self.port, "/-/ready")[0] == 200)
        self.ready_seconds = time.monotonic() - self.begun


class Folder:
    """A data folder with a public project, a user who may push, and channels filled at will."""

    def __init__(self, build, path):
        self.build, self.path = build, path
        self.project = self._command("project", "create", PROJECT, "--visibility", "public")["id"]
        self._command("user", "create", "bench", "--admin")
        self.token = self._command("token", "create", "--user", "bench", "--scope", "api")["token"]

    def _command(self, *words):
        done = subprocess.run([self.build / "pilothouse", *words, "--data", self.path, "--json"],
                              capture_output=True, text=True)
        if done.returncode != 0:
            raise SystemExit(f"bench: pilothouse {' '.join(words)} failed: {done.stderr}")
        return json.loads(done.stdout)

    def fill(self, channel, charts, versions):
        subprocess.run([self.build / "pilothouse_bench_fill", "--data", self.path,
                        "--project", PROJECT, "--channel", channel,
                        "--charts", str(charts), "--versions", str(versions)],
                       check=True, stdout=subprocess.DEVNULL)

    def serve(self):
        return Pilothouse(self.build, self.path)

    def channel(self, name):
        """The path below which a channel is read."""
        return f"/api/v4/projects/{self.project}/packages/helm/{name}"

    def push_path(self, channel):
        return f"/api/v4/projects/{self.project}/packages/helm/api/{channel}/charts"
