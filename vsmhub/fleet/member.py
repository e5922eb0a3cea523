"""What a worker has of one hub: its signals, where they are planned, and who writes down what comes of them."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from vsmhub.evidence.attempts import Look, Prepared
from vsmhub.evidence.lanes import Lanes
from vsmhub.evidence.outbox import Outbox
from vsmhub.fleet.clock import Clock
from vsmhub.fleet.held import Held
from vsmhub.fleet.ledger import Ledger
from vsmhub.fleet.planner import Planner
from vsmhub.fleet.planning import Rhythm
from vsmhub.fleet.recorder import Recorder, Told
from vsmhub.fleet.shards import Shards
from vsmhub.spec.folder import HubFolder


@dataclass(frozen=True, slots=True)
class Observed:
    """One hub that a worker observes: its folder, its signals ready to be looked at, and where evidence is kept."""

    hub: HubFolder
    signals: Sequence[Prepared]
    outbox: Outbox

    @property
    def slug(self) -> str:
        """The hub's slug, which is its queue's name as well."""
        return self.hub.hub.hub.slug


class Member:
    """One hub as long as the worker is connected to the database."""

    def __init__(
        self,
        observed: Observed,
        look: Look,
        ledger: Ledger,
        *,
        worker: str,
        clock: Clock,
        lanes: Lanes,
        stop: asyncio.Event,
        shard: int,
        told: Told | None,
    ) -> None:
        self.slug = observed.slug
        self.recorder = Recorder(ledger, Held(observed.outbox), observed.hub, worker=f"worker {worker}", told=told)
        rhythms = [Rhythm.of(one.signal) for one in observed.signals]
        self.planner = Planner(ledger, self.slug, rhythms, worker=f"worker {worker}", shard=shard)
        signals = {one.signal.name: one for one in observed.signals}
        self.shards = Shards(signals, look, ledger=ledger, recorder=self.recorder, clock=clock, lanes=lanes, stop=stop)
