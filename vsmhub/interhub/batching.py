"""Many requests' bodies as few: batches that stay inside the contract's limits."""

from collections.abc import Iterable, Iterator

from vsmhub.interhub.messages.limits import BATCH_LIMIT, BODY_LIMIT
from vsmhub.interhub.messages.wire import Request

BEFORE, BETWEEN, AFTER = b'{"items":[', b",", b"]}"


def body_of(request: Request) -> bytes:
    """A request as JSON. What is None in it is left out, except inside its metadata."""
    return request.model_dump_json(by_alias=True, exclude_none=True).encode()


def change_of(request: Request) -> bytes:
    """An update as JSON: what was set, also when it was set to None; what was not stays out, and as it is."""
    return request.model_dump_json(by_alias=True, exclude_unset=True).encode()


def batches(
    requests: Iterable[Request], *, items: int = BATCH_LIMIT, size: int = BODY_LIMIT
) -> Iterator[tuple[bytes, int]]:
    """Bodies for a batch operation, each with its number of items, in order.

    None holds more than `items`, nor more bytes than `size` unless it is a single item that is larger by itself,
    which the target will refuse.
    """
    held: list[bytes] = []
    length = len(BEFORE) + len(AFTER)
    for request in requests:
        body = body_of(request)
        if held and (len(held) == items or length + len(BETWEEN) + len(body) > size):
            yield BEFORE + BETWEEN.join(held) + AFTER, len(held)
            held, length = [], len(BEFORE) + len(AFTER)
        length += len(body) + (len(BETWEEN) if held else 0)
        held.append(body)
    if held:
        yield BEFORE + BETWEEN.join(held) + AFTER, len(held)
