"""Identifiers that sort by the time they were made (UUIDv7, RFC 9562)."""

import os
import threading
import time
from uuid import UUID

_LOCK = threading.Lock()
_last = 0


def new_id() -> UUID:
    """A UUIDv7 greater than every one made before it in this process.

    The 12 bits after the milliseconds carry the fraction of the millisecond (RFC 9562, method 3); where the clock
    did not advance, they are counted up.
    """
    global _last  # noqa: PLW0603 - the clock of the process, behind a lock
    milliseconds, rest = divmod(time.time_ns(), 1_000_000)
    stamp = (milliseconds << 12) | (rest * 4096 // 1_000_000)
    with _LOCK:
        stamp = max(stamp, _last + 1)
        _last = stamp
    head = ((stamp >> 12) << 16) | 0x7000 | (stamp & 0xFFF)
    tail = (0b10 << 62) | (int.from_bytes(os.urandom(8)) >> 2)
    return UUID(int=(head << 64) | tail)
