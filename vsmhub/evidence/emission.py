"""From what came of a signal to the events that the signal emits."""

import re
import socket
from collections.abc import Mapping
from dataclasses import dataclass
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
from vsmhub.spec.targets import CommandTarget, FileTarget

INTERVALS = 3
"""For how many intervals an observation counts where the signal does not say."""

TEXT_LIMIT = 1000
"""Characters of what was observed that go into an event."""


@dataclass(frozen=True, slots=True)
class _Form:
    """An emission as far as it is the same for every result; `places` are the metadata that wait to be filled in."""

    emission: Emission
    hub: str
    source: str
    name: str
    valid: timedelta
    known: Observables
    metadata: Mapping[str, JsonValue]
    places: tuple[str, ...]


class Emitter:
    """Makes the events of one hub's results; what is the same for each result of a signal is made once.

    `by` says who looked; this machine where it is not given.
    """

    def __init__(self, spec: HubSpec, *, by: str | None = None) -> None:
        self._spec = spec
        self._by = by or prober()
        self._forms: dict[str, tuple[Signal, tuple[_Form, ...]]] = {}

    def envelopes(self, result: Result) -> tuple[Envelope, ...]:
        """The events of one result. The same signal and scheduled time give the same ids, whoever looked."""
        signal = result.signal
        before, forms = self._forms.get(signal.name, (None, ()))
        if before is not signal:
            forms = tuple(_form(self._spec, signal, emission) for emission in signal.emits)
            self._forms[signal.name] = signal, forms
        return tuple(_envelope(form, result, self._by) for form in forms)


def _form(spec: HubSpec, signal: Signal, emission: Emission) -> _Form:
    target = signal.probe.target
    known = observables(signal.probe.kind, target.format if isinstance(target, FileTarget | CommandTarget) else "text")
    valid = seconds(emission.valid_for) if emission.valid_for else INTERVALS * seconds(signal.every)
    return _Form(
        emission=emission,
        hub=spec.hub.slug,
        source=source(spec, signal),
        name=f"{emission.event} {emission.widget}",
        valid=timedelta(seconds=valid),
        known=known,
        metadata=classified(spec, emission.metadata),
        places=tuple(name for name, value in emission.metadata.items() if not _is_constant(value)),
    )


def _envelope(form: _Form, result: Result, by: str) -> Envelope:
    observation, judgement, emission = result.observation, result.judgement, form.emission
    claim = Claim(
        outcome=judgement.outcome,
        collected_at=observation.at,
        expires_at=observation.at + form.valid,
        by=by,
        signal=result.signal.name,
        reason=judgement.reason,
        said=judgement.said[:TEXT_LIMIT],
    )
    metadata = dict(form.metadata)
    for name in form.places:
        metadata[name] = _filled(metadata[name], observation, form.known)
    metadata["latencyMs"] = round(observation.seconds * 1000, 1)
    return Envelope.event(
        form.hub,
        emission.widget,
        emission.event,
        source=form.source,
        view_context=emission.view_context,
        metadata=metadata | claim.metadata(),
        actor=by,
        at=observation.at,
        name=f"{rfc3339(result.slot)} {form.name}",
        check=False,
    )


def source(spec: HubSpec, signal: Signal) -> str:
    """Where a signal's evidence comes from, as CloudEvents have it."""
    return f"urn:vsmhub:{spec.hub.slug}:signal:{signal.name}"


@lru_cache(maxsize=1)
def prober() -> str:
    """Who looks: this machine."""
    return f"prober {socket.gethostname()}"[:200]


def _is_constant(value: JsonValue) -> bool:
    """Whether nothing in it is filled in, nor written twice to stand for itself."""
    match value:
        case str():
            return "{" not in value and "}" not in value
        case list():
            return all(map(_is_constant, value))
        case dict():
            return all(map(_is_constant, value.values()))
        case _:
            return True


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
