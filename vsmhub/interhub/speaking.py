"""Operations asked for in the target's way: one answer, a list, or a batch."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import TypeVar
from uuid import UUID, uuid4

from vsmhub.interhub.batching import batches, body_of, change_of
from vsmhub.interhub.errors import Nonsense
from vsmhub.interhub.exchange import Call
from vsmhub.interhub.messages.limits import PAGE_LIMIT
from vsmhub.interhub.messages.wire import Answer, BatchAnswer, Page, Request
from vsmhub.interhub.paging import pages
from vsmhub.interhub.session import Session, repeatable, unmoved
from vsmhub.interhub.surface import translation
from vsmhub.interhub.surface.dialect import Dialect, lacking, located
from vsmhub.interhub.surface.model import Batching, Listing, Offer, Paging
from vsmhub.interhub.surface.operations import Operation

T = TypeVar("T", bound=Answer)
Query = Mapping[str, UUID | str | datetime | None]
_PLAIN_LISTING = Listing()
_PLAIN_BATCHING = Batching()
_FIELDS = {"hubId": "hub_id", "widgetId": "widget_id", "eventType": "event_type", "objectId": "object_id"}


class Speaker:
    """Asks one target, in its dialect."""

    def __init__(self, session: Session, dialect: Dialect) -> None:
        self._session = session
        self._dialect = dialect

    def listed(
        self,
        operation: Operation,
        page: type[Page[T]],
        query: Query | None = None,
        *ids: UUID,
        limit: int | None = None,
    ) -> Iterator[T]:
        """All items that match; what the target does not filter by, is filtered here."""
        offer = self._dialect.offer(operation)
        listing = offer.listing or _PLAIN_LISTING
        asked = {name: value for name, value in (query or {}).items() if value is not None}
        here = {name: value for name, value in asked.items() if name not in listing.filters}
        found = self._pages(offer, listing, page, asked, ids, PAGE_LIMIT if here else limit or PAGE_LIMIT)
        return _matching(found, here) if here else found

    def posted(
        self,
        operation: Operation,
        message: type[T],
        request: Request | None,
        about: str,
        idempotency_key: str | None,
        *ids: UUID,
        revision: int | None = None,
    ) -> T:
        """What a POST made or did."""
        offer = self._dialect.offer(operation)
        content = None if request is None else self._content(offer, body_of(request))
        headers = repeatable(idempotency_key) if offer.idempotent else {}
        if revision is not None and offer.matched:
            headers |= unmoved(revision)
        call = Call(offer.method, located(offer, *ids), content=content, headers=headers, about=about)
        return self._session.ask(call, message, _reading(offer))

    def changed(self, operation: Operation, message: type[T], request: Request, revision: int, *ids: UUID) -> T:
        """What a PATCH left."""
        offer = self._dialect.offer(operation)
        headers = unmoved(revision) if offer.matched else {}
        content = self._content(offer, change_of(request))
        call = Call(offer.method, located(offer, *ids), content=content, headers=headers)
        return self._session.ask(call, message, _reading(offer))

    def batched(
        self,
        many: Operation,
        single: Operation,
        item: type[T],
        message: type[BatchAnswer[T]],
        requests: Iterable[Request],
        what: str,
        idempotency_key: str | None,
    ) -> Iterator[list[T]]:
        """What many POSTs made, in as few requests as the target allows: one for each where it takes no batches."""
        stem = str(uuid4()) if idempotency_key is None else idempotency_key
        if not self._dialect.surface.offers(many) and self._dialect.surface.offers(single):
            for number, request in enumerate(requests):
                yield [self.posted(single, item, request, f"one of {what}", f"{stem}-{number}")]
            return
        offer = self._dialect.offer(many)
        batching = offer.batching or _PLAIN_BATCHING
        for number, (content, count) in enumerate(batches(requests, items=batching.most)):
            headers = repeatable(f"{stem}-{number}") if offer.idempotent else {}
            sent = content if _is_plain(offer) else translation.batch(content, offer, batching, lacking(offer))
            call = Call(offer.method, located(offer), content=sent, headers=headers, about=f"{count} {what}")
            read = None if _is_plain(offer) else lambda body: translation.made(body, offer, batching)
            made = self._session.ask(call, message, read).data
            if len(made) != count:
                raise Nonsense(f"{call.at(self._session.address.label)}: {len(made)} came back")
            yield made

    def _pages(
        self, offer: Offer, listing: Listing, page: type[Page[T]], asked: Query, ids: tuple[UUID, ...], limit: int
    ) -> Iterator[T]:
        filters = tuple((listing.filters[name], str(value)) for name, value in asked.items() if name in listing.filters)
        path = located(offer, *ids)

        def fetch(wanted: int, cursor: str | None) -> Page[T]:
            sized = ((listing.size, str(wanted)),) if listing.size else ()
            place = ((listing.place, cursor),) if cursor is not None else ()
            call = Call(offer.method, path, query=(*filters, *sized, *place))
            read = None if _is_plain(offer) else lambda body: translation.page(body, offer, listing, cursor)
            try:
                return self._session.ask(call, page, read)
            except Nonsense as error:
                if listing.paging is Paging.CURSOR or not error.too_big:
                    raise
                # Another size would give the numbers of pages another meaning.
                raise Nonsense(error.message, hint=error.hint) from error

        where = f"{offer.method} {path} at {self._session.address.label}"
        return pages(fetch, where=where, limit=min(limit, listing.most))

    @staticmethod
    def _content(offer: Offer, content: bytes) -> bytes:
        if offer.request.is_plain and not offer.lacks:
            return content
        return translation.request(content, offer, lacking(offer))


def _reading(offer: Offer) -> Callable[[bytes], bytes] | None:
    return None if offer.answer.is_plain else lambda body: translation.answer(body, offer)


def _is_plain(offer: Offer) -> bool:
    wrapped = offer.batching or offer.listing
    usual = wrapped in (None, _PLAIN_BATCHING) or (
        isinstance(wrapped, Listing)
        and (wrapped.items, wrapped.following, wrapped.paging) == ("data", "nextCursor", Paging.CURSOR)
    )
    return usual and offer.request.is_plain and offer.answer.is_plain and not offer.lacks


def _matching(found: Iterator[T], asked: Query) -> Iterator[T]:
    """What matches filters that the target does not have. `order` is the one that is not about a single item."""
    conditions = {name: value for name, value in asked.items() if name != "order"}
    matching = (one for one in found if all(_matches(one, name, value) for name, value in conditions.items()))
    return iter(list(matching)[::-1]) if asked.get("order") == "desc" else matching


def _matches(item: Answer, name: str, value: object) -> bool:
    if name in ("since", "until"):
        occurred: datetime = getattr(item, "occurred_at", None) or getattr(item, "at")  # noqa: B009 - events, records
        limit = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
        return occurred >= limit if name == "since" else occurred < limit
    held = getattr(getattr(item, "hub", item), _FIELDS.get(name, name))
    return str(held) == str(value)
