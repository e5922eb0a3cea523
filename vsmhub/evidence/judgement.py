"""From what was observed to a verdict: pass, fail, or error when the prober itself could not look. No I/O."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from vsmhub.evidence.conditions import evaluate
from vsmhub.evidence.probes.observation import Observation, Reason
from vsmhub.spec.conditions.grammar import parse
from vsmhub.spec.conditions.tree import Condition, facts_in


class Outcome(StrEnum):
    """What a look proves. An error proves nothing, neither that the target is well nor that it is not."""

    PASS = "pass"  # noqa: S105 - not a password
    FAIL = "fail"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Expected:
    """A condition as it was written, and its tree."""

    text: str
    condition: Condition


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict with its reason; `said` is for people and empty when all is well."""

    outcome: Outcome
    reason: Reason | None = None
    said: str = ""


def expectations(texts: Sequence[str]) -> tuple[Expected, ...]:
    """The conditions of a signal, read once; ConditionError for what is none, which loading has refused already."""
    return tuple(Expected(text, parse(text)) for text in texts)


def looked_at(expected: Sequence[Expected]) -> frozenset[str]:
    """The names of all facts that the conditions speak of."""
    return frozenset(fact.name for one in expected for fact in facts_in(one.condition))


def judge(expected: Sequence[Expected], observation: Observation, now: datetime) -> Judgement:
    """The verdict on one observation. A condition that cannot be told is not met."""
    if observation.reason is not None:
        outcome = Outcome.ERROR if observation.probers_own else Outcome.FAIL
        return Judgement(outcome, observation.reason, observation.message)
    for one in expected:
        found = evaluate(one.condition, observation.facts, now)
        if found.met is not True:
            return Judgement(Outcome.FAIL, reason_of(found.fact), f"{one.text}: {found.said}")
    return Judgement(Outcome.PASS)


# A fact's own name first, then that of the group it belongs to.
_REASONS: Mapping[str, Reason] = {
    "status": Reason.STATUS,
    "header": Reason.HEADER,
    "body": Reason.BODY,
    "json": Reason.BODY,
    "latency": Reason.LATENCY,
    "time": Reason.LATENCY,
    "certificate": Reason.CERTIFICATE,
    "tls": Reason.TLS,
    "redirects": Reason.REDIRECT,
    "url": Reason.REDIRECT,
    "rcode": Reason.DNS,
    "answers": Reason.DNS,
    "login": Reason.CREDENTIAL,
}


def reason_of(fact: str) -> Reason:
    """Why a condition about this fact is not met."""
    return _REASONS.get(fact) or _REASONS.get(fact.partition(".")[0]) or Reason.VALUE
