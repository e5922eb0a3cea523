"""Whose a live object is: made by an apply of the hub, or by somebody else, which is taken over only when asked.

What the journals here tell is certain. Where they are lost, the target tells: a hub that has registered itself was
bootstrapped by an apply, and the trail of writes says who made the other objects.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

from vsmhub.plan.errors import NotAdopted
from vsmhub.plan.history import Run
from vsmhub.plan.live import Live
from vsmhub.plan.model import Action, Change, Kind, Plan
from vsmhub.plan.trail import Trail, read_trail, who

if TYPE_CHECKING:
    from vsmhub.interhub.client import InterHub

OF_THE_FRAMEWORK = frozenset({Kind.HUB, Kind.MANIFEST})


@dataclass(frozen=True, slots=True)
class Known:
    """The objects that applies from here have made or changed; by name where an answer was lost on the way."""

    ids: frozenset[UUID] = frozenset()
    names: frozenset[tuple[Kind, str]] = frozenset()


def known_by(runs: Iterator[Run]) -> Known:
    """What journals tell. Raises JournalDamaged."""
    ids: set[UUID] = set()
    names: set[tuple[Kind, str]] = set()
    for run in runs:
        for step in run.steps:
            if step.done and step.done.object_id:
                ids.add(step.done.object_id)
            elif step.change.action is Action.CREATE:
                names.add((step.change.kind, step.change.name))
    return Known(frozenset(ids), frozenset(names))


@dataclass(frozen=True, slots=True)
class Thing:
    """A live object, by what it is."""

    kind: Kind
    name: str
    object_id: UUID


@dataclass(slots=True)
class Owners:
    """Tells whose objects are, asking the target's trail about those of which nothing is known here."""

    target: "InterHub"
    live: Live
    consumer: str
    known: Known
    _trail: Trail = field(default_factory=Trail)

    def foreign(self, things: tuple[Thing, ...]) -> tuple[Thing, ...]:
        """Those of the objects that no apply of this hub has made. Raises InterHubError."""
        unknown = [one for one in things if not self.is_known(one)]
        if not unknown or self.live.registered is None or self.live.hub is None:
            return tuple(unknown)
        asked = [one.object_id for one in unknown if one.kind not in OF_THE_FRAMEWORK]
        if asked:
            hub = self.live.hub.id
            self._trail = read_trail(self.target, [hub, *asked], hub=hub)
        return tuple(one for one in unknown if one.kind not in OF_THE_FRAMEWORK and not self._is_ours(one))

    def maker(self, thing: Thing) -> str:
        """By whom and when an object was made, as far as it has been asked about."""
        return who(self._trail.creation(thing.object_id))

    def is_known(self, one: Thing) -> bool:
        """Whether an apply from here has made or changed it."""
        return one.object_id in self.known.ids or (one.kind, one.name) in self.known.names

    def _is_ours(self, one: Thing) -> bool:
        made = self._trail.creation(one.object_id)
        if made is None or self.live.hub is None:
            return False
        consumer = self.live.consumer(self.consumer)
        # Hubs and consumers are made by the operator, all the rest by the hub itself.
        hub_made = self._trail.creation(self.live.hub.id)
        operator = (hub_made.consumer_id,) if hub_made and one.kind is Kind.CONSUMER else ()
        return made.key_id is None or made.consumer_id in (*operator, consumer.id if consumer else None)


def check_adopted(plan: Plan, owners: Owners) -> None:
    """NotAdopted when the plan would change what somebody else has made."""
    foreign = owners.foreign(tuple(_touched(plan, owners.live)))
    if not foreign:
        return
    said = []
    for one in foreign[:5]:
        by = owners.maker(one)
        said.append(f"{one.kind} {one.name}" + (f" (made by {by})" if by else ""))
    more = f" and {len(foreign) - 5} more" if len(foreign) > 5 else ""
    raise NotAdopted(
        f"{plan.hub} has what no apply of it has made and what is not as declared: {', '.join(said)}{more}",
        hint="--adopt takes it over; vsmhub plan --adopt shows what that would change",
    )


def _touched(plan: Plan, live: Live) -> Iterator[Thing]:
    for change in plan.changes:
        if change.kind is Kind.MANIFEST and change.action is Action.ACTIVATE and live.active is not None:
            yield Thing(Kind.MANIFEST, f"{plan.hub}@{live.active.version}", live.active.id)
        elif _is_update(change) and change.object_id is not None:
            yield Thing(change.kind, change.name, change.object_id)


def _is_update(change: Change) -> bool:
    return change.action is Action.UPDATE and change.kind is not Kind.MANIFEST
