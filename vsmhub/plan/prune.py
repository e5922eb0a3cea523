"""What an apply once made and the spec no longer names: ended, after its use is shown."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING

from vsmhub.plan.adoption import Owners, Thing
from vsmhub.plan.history import moment
from vsmhub.plan.live import Live
from vsmhub.plan.model import Action, Change, FieldChange, Kind, Plan, Unmanaged

if TYPE_CHECKING:
    from vsmhub.interhub.client import InterHub

ENOUGH = 1000
"""Events and annotations of a widget are counted up to here: one page."""


@dataclass(frozen=True, slots=True)
class Use:
    """How an object is in use."""

    events: int = 0
    annotations: int = 0
    key_used: datetime | None = None

    def __str__(self) -> str:
        if self.key_used is not None:
            return f"its key was used last at {moment(self.key_used)}"
        counts = [
            f"{min(count, ENOUGH)}{'+' * (count > ENOUGH)} {what}{'s' * (count != 1)}"
            for count, what in ((self.events, "event"), (self.annotations, "annotation"))
            if count
        ]
        return f"in use by {' and '.join(counts)}, which stay" if counts else "nothing uses it"


def pruned(plan: Plan, owners: Owners) -> Plan:
    """The plan, which now also ends the objects that are ours and are no longer declared. Raises InterHubError."""
    things = tuple(Thing(one.kind, one.name, one.object_id) for one in plan.unmanaged)
    foreign = set(owners.foreign(things))
    # A consumer may be how somebody works: it takes more than an operator's key in the trail to call it ours.
    foreign |= {thing for thing in things if thing.kind is Kind.CONSUMER and not owners.is_known(thing)}
    judged = [(one, thing not in foreign) for one, thing in zip(plan.unmanaged, things, strict=True)]
    ours = [one for one, is_ours in judged if is_ours]
    if not ours:
        return plan
    changes = tuple(_ending(one, owners.live, _use(one, owners.target)) for one in ours)
    hub = owners.live.hub
    known = plan.known if plan.known.hub or hub is None else plan.known.model_copy(update={"hub": hub.id})
    left = tuple(one for one, is_ours in judged if not is_ours)
    return plan.model_copy(update={"changes": (*plan.changes, *changes), "unmanaged": left, "known": known})


def _ending(one: Unmanaged, live: Live, use: Use) -> Change:
    thing = live.widgets[one.name] if one.kind is Kind.WIDGET else live.consumer(one.name)
    after = "retired" if one.kind is Kind.WIDGET else "suspended"
    return Change(
        kind=one.kind,
        name=one.name,
        action=Action.UPDATE,
        reason=f"no longer declared; {use}",
        fields=(FieldChange(field="status", before="active", after=after),),
        object_id=one.object_id,
        revision=thing.revision if thing else None,
    )


def _use(one: Unmanaged, target: "InterHub") -> Use:
    if one.kind is Kind.CONSUMER:
        used = [key.last_used_at for key in target.keys(one.object_id) if key.last_used_at and not key.revoked_at]
        return Use(key_used=max(used, default=None))
    events = target.events(widget=one.object_id, limit=ENOUGH)
    return Use(events=_count(events), annotations=_count(target.annotations(widget=one.object_id)))


def _count(rows: Iterator[object]) -> int:
    return sum(1 for _ in islice(rows, ENOUGH + 1))
