#!/usr/bin/env python3
# What a command line may find at the address that it was given, instead of a server that takes commands.
#
#   odd_command_server.py ADDRESS-FILE
#
# The first word of the path chooses. Each request is noted in ADDRESS-FILE.log, with its token.
#   moved    redirects to localhost          cut      ends in the middle of the answer
#   page     answers 200 with a web page     many     429, Retry-After 7
#   missing  404                             newer    409, as a server of another version
#   silent   closes without an answer        noise    is not HTTP
#   gateway  502 with a page                 longer   says more than it promised
import http.server
import json
import pathlib
import sys

address_file = pathlib.Path(sys.argv[1])
log = open(f"{address_file}.log", "a", buffering=1, encoding="utf-8")
ANSWER = b'{"exit":0,"out":"","err":"","attached":4}\n'


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def do_POST(self):
        print(self.path, self.headers.get("Authorization", "-"), file=log)
        self.rfile.read(int(self.headers.get("Content-Length", "0")))
        self.close_connection = True
        getattr(self, self.path.split("/")[1])()

    do_GET = do_POST

    def reply(self, status, body=b"", **fields):
        self.send_response(status)
        fields = {"Content-Length": str(len(body))} | {k.replace("_", "-"): v for k, v in fields.items()}
        for name, value in fields.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def moved(self):
        port = self.server.server_address[1]
        self.reply(307, Location=f"http://localhost:{port}/page/-/command")

    def cut(self):
        self.reply(200, ANSWER + b"ab", Content_Length=str(len(ANSWER) + 4),
                   Content_Type="application/vnd.pilothouse.answer")

    def longer(self):
        self.reply(200, ANSWER + b"abcdef", Content_Type="application/vnd.pilothouse.answer")

    def page(self):
        self.reply(200, b"<html>Welcome</html>", Content_Type="text/html")

    def many(self):
        self.reply(429, Retry_After="7")

    def missing(self):
        self.reply(404, b"<html>Not here</html>")

    def newer(self):
        body = {"detail": "this server is Pilothouse 9.9.9\x1b[31m"}
        self.reply(409, json.dumps(body).encode(), Content_Type="application/problem+json")

    def gateway(self):
        self.reply(502, b"<html>Bad gateway</html>")

    def silent(self):
        pass

    def noise(self):
        self.wfile.write(b"220 mail.example.com ESMTP\r\n")


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
partial = address_file.with_suffix(".new")
partial.write_text(f"http://127.0.0.1:{server.server_address[1]}")
partial.rename(address_file)
server.serve_forever()
