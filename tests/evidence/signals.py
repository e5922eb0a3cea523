"""Signals to observe, and results as if they had been."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from vsmhub.evidence.attempts import Result
from vsmhub.evidence.judgement import Judgement, Outcome
from vsmhub.evidence.probes.observation import Observation, Reason
from vsmhub.evidence.probes.probe import Context
from vsmhub.evidence.probes.resolver import Resolver
from vsmhub.spec.load import load_hub
from vsmhub.spec.signals import Signal

OPS = load_hub(Path(__file__).parents[2] / "hubs" / "ops")
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def signal(name: str = "s", *, url: str = "http://127.0.0.1/", **more: Any) -> Signal:
    emission = {"event": "ops-endpoint-verified", "widget": "ops-readiness-gitea-registry"}
    emission |= more.pop("emission", {})
    fields = {
        "name": name,
        "why": "w",
        "fix": "f",
        "probe": {"http": {"url": url}},
        "expect": ("status == 401",),
        "emits": (emission,),
        "retries": 0,
        **more,
    }
    return Signal.model_validate(fields, strict=False)


def context() -> Context:
    return Context(Resolver())


def result(one: Signal, outcome: Outcome, slot: datetime = NOW, **facts: Any) -> Result:
    """As if the signal had been observed with this outcome."""
    from vsmhub.evidence.attempts import Attempt

    reason = {Outcome.PASS: None, Outcome.FAIL: Reason.STATUS, Outcome.ERROR: Reason.PROBER}[outcome]
    seen = Observation(at=slot, seconds=0.25, facts=facts, reason=reason)
    return Result(one, slot, (Attempt(seen, Judgement(outcome, reason, "so it is" if reason else "")),))
