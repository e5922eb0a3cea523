"""A line between two copies of a process: lists of things, both ways, over a pair of sockets."""

import asyncio
import pickle
import socket
import struct
from collections.abc import Callable
from typing import Generic, TypeVar, cast

Sent = TypeVar("Sent")
Received = TypeVar("Received")

_LENGTH = struct.Struct("<Q")


class Line(asyncio.Protocol, Generic[Sent, Received]):
    """One end. What is put in during one turn of the event loop goes together, which is most of what makes it quick.

    `taken` hears what arrives, and `ended` once that the other end is gone. `instead` gives what goes in place of a
    thing that cannot be sent, such as one that is nested too deep.
    """

    def __init__(
        self,
        *,
        taken: Callable[[list[Received]], None],
        ended: Callable[[], None],
        instead: Callable[[Sent], Sent],
    ) -> None:
        self._taken = taken
        self._ended = ended
        self._instead = instead
        self._waiting: list[Sent] = []
        self._arrived = bytearray()
        self._transport: asyncio.Transport | None = None

    async def attach(self, end: socket.socket) -> None:
        """Send and receive over this end; the socket is the line's from now on."""
        await asyncio.get_running_loop().create_unix_connection(lambda: self, sock=end)

    def put(self, one: Sent) -> None:
        """Send something; nobody is waited for."""
        if not self._waiting:
            asyncio.get_running_loop().call_soon(self._send)
        self._waiting.append(one)

    def close(self) -> None:
        """Send and receive no more; `ended` is not told."""
        self._ended = _nothing
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is none by name

    def data_received(self, data: bytes) -> None:
        arrived = self._arrived
        arrived += data
        while len(arrived) >= _LENGTH.size:
            (length,) = _LENGTH.unpack_from(arrived)
            end = _LENGTH.size + length
            if len(arrived) < end:
                return
            message = bytes(arrived[_LENGTH.size : end])
            del arrived[:end]
            self._taken(pickle.loads(message))  # noqa: S301 - written by a copy of this process

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - it is gone, however
        self._ended()

    def _send(self) -> None:
        waiting, self._waiting = self._waiting, []
        try:
            message = pickle.dumps(waiting)
        except Exception:  # noqa: BLE001 - whatever pickle says about one of them
            message = pickle.dumps([one if _can_be_sent(one) else self._instead(one) for one in waiting])
        if self._transport is not None:
            self._transport.write(_LENGTH.pack(len(message)) + message)


def _can_be_sent(one: object) -> bool:
    try:
        pickle.dumps(one)
    except Exception:  # noqa: BLE001 - as above
        return False
    return True


def _nothing() -> None:
    pass
