"""An object of the target that a plan makes or changes. Pure."""

from vsmhub.interhub.messages.wire import Resource
from vsmhub.plan.desired import Fields
from vsmhub.plan.fields import all_new, differs
from vsmhub.plan.model import Action, Change, FieldChange, Kind


def created(kind: Kind, name: str, fields: Fields, reason: str, after: tuple[str, ...] = ()) -> Change:
    """One that is not there yet; `after` are the changes that must be done first."""
    return Change(kind=kind, name=name, action=Action.CREATE, reason=reason, fields=all_new(fields), depends_on=after)


def updated(
    kind: Kind,
    name: str,
    existing: Resource,
    fields: tuple[FieldChange, ...],
    reason: str = "",
    after: tuple[str, ...] = (),
) -> Change:
    """One that differs, as it was read; where there is no other reason, that is why."""
    return Change(
        kind=kind,
        name=name,
        action=Action.UPDATE,
        reason=reason or differs(fields),
        fields=fields,
        depends_on=after,
        object_id=existing.id,
        revision=existing.revision,
    )
