"""Chart archives, and the client that pushes them."""

import base64
import gzip
import http.client
import io
import random
import tarfile

CHART_YAML = """\
apiVersion: v2
name: {name}
version: {version}
appVersion: {version}
type: application
kubeVersion: ">=1.25.0-0"
description: Runs {name} with persistence, metrics and rolling upgrades on Kubernetes
home: https://charts.example.org/{name}
sources:
  - https://git.example.org/charts/{name}
keywords: [{name}, storage, queue, metrics]
maintainers:
  - name: The {name} crew
    email: crew@example.org
    url: https://example.org/crew
dependencies:
  - name: common
    version: 2.x.x
    repository: https://charts.example.org/stable
    tags: [library]
annotations:
  category: Infrastructure
  licenses: Apache-2.0
"""

VALUES_YAML = "replicas: 3\nimage:\n  repository: registry.example.org/{name}\n  tag: {version}\n"


def archive(name, version, size_bytes):
    """A chart of about this size, packed: its texts, and one file of random bytes to fill it."""
    texts_bytes = len(_pack(name, version, 0))
    return _pack(name, version, max(0, size_bytes - texts_bytes))


def _pack(name, version, random_bytes):
    chance = random.Random(f"{name} {version}")  # the same archive each time
    files = {
        "Chart.yaml": CHART_YAML.format(name=name, version=version).encode(),
        "values.yaml": VALUES_YAML.format(name=name, version=version).encode(),
        "files/random": chance.randbytes(random_bytes),
    }
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", mtime=0) as member:
        with tarfile.open(fileobj=member, mode="w|", format=tarfile.USTAR_FORMAT) as tar:
            for path, content in files.items():
                info = tarfile.TarInfo(f"{name}/{path}")
                info.size = len(content)
                tar.addfile(info, io.BytesIO(content))
    return packed.getvalue()


class Pusher:
    """Pushes over one connection that stays open."""

    boundary = "a-boundary-that-no-random-byte-will-make"

    def __init__(self, port, path, token):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.path = path
        credentials = base64.b64encode(f"bench:{token}".encode()).decode()
        self.headers = {"Authorization": f"Basic {credentials}",
                        "Content-Type": f"multipart/form-data; boundary={self.boundary}"}

    def form(self, chart):
        return (f'--{self.boundary}\r\nContent-Disposition: form-data; name="chart"; '
                f'filename="chart.tgz"\r\nContent-Type: application/octet-stream\r\n\r\n'
                ).encode() + chart + f"\r\n--{self.boundary}--\r\n".encode()

    def push(self, form):
        self.connection.request("POST", self.path, form, self.headers)
        answer = self.connection.getresponse()
        words = answer.read()
        if answer.status != 201:
            raise SystemExit(f"bench: a push was answered {answer.status}: {words.decode()}")

    def ask(self, path, headers):
        """HEAD over the same connection."""
        self.connection.request("HEAD", path, headers=headers)
        answer = self.connection.getresponse()
        answer.read()
        if answer.status != 200:
            raise SystemExit(f"bench: HEAD {path} was answered {answer.status}")
