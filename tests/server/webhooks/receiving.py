"""Who receives webhooks: a real HTTP server, and what it takes to have them sent there."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tests.server.serving import HubUnderTest
from vsmhub.server.settings import WebhookSettings

QUICK = WebhookSettings(
    allow_private=True,
    timeout=timedelta(seconds=1),
    attempts=3,
    first_delay=timedelta(milliseconds=100),
    poll=timedelta(milliseconds=50),
)


@dataclass(frozen=True)
class Received:
    path: str
    headers: dict[str, str]
    body: bytes


class Receiver:
    """A real HTTP server that answers as it is told, path by path, and remembers what it got."""

    def __init__(self) -> None:
        self.received: list[Received] = []
        self.answers: dict[str, list[int]] = {}
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                receiver.received.append(Received(self.path, headers, body))
                planned = receiver.answers.get(self.path, [])
                status = planned.pop(0) if planned else 204
                if status == 0:
                    time.sleep(1.5)
                    status = 204
                self.send_response(status)
                if status in {301, 302, 307}:
                    self.send_header("Location", f"{receiver.url}/redirected")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})
        self._thread.start()

    def at(self, path: str) -> list[Received]:
        return [one for one in self.received if one.path == path]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture(scope="module")
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    yield receiver
    receiver.close()


def eventually(condition: Callable[[], Any], seconds: float = 15) -> Any:
    end = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.02)
    return found


def subscribe(hub: HubUnderTest, url: str, *event_types: str) -> dict[str, Any]:
    return hub.client.made("/webhook-subscriptions", {"hubId": hub.id, "url": url, "eventTypes": list(event_types)})
