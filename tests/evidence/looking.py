"""One look at a target given as a spec has it."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from vsmhub.evidence.judgement import expectations, judge, looked_at
from vsmhub.evidence.probes.kinds import observe
from vsmhub.evidence.probes.observation import Observation
from vsmhub.evidence.probes.probe import Context, Revealing, Trust
from vsmhub.evidence.probes.resolver import Resolver
from vsmhub.secrets.secret import Secret
from vsmhub.spec.conditions.tree import Sort
from vsmhub.spec.observables import Observables, observables
from vsmhub.spec.targets import Probe


def look(
    kind: str,
    *,
    wanted: str = "",
    timeout: float = 5.0,
    trust: Path | None = None,
    secrets: dict[str, str] | None = None,
    folder: Path | None = None,
    commands: bool = False,
    **target: Any,
) -> Observation:
    """What one probe observes; `wanted` names the facts that conditions would look at."""
    probe = Probe.model_validate({kind: target}, strict=False)

    def secret(name: str) -> Revealing | None:
        return Secret(secrets[name]) if secrets and name in secrets else None

    resolver = Resolver()
    context = Context(
        resolver,
        Trust(trust),
        secret,
        folder or Path.cwd(),
        commands,
        frozenset(wanted.split()),
        timeout,
    )
    try:
        found = asyncio.run(observe(probe, context))
    finally:
        resolver.close()
    demand_declared(found, observables(probe.kind, target.get("format", "text")))
    return found


def verdict(kind: str, *conditions: str, **more: Any) -> tuple[str, str | None]:
    """Outcome and reason of a look that is judged by conditions, as a signal's is."""
    expected = expectations(conditions)
    found = look(kind, wanted=" ".join(looked_at(expected)), **more)
    judged = judge(expected, found, datetime.now(UTC))
    return judged.outcome.value, judged.reason and judged.reason.value


FITTING: dict[Sort, tuple[type, ...]] = {
    Sort.NUMBER: (int, float),
    Sort.SPAN: (float,),
    Sort.AMOUNT: (int, float),
    Sort.TEXT: (str,),
    Sort.TRUTH: (bool,),
    Sort.LIST: (tuple,),
    Sort.JSON: (object,),
}


def demand_declared(found: Observation, declared: Observables) -> None:
    """Every fact is one that the spec declares for this kind of probe, and of the sort that conditions expect."""
    for name, value in found.facts.items():
        assert name in declared, f"{name} is not declared"
        if declared[name].keyed:
            assert isinstance(value, Mapping), name
        else:
            assert isinstance(value, FITTING[declared[name].sort]), f"{name} is {value!r}"
            assert isinstance(value, bool) == (declared[name].sort is Sort.TRUTH) or declared[name].sort is Sort.JSON
