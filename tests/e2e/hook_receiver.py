#!/usr/bin/env python3
# Somebody who is told things by webhooks, and checks who tells him.
#
#   hook_receiver.py FOLDER
#
# FOLDER/address names him once he listens; FOLDER/secrets, one a line, is read at each request. One line of
# FOLDER/log for each: the path, whether the signature is good, the message's id, and the body.
# How he answers is in the path: /ok 204, /twice/NAME 503 twice and then 204, /away 302, /long 200 and
# more than anybody reads, /silent nothing at all; any other path its number.
import base64
import hashlib
import hmac
import http.server
import pathlib
import sys
import threading
import time

folder = pathlib.Path(sys.argv[1])
log = open(folder / "log", "a", buffering=1, encoding="utf-8")
tries, lock = {}, threading.Lock()


def is_good(headers, body):
    message, seconds = headers["webhook-id"], headers["webhook-timestamp"]
    signed = f"{message}.{seconds}.".encode() + body
    if abs(time.time() - int(seconds)) > 300:
        return False
    for secret in (folder / "secrets").read_text().split():
        key = base64.b64decode(secret.removeprefix("whsec_"))
        right = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
        if hmac.compare_digest("v1," + right, headers["webhook-signature"]):
            return True
    return False


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        good = "good" if is_good(self.headers, body) else "BAD"
        with lock:
            tries[self.path] = tries.get(self.path, 0) + 1
            count = tries[self.path]
            print(self.path, good, self.headers["webhook-id"], body.decode(), file=log)
        if self.path == "/silent":
            time.sleep(60)
        elif self.path.startswith("/twice/"):
            self.answer(503 if count <= 2 else 204)
        elif self.path == "/away":
            self.answer(302, Location="/ok")
        elif self.path == "/long":
            self.send_response(200)
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            try:
                while True:
                    self.wfile.write(b"1000\r\n" + b"x" * 4096 + b"\r\n")
            except OSError:
                self.close_connection = True
        else:
            self.answer(204 if self.path == "/ok" else int(self.path[1:]))

    def answer(self, status, **fields):
        self.send_response(status)
        for name, value in fields.items():
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", "0")
        self.end_headers()


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True


server = Server(("127.0.0.1", 0), Handler)
(folder / "address.new").write_text(f"http://127.0.0.1:{server.server_address[1]}")
(folder / "address.new").rename(folder / "address")
server.serve_forever()
