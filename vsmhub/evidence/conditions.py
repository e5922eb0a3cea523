"""Conditions met by facts, three-valued: what was not observed is neither met nor not met, and never counts as met."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from vsmhub.evidence.probes.observation import FactValue
from vsmhub.spec.conditions.tree import (
    Both,
    Call,
    Comparison,
    Condition,
    Exists,
    Fact,
    Holds,
    Literal,
    Not,
    Operand,
    Sort,
)
from vsmhub.spec.spans import amount_text, span_text


class Missing:
    """Stands for what was not observed; `why` says how it is missing."""

    __slots__ = ("why",)

    def __init__(self, why: str) -> None:
        self.why = why


@dataclass(frozen=True, slots=True)
class Finding:
    """Whether a condition is met (None: it cannot be told), what was seen instead, and the fact that decided."""

    met: bool | None
    said: str = ""
    fact: str = ""


MET: Final = Finding(met=True)


def evaluate(condition: Condition, facts: Mapping[str, FactValue], now: datetime) -> Finding:
    """Whether the facts meet the condition. `now` is the time that `age` counts from."""
    match condition:
        case Both():
            return _both([evaluate(part, facts, now) for part in condition.parts], every=condition.every)
        case Not():
            found = evaluate(condition.condition, facts, now)
            if found.met is None:
                return found
            if not found.met:
                return MET
            return Finding(met=False, said="what must not hold does", fact=_fact_of(condition.condition))
        case Exists():
            value = value_of(condition.fact, facts, now)
            if isinstance(value, Missing):
                return Finding(met=False, said=f"{condition.fact} is missing", fact=condition.fact.name)
            return MET
        case Holds():
            value = value_of(condition.operand, facts, now)
            return _told(value, lambda found: found is True, condition.operand)
        case Comparison():
            return _compared(condition, facts, now)


def value_of(operand: Operand, facts: Mapping[str, FactValue], now: datetime) -> FactValue | Missing:
    """What an operand is worth; Missing when it was not observed, or is not what a function takes."""
    match operand:
        case Literal():
            if isinstance(operand.value, tuple):
                return [item.value for item in operand.value if not isinstance(item.value, tuple)]
            return operand.value
        case Fact():
            return _observed(operand, facts)
        case Call():
            inner = value_of(operand.operand, facts, now)
            if isinstance(inner, Missing):
                return inner
            return _FUNCTIONS[operand.function](inner, now)


def shown(value: FactValue | Missing, sort: Sort | None = None) -> str:
    """A value for people, short: spans and amounts with their units."""
    if isinstance(value, Missing):
        return value.why
    if sort is Sort.SPAN and isinstance(value, (int, float)):
        return span_text(value)
    if sort is Sort.AMOUNT and isinstance(value, (int, float)):
        return amount_text(value)
    text = json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=False, default=dict)
    return text if len(text) <= 120 else f"{text[:117]}..."


def _both(found: Sequence[Finding], *, every: bool) -> Finding:
    decisive = next((one for one in found if one.met is (not every)), None)
    unsure = next((one for one in found if one.met is None), None)
    if decisive is not None:
        return decisive
    if unsure is not None:
        return unsure
    return MET if every else found[0]


def _observed(fact: Fact, facts: Mapping[str, FactValue]) -> FactValue | Missing:
    if fact.name not in facts:
        return Missing(f"{fact} was not observed")
    value = facts[fact.name]
    if not fact.steps:
        return value
    if fact.name == "header" and isinstance(value, Mapping):
        found = value.get(str(fact.steps[0]).lower())
        return Missing(f"there is no {fact}") if found is None else found
    for step in fact.steps:
        if isinstance(value, Mapping) and step in value:
            value = value[str(step)]
        elif isinstance(value, list) and isinstance(step, int) and -len(value) <= step < len(value):
            value = value[step]
        else:
            return Missing(f"there is no {fact}")
    return value


def _compared(condition: Comparison, facts: Mapping[str, FactValue], now: datetime) -> Finding:
    left, right = value_of(condition.left, facts, now), value_of(condition.right, facts, now)
    sort = condition.right.sort if isinstance(condition.right, Literal) else None
    subject = condition.left if not isinstance(condition.left, Literal) else condition.right
    fact = _name(condition.left) or _name(condition.right)
    for value in (left, right):
        if isinstance(value, Missing):
            return Finding(met=None, said=value.why, fact=fact)
    answer = _OPERATORS[condition.operator](left, right)  # type: ignore[arg-type] # neither is Missing here
    if answer:
        return MET
    said = f"{subject} is {shown(left if subject is condition.left else right, sort)}"
    return Finding(met=answer, said=said, fact=fact)


def _told(value: FactValue | Missing, test: Callable[[FactValue], bool], operand: Operand) -> Finding:
    fact = _name(operand)
    if isinstance(value, Missing):
        return Finding(met=None, said=value.why, fact=fact)
    return MET if test(value) else Finding(met=False, said=f"{operand} is {shown(value)}", fact=fact)


def _name(operand: Operand) -> str:
    match operand:
        case Fact():
            return operand.name
        case Call():
            return _name(operand.operand)
        case Literal():
            return ""


def _fact_of(condition: Condition) -> str:
    match condition:
        case Both():
            return _fact_of(condition.parts[0])
        case Not():
            return _fact_of(condition.condition)
        case Exists():
            return condition.fact.name
        case Holds():
            return _name(condition.operand)
        case Comparison():
            return _name(condition.left) or _name(condition.right)


def _equal(left: FactValue, right: FactValue) -> bool | None:
    if isinstance(left, tuple) or isinstance(right, tuple):
        return sorted(map(str, _items(left))) == sorted(map(str, _items(right)))  # a list's order means nothing
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    return left == right


def _items(value: FactValue) -> Sequence[object]:
    return value if isinstance(value, (list, tuple)) else []


def _ordered(test: Callable[[float, float], bool]) -> Callable[[FactValue, FactValue], bool | None]:
    def compare(left: FactValue, right: FactValue) -> bool | None:
        if _is_number(left) and _is_number(right):
            return test(left, right)  # type: ignore[arg-type] # both are numbers
        return None

    return compare


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _contains(left: FactValue, right: FactValue) -> bool | None:
    if isinstance(left, str):
        return isinstance(right, str) and right in left
    return right in left if isinstance(left, (list, tuple)) else None


def _starts(left: FactValue, right: FactValue) -> bool | None:
    return left.startswith(right) if isinstance(left, str) and isinstance(right, str) else None


def _ends(left: FactValue, right: FactValue) -> bool | None:
    return left.endswith(right) if isinstance(left, str) and isinstance(right, str) else None


def _within(left: FactValue, right: FactValue) -> bool | None:
    return any(_equal(left, item) for item in _items(right))  # type: ignore[arg-type] # items of a literal


_OPERATORS: Mapping[str, Callable[[FactValue, FactValue], bool | None]] = {
    "==": _equal,
    "!=": lambda left, right: not _equal(left, right),
    "<": _ordered(lambda left, right: left < right),
    "<=": _ordered(lambda left, right: left <= right),
    ">": _ordered(lambda left, right: left > right),
    ">=": _ordered(lambda left, right: left >= right),
    "contains": _contains,
    "startswith": _starts,
    "endswith": _ends,
    "in": _within,
}


def _age(value: FactValue, now: datetime) -> FactValue | Missing:
    found = moment(value)
    return Missing(f"{shown(value)} is no time") if found is None else (now - found).total_seconds()


def _count(value: FactValue, now: datetime) -> FactValue | Missing:  # noqa: ARG001 - all functions are called alike
    return len(value) if isinstance(value, (list, tuple, dict)) else Missing(f"{shown(value)} has no items")


def _number(value: FactValue, now: datetime) -> FactValue | Missing:  # noqa: ARG001
    if isinstance(value, str) and len(value) <= 30 and re.fullmatch(r"\s*-?[0-9]+(\.[0-9]+)?\s*", value, re.ASCII):
        return float(value)
    return value if _is_number(value) else Missing(f"{shown(value)} is no number")


def _lower(value: FactValue, now: datetime) -> FactValue | Missing:  # noqa: ARG001
    return value.lower() if isinstance(value, str) else Missing(f"{shown(value)} is no text")


_FUNCTIONS: Mapping[str, Callable[[FactValue, datetime], FactValue | Missing]] = {
    "age": _age,
    "count": _count,
    "number": _number,
    "lower": _lower,
}


# Restic writes nanoseconds; Python reads six digits of a fraction.
_FRACTION = re.compile(r"(\.[0-9]{6})[0-9]+", re.ASCII)


def moment(value: object) -> datetime | None:
    """A time as programs write it (RFC 3339, or seconds since 1970); None for anything else, and without an offset."""
    if isinstance(value, str):
        try:
            found = datetime.fromisoformat(_FRACTION.sub(r"\1", value))
        except ValueError:
            return None
        return found if found.tzinfo else None
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        try:
            return datetime.fromtimestamp(value, UTC)
        except (ValueError, OverflowError, OSError):
            return None
    return None
