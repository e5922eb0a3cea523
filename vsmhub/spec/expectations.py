"""Rules within one `signals.yaml`: conditions make sense for their probe, and what is emitted can be filled in.

The rules look at plain data, so that a file that is wrong in one place is still told all the rest.
"""

import ipaddress
import re
from collections.abc import Iterator, Mapping
from typing import get_args
from urllib.parse import urlsplit

from pydantic import JsonValue

from vsmhub.spec.complaint import Finding, Pointer, path_text, quoted
from vsmhub.spec.conditions.checking import check, sort_of
from vsmhub.spec.conditions.errors import ConditionError
from vsmhub.spec.conditions.grammar import parse, parse_operand
from vsmhub.spec.near import did_you_mean
from vsmhub.spec.observables import Observables, observables
from vsmhub.spec.parts import EACH, parts, texts, value_at
from vsmhub.spec.spans import SPAN_PATTERN, seconds
from vsmhub.spec.targets import KINDS, Format

PLACEHOLDER = re.compile(r"\{\{|\}\}|\{([^{}]*)\}")
"""What is replaced in a text of an emission's metadata; a doubled brace stands for one."""

SHORTEST_INTERVAL = 1.0
LONGEST_TIMEOUT = 300.0


def signal_findings(data: JsonValue) -> Iterator[Finding]:
    """All that does not fit within one `signals.yaml`, given as plain data."""
    yield from _names(data)
    for pointer, _ in parts(data, ("signals", EACH)):
        yield from _probe(data, pointer)
        yield from _times(data, pointer)


def hub_findings(data: JsonValue, *, event_types: Mapping[str, object], widgets: frozenset[str]) -> Iterator[Finding]:
    """What signals name that their hub does not have; `widgets` are the slugs of all that exist from the start."""
    for rule, key, known, what in (
        ("event-type", "event", event_types, "one of the hub's event types"),
        ("widget", "widget", widgets, "the slug of one of the hub's widgets"),
    ):
        for pointer, name in texts(data, ("signals", EACH, "emits", EACH, key)):
            if name not in known:
                hint = did_you_mean(name, known)
                yield Finding(rule=rule, message=f"{quoted(name)} is not {what}", pointer=pointer, hint=hint)


def _names(data: JsonValue) -> Iterator[Finding]:
    seen: dict[str, Pointer] = {}
    for pointer, name in texts(data, ("signals", EACH, "name")):
        if seen.setdefault(name, pointer) != pointer:
            message = f"{quoted(name)} is here twice; it is `{path_text(seen[name])}` already"
            yield Finding(rule="duplicate", message=message, pointer=pointer)
    for at, _ in parts(data, ("signals", EACH)):
        known: list[tuple[JsonValue, JsonValue]] = []
        for pointer, _ in parts(data, (*at, "emits", EACH)):
            event = value_at(data, (*pointer, "event")), value_at(data, (*pointer, "widget"))
            if event in known:
                message = "the same event about the same widget is emitted twice"
                yield Finding(rule="duplicate", message=message, pointer=pointer)
            known.append(event)


def _probe(data: JsonValue, at: Pointer) -> Iterator[Finding]:
    probe = value_at(data, (*at, "probe"))
    if not isinstance(probe, dict):
        return
    kinds = [kind for kind in probe if kind in KINDS]
    if len(kinds) != 1:
        message = "a signal probes one thing" + (f", not {' and '.join(kinds)}" if kinds else "")
        hint = "write two signals" if kinds else f"there are {', '.join(KINDS)}"
        if not kinds and probe:
            return  # a kind that is not known is complained of by the model
        yield Finding(rule="probe", message=message, pointer=(*at, "probe"), hint=hint)
        return
    yield from _networks(data, (*at, "probe", kinds[0], "allow"))
    yield from _secret_in_clear(data, (*at, "probe", kinds[0]))
    facts = _observables(kinds[0], probe[kinds[0]])
    if facts is None:
        return
    for pointer, text in texts(data, (*at, "expect", EACH)):
        try:
            check(parse(text), facts)
        except ConditionError as error:
            yield _finding("condition", pointer, error)
    for pointer, text in _all_texts(value_at(data, (*at, "emits")), (*at, "emits")):
        if "metadata" in pointer:
            yield from _placeholders(pointer, text, facts)


def _networks(data: JsonValue, at: Pointer) -> Iterator[Finding]:
    for pointer, text in texts(data, (*at, EACH)):
        try:
            ipaddress.ip_network(text)
        except ValueError as error:
            yield Finding(rule="network", message=f"{quoted(text)} is no network: {error}", pointer=pointer)


def _secret_in_clear(data: JsonValue, at: Pointer) -> Iterator[Finding]:
    url = value_at(data, (*at, "url"))
    if not isinstance(url, str) or value_at(data, (*at, "credential")) is None or not url.startswith("http://"):
        return
    if not _is_this_machine(urlsplit(url).hostname or ""):
        message = "a secret is not sent over http to another machine"
        yield Finding(rule="credential", message=message, pointer=(*at, "credential"), hint="use https")


def _is_this_machine(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:  # a name; also one such as 127.example.org
        return False


def _observables(kind: str, target: JsonValue) -> Observables | None:
    """The facts of a target that may be wrong in other ways; None when even its format is not known."""
    if not isinstance(target, dict):
        return None
    wanted = target.get("format", "text")
    form: Format | None = next((one for one in get_args(Format) if one == wanted), None)
    return None if form is None else observables(kind, form)


def _placeholders(pointer: Pointer, text: str, facts: Observables) -> Iterator[Finding]:
    for found in PLACEHOLDER.finditer(text):
        if found[1] is None:
            continue
        try:
            sort_of(parse_operand(found[1]), facts)
        except ConditionError as error:
            shifted = ConditionError(error.message, error.column + found.start(1), hint=error.hint)
            yield _finding("placeholder", pointer, shifted)


def _all_texts(value: JsonValue, at: Pointer) -> Iterator[tuple[Pointer, str]]:
    if isinstance(value, str):
        yield at, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _all_texts(inner, (*at, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _all_texts(inner, (*at, index))


def _times(data: JsonValue, at: Pointer) -> Iterator[Finding]:
    def span(key: str, default: str) -> float | None:
        text = value_at(data, (*at, key))
        text = default if text is None else text
        return seconds(text) if isinstance(text, str) and re.search(SPAN_PATTERN, text) else None

    every, timeout = span("every", "5m"), span("timeout", "10s")
    if every is not None and every < SHORTEST_INTERVAL:
        message = "a signal is observed at most once a second"
        yield Finding(rule="interval", message=message, pointer=(*at, "every"))
    if timeout is not None and not 0 < timeout <= LONGEST_TIMEOUT:
        message = f"a timeout is more than nothing and at most {LONGEST_TIMEOUT:.0f}s"
        yield Finding(rule="timeout", message=message, pointer=(*at, "timeout"))
    elif every is not None and timeout is not None and timeout > every >= SHORTEST_INTERVAL:
        message = "one attempt may take longer than the interval"
        hint = "shorten `timeout`, or lengthen `every`"
        yield Finding(rule="timeout", message=message, pointer=(*at, "timeout"), hint=hint)


def _finding(rule: str, pointer: Pointer, error: ConditionError) -> Finding:
    message = f"`{path_text(pointer)}`, character {error.column}: {error.message}"
    return Finding(rule=rule, message=message, pointer=pointer, hint=error.hint)
