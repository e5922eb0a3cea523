"""Answers as they come over the wire, unpacked no further than they may be long.

httpx would unpack each piece whole, and as many layers as the target says there are: some hundred bytes then become
more than any machine's memory, long before the length of what came out can be looked at.
"""

import zlib

ACCEPTED = "gzip"
"""What requests say they take (`Accept-Encoding`), besides what is not compressed."""

_PLAIN = ("", "identity")
_GZIP = ("gzip", "x-gzip")  # RFC 9110, 8.4.1.3
_GZIP_FORMAT = 16 + zlib.MAX_WBITS


class BrokenCompression(Exception):
    """It is not compressed as it says, or in a way that was not asked for."""


class Unpacking:
    """An answer's body, taken in piece by piece; no piece is unpacked further than a byte beyond `limit` in all."""

    def __init__(self, encoding: str, limit: int) -> None:
        """`encoding` is the answer's `Content-Encoding`; BrokenCompression when it is none that was asked for."""
        encoding = encoding.strip().lower()
        if encoding not in (*_PLAIN, *_GZIP):
            raise BrokenCompression
        self._unpack = zlib.decompressobj(_GZIP_FORMAT) if encoding in _GZIP else None
        self._room = limit + 1
        self._pieces: list[bytes] = []

    @property
    def full(self) -> bool:
        """Whether more came than may be kept."""
        return self._room <= 0

    def take(self, piece: bytes) -> None:
        """Another piece of it; to be called as long as it is not `full`."""
        if self._unpack is not None:
            try:
                piece = self._unpack.decompress(piece, self._room)
            except zlib.error as error:
                raise BrokenCompression from error
        self._room -= len(piece)
        self._pieces.append(piece)

    def whole(self) -> bytes:
        """All of it, once it has ended."""
        if self._unpack is not None and self._pieces and not self._unpack.eof:
            raise BrokenCompression
        return b"".join(self._pieces)
