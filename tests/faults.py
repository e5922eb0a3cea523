"""A proxy between a client and a real server that does to their exchanges what networks do.

    schedule = seeded(42, rate=0.3)
    with faulty("http://127.0.0.1:8000", schedule) as proxy, InterHub(proxy.base, key) as target:
        ...

It counts requests and tells of each boundary, so that a test can kill a client at the n-th: `Boundary(3, BEFORE, …)`
comes when the third request has been read and the server knows nothing of it, `Boundary(3, AFTER, …)` when the server
has answered and the client knows nothing of that.
"""

import contextlib
import http.client
import random
import socket
import socketserver
import struct
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.parse import urlsplit

HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "te", "trailer", "upgrade"}
PATIENCE = 60


class Fault(StrEnum):
    """What can happen to one exchange."""

    NONE = "nothing"
    RESET_BEFORE = "the connection is reset, and the server never saw the request"
    RESET_AFTER = "the server acts, and the connection is reset instead of its answer"
    DELAY = "the answer is late"
    BUSY = "429 with Retry-After, and the server never saw the request"
    ERROR_BEFORE = "500, and the server never saw the request"
    ERROR_AFTER = "the server acts, and a gateway answers 502"
    TRUNCATED = "the server acts, and half of its answer comes"
    GARBAGE = "the server acts, and something that is not JSON comes"


PASSING = tuple(fault for fault in Fault if fault not in {Fault.NONE, Fault.GARBAGE})
"""Those that a client can get over by asking again."""


class Moment(StrEnum):
    BEFORE = "before the server knows"
    AFTER = "before the client knows"


@dataclass(frozen=True)
class Boundary:
    """A moment in one exchange; requests are numbered from 1 in the order in which they were read."""

    number: int
    moment: Moment
    method: str
    path: str


Schedule = Callable[[int, str, str], Fault]
"""Which fault the n-th request meets, from its number, method and path."""


def undisturbed(number: int, method: str, path: str) -> Fault:
    """No fault at all."""
    return Fault.NONE


def seeded(seed: int, *, rate: float = 0.3, kinds: Sequence[Fault] = PASSING, longest: int = 3) -> Schedule:
    """Faults by chance, the same for the same seed; never more than `longest` in a row."""
    chance = random.Random(seed)
    row = 0

    def decide(number: int, method: str, path: str) -> Fault:
        nonlocal row
        struck, kind = chance.random() < rate, chance.choice(kinds)
        row = row + 1 if struck and row < longest else 0
        return kind if row else Fault.NONE

    return decide


def at(faults: dict[int, Fault]) -> Schedule:
    """These faults for the requests of these numbers."""
    return lambda number, method, path: faults.get(number, Fault.NONE)


class FaultProxy:
    """Listens on loopback, or on the Unix socket `listen`; `upstream` is a URL, or the path of a Unix socket."""

    def __init__(
        self,
        upstream: str | Path,
        schedule: Schedule,
        *,
        listen: Path | None = None,
        delay: float = 0.2,
        retry_after: int = 0,
        on_boundary: Callable[[Boundary], None] | None = None,
    ) -> None:
        self.faults: list[Fault] = []
        self.boundaries: list[Boundary] = []
        self.socket = listen
        self.delay = delay
        self.retry_after = retry_after
        self._upstream = upstream
        self._schedule = schedule
        self._on_boundary = on_boundary
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        proxy = self

        class Handler(_Handler):
            owner = proxy

        self._server: socketserver.BaseServer
        if listen is None:
            tcp = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
            self.base = f"http://127.0.0.1:{tcp.server_address[1]}"
            tcp.daemon_threads = True
            self._server = tcp
        else:
            unix = socketserver.ThreadingUnixStreamServer(str(listen), Handler)
            self.base = "http://local"
            unix.daemon_threads = True
            self._server = unix
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    @property
    def requests(self) -> int:
        """How many were read, whatever became of them."""
        return len(self.faults)

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        with self._lock:
            for connection in self._open:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
        self._server.server_close()

    def begin(self, method: str, path: str) -> tuple[int, Fault]:
        """The number of a new request, and what happens to it."""
        with self._lock:
            number = len(self.faults) + 1
            fault = self._schedule(number, method, path)
            self.faults.append(fault)
            return number, fault

    def tell(self, boundary: Boundary) -> None:
        with self._lock:
            self.boundaries.append(boundary)
        if self._on_boundary is not None:
            self._on_boundary(boundary)

    def connect(self) -> http.client.HTTPConnection:
        """A connection to the server."""
        if isinstance(self._upstream, Path):
            return _UnixConnection(self._upstream)
        parts = urlsplit(self._upstream)
        return http.client.HTTPConnection(parts.hostname or "127.0.0.1", parts.port, timeout=PATIENCE)

    @contextmanager
    def holding(self, connection: socket.socket) -> Iterator[None]:
        with self._lock:
            self._open.add(connection)
        try:
            yield
        finally:
            with self._lock:
                self._open.discard(connection)


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: Path) -> None:
        super().__init__("local", timeout=PATIENCE)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(PATIENCE)
        self.sock.connect(str(self._path))


@dataclass(frozen=True)
class _Answer:
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


class _Handler(BaseHTTPRequestHandler):
    """One connection from the client, with one to the server behind it."""

    protocol_version = "HTTP/1.1"
    owner: FaultProxy

    def setup(self) -> None:
        super().setup()
        if self.owner.socket is None:  # otherwise an answer waits 40 ms for its headers to be acknowledged
            self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._behind = self.owner.connect()

    def handle(self) -> None:
        with self.owner.holding(self.connection), contextlib.suppress(OSError):
            super().handle()

    def finish(self) -> None:
        self._behind.close()
        with contextlib.suppress(OSError):
            super().finish()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        pass

    def _relay(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        number, fault = self.owner.begin(self.command, self.path)
        self.owner.tell(Boundary(number, Moment.BEFORE, self.command, self.path))
        match fault:
            case Fault.RESET_BEFORE:
                return self._reset()
            case Fault.BUSY:
                return self._say(_problem(429, ("Retry-After", str(self.owner.retry_after))))
            case Fault.ERROR_BEFORE:
                return self._say(_problem(500))
        try:
            answer = self._forward(body)
        except (OSError, http.client.HTTPException):
            return self._reset()  # the server is gone, and so is what was between it and the client
        self.owner.tell(Boundary(number, Moment.AFTER, self.command, self.path))
        match fault:
            case Fault.RESET_AFTER:
                return self._reset()
            case Fault.DELAY:
                time.sleep(self.owner.delay)
            case Fault.ERROR_AFTER:
                return self._say(_Answer(502, (("Content-Type", "text/html"),), b"<html><h1>Bad gateway</h1></html>"))
            case Fault.TRUNCATED:
                return self._say(answer, sent=len(answer.body) // 2)
            case Fault.GARBAGE:
                return self._say(_Answer(answer.status, (("Content-Type", "application/json"),), b"{]garbage"))
        return self._say(answer)

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = do_HEAD = _relay  # noqa: N815 - names of http.server

    def _forward(self, body: bytes) -> _Answer:
        headers = {name: value for name, value in self.headers.items() if name.lower() not in HOP_BY_HOP}
        self._behind.request(self.command, self.path, body or None, headers)
        answer = self._behind.getresponse()
        kept = tuple((name, value) for name, value in answer.getheaders() if name.lower() not in HOP_BY_HOP)
        return _Answer(answer.status, kept, answer.read())

    def _say(self, answer: _Answer, *, sent: int | None = None) -> None:
        self.send_response_only(answer.status)
        for name, value in answer.headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body[:sent])
        self.close_connection = self.close_connection or sent is not None

    def _reset(self) -> None:
        # Lingering for no time at all makes the kernel send a reset rather than an end.
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.connection.close()


def _problem(status: int, *headers: tuple[str, str]) -> _Answer:
    body = f'{{"type": "about:blank", "title": "A planted fault", "status": {status}}}'.encode()
    return _Answer(status, (("Content-Type", "application/problem+json"), *headers), body)


@contextmanager
def faulty(
    upstream: str | Path,
    schedule: Schedule,
    *,
    listen: Path | None = None,
    delay: float = 0.2,
    retry_after: int = 0,
    on_boundary: Callable[[Boundary], None] | None = None,
) -> Iterator[FaultProxy]:
    """A proxy for as long as the block lasts."""
    proxy = FaultProxy(upstream, schedule, listen=listen, delay=delay, retry_after=retry_after, on_boundary=on_boundary)
    try:
        yield proxy
    finally:
        proxy.close()
