"""Messages between the contract's words and a target's. Pure; the reference needs none of it."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from urllib.parse import parse_qs, urlsplit

from pydantic import JsonValue

from vsmhub.interhub.surface.model import Batching, Listing, Offer, Paging, Shape

COUNTER, WRITTEN = "revision", "updatedAt"


def request(content: bytes, offer: Offer, lacking: Sequence[str]) -> bytes:
    """A request's body in the target's words; `lacking` are members, by the contract's names, that it does not take."""
    return _written(_asked(json.loads(content), offer.request, lacking))


def batch(content: bytes, offer: Offer, batching: Batching, lacking: Sequence[str]) -> bytes:
    """A batch's body in the target's words."""
    items = [_asked(one, offer.request, lacking) for one in json.loads(content)["items"]]
    return _written({batching.items: items} if batching.items else items)


def answer(body: bytes, offer: Offer) -> bytes:
    """A single answer in the contract's words. ValueError for what is not as the target's document has it."""
    return _written(told(json.loads(body), offer.answer))


def made(body: bytes, offer: Offer, batching: Batching) -> bytes:
    """A batch's answer in the contract's words. ValueError for what is not as the target's document has it."""
    items = _items(json.loads(body), batching.made)
    return _written({"data": [told(one, offer.answer) for one in items]})


def page(body: bytes, offer: Offer, listing: Listing, cursor: str | None) -> bytes:
    """One page, which was asked for at `cursor`, in the contract's words; ValueError as above.

    A list that goes on by numbers has ended when a page is empty: how many a target gives at most, it may not say.
    """
    document = json.loads(body)
    items = _items(document, listing.items)
    following: JsonValue = None
    if listing.paging is Paging.CURSOR:
        following = _cursor(document.get(listing.following), listing.place)
    elif items and listing.paging is Paging.OFFSET:
        following = str(int(cursor or 0) + len(items))
    elif items and listing.paging is Paging.PAGE:
        following = str(int(cursor or listing.first) + 1)
    return _written({"data": [told(one, offer.answer) for one in items], "nextCursor": following})


def told(value: JsonValue, shape: Shape) -> JsonValue:
    """A message of the target in the contract's words."""
    if shape.is_plain or not isinstance(value, dict):
        return value
    found = dict(value)
    for member in shape.members:
        found.pop(member.theirs, None)
    for member in shape.members:
        if member.theirs in value:
            one = value[member.theirs]
            found[member.ours] = told(one, member.inside) if member.inside else one
    if not shape.counted:
        found[COUNTER] = _counted(found.get(WRITTEN))
    return found


def _asked(value: dict[str, JsonValue], shape: Shape, lacking: Sequence[str]) -> JsonValue:
    theirs = {member.ours: member.theirs for member in shape.members}
    return {theirs.get(name, name): one for name, one in value.items() if name not in lacking}


def _items(document: JsonValue, under: str) -> list[JsonValue]:
    items = document
    if under:
        items = document.get(under) if isinstance(document, Mapping) else None
    if not isinstance(items, list):
        raise ValueError("no list where the document says there is one")  # noqa: TRY004 - about a value that came
    return items


def _cursor(value: JsonValue, place: str) -> JsonValue:
    """The cursor itself, also where the target gives a link to the next page."""
    if isinstance(value, str) and value.startswith(("http://", "https://", "/")):
        return parse_qs(urlsplit(value).query).get(place, [None])[0]
    return value or None


def _counted(written: JsonValue) -> int:
    """A number that grows with each write, for a target that counts none: the time of the last, in microseconds."""
    if not isinstance(written, str):
        return 1
    moment = datetime.fromisoformat(written)
    return max(1, int(moment.timestamp() * 1_000_000))


def _written(value: JsonValue) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
