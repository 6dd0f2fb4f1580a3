"""A web server on loopback that answers as it is told."""

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

ENDLESS = str(10**6)
"""A Content-Length of which the server says that the body goes on, a byte at a time, for as long as anyone listens."""

SLOW = "X-Slow"
"""A header of which the server never gets to the end: it sends its answer's first line byte by byte."""


class Handler(BaseHTTPRequestHandler):
    """Answers each path with the next of the responses laid down for it; the last one stays."""

    responses: dict[str, list[tuple[int, dict[str, str], bytes]]]
    requests: list[tuple[str, dict[str, str]]]

    def do_HEAD(self) -> None:
        self.requests.append((f"HEAD {self.path}", dict(self.headers)))
        status, headers, body = self.responses.get(self.path, [(404, {}, b"")])[-1]
        self._begin(status, {"Content-Length": str(len(body)), **headers})

    def do_GET(self) -> None:
        self.requests.append((self.path, dict(self.headers)))
        found = self.responses.get(self.path, [(404, {}, b"")])
        status, headers, body = found.pop(0) if len(found) > 1 else found[0]
        if "ETag" in headers and self.headers.get("If-None-Match") == headers["ETag"]:
            status, body = 304, b""
        if SLOW in headers:
            with suppress(OSError):
                while True:
                    self.wfile.write(b"H")
                    time.sleep(0.05)
        if status == 200 and (wanted := self.headers.get("Range")):
            begin = int(wanted.removeprefix("bytes=").partition("-")[0])
            headers = headers | {"Content-Range": f"bytes {begin}-{len(body) - 1}/{len(body)}"}
            status, body = 206, body[begin:]
        self._begin(status, {"Content-Length": str(len(body)), **headers})
        self.wfile.write(body)
        if headers.get("Content-Length") == ENDLESS:
            with suppress(OSError):
                while True:
                    self.wfile.write(b" ")
                    time.sleep(0.05)

    def _begin(self, status: int, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


class Site:
    """A web server on loopback."""

    def __init__(self, server: ThreadingHTTPServer, handler: type[Handler]) -> None:
        self.url = f"http://127.0.0.1:{server.server_port}"
        self.responses, self.requests = handler.responses, handler.requests

    def lay(self, path: str, body: bytes = b"", status: int = 200, **headers: str) -> None:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.responses.setdefault(path, []).append((status, named, body))


@contextmanager
def serving() -> Iterator[Site]:
    """A site of its own for each use."""
    handler = type("OwnHandler", (Handler,), {"responses": {}, "requests": []})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield Site(server, handler)
        server.shutdown()
