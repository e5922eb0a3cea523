"""Handing the outbox on to Inter-Hub: in order, once, and until it is empty or the target cannot be reached.

What goes together in one request is noted before it is sent, as a parcel whose name is the request's idempotency key.
When the answer is lost, or this process, the same parcel is sent again with the same key, and Inter-Hub gives its first
answer. Inter-Hub forgets keys after a while; a parcel that is older than that is looked for before it is sent again.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import chain
from uuid import UUID, uuid4

from vsmhub.evidence.claim import KEY
from vsmhub.evidence.envelope import Kind
from vsmhub.evidence.outbox import Entry, Outbox, State
from vsmhub.interhub.client import InterHub
from vsmhub.interhub.errors import Forbidden, InterHubError, RateLimited, Refused, ServerFault, Unauthorized
from vsmhub.interhub.messages.evidence import Annotation, AnnotationCreate, Event, EventCreate
from vsmhub.interhub.messages.limits import BATCH_LIMIT, BODY_LIMIT
from vsmhub.locks import locked

PARCEL_LIMIT = BATCH_LIMIT
PARCEL_BYTES = BODY_LIMIT * 9 // 10
"""A parcel has to be one request, in which nothing takes more room than in its envelope."""

KEYS_ARE_KEPT = timedelta(hours=12)
"""How long an idempotency key can be relied on; the reference Inter-Hub keeps them for 24 hours."""

# These say something about the target or the key, not about what was sent.
NOT_ITS_FAULT = (Unauthorized, Forbidden, RateLimited, ServerFault)


@dataclass(slots=True)
class Report:
    """What one delivery did. `stopped` says why it ended before the outbox was empty."""

    delivered: int = 0
    refused: int = 0
    waiting: int = 0
    stopped: str = ""
    evidence: list[tuple[str, str]] = field(default_factory=list)
    """Ids of envelopes, and those they have at Inter-Hub."""


def deliver(outbox: Outbox, target: InterHub, hub: str) -> Report:
    """Hand on what waits for one hub. The target's failures end it and are told in the report, not raised.

    Another delivery of the same outbox that is under way is waited for.
    """
    with locked(outbox.path.with_suffix(".lock")):
        delivery = _Delivery(outbox, target, hub)
        try:
            delivery.run()
        except InterHubError as error:
            delivery.report.stopped = error.message
        delivery.report.waiting = delivery.left()
        return delivery.report


class _Delivery:
    """One run over the outbox."""

    def __init__(self, outbox: Outbox, target: InterHub, hub: str) -> None:
        self.report = Report()
        self._outbox = outbox
        self._target = target
        self._hub = hub
        self._widgets: dict[str, UUID] | None = None

    def run(self) -> None:
        for parcel, entries in _parcels(self._outbox.under_way(self._hub)):
            self._again(parcel, entries)
        after = 0
        while entries := self._outbox.entries(State.WAITING, hub=self._hub, after=after, limit=PARCEL_LIMIT):
            after = entries[-1].seq
            for group in _together(self._known(entries)):
                self._first(group)

    def left(self) -> int:
        return self._outbox.waiting()

    def _known(self, entries: Sequence[Entry]) -> list[Entry]:
        """Those whose widgets exist; the others wait, all of a widget together, so that their order is kept."""
        if self._widgets is None or any(one.envelope.subject not in self._widgets for one in entries):
            self._widgets = self._read_widgets()
        missing = [one for one in entries if one.envelope.subject not in self._widgets]
        for slug in sorted({one.envelope.subject for one in missing}):
            said = f"{self._hub} has no widget {slug} at {self._target.label}; apply the hub"
            self._outbox.remark([one.seq for one in missing if one.envelope.subject == slug], said)
        return [one for one in entries if one.envelope.subject in self._widgets]

    def _read_widgets(self) -> dict[str, UUID]:
        hub = self._target.hub(self._hub)
        if hub is None:
            return {}
        return {widget.slug: widget.id for widget in self._target.widgets(hub=hub.id)}

    def _first(self, entries: Sequence[Entry]) -> None:
        widgets = self._widgets or {}
        ids = {one.seq: str(widgets[one.envelope.subject]) for one in entries}
        parcel = entries[0].envelope.id if len(entries) == 1 else str(uuid4())
        self._outbox.send(parcel, list(ids.items()))
        self._sent(parcel, [(one, UUID(ids[one.seq])) for one in entries])

    def _again(self, parcel: str, entries: Sequence[Entry]) -> None:
        """Send a parcel once more to which no answer came."""
        ids = [(one, UUID(one.widget_id)) for one in entries if one.widget_id is not None]
        first = min(one.sent_at or one.kept_at for one in entries)
        if datetime.now(UTC) - datetime.fromisoformat(first) > KEYS_ARE_KEPT:
            there = self._looked_for(ids)
            self._arrived(there)
            seqs = {one.seq for one, _ in there}
            ids = [(one, widget) for one, widget in ids if one.seq not in seqs]
            if ids and there:
                # It arrived whole or not at all; if one cannot be found, the target does not keep what it was told.
                self._outbox.unpack(parcel)
                return
        if ids:
            self._sent(parcel, ids)

    def _sent(self, parcel: str, entries: Sequence[tuple[Entry, UUID]]) -> None:
        requests = [(one, one.envelope.request(widget, check=False)) for one, widget in entries]
        try:
            with self._refusals_kept(parcel, [one for one, _ in entries]):
                for arrived in self._submitted(parcel, requests):
                    self._arrived(arrived)
        except _Unpacked:
            for one, _ in entries:
                self._first([one])  # nothing of a parcel that was refused has arrived: it is one request

    def _submitted(
        self, parcel: str, requests: Sequence[tuple[Entry, EventCreate | AnnotationCreate]]
    ) -> Iterator[list[tuple[Entry, str]]]:
        entry, request = requests[0]
        if isinstance(request, AnnotationCreate):
            yield [(entry, str(self._target.annotate(request, idempotency_key=parcel).id))]
        elif len(requests) == 1:
            yield [(entry, str(self._target.submit_event(request, idempotency_key=parcel).id))]
        else:
            events = [one for _, one in requests if isinstance(one, EventCreate)]
            entries = iter([one for one, _ in requests])
            for made in self._target.record_events(events, idempotency_key=parcel):
                yield [(next(entries), str(event)) for event in made]

    @contextmanager
    def _refusals_kept(self, parcel: str, entries: Sequence[Entry]) -> Iterator[None]:
        """A refusal of what was sent is noted; all other failures are the caller's."""
        try:
            yield
        except NOT_ITS_FAULT:
            raise
        except Refused as error:
            if len(entries) > 1:
                self._outbox.unpack(parcel)
                raise _Unpacked from error
            self._outbox.refused(entries[0].seq, error.message)
            self.report.refused += 1

    def _arrived(self, arrived: Sequence[tuple[Entry, str]]) -> None:
        self._outbox.delivered([(entry.seq, evidence) for entry, evidence in arrived])
        self.report.delivered += len(arrived)
        self.report.evidence += [(entry.envelope.id, evidence) for entry, evidence in arrived]

    def _looked_for(self, entries: Sequence[tuple[Entry, UUID]]) -> list[tuple[Entry, str]]:
        """Those that the target has already, by the id that events carry in their metadata."""
        wanted = {one.envelope.id: one for one, _ in entries}
        found: dict[str, str] = {}
        # One after another, and none from before: a widget may have more of them than fit into memory.
        first = min(one.envelope.time for one, _ in entries).replace(microsecond=0)
        for widget in {widget for _, widget in entries}:
            events, remarks = self._target.events(widget=widget, since=first), self._target.annotations(widget=widget)
            said: Iterable[Event | Annotation] = chain(events, remarks)
            for event in said:
                claim = event.metadata.get(KEY)
                known = claim.get("id") if isinstance(claim, dict) else None
                if isinstance(known, str) and known in wanted:
                    found[known] = str(event.id)
        return [(wanted[name], evidence) for name, evidence in found.items()]


class _Unpacked(Exception):
    """A parcel was refused as a whole."""


def _parcels(entries: Sequence[Entry]) -> list[tuple[str, list[Entry]]]:
    found: dict[str, list[Entry]] = {}
    for one in entries:
        found.setdefault(one.parcel or "", []).append(one)
    return list(found.items())


def _together(entries: Sequence[Entry]) -> Iterator[list[Entry]]:
    """What can go in one request, in order: events that follow each other; annotations go one by one."""
    group: list[Entry] = []
    size = 0
    for one in entries:
        single = one.alone or one.envelope.kind is Kind.ANNOTATION
        if group and (single or size + one.size > PARCEL_BYTES):
            yield group
            group, size = [], 0
        if single:
            yield [one]
        else:
            group.append(one)
            size += one.size
    if group:
        yield group
