#!/usr/bin/env python3
# A chart repository that somebody else runs: a folder, and places where it misbehaves.
#
#   source_server.py FOLDER ADDRESS-FILE [ADDRESS [CERTIFICATE KEY]]
#
# Each request is noted in ADDRESS-FILE.log. What begins with /bad/ is not of the folder:
#   loop       redirects in a circle         hops     redirects six times
#   inside     redirects to 127.0.0.1        scheme   redirects to a file: URL
#   short      ends before its length        lies     says a length that it exceeds
#   endless    has no end                    nonsense is not HTTP
#   404 500    that status                   huge     says a length of a terabyte
#   busy/FILE  503 twice, then the file      cut/FILE breaks off twice, then the file
#   index/NAME serves NAME-index.yaml of the folder as index.yaml of a repository of its own
# What ADDRESS-FILE.hold names is not answered as long as that file names it.
# /private/ is the folder for `bosun`, password `whistle`, or the bearer token `anchor`.
# /away/ redirects to the folder at another origin (localhost), and says what it was sent.
import base64
import http.server
import pathlib
import ssl
import sys
import time

folder, address_file = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
address = sys.argv[3] if len(sys.argv) > 3 else "127.0.0.1"
hold = pathlib.Path(f"{address_file}.hold")
log = open(f"{address_file}.log", "a", buffering=1, encoding="utf-8")
WANTED = {"Basic " + base64.b64encode(b"bosun:whistle").decode(), "Bearer anchor"}
tries = {}


class Handler(http.server.SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, *args):
        super().__init__(*args, directory=str(folder))

    def log_message(self, *args):
        pass

    def do_GET(self):
        print(self.path, self.headers.get("Authorization", "-"), file=log)
        while hold.exists() and self.path.removeprefix("/") in hold.read_text().split():
            time.sleep(0.02)
        if self.path.startswith("/bad/"):
            self.close_connection = True
            return self.misbehave(*self.path.removeprefix("/bad/").split("/", 1))
        if self.path.startswith("/private/"):
            if self.headers.get("Authorization") not in WANTED:
                return self.send_error(401)
            self.path = self.path.removeprefix("/private")
        if self.path.startswith("/away/"):
            port = self.server.server_address[1]
            return self.redirect(f"http://localhost:{port}{self.path.removeprefix('/away')}")
        return super().do_GET()

    def redirect(self, where):
        self.head(302, Location=where, **{"Content-Length": "0"})

    def head(self, status, **fields):
        self.send_response(status)
        for name, value in fields.items():
            self.send_header(name, value)
        self.end_headers()

    def misbehave(self, what, rest=""):
        port = self.server.server_address[1]
        if what == "loop":
            self.redirect("/bad/loop/b" if rest.startswith("a") else "/bad/loop/a")
        elif what == "hops":
            self.redirect(f"/bad/hops/{rest}x")
        elif what == "inside":
            self.redirect(f"http://127.0.0.1:{port}/{rest}")
        elif what == "scheme":
            self.redirect("file:///etc/passwd")
        elif what == "short":
            self.head(200, **{"Content-Length": "5000"})
            self.wfile.write(b"x" * 100)
        elif what == "lies":
            data = (folder / rest).read_bytes()
            self.head(200, **{"Content-Length": str(len(data) // 2)})
            self.wfile.write(data)
        elif what == "endless":
            self.head(200, **{"Transfer-Encoding": "chunked"})
            while True:
                self.wfile.write(b"10000\r\n" + b"x" * 65536 + b"\r\n")
        elif what == "huge":
            self.head(200, **{"Content-Length": str(10**12)})
            self.wfile.write(b"x")
        elif what == "nonsense":
            self.wfile.write(b"SSH-2.0-nonsense\r\n\r\n")
        elif what in ("busy", "cut"):
            self.seldom(what, rest)
        elif what == "index":
            data = (folder / f"{rest.split('/')[0]}-index.yaml").read_bytes()
            self.head(200, **{"Content-Length": str(len(data))})
            self.wfile.write(data)
        else:
            self.send_error(int(what))


    def seldom(self, what, file):
        if not (folder / file).is_file():
            return self.send_error(404)
        data = (folder / file).read_bytes()
        tries[self.path] = tries.get(self.path, 0) + 1
        if tries[self.path] > 2:
            self.head(200, **{"Content-Length": str(len(data))})
            self.wfile.write(data)
        elif what == "busy":
            self.head(503, **{"Retry-After": "0", "Content-Length": "0"})
        else:
            self.head(200, **{"Content-Length": str(len(data))})
            self.wfile.write(data[: len(data) // 2])


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        pass  # who is lied to hangs up


server = Server((address, 0), Handler)
scheme = "http"
if len(sys.argv) > 5:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[4], sys.argv[5])
    server.socket = context.wrap_socket(server.socket, server_side=True)
    scheme = "https"
draft = address_file.with_suffix(".draft")
draft.write_text(f"{scheme}://{address}:{server.server_address[1]}")
draft.rename(address_file)
server.serve_forever()
