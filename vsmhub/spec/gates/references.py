"""What does not fit within one `gates.yaml`, given as plain data."""

from collections.abc import Iterator
from datetime import date, timedelta

from pydantic import JsonValue

from vsmhub.spec.complaint import Finding, Pointer, path_text, quoted
from vsmhub.spec.near import did_you_mean
from vsmhub.spec.parts import EACH, mapping_at, parts, texts, value_at

LONGEST = timedelta(days=366)
"""How long a gate may be set aside: whoever still needs it then decides again."""

_ASIDE = ("waivers", "not_applicable")


def gate_findings(data: JsonValue) -> tuple[Finding, ...]:
    """All that does not fit within one file of gates."""
    return (*_gates_set_aside(data), *_approvals(data), *_ends(data), *_numbers(data), *_repeated(data))


def evidence_conditions(data: JsonValue) -> Iterator[Pointer]:
    """Where the conditions on single pieces of evidence stand."""
    for pointer, condition in parts(data, ("gates", EACH, "condition")):
        yield from _leaves(condition, pointer)


def _leaves(condition: JsonValue, at: Pointer) -> Iterator[Pointer]:
    if not isinstance(condition, dict):
        return
    several = [key for key in ("all_of", "any_of", "of") if key in condition]
    if not several:
        yield at
    for key in several:
        items = condition[key]
        for index, item in enumerate(items if isinstance(items, list) else ()):
            yield from _leaves(item, (*at, key, index))


def _gates_set_aside(data: JsonValue) -> Iterator[Finding]:
    gates = mapping_at(data, ("gates",))
    first: dict[str, Pointer] = {}
    for section in _ASIDE:
        for pointer, gate in texts(data, (section, EACH, "gate")):
            if gates is not None and gate not in gates:
                message = f"there is no gate {quoted(gate)} in `gates`"
                yield Finding(rule="reference", message=message, pointer=pointer, hint=did_you_mean(gate, gates))
            if first.setdefault(gate, pointer) != pointer:
                message = f"the gate {quoted(gate)} is set aside twice; see `{path_text(first[gate])}`"
                yield Finding(rule="duplicate", message=message, pointer=pointer)


def _approvals(data: JsonValue) -> Iterator[Finding]:
    for section in _ASIDE:
        for pointer, approver in texts(data, (section, EACH, "approved_by")):
            requester = value_at(data, (*pointer[:-1], "requested_by"))
            if isinstance(requester, str) and _person(requester) == _person(approver):
                message = "whoever asks for it cannot approve it"
                yield Finding(rule="approval", message=message, pointer=pointer)


def _person(name: str) -> str:
    return " ".join(name.casefold().split())


def _ends(data: JsonValue) -> Iterator[Finding]:
    for section in _ASIDE:
        for pointer, text in texts(data, (section, EACH, "expires")):
            granted, expires = _day(value_at(data, (*pointer[:-1], "granted"))), _day(text)
            if granted is None or expires is None:
                continue
            if expires <= granted:
                yield Finding(rule="expiry", message="it ends before it begins", pointer=pointer)
            elif expires - granted > LONGEST:
                message = f"it would last {(expires - granted).days} days; at most {LONGEST.days} are taken"
                yield Finding(rule="expiry", message=message, pointer=pointer)


def _day(written: JsonValue) -> date | None:
    try:
        return date.fromisoformat(written) if isinstance(written, str) else None
    except ValueError:
        return None


def _numbers(data: JsonValue) -> Iterator[Finding]:
    """More conditions asked for than there are."""
    for pointer, condition in parts(data, ("gates", EACH, "condition")):
        yield from _too_many(condition, pointer)


def _too_many(condition: JsonValue, at: Pointer) -> Iterator[Finding]:
    if not isinstance(condition, dict):
        return
    wanted, of = condition.get("at_least"), condition.get("of")
    if isinstance(wanted, int) and isinstance(of, list) and wanted > len(of):
        message = f"{wanted} of {len(of)} conditions can never be met"
        yield Finding(rule="wrong-count", message=message, pointer=(*at, "at_least"))
    for key in ("all_of", "any_of", "of"):
        items = condition.get(key)
        for index, item in enumerate(items if isinstance(items, list) else ()):
            yield from _too_many(item, (*at, key, index))


def _repeated(data: JsonValue) -> Iterator[Finding]:
    widgets: dict[str, Pointer] = {}
    for pointer, widget in texts(data, ("gates", EACH, "widget")):
        if widgets.setdefault(widget, pointer) != pointer:
            message = f"{quoted(widget)} is the widget of two gates; it is `{path_text(widgets[widget])}` already"
            yield Finding(rule="duplicate", message=message, pointer=pointer)
    for pointer, _ in parts(data, ("gates", EACH, "waves")):
        waves: dict[str, Pointer] = {}
        for at, wave in texts(data, (*pointer, EACH)):
            if waves.setdefault(wave, at) != at:
                yield Finding(rule="duplicate", message=f"{quoted(wave)} is here twice", pointer=at)
