"""Drift at a target: read, compared with the last apply, and explained from the trail of writes."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from uuid import UUID

from vsmhub.interhub.messages.evidence import Event
from vsmhub.plan.applied import LOOKED_AT
from vsmhub.plan.bootstrap import Target
from vsmhub.plan.desired import Desired
from vsmhub.plan.drift import (
    Base,
    Drift,
    drifts,
    explained,
    journal_base,
    last_object,
    trail_base,
    without_retired,
)
from vsmhub.plan.history import Run
from vsmhub.plan.live import Live
from vsmhub.plan.reading import read
from vsmhub.plan.trail import Trail, read_trail
from vsmhub.plan.undo import names_taken_back


@dataclass(frozen=True, slots=True)
class Drifted:
    """One hub: the fields, and the last apply as far as it is known."""

    hub: str
    exists: bool
    fields: tuple[Drift, ...]
    base: Base | None


def drift_at(declared: Desired, target: Target, runs: Iterator[Run]) -> Drifted:
    """What has drifted; `runs` are the applies that are known here, newest first.

    The newer of the last apply here and the last that the hub itself tells of is what is compared with. Raises
    InterHubError, and JournalDamaged.
    """
    live = read(target.operator, declared, target.operator.surface(), target.key_of(declared.hub).held())
    if live.hub is None:
        return Drifted(declared.hub, exists=False, fields=(), base=None)
    base = journal_base(runs)
    found = drifts(declared, live, base.snapshot if base else None)
    if not found:
        return Drifted(declared.hub, exists=True, fields=(), base=base)
    trail = _trail(found, live, target)
    told = _told(declared, live, target)
    if told is not None and (base is None or base.at < told.occurred_at) and trail.records:
        base = trail_base(found, declared, live, trail, told)
        found = drifts(declared, live, base.snapshot)
    found = without_retired(explained(found, live, trail), live)
    return Drifted(declared.hub, exists=True, fields=found, base=base)


def _trail(found: tuple[Drift, ...], live: Live, target: Target) -> Trail:
    objects = [last_object(live, (one.kind, one.name)) for one in found]
    ids: list[UUID] = [one.id for one in objects if one is not None]  # type: ignore[attr-defined]
    return read_trail(target.operator, ids, hub=live.hub.id if live.hub else None)


def _told(declared: Desired, live: Live, target: Target) -> Event | None:
    """The newest event by which an apply recorded itself that was not taken back."""
    if live.hub is None:
        return None
    events = target.operator.events(
        hub=live.hub.id, event_type=declared.applied_event, newest_first=True, limit=LOOKED_AT
    )
    taken_back: set[str] = set()
    for event in islice(events, LOOKED_AT):
        taken_back |= names_taken_back(event)
        if "apply" in event.metadata and str(event.metadata["apply"]) not in taken_back:
            return event
    return None
