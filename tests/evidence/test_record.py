"""What an event proves, as far as it can be understood."""

from datetime import timedelta
from uuid import UUID

import pytest

from tests.evidence.records import NOW, record
from vsmhub.evidence.envelope import Envelope
from vsmhub.evidence.judgement import Outcome
from vsmhub.evidence.record import Record, from_envelopes, from_events
from vsmhub.interhub.messages.evidence import Event
from vsmhub.interhub.messages.standing import Standing


def made(metadata: dict[str, object]) -> Record:
    return Record.made(evidence_id="1", event_type="x", widget="w", at=NOW, metadata=metadata)  # type: ignore[arg-type]


def test_an_event_that_claims_nothing_proves_nothing() -> None:
    assert made({"endpoint": "https://a.example/"}).outcome is None


@pytest.mark.parametrize("claim", [None, {}, {"outcome": "good", "collectedAt": "2026-01-01T00:00:00Z"}, "pass", 1])
def test_a_claim_that_cannot_be_understood_is_an_error_not_nothing(claim: object) -> None:
    assert made({"evidence": claim}).outcome is Outcome.ERROR


def test_what_is_emitted_without_an_outcome_proves_nothing() -> None:
    """The id of its envelope stands under the same key, and is no claim."""
    envelope = Envelope.event("xyz-hub", "xyz-main", "xyz-claimed", source="s", metadata={"n": 1}, at=NOW)
    assert envelope.data["metadata"] == {"n": 1, "evidence": {"id": envelope.id}}
    (found,) = from_envelopes([envelope])
    assert (found.outcome, found.said) == (None, "")
    assert Standing.of(found.metadata, NOW) == Standing.of({"n": 1}, NOW)


def test_no_clock_makes_evidence_younger_than_its_event() -> None:
    later = "2026-03-11T00:00:00Z"
    found = made({"evidence": {"outcome": "pass", "collectedAt": later}})
    assert (found.at, found.collected) == (NOW, NOW)
    earlier = "2026-03-09T00:00:00Z"
    assert made({"evidence": {"outcome": "pass", "collectedAt": earlier}}).collected == NOW - timedelta(hours=36)


def test_a_statement_has_a_name_and_an_end() -> None:
    assert record(attested=True, lasts=60).attested
    assert not record(attested=True).attested
    assert not record(attested=True, lasts=60, by="").attested
    assert not record(lasts=60).attested
    assert not record(None, attested=True).attested


def test_events_and_envelopes_say_the_same() -> None:
    envelope = Envelope.event("xyz-hub", "xyz-main", "xyz-claimed", source="s", metadata={"n": 1}, at=NOW)
    remark = Envelope.annotation("xyz-hub", "xyz-main", "xyz-note", "said", source="s", at=NOW)
    (one,) = from_envelopes([envelope, remark])
    event = Event.model_validate(
        {
            "id": UUID(int=2),
            "hubId": UUID(int=3),
            "widgetId": UUID(int=1),
            "eventType": "xyz-claimed",
            "viewContext": "x",
            "occurredAt": NOW,
            "metadata": envelope.data["metadata"],
            "actor": "a",
            "createdAt": NOW,
        }
    )
    (other,) = from_events([event], {UUID(int=1): "xyz-main"})
    assert (one.type, one.widget, one.at, one.metadata) == (other.type, other.widget, other.at, other.metadata)
    assert (one.id, other.id) == (envelope.id, str(UUID(int=2)))
    assert list(from_events([event], {})) == []
