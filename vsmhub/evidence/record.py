"""Evidence as gates and the catalog see it: what was said about which widget, when, and what it proves."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Self
from uuid import UUID

from pydantic import JsonValue

from vsmhub.evidence.envelope import Envelope, Kind
from vsmhub.evidence.judgement import Outcome
from vsmhub.interhub.messages.evidence import Event
from vsmhub.interhub.messages.standing import WEIGHTS, Proof, holds_evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One event. `widget` is a slug; `outcome` is None where the event proves nothing, neither well nor ill.

    `at` is when it happened, `collected` from when its proof counts: the earlier of what event and proof say, so that
    no clock makes evidence younger than it is. `expires` is when the proof says that it ends.
    """

    id: str
    type: str
    widget: str
    at: datetime
    collected: datetime
    outcome: Outcome | None = None
    expires: datetime | None = None
    signal: str | None = None
    by: str = ""
    said: str = ""
    attested: bool = False
    metadata: Mapping[str, JsonValue]

    @classmethod
    def made(
        cls, *, evidence_id: str, event_type: str, widget: str, at: datetime, metadata: Mapping[str, JsonValue]
    ) -> Self:
        """The record of an event. A proof that cannot be understood counts as one that failed to look."""
        proof = Proof.read(metadata)
        if proof is None:
            is_garbled = holds_evidence(metadata)
            outcome = Outcome.ERROR if is_garbled else None
            said = "what it proves cannot be understood" if is_garbled else ""
            return cls(
                id=evidence_id,
                type=event_type,
                widget=widget,
                at=at,
                collected=at,
                outcome=outcome,
                said=said,
                metadata=metadata,
            )
        return cls(
            id=evidence_id,
            type=event_type,
            widget=widget,
            at=at,
            collected=min(proof.collected_at, at),
            outcome=Outcome(proof.outcome),
            expires=proof.expires_at,
            signal=proof.signal,
            by=proof.by,
            said=proof.said,
            attested=proof.attested,
            metadata=metadata,
        )


def from_events(events: Iterable[Event], slugs: Mapping[UUID, str]) -> Iterable[Record]:
    """Records of what Inter-Hub holds; `slugs` are those of the hub's widgets, by id. Others are passed over."""
    for event in events:
        if event.widget_id in slugs:
            yield Record.made(
                evidence_id=str(event.id),
                event_type=event.event_type,
                widget=slugs[event.widget_id],
                at=event.occurred_at,
                metadata=event.metadata,
            )


def from_envelopes(envelopes: Iterable[Envelope]) -> Iterable[Record]:
    """Records of events that are on their way."""
    for envelope in envelopes:
        metadata = envelope.data.get("metadata")
        if envelope.kind is Kind.EVENT:
            yield Record.made(
                evidence_id=envelope.id,
                event_type=envelope.type,
                widget=envelope.subject,
                at=envelope.time,
                metadata=metadata if isinstance(metadata, dict) else {},
            )


def newer(one: Record, other: Record) -> Record:
    """The one that was collected later; of two at one time, the worse."""
    return max(one, other, key=lambda record: (record.collected, _weight(record), record.id))


def _weight(record: Record) -> int:
    return WEIGHTS[record.outcome or Outcome.ERROR]
