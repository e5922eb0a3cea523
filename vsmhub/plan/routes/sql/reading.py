"""What a database holds of one hub, as the API would tell it: everything but secrets."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ValidationError
from sqlalchemy import ColumnElement, Table, Text, and_, func, literal, or_, select

from vsmhub.interhub.messages.access import Consumer, Key
from vsmhub.interhub.messages.evidence import Event
from vsmhub.interhub.messages.framework import Hub, Manifest, ManifestStatus
from vsmhub.interhub.messages.widgets import Widget
from vsmhub.interhub.tables import (
    api_consumers,
    api_keys,
    declared_names,
    hub_capability_manifests,
    hubs,
    interaction_events,
    widgets,
)
from vsmhub.plan.desired import Desired
from vsmhub.plan.errors import Unreadable
from vsmhub.plan.live import Live
from vsmhub.plan.routes.sql.declared import VSM_COLUMNS
from vsmhub.plan.routes.sql.steps import facts

if TYPE_CHECKING:
    from sqlalchemy import Connection

M = TypeVar("M", bound=BaseModel)
_NEVER_READ = "secret_hash"


def read(connection: "Connection", declared: Desired) -> Live:
    """What is there of the declared hub, as of the connection's transaction. Raises Unreadable for rows of no sense."""
    known = connection.execute(facts()).one()
    lacks = frozenset() if known.has_vsm_columns else frozenset(VSM_COLUMNS)
    hub = next(iter(_rows(connection, Hub, hubs, hubs.c.slug == declared.hub)), None)
    if hub is None:
        return Live(taken=_taken(connection, declared), hub_lacks=lacks)
    of_hub = {table: table.c.hub_id == hub.id for table in (hub_capability_manifests, api_consumers, widgets)}
    manifests = _rows(connection, Manifest, hub_capability_manifests, of_hub[hub_capability_manifests])
    consumers = _rows(connection, Consumer, api_consumers, of_hub[api_consumers])
    consumer = next((one for one in consumers if one.name == declared.consumer), None)
    registered = and_(
        interaction_events.c.hub_id == hub.id, interaction_events.c.event_type == declared.registration_event
    )
    active = next((one for one in manifests if one.status is ManifestStatus.ACTIVE), None)
    return Live(
        hub=hub,
        manifests=tuple(manifests),
        consumers=tuple(consumers),
        keys=tuple(_rows(connection, Key, api_keys, api_keys.c.consumer_id == consumer.id)) if consumer else (),
        widgets={one.slug: one for one in _rows(connection, Widget, widgets, of_hub[widgets])},
        registered=next(iter(_rows(connection, Event, interaction_events, registered, limit=1)), None),
        taken=() if active and active.version == declared.manifest_version else _taken(connection, declared),
        hub_lacks=lacks,
    )


def _rows(
    connection: "Connection", message: type[M], table: Table, where: ColumnElement[bool], limit: int | None = None
) -> Sequence[M]:
    """Rows as the API's messages. Read as JSON, so that a column which an older Inter-Hub lacks is simply not there."""
    row: ColumnElement[Any] = func.to_jsonb(table.table_valued())
    found = select(row.op("-")(literal(_NEVER_READ, Text))).where(where).order_by(table.c.id).limit(limit)
    try:
        return [message.model_validate(one) for one in connection.execute(found).scalars()]
    except ValidationError as error:
        places = ", ".join(sorted({".".join(map(str, one["loc"])) for one in error.errors(include_input=False)}))
        raise Unreadable(
            f"the database's table {table.name} is not as Inter-Hub's is: {places}",
            hint="it is another version of Inter-Hub than those that vsmhub knows",
        ) from None


def _taken(connection: "Connection", declared: Desired) -> tuple[tuple[str, str, str], ...]:
    wanted = [
        and_(declared_names.c.kind == kind, declared_names.c.name.in_(names)) for kind, names in declared.names.items()
    ]
    others = (
        select(declared_names.c.kind, declared_names.c.name, hubs.c.slug)
        .join(hubs, hubs.c.id == declared_names.c.hub_id)
        .where(hubs.c.slug != declared.hub, or_(*wanted))
        .order_by(declared_names.c.kind, declared_names.c.name)
    )
    return tuple((kind, name, slug) for kind, name, slug in connection.execute(others))
