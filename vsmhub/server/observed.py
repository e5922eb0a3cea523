"""The widgets that events and annotations are about."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Uuid, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY

from vsmhub.interhub.tables import widgets
from vsmhub.server.call import Call
from vsmhub.server.problems import Refusal, field, invalid
from vsmhub.server.statements import Row, Statement

_OF_HUB = Statement(
    select(widgets.c.id, widgets.c.hub_id, widgets.c.view_context, widgets.c.status).where(
        widgets.c.hub_id == bindparam("hub_id", type_=Uuid),
        widgets.c.id == func.any(bindparam("ids", type_=ARRAY(Uuid))),
    )
)


async def observed_widgets(call: Call, ids: Sequence[UUID], places: Sequence[str]) -> dict[UUID, Row]:
    """The widgets by id, all of the one hub that the key may write to.

    403 for a widget that is not of that hub, whether or not there is such a widget; 422 for a retired one.
    """
    rows = await _OF_HUB.rows(call.connection, hub_id=call.caller.writes, ids=list(set(ids)))
    found = {row["id"]: row for row in rows}
    foreign = [
        field(f"{place}/widgetId", "is not a widget of a hub that the API key may write to", value=str(widget_id))
        for widget_id, place in zip(ids, places, strict=True)
        if widget_id not in found
    ]
    if foreign:
        raise Refusal(403, "This needs the scope hub:{slug}:write of the hub that the widget is in.", errors=foreign)
    retired = [
        field(f"{place}/widgetId", "is a retired widget, which takes nothing new", value=str(widget_id))
        for widget_id, place in zip(ids, places, strict=True)
        if found[widget_id]["status"] == "retired"
    ]
    if retired:
        raise invalid(*retired)
    return found
