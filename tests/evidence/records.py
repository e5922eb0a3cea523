"""Evidence to judge, made with as little as possible."""

from datetime import UTC, datetime, timedelta
from typing import Any

from vsmhub.evidence.claim import Claim
from vsmhub.evidence.judgement import Outcome
from vsmhub.evidence.record import Record

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)


def record(
    outcome: str | None = "pass",
    *,
    event: str = "xyz-claimed",
    widget: str = "xyz-main",
    age: float = 0,
    lasts: float | None = None,
    signal: str | None = None,
    by: str = "somebody",
    attested: bool = False,
    name: str = "",
    **metadata: Any,
) -> Record:
    """An event of `age` seconds ago that counts for `lasts` seconds, or without a claim when `outcome` is None."""
    at = NOW - timedelta(seconds=age)
    if outcome is not None:
        expires = at + timedelta(seconds=lasts) if lasts is not None else None
        claim = Claim(outcome=Outcome(outcome), collected_at=at, expires_at=expires, by=by, signal=signal)
        metadata |= claim.metadata()
    if attested:
        metadata["attested"] = True
    return Record.made(
        evidence_id=name or f"{event}/{widget}/{signal}/{outcome}/{age}",
        event_type=event,
        widget=widget,
        at=at,
        metadata=metadata,
    )
