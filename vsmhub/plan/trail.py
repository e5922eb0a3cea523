"""Who did what to the objects of a hub, from the target's trail of writes."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from vsmhub.interhub.errors import Forbidden, NotFound, NotOffered
from vsmhub.interhub.messages.audit import AuditRecord
from vsmhub.plan.history import moment

if TYPE_CHECKING:
    from vsmhub.interhub.client import InterHub

FEW = 10
"""Objects that are asked for one by one; more are looked for in the hub's whole trail."""


@dataclass(frozen=True, slots=True)
class Trail:
    """Writes by the id of their object, oldest first. `is_known` is false where the target keeps no trail."""

    records: dict[UUID, tuple[AuditRecord, ...]] = field(default_factory=dict)
    is_known: bool = True

    def of(self, object_id: UUID | None) -> tuple[AuditRecord, ...]:
        """The writes to one object."""
        return self.records.get(object_id, ()) if object_id else ()

    def last(self, object_id: UUID | None) -> AuditRecord | None:
        """The newest write to an object."""
        return next(reversed(self.of(object_id)), None)

    def creation(self, object_id: UUID | None) -> AuditRecord | None:
        """How the object came to be."""
        return next((one for one in self.of(object_id) if one.action == "create"), None)


def read_trail(
    target: "InterHub", objects: Iterable[UUID], *, hub: UUID | None = None, since: datetime | None = None
) -> Trail:
    """The writes to these objects, of one hub where it is given. Raises InterHubError."""
    wanted = set(objects)
    if not wanted:
        return Trail()
    records: dict[UUID, list[AuditRecord]] = {}
    try:
        if hub is not None and len(wanted) > FEW:
            for one in target.audit_records(hub=hub, since=since):
                if one.object_id in wanted:
                    records.setdefault(one.object_id, []).append(one)
        else:
            for object_id in sorted(wanted):
                records[object_id] = list(target.audit_records(object_id=object_id, since=since))
    except (NotFound, NotOffered, Forbidden):
        return Trail(is_known=False)
    return Trail({object_id: tuple(found) for object_id, found in records.items()})


def who(record: AuditRecord | None) -> str:
    """By whom and when, for people; empty where nobody knows."""
    return f"{' '.join(record.actor.split())} at {moment(record.at)}" if record else ""
