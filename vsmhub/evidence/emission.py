"""From what came of a signal to the events that the signal emits."""

import re
import socket
from collections.abc import Mapping
from datetime import timedelta
from functools import lru_cache

from pydantic import JsonValue

from vsmhub.evidence.attempts import Result
from vsmhub.evidence.claim import Claim, rfc3339
from vsmhub.evidence.conditions import Missing, value_of
from vsmhub.evidence.envelope import Envelope
from vsmhub.evidence.probes.observation import Observation
from vsmhub.evidence.statement import classified
from vsmhub.spec.conditions.checking import sort_of
from vsmhub.spec.conditions.grammar import parse_operand
from vsmhub.spec.conditions.tree import Operand, Sort
from vsmhub.spec.expectations import PLACEHOLDER
from vsmhub.spec.model import HubSpec
from vsmhub.spec.observables import Observables, observables
from vsmhub.spec.signals import Emission, Signal
from vsmhub.spec.spans import amount_text, seconds, span_text

INTERVALS = 3
"""For how many intervals an observation counts where the signal does not say."""

TEXT_LIMIT = 1000
"""Characters of what was observed that go into an event."""


def envelopes(result: Result, spec: HubSpec, *, by: str | None = None) -> tuple[Envelope, ...]:
    """The events of one result. The same signal and scheduled time give the same ids, whoever looked.

    `by` says who that was; this machine where it is not given.
    """
    return tuple(_envelope(result, emission, spec, by or prober()) for emission in result.signal.emits)


def _envelope(result: Result, emission: Emission, spec: HubSpec, by: str) -> Envelope:
    signal, observation, judgement = result.signal, result.observation, result.judgement
    valid = seconds(emission.valid_for) if emission.valid_for else INTERVALS * seconds(signal.every)
    claim = Claim(
        outcome=judgement.outcome,
        collected_at=observation.at,
        expires_at=observation.at + timedelta(seconds=valid),
        by=by,
        signal=signal.name,
        reason=judgement.reason,
        said=judgement.said[:TEXT_LIMIT],
    )
    known = observables(signal.probe.kind, getattr(signal.probe.target, "format", "text"))
    metadata = {name: _filled(value, observation, known) for name, value in emission.metadata.items()}
    latency = {"latencyMs": round(observation.seconds * 1000, 1)}
    return Envelope.event(
        spec.hub.slug,
        emission.widget,
        emission.event,
        source=source(spec, signal),
        view_context=emission.view_context,
        metadata={**classified(spec, metadata), **latency, **claim.metadata()},
        actor=by,
        at=observation.at,
        name=f"{rfc3339(result.slot)} {emission.event} {emission.widget}",
        check=False,
    )


def source(spec: HubSpec, signal: Signal) -> str:
    """Where a signal's evidence comes from, as CloudEvents have it."""
    return f"urn:vsmhub:{spec.hub.slug}:signal:{signal.name}"


@lru_cache(maxsize=1)
def prober() -> str:
    """Who looks: this machine."""
    return f"prober {socket.gethostname()}"[:200]


def _filled(value: JsonValue, seen: Observation, known: Observables) -> JsonValue:
    match value:
        case str():
            return _text(value, seen, known)
        case list():
            return [_filled(item, seen, known) for item in value]
        case dict():
            return {name: _filled(inner, seen, known) for name, inner in value.items()}
        case _:
            return value


def _text(text: str, seen: Observation, known: Observables) -> JsonValue:
    """A text with what was observed in its places; the value itself where nothing else is there, null when missing."""
    if "{" not in text and "}" not in text:
        return text
    whole = PLACEHOLDER.fullmatch(text)
    if whole and whole[1] is not None:
        return _value(whole[1], seen, known)
    missing = False

    def put(found: "re.Match[str]") -> str:
        nonlocal missing
        if found[1] is None:
            return found[0][0]
        value = _value(found[1], seen, known)
        missing = missing or value is None
        return value if isinstance(value, str) else str(value)

    filled = PLACEHOLDER.sub(put, text)
    return None if missing else filled[: 2 * TEXT_LIMIT]


def _value(fact: str, seen: Observation, known: Observables) -> JsonValue:
    operand = _operand(fact)
    value = value_of(operand, seen.facts, seen.at)
    match value:
        case Missing() | None:
            return None
        case str():
            return value[:TEXT_LIMIT]
        case bool():
            return value
        case int() | float():
            sort = sort_of(operand, known)
            if sort is Sort.SPAN:
                return span_text(value)
            return amount_text(value) if sort is Sort.AMOUNT else value
        case tuple():
            return list(value)
        case Mapping():
            return dict(value)
        case _:
            return value


@lru_cache(maxsize=4096)
def _operand(text: str) -> Operand:
    return parse_operand(text)
