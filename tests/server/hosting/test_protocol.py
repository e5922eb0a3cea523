"""What may be sent before anybody looks at it: how much, and how slowly. Anybody who reaches the port can try."""

import contextlib
import http.client
import socket
import threading
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from vsmhub.server.hosting import listener
from vsmhub.server.hosting import protocol as bounds
from vsmhub.server.hosting.http import HttpServer

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

SECONDS = 0.4
FLOOD = 64  # times the limit


async def echo(scope: "Scope", receive: "Receive", send: "Send") -> None:
    """Says how much it was sent, a while after all of it has come."""
    import asyncio

    if scope["type"] == "lifespan":
        for done in ("startup", "shutdown"):
            await receive()
            await send({"type": f"lifespan.{done}.complete"})
        return
    size, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        size += len(message.get("body", b""))
        more = message.get("more_body", False)
    if scope["path"] == "/slow":
        await asyncio.sleep(1.5 * SECONDS)
    told = str(size).encode()
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(told))]})
    await send({"type": "http.response.body", "body": told})


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    monkeypatch.setattr(bounds, "REQUEST_SECONDS", SECONDS)
    ready = threading.Event()
    server = HttpServer(echo, ready=ready.set)
    with listener.tcp("127.0.0.1", 0) as listening:
        thread = threading.Thread(target=server.serve_on, args=(listening,))
        thread.start()
        assert ready.wait(10)
        try:
            yield listening.getsockname()[1]
        finally:
            server.stop()
            thread.join(15)
    assert not thread.is_alive()


CHUNKED = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
FLOODS = {
    "many headers": (b"GET / HTTP/1.1\r\n", b"X-Y: " + b"z" * 1000 + b"\r\n", True),
    "one header": (b"GET / HTTP/1.1\r\nX-Y: ", b"z" * 1024, True),
    "an address": (b"GET /", b"z" * 1024, True),
    "trailers": (CHUNKED + b"0\r\n", b"X-Y: " + b"z" * 1000 + b"\r\n", False),
    "an extension of a chunk": (CHUNKED + b"1;", b"z" * 1024, False),
}


@pytest.mark.parametrize("flood", FLOODS)
def test_what_has_no_end_is_refused(flood: str, port: int) -> None:
    begin, more, told = FLOODS[flood]
    sent = 0
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        with contextlib.suppress(ConnectionError):
            connection.sendall(begin)
            while sent < FLOOD * bounds.HEAD_LIMIT:
                connection.sendall(more)
                sent += len(more)
                time.sleep(0.0001)  # let the server look
        answer = b""
        with contextlib.suppress(ConnectionError):
            answer = connection.recv(1000)
    # Buffers of the system take some as well.
    assert sent < FLOOD * bounds.HEAD_LIMIT
    assert not answer or (told and answer.startswith(b"HTTP/1.1 400 "))


@pytest.mark.parametrize("begun", [b"", b"GET / HT", b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nab"])
def test_what_comes_too_slowly_is_cut_off(begun: bytes, port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(begun)
        start = time.monotonic()
        with contextlib.suppress(ConnectionError):
            assert connection.recv(1) == b""
        assert SECONDS / 2 < time.monotonic() - start < SECONDS + 5


def test_what_comes_in_time_is_answered_however_long_that_takes(port: int) -> None:
    """Large bodies, long answers, and connections that are used again after a while."""
    body = b"x" * (16 * bounds.HEAD_LIMIT)
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        for path, sent in (("/", body), ("/slow", b"a"), ("/", iter([b"b" * 1000] * 200)), ("/slow", b"")):
            connection.request("POST", path, sent, {"X-Long": "y" * 1000})
            said = connection.getresponse().read()
            assert said == str(200_000 if isinstance(sent, Iterator) else len(sent)).encode()
            time.sleep(SECONDS / 2)
    with socket.create_connection(("127.0.0.1", port), timeout=10) as both:  # the second waits for the first
        both.sendall(b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\nConn")
        assert both.recv(1000).startswith(b"HTTP/1.1 200 ")
        both.sendall(b"ection: close\r\n\r\n")
        assert b"HTTP/1.1 200 " in both.recv(1000)
