"""A proxy on loopback that counts the requests that pass, so that a promise about their number is seen from outside.

It can also hide paths, so that the service behind it looks like one that has never had them.
"""

import contextlib
import http.client
import json
import threading
from collections.abc import Collection, Iterable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length"}


class Counter:
    """What passed: method and path, in order; `url` is where to send it."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.requests: list[str] = []


class Proxy(ThreadingHTTPServer):
    """Passes requests on to the service `behind` and counts them."""

    def __init__(self, behind: str, hidden: Collection[str]) -> None:
        super().__init__(("127.0.0.1", 0), Forward)
        self.behind = behind
        self.hidden = hidden
        self.counter = Counter(f"http://127.0.0.1:{self.server_port}")


class Forward(BaseHTTPRequestHandler):
    """One connection to the proxy, which has one to the service."""

    protocol_version = "HTTP/1.1"
    # An answer leaves in one piece: small pieces wait for one another 40 ms at a time.
    disable_nagle_algorithm = True
    wbufsize = -1
    server: Proxy

    def setup(self) -> None:
        super().setup()
        self.service = http.client.HTTPConnection(self.server.behind)

    def finish(self) -> None:
        self.service.close()
        super().finish()

    def do_GET(self) -> None:
        self.server.counter.requests.append(f"{self.command} {self.path}")
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        if self.path in self.server.hidden:
            self._answer(404, (), b"")
            return
        headers = {name: value for name, value in self.headers.items() if name.lower() not in HOP_BY_HOP}
        self.service.request(self.command, self.path, body=body or None, headers=headers)
        answer = self.service.getresponse()
        content = answer.read()
        if self.server.hidden and self.path.endswith("/openapi.json"):
            document = json.loads(content)
            document["paths"] = {path: its for path, its in document["paths"].items() if path not in self.server.hidden}
            content = json.dumps(document).encode()
        self._answer(answer.status, answer.getheaders(), content)

    do_POST = do_PATCH = do_DELETE = do_GET  # noqa: N815 - the names that http.server looks for

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - named so by http.server
        """Nothing: the counter keeps what passed."""

    def _answer(self, status: int, headers: Iterable[tuple[str, str]], content: bytes) -> None:
        self.send_response(status)
        for name, value in headers:
            if name.lower() not in HOP_BY_HOP:
                self.send_header(name, value)
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


@contextlib.contextmanager
def counting(target: str, *, hidden: Collection[str] = ()) -> Iterator[Counter]:
    """A counting proxy in front of the service at the URL `target`.

    The paths that are `hidden` answer 404, and its OpenAPI document does not name them.
    """
    with Proxy(urlsplit(target).netloc, hidden) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield server.counter
        finally:
            server.shutdown()
