"""Where an event stands among those like it: its series, and its place in the series' order.

Evidence lies in an event's metadata under the one key `evidence`. Inter-Hub keeps the newest event of each series, and
who judges evidence asks for those, so both have to read it in the same way: it is written down here.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple, Self

from pydantic import JsonValue

KEY = "evidence"
WEIGHTS: Mapping[str, int] = {"pass": 0, "error": 1, "fail": 2}
"""Outcomes by how much they weigh: of two collected at one time the worse is the newer."""

# A key of an index must stay small, and a cursor holds it too.
_LONGEST = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What evidence says of itself; `attested` is the statement of a named person that has an end."""

    outcome: str
    collected_at: datetime
    expires_at: datetime | None
    signal: str | None
    by: str
    said: str
    attested: bool

    @classmethod
    def read(cls, metadata: Mapping[str, JsonValue]) -> Self | None:
        """The proof in an event's metadata; None when it holds none, or one that cannot be understood."""
        found = metadata.get(KEY)
        if not isinstance(found, Mapping):
            return None
        outcome, signal = found.get("outcome"), found.get("signal")
        if not isinstance(outcome, str) or outcome not in WEIGHTS:
            return None
        try:
            collected = moment(found.get("collectedAt"))
            expires = moment(found["expiresAt"]) if found.get("expiresAt") is not None else None
        except ValueError:
            return None
        by, said = _text(found, "by"), _text(found, "said")
        return cls(
            outcome=outcome,
            collected_at=collected,
            expires_at=expires,
            signal=signal if isinstance(signal, str) else None,
            by=by,
            said=said,
            attested=metadata.get("attested") is True and bool(by) and expires is not None,
        )


class Standing(NamedTuple):
    """Events of one widget, type and series follow one another by collection, then weight, then id."""

    series: str
    collected_at: datetime
    weight: int

    @classmethod
    def of(cls, metadata: Mapping[str, JsonValue], occurred_at: datetime) -> Self:
        """Where an event stands. What cannot be understood stands with what nobody in particular says, as an error."""
        if not holds_evidence(metadata):
            return cls("", occurred_at, WEIGHTS["error"])
        proof = Proof.read(metadata)
        if proof is None:
            return cls("-", occurred_at, WEIGHTS["error"])
        kind = "+" if proof.attested else "-"
        series = kind if proof.signal is None else f"{kind}:{_short(proof.signal)}"
        return cls(series, min(proof.collected_at, occurred_at), WEIGHTS[proof.outcome])


def holds_evidence(metadata: Mapping[str, JsonValue]) -> bool:
    """Whether an event says that it proves something: more than the id by which it is known wherever it goes."""
    found = metadata.get(KEY)
    return KEY in metadata and not (isinstance(found, Mapping) and found.keys() == {"id"})


def moment(value: JsonValue) -> datetime:
    """A time with its offset, in UTC; ValueError for anything else."""
    found = datetime.fromisoformat(str(value))
    if found.tzinfo is None:
        raise ValueError("a time has an offset")
    try:
        return found.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("a time lies in the years 1 to 9999") from error


def _short(signal: str) -> str:
    """The signal, or a hash of one that is long or holds line ends and the like."""
    text = signal.encode()
    short = len(text) <= _LONGEST and signal.isprintable() and not signal.startswith("#")
    return signal if short else f"#{hashlib.sha256(text).hexdigest()}"


def _text(found: Mapping[str, JsonValue], name: str) -> str:
    value = found.get(name)
    return value if isinstance(value, str) else ""
