"""What gates come to: computed from evidence at a time, never written down. No I/O."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TypeAlias

from pydantic import JsonValue

from vsmhub.evidence.freshness import is_fresh, known_at, span, valid_until
from vsmhub.evidence.judgement import Outcome
from vsmhub.evidence.logic import Status, at_least
from vsmhub.evidence.record import Record, newer
from vsmhub.spec.gates.conditions import AllOf, AnyOf, AtLeast, Condition, EvidenceCondition
from vsmhub.spec.gates.document import Gate, Gates, NotApplicable, SetAside, Waiver
from vsmhub.spec.spans import age_text

ByPlace: TypeAlias = Mapping[tuple[str, str], Sequence[Record]]
"""Records by event type and widget."""

STATUS_OF = {Outcome.PASS: Status.PASS, Outcome.FAIL: Status.FAIL, Outcome.ERROR: Status.ERROR}
"""What evidence comes to while it counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What one condition comes to, and why; `until` is when that would change if nothing new came."""

    status: Status
    shows: str
    reason: str
    evidence: tuple[str, ...] = ()
    until: datetime | None = None
    parts: tuple["Result", ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GateResult:
    """What a gate comes to. `set_aside` is the decision that lies over the status where one is in force."""

    key: str
    gate: Gate
    result: Result
    set_aside: SetAside | None = None

    @property
    def status(self) -> Status:
        """The status that the evidence gives, whatever anybody decided."""
        return self.result.status

    @property
    def lets_go(self) -> bool:
        """Whether a wave need not wait for it."""
        return self.status is Status.PASS or self.set_aside is not None

    @property
    def shown(self) -> str:
        """The status with what lies over it, such as `waived (fail)`."""
        match self.set_aside:
            case Waiver():
                return f"waived ({self.status})"
            case NotApplicable():
                return f"not applicable ({self.status})"
            case _:
                return self.status.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether a wave may go: only with a gate that blocks, and when each of those lets it."""

    wave: str
    go: bool
    gates: tuple[GateResult, ...]

    @property
    def blockers(self) -> tuple[GateResult, ...]:
        """The gates that it waits for."""
        return tuple(one for one in self.gates if one.gate.enforcement == "blocking" and not one.lets_go)


def evaluate(gates: Gates, records: Iterable[Record], as_of: datetime) -> tuple[GateResult, ...]:
    """What every gate comes to at a time, from the evidence that was there then; in the order of the file."""
    places: dict[tuple[str, str], list[Record]] = defaultdict(list)
    for record in records:
        if record.outcome is not None and known_at(record, as_of):
            places[record.type, record.widget].append(record)
    aside = {one.gate: one for one in (*gates.not_applicable, *gates.waivers) if in_force(one, as_of)}
    return tuple(
        GateResult(
            key=key,
            gate=gate,
            result=_condition(gate.condition, span(gate.max_age), places, as_of),
            set_aside=aside.get(key),
        )
        for key, gate in gates.gates.items()
    )


def verdict(wave: str, results: Iterable[GateResult]) -> Verdict:
    """Whether the wave may go."""
    own = tuple(one for one in results if wave in one.gate.waves)
    blocking = [one for one in own if one.gate.enforcement == "blocking"]
    return Verdict(wave=wave, go=bool(blocking) and all(one.lets_go for one in blocking), gates=own)


def in_force(decision: SetAside, as_of: datetime) -> bool:
    """Whether a gate is set aside at that time; days begin and end in UTC."""
    begin, end = (datetime.combine(day, time(), UTC) for day in (decision.granted, decision.expires))
    return begin <= as_of < end


def _condition(condition: Condition, max_age: timedelta, places: ByPlace, as_of: datetime) -> Result:
    match condition:
        case EvidenceCondition():
            return _evidence(condition, span(condition.max_age) if condition.max_age else max_age, places, as_of)
        case AllOf():
            return _several(condition.all_of, len(condition.all_of), max_age, places, as_of)
        case AnyOf():
            return _several(condition.any_of, 1, max_age, places, as_of)
        case AtLeast():
            return _several(condition.of, condition.at_least, max_age, places, as_of)


def _several(
    conditions: Sequence[Condition], wanted: int, max_age: timedelta, places: ByPlace, as_of: datetime
) -> Result:
    return _together([_condition(one, max_age, places, as_of) for one in conditions], wanted)


def _together(parts: Sequence[Result], wanted: int, shows: str = "") -> Result:
    status = at_least(wanted, [one.status for one in parts])
    met = sum(one.status is Status.PASS for one in parts)
    first = next((one for one in parts if one.status is status), None)
    reason = f"{met} of {len(parts)} met" + (f"; {first.shows}: {first.reason}" if first and met < wanted else "")
    return Result(
        status=status,
        shows=shows or ("all of them" if wanted == len(parts) else f"{wanted} of {len(parts)}"),
        reason=reason,
        evidence=tuple(dict.fromkeys(id_ for one in parts for id_ in one.evidence)),
        until=_until(parts, wanted) if status is Status.PASS else None,
        parts=tuple(parts),
    )


def _until(parts: Sequence[Result], wanted: int) -> datetime | None:
    """When fewer than `wanted` would still be met."""
    ends = sorted((one.until for one in parts if one.status is Status.PASS and one.until), reverse=True)
    endless = sum(one.status is Status.PASS and one.until is None for one in parts)
    left = wanted - endless
    return ends[left - 1] if 0 < left <= len(ends) else None


def _evidence(condition: EvidenceCondition, max_age: timedelta, places: ByPlace, as_of: datetime) -> Result:
    """The newest evidence of each signal counts; where the condition names none, all of them must say the same."""
    by_signal: dict[str | None, Record] = {}
    for record in places.get((condition.event, condition.widget), ()):
        if _asked_for(condition, record):
            known = by_signal.get(record.signal)
            by_signal[record.signal] = record if known is None else newer(known, record)
    found = [_one(condition, by_signal[one], max_age, as_of) for one in sorted(by_signal, key=lambda name: name or "")]
    if not found:
        whose = f" from the signal {condition.signal}" if condition.signal else ""
        what = f"no statement{whose}" if condition.attested else f"no evidence{whose}"
        reason = f"{what}: {condition.event} about {condition.widget}"
        return Result(status=Status.UNKNOWN, shows=condition.shows, reason=reason)
    return found[0] if len(found) == 1 else _together(found, len(found), condition.shows)


def _asked_for(condition: EvidenceCondition, record: Record) -> bool:
    return (
        (condition.signal is None or record.signal == condition.signal)
        and (record.attested or not condition.attested)
        and all(key in record.metadata and _same(record.metadata[key], value) for key, value in condition.where.items())
    )


def _same(one: JsonValue, other: JsonValue) -> bool:
    """Equal as JSON, where `true` is not 1, and 1.0 is 1."""
    match one, other:
        case dict(), dict():
            return one.keys() == other.keys() and all(_same(value, other[key]) for key, value in one.items())
        case list(), list():
            return len(one) == len(other) and all(map(_same, one, other))
        case _:
            return isinstance(one, bool) == isinstance(other, bool) and one == other


def _one(condition: EvidenceCondition, record: Record, max_age: timedelta, as_of: datetime) -> Result:
    end = valid_until(record, max_age)
    status = STATUS_OF[record.outcome] if record.outcome else Status.UNKNOWN
    age = age_text((as_of - record.collected).total_seconds())
    who = f"signal {record.signal}" if record.signal else record.by or "somebody"
    said = f": {record.said}" if record.said else ""
    if not is_fresh(record, as_of, max_age):
        reason = f"{status} {age} ago by {who}, too old since {end:%Y-%m-%d %H:%M:%S} UTC" + _silence(record)
        return Result(status=Status.STALE, shows=condition.shows, reason=reason, evidence=(record.id,))
    reason = f"{status} {age} ago by {who}{said}"
    return Result(status=status, shows=condition.shows, reason=reason, evidence=(record.id,), until=end)


def _silence(record: Record) -> str:
    """Since when a signal is silent: that nobody looks is why its evidence is too old."""
    if record.signal is None:
        return ""
    last = f", last by {record.by}" if record.by else ""
    return f"; no evidence since {record.collected.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC{last}"
