"""HTTP as uvicorn reads it with httptools, within bounds on what a request may take before anybody looks at it.

uvicorn keeps what it is sent of a head however much that becomes, and waits for the rest of a request for ever: whoever
reaches the port could fill the memory, or hold every connection, without any key.
"""

import asyncio

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

# As much as h11 takes, uvicorn's other reader.
HEAD_LIMIT = 64 * 1024
"""Bytes of a head, and of what may come between and after the parts of a body."""
REQUEST_SECONDS = 60.0
"""How long a request may take to come in whole, from its first byte or from the connection on."""

_TOO_LARGE = f"The head of a request may be {HEAD_LIMIT} bytes at most."


class BoundedProtocol(HttpToolsProtocol):
    """One connection. What comes too large is refused and what comes too slowly is cut off."""

    transport: asyncio.Transport
    _overhead = 0
    _incoming = False
    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn has it
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        self._come()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._overhead += len(data)
        super().data_received(data)
        # Most requests come whole, and need no clock.
        if self._incoming:
            self._wait()
        if self._overhead > HEAD_LIMIT and not self.transport.is_closing():
            if self._answering():
                self.transport.abort()
            else:
                self.send_400_response(_TOO_LARGE)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._incoming = True

    def on_headers_complete(self) -> None:
        self._overhead = 0
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._overhead = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._overhead = 0
        self._incoming = False
        self._come()
        super().on_message_complete()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self._deadline is not None:  # what came meanwhile was not read on
            self._come()
            self._wait()

    def _answering(self) -> bool:
        """Whether a request is being worked on; an answer put in between would be taken for its own."""
        return not getattr(self.cycle, "response_complete", True)  # None until there is a first one

    def _wait(self) -> None:
        if self._deadline is None:
            self._deadline = self.loop.call_later(REQUEST_SECONDS, self._late)

    def _come(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _late(self) -> None:
        self._deadline = None
        if self._answering() and not self.cycle.more_body:
            self._wait()  # it is the request before that takes long, and nothing is read meanwhile
        else:
            self.transport.abort()
