"""One HTTP/1.1 request over a connection of its own, with the time of each phase, and with bounds on what is read.

Of its own, because a probe has to find out whether a new client would get through. By httptools on asyncio's
transports, because no HTTP library tells connecting from the TLS handshake or connects to an address that was checked
before, and each takes more than twice the time (docs/signals.md has the measurements).
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from urllib.parse import SplitResult, urlsplit

import httptools

from vsmhub import __version__
from vsmhub.evidence.probes.connection import Place, connect, secure
from vsmhub.evidence.probes.observation import Reason, Record, Trouble
from vsmhub.evidence.probes.probe import Context

HEAD_LIMIT = 64 * 1024
BODY_LIMIT = 1024 * 1024
PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Ask:
    """A request. `verify` is whether the certificate must be trusted."""

    url: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    allow: tuple[str, ...] = ()
    verify: bool = True
    limit: int = BODY_LIMIT

    @property
    def parts(self) -> SplitResult:
        return urlsplit(self.url)

    @property
    def place(self) -> Place:
        """Where it goes. Trouble when the URL names no port that there is."""
        return _place(self.url, self.allow)

    def encoded(self) -> bytes:
        """The request as it goes over the wire."""
        parts = self.parts
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        headers = {
            "Host": parts.netloc.rpartition("@")[2],
            "User-Agent": f"vsmhub/{__version__}",
            "Accept": "*/*",
            "Accept-Encoding": "identity",
            "Connection": "close",
            **self.headers,
        }
        if self.body is not None:
            headers["Content-Length"] = str(len(self.body))
        lines = [f"{self.method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
        try:
            head = "\r\n".join(lines).encode("latin-1")
        except UnicodeEncodeError as error:
            raise Trouble(Reason.PROBER, "a header holds a character that HTTP cannot carry") from error
        return head + b"\r\n\r\n" + (self.body or b"")


@lru_cache(maxsize=4096)
def _place(url: str, allow: tuple[str, ...]) -> Place:
    parts = urlsplit(url)
    try:
        port = parts.port or PORTS[parts.scheme]
    except (ValueError, KeyError) as error:
        raise Trouble(Reason.PROTOCOL, f"{url[:200]} is no address") from error
    return Place(parts.hostname or "", port, allow)


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, its body as far as it was read. Header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    whole: bool


async def exchange(ask: Ask, context: Context, record: Record) -> Answer:
    """Send a request and read its answer; Trouble of whatever kind fits. Times and certificate go into the record."""
    place = ask.place
    content = ask.encoded()
    transport, reading = await connect(place, lambda: _Reading(ask), context, record)
    try:
        if ask.parts.scheme == "https":
            transport = await secure(transport, reading, place, place.host, context, record, verify=ask.verify)
        transport.write(content)
        with record.phase("first_byte"):
            await reading.begun
        record.doing = "body"
        return await reading.answer
    finally:
        transport.abort()


class _Reading(asyncio.Protocol):
    """Takes an answer apart as it arrives."""

    def __init__(self, ask: Ask) -> None:
        loop = asyncio.get_running_loop()
        self.begun: asyncio.Future[None] = loop.create_future()
        self.answer: asyncio.Future[Answer] = loop.create_future()
        self._ask = ask
        self._parser = httptools.HttpResponseParser(self)
        self._headers: dict[str, str] = {}
        self._body: list[bytes] = []
        self._size = 0
        self._head = 0
        self._in_body = False

    def data_received(self, data: bytes) -> None:
        if self.answer.done():
            return
        if not self.begun.done():
            self.begun.set_result(None)
        self._head += len(data)
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            self._finish(whole=True)
        except httptools.HttpParserError as error:
            self._fail(Reason.PROTOCOL, f"this is not HTTP: {str(error).lower()}")
        if self._head > HEAD_LIMIT:
            self._fail(Reason.PROTOCOL, f"the answer's head is larger than {HEAD_LIMIT // 1024} KiB")

    def on_header(self, name: bytes, value: bytes) -> None:
        key, text = name.decode("latin-1").lower(), value.decode("latin-1")
        self._headers[key] = f"{self._headers[key]}, {text}" if key in self._headers else text

    def on_headers_complete(self) -> None:
        self._in_body = not 100 <= self._parser.get_status_code() < 200
        if self._in_body and self._ask.method == "HEAD":
            self._finish(whole=True)

    def on_body(self, data: bytes) -> None:
        self._head = 0  # counted again from here: there may be trailers without end
        room = self._ask.limit - self._size
        self._body.append(data[:room])
        self._size += len(data)
        if len(data) > room:
            self._finish(whole=False)

    def on_message_complete(self) -> None:
        if self._in_body:
            self._finish(whole=True)
        else:  # an interim answer; the real one follows
            self._headers = {}

    def connection_lost(self, exc: Exception | None) -> None:
        if self.answer.done():
            return
        # Without a length the body ends with the connection.
        if self._in_body and not {"content-length", "transfer-encoding"} & self._headers.keys():
            self._finish(whole=True)
            return
        said = "in the middle of its answer" if self.begun.done() else "without an answer"
        how = "cut the connection" if exc else "closed the connection"
        self._fail(Reason.PROTOCOL, f"{self._ask.place} {how} {said}")

    def _finish(self, *, whole: bool) -> None:
        if not self.answer.done():
            status = self._parser.get_status_code()
            self.answer.set_result(Answer(status, self._headers, b"".join(self._body), whole))

    def _fail(self, reason: Reason, message: str) -> None:
        # Whoever waits for the first byte gets the trouble there. It may be that nobody waits any more; asking for the
        # exception here keeps asyncio from complaining that nobody did.
        waited_for: asyncio.Future[Any] = self.answer if self.begun.done() else self.begun
        if not waited_for.done():
            waited_for.set_exception(Trouble(reason, message))
            waited_for.exception()
