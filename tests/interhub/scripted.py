"""A real HTTP server on loopback or a Unix socket that answers by script, in every wrong way there is."""

import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

TOKEN = {"accessToken": "iht_token-number-one-of-the-script", "tokenType": "Bearer", "expiresIn": 900, "scopes": []}


@dataclass(frozen=True)
class Seen:
    """A request as it arrived."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> object:
        return json.loads(self.body)


@dataclass(frozen=True)
class Say:
    """One answer. `raw` is sent as it stands; `reset` cuts the connection, `before` reading the request or after.

    `delay` passes before it, `trickle` between any two of its bytes; both in seconds.
    """

    status: int = 200
    body: object = None
    headers: Mapping[str, str] = field(default_factory=dict)
    raw: bytes | None = None
    reset: str = ""
    delay: float = 0.0
    trickle: float = 0.0

    def encoded(self) -> bytes:
        if self.raw is not None:
            return self.raw
        content = self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()
        headers = {"Content-Type": "application/json", "Content-Length": str(len(content)), **self.headers}
        lines = [f"HTTP/1.1 {self.status} Whatever", *(f"{name}: {value}" for name, value in headers.items())]
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + content


Answerer = Callable[[Seen], Say]


class Scripted:
    """Answers each request with the next of the script; keys are exchanged beside it unless the script says `token`."""

    def __init__(self, *script: Say | Answerer, unix: Path | None = None, exchanges: bool = True) -> None:
        self.seen: list[Seen] = []
        self.exchanged: list[Seen] = []
        self._script = list(script)
        self._exchanges = exchanges
        self._closing = False
        self._connections: list[socket.socket] = []
        self._socket = socket.socket(socket.AF_UNIX if unix else socket.AF_INET, socket.SOCK_STREAM)
        self._socket.bind(str(unix) if unix else ("127.0.0.1", 0))
        self._socket.listen()
        self.base = "http://local" if unix else f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    @property
    def left(self) -> int:
        """How much of the script was not asked for."""
        return len(self._script)

    def close(self) -> None:
        self._closing = True
        for one in (self._socket, *self._connections):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        self._thread.join(5)

    def _accept(self) -> None:
        while not self._closing:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self._connections.append(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            while not self._closing and self._answer(connection):
                pass
        except OSError:
            pass

    def _answer(self, connection: socket.socket) -> bool:
        """Answer one request; whether the connection can take another."""
        if self._script and isinstance(self._script[0], Say) and self._script[0].reset == "before":
            connection.recv(1)
            self._script.pop(0)
            return _reset(connection)
        seen = _read(connection)
        if seen is None:
            return False
        if self._exchanges and seen.path == "/api/v2/token":
            self.exchanged.append(seen)
            say = Say(body=TOKEN)
        else:
            self.seen.append(seen)
            step = self._script.pop(0) if self._script else Say(status=599, body={"title": "The script is at its end"})
            say = step if isinstance(step, Say) else step(seen)
        if say.reset:
            return _reset(connection)
        time.sleep(say.delay)
        if say.trickle:
            head, separator, body = say.encoded().partition(b"\r\n\r\n")
            connection.sendall(head + separator)
            for byte in body:
                time.sleep(say.trickle)
                connection.sendall(bytes([byte]))
            return True
        connection.sendall(say.encoded())
        if say.raw is not None:
            connection.shutdown(socket.SHUT_RDWR)
            return False
        return True


def _reset(connection: socket.socket) -> bool:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()
    return False


def _read(connection: socket.socket) -> Seen | None:
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(65536)
        if not piece:
            return None
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    method, path, _ = first.split(" ")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    while len(body) < int(headers.get("content-length", 0)):
        body += connection.recv(65536)
    return Seen(method, path, headers, body)


@contextmanager
def scripted(*script: Say | Answerer, unix: Path | None = None, exchanges: bool = True) -> Iterator[Scripted]:
    server = Scripted(*script, unix=unix, exchanges=exchanges)
    try:
        yield server
    finally:
        server.close()


def page(*items: object, cursor: str | None = None) -> Say:
    return Say(body={"data": items, "nextCursor": cursor})


def problem(status: int, detail: str = "", **more: object) -> Say:
    body = {"type": "about:blank", "title": "A problem", "status": status, "detail": detail, **more}
    return Say(status=status, body=body, headers={"Content-Type": "application/problem+json"})
