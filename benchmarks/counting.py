"""A proxy on loopback that counts the requests that pass, so that a promise about their number is seen from outside."""

import contextlib
import http.client
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length"}


class Counter:
    """What passed: method and path, in order; `url` is where to send it."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.requests: list[str] = []


@contextlib.contextmanager
def counting(target: str) -> Iterator[Counter]:
    """A counting proxy in front of the service at the URL `target`."""
    host = urlsplit(target).netloc

    class Forward(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._forward()

        do_POST = do_PATCH = do_DELETE = do_GET  # noqa: N815 - the names that http.server looks for

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - named so by http.server
            """Nothing: the counter keeps what passed."""

        def _forward(self) -> None:
            counter.requests.append(f"{self.command} {self.path}")
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            with contextlib.closing(http.client.HTTPConnection(host)) as connection:
                headers = {name: value for name, value in self.headers.items() if name.lower() not in HOP_BY_HOP}
                connection.request(self.command, self.path, body=body or None, headers=headers)
                answer = connection.getresponse()
                content = answer.read()
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in HOP_BY_HOP:
                    self.send_header(name, value)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    with ThreadingHTTPServer(("127.0.0.1", 0), Forward) as server:
        counter = Counter(f"http://127.0.0.1:{server.server_port}")
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield counter
        finally:
            server.shutdown()
