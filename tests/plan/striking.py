"""Whole applies over a network that is struck: each is finished by the next one, over a network that is well again."""

import time
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from pydantic import JsonValue

from tests.faults import Fault, FaultProxy, faulty, seeded
from tests.plan.operators import Operator, fresh_hub
from vsmhub.errors import VsmhubError
from vsmhub.interhub.client import InterHub
from vsmhub.interhub.credentials import Revealing
from vsmhub.interhub.retry import Pace, RetryPolicy
from vsmhub.plan.bootstrap import carry_out, look, proof
from vsmhub.plan.desired import Desired
from vsmhub.plan.history import open_runs, runs
from vsmhub.plan.journal import Journal
from vsmhub.plan.live import usable

KINDS = [fault for fault in Fault if fault is not Fault.NONE]
RETRY_AFTER = 1
FASTER = 200
"""A client waits in these tests this many times shorter than it means to."""


class Struck(Operator):
    """An operator behind a proxy; waiting is short, and what a target asks to wait is heard."""

    def __init__(self, operator: Operator, proxy: FaultProxy, folder: Path) -> None:
        self.waits: list[float] = []
        self.proxy = proxy
        self.folder = folder
        super().__init__(operator.socket, operator.operator_key.reveal())
        self.keys = operator.keys
        self.operator.close()
        self.operator = self.as_hub(self.operator_key)

    def as_hub(self, key: Revealing) -> InterHub:
        return InterHub(self.proxy.base, key, pace=Pace(sleep=self._sleep), retries=RetryPolicy(attempts=5))

    def _sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        time.sleep(seconds / FASTER)

    def whole(self, wanted: Desired, *, replace_key: bool = False) -> None:
        """An apply as the command makes it: journal, plan, changes, verification, proof, and the event about itself."""
        seen = look(wanted, self, replace_key=replace_key)
        if not seen.plan.is_empty:
            journal = Journal(self.folder, by="ada@test", version="1", now=lambda: datetime.now(UTC))
            seen = carry_out(wanted, self, seen.plan, progress=lambda _: None, again=lambda *_: None, recorder=journal)
        assert proof(wanted, self, seen.live, open_runs(self.folder)) is not None


def newer(wanted: Desired) -> Desired:
    """The same hub a version later: its name, one more event type, and another name for one widget."""
    slug, fields = next(iter(wanted.widgets.items()))
    events: list[JsonValue] = [*wanted.names["event_types"], f"{wanted.hub}-more"]
    return replace(
        wanted,
        hub_fields={**wanted.hub_fields, "name": "Later"},
        manifest_version="1.1.0",
        manifest_fields={**wanted.manifest_fields, "event_types": events},
        widgets={**wanted.widgets, slug: {**fields, "name": "Later"}},
    )


def check(operator: Operator, wanted: Desired, folder: Path) -> None:
    """One of everything; one usable key, which is the one that is kept; one registration, one event for each apply."""
    seen = operator.look(wanted)
    assert seen.plan.is_empty
    live = seen.live
    assert live.hub
    assert sorted(live.widgets) == sorted(wanted.widgets)
    assert [one.name for one in live.consumers] == [wanted.consumer]
    assert Counter(one.version for one in live.manifests).most_common(1)[0][1] == 1
    (key,) = [one for one in live.keys if usable(one)]
    assert key.claim_by is None
    assert operator.keys[wanted.hub].reveal().startswith(key.prefix)
    events = list(operator.operator.events(hub=live.hub.id))
    assert len([one for one in events if "vsmFunction" in one.metadata]) == 1
    told = sorted(str(one.metadata["apply"]) for one in events if "apply" in one.metadata)
    assert told == sorted(run.name for run in runs(folder) if run.done)


@dataclass
class Outcome:
    """How often each fault struck, how many applies gave up, and whether each that was asked to wait did so."""

    struck: Counter[Fault] = field(default_factory=Counter)
    given_up: int = 0
    heard: list[bool] = field(default_factory=list)


def strike(
    operator: Operator,
    struck: type[Struck],
    upstream: str | Path,
    folder: Path,
    *,
    seed: int,
    rate: float,
    outcome: Outcome,
) -> None:
    """Strike a first apply, and then one that changes the hub, its manifest, a widget and its key; check each."""
    wanted = fresh_hub()
    schedule, well = seeded(seed, rate=rate, kinds=KINDS), False

    def decide(number: int, method: str, path: str) -> Fault:
        return Fault.NONE if well else schedule(number, method, path)

    with faulty(upstream, decide, delay=0.01, retry_after=RETRY_AFTER) as proxy, struck(operator, proxy, folder) as at:
        for declared in (wanted, newer(wanted)):
            well = False
            try:
                at.whole(declared, replace_key=declared is not wanted)
            except VsmhubError:
                outcome.given_up, well = outcome.given_up + 1, True
                at.whole(declared)
            check(operator, declared, folder)
        outcome.struck.update(proxy.faults)
        if Fault.BUSY in proxy.faults:
            outcome.heard.append(max(at.waits, default=0) >= RETRY_AFTER)
