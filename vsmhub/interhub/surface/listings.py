"""How a target wraps and continues its lists, and how many at once its batches take."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from pydantic import JsonValue

from vsmhub.interhub.messages.limits import BATCH_LIMIT, PAGE_LIMIT
from vsmhub.interhub.messages.wire import member
from vsmhub.interhub.surface.document import Document, Endpoint, Json, squashed
from vsmhub.interhub.surface.model import Batching, Listing, Paging

FOLLOWING = frozenset({"nextcursor", "next", "nextpage", "nextpagetoken", "cursor"})
PLACES = {
    Paging.CURSOR: frozenset({"cursor", "after", "pagetoken", "startingafter"}),
    Paging.OFFSET: frozenset({"offset", "skip"}),
    Paging.PAGE: frozenset({"page", "pagenumber"}),
}
SIZES = frozenset({"limit", "pagesize", "perpage", "size"})


class Unclear(Exception):
    """Raised while reading: which of several is meant cannot be told. The message says it for people."""


@dataclass(frozen=True, slots=True)
class Wrapped:
    """A list inside an answer or a request: `under` which member, empty for a bare array, and what its items are."""

    under: str
    items: JsonValue


def unwrapped(document: Document, node: JsonValue) -> Wrapped:
    """The one list in the schema `node`. Raises Unclear when there is none, or more than one."""
    bare = document.items(node)
    if bare is not None:
        return Wrapped("", bare)
    arrays = {name: document.items(one) for name, one in _schemas(document, node)}
    found = {name: items for name, items in arrays.items() if items is not None}
    if "data" in found:
        return Wrapped("data", found["data"])
    if len(found) != 1:
        raise Unclear(f"has {'more than one' if found else 'no'} list in it: {', '.join(sorted(found)) or 'nothing'}")
    ((name, items),) = found.items()
    return Wrapped(name, items)


def listing(document: Document, endpoint: Endpoint, wrapped: Wrapped, filters: tuple[str, ...]) -> Listing:
    """How this list is asked for. Raises Unclear when it goes on in a way that cannot be told."""
    query = {str(one.get("name")): one for one in endpoint.parameters if one.get("in") == "query"}
    names = [name for name, _ in _schemas(document, document.answer(endpoint))] if wrapped.under else []
    paging, place = _paging(query)
    following = ""
    if paging is Paging.CURSOR:
        following = _only("continues by", [name for name in names if squashed(name) in FOLLOWING], "nextCursor")
        if not following:
            raise Unclear(f"goes on by {place}, but does not say what it answers for that")
    size = _only("is sized by", [name for name in query if squashed(name) in SIZES], "limit")
    most = _most(document.resolved(query[size].get("schema")), "maximum") if size else None
    known = {}
    for name in filters:
        alias = member(name)
        same = [one for one in query if squashed(one) == squashed(alias)]
        if same:
            known[alias] = alias if alias in same else _only("is filtered by", same, alias)
    return Listing(
        items=wrapped.under,
        following=following,
        paging=paging,
        place=place,
        size=size,
        most=min(most or PAGE_LIMIT, PAGE_LIMIT),
        first=_first(document.resolved(query[place].get("schema"))) if paging is Paging.PAGE else 1,
        filters=known,
    )


def batching(document: Document, endpoint: Endpoint) -> tuple[Batching, JsonValue, JsonValue]:
    """How a batch is sent, and the schemas of what it takes and of what it makes. Raises Unclear."""
    sent = unwrapped(document, document.body(endpoint))
    made = unwrapped(document, document.answer(endpoint))
    body = document.body(endpoint)
    array = document.resolved(document.members(body).schemas[sent.under]) if sent.under else document.resolved(body)
    most = _most(array, "maxItems")
    return Batching(sent.under, made.under, min(most or BATCH_LIMIT, BATCH_LIMIT)), sent.items, made.items


def told(found: Listing) -> Iterator[str]:
    """What differs from the contract's lists, for people."""
    plain = Listing(filters=found.filters)
    if found.items != plain.items:
        told_as = f"under {found.items}" if found.items else "as a bare array"
        yield f"lists come {told_as}"
    if found.paging is not plain.paging:
        ways = {Paging.OFFSET: "by offset", Paging.PAGE: "by page number", Paging.WHOLE: "not at all: all at once"}
        yield f"lists are paged {ways[found.paging]}"
    if found.most != plain.most:
        yield f"pages of at most {found.most}"
    elif replace(found, items=plain.items, paging=plain.paging) != plain and found.paging is Paging.CURSOR:
        yield "lists are paged by other names"


def _paging(query: dict[str, Json]) -> tuple[Paging, str]:
    found = {
        paging: [name for name in query if squashed(name) in places]
        for paging, places in PLACES.items()
        if any(squashed(name) in places for name in query)
    }
    if len(found) > 1 and Paging.CURSOR not in found:
        raise Unclear(f"goes on by {' or by '.join(sorted(found))}")
    for paging, names in found.items():
        return paging, _only("goes on by", names, "cursor")
    return Paging.WHOLE, ""


def _first(schema: Json) -> int:
    for key in ("default", "minimum"):
        if schema.get(key) in (0, 1):
            return int(str(schema[key]))
    raise Unclear("is paged by numbers, and does not say whether they begin with 0 or 1")


def _only(what: str, names: list[str], preferred: str) -> str:
    if preferred in names:
        return preferred
    if len(names) > 1:
        raise Unclear(f"{what} {' or '.join(sorted(names))}")
    return names[0] if names else ""


def _most(schema: Json, key: str) -> int | None:
    found = schema.get(key)
    return int(found) if isinstance(found, (int, float)) and found >= 1 else None


def _schemas(document: Document, node: JsonValue) -> Iterator[tuple[str, JsonValue]]:
    yield from document.members(node).schemas.items()
