"""Interaction events of any type, whose metadata is taken and forgotten."""

from starlette.responses import Response

from vsmhub.interhub.messages.evidence import Event, EventCreate
from vsmhub.interhub.messages.wire import Line
from vsmhub.server.answers import created
from vsmhub.server.call import Calling
from vsmhub.server.caller import Needs
from vsmhub.server.observed import observed_widgets
from vsmhub.server.operation import Operation
from vsmhub.server.operations.events import write_events


class AnyEventCreate(EventCreate):
    """An event of a type that nobody has to declare."""

    event_type: Line


async def create_event(call: Calling, body: AnyEventCreate) -> Response:
    """An event on a widget."""
    widgets = await observed_widgets(call, [body.widget_id], [""])
    (row,) = await write_events(call, [body.model_copy(update={"metadata": {}})], widgets)
    return created(Event, row, "interaction-events")


CREATE = Operation(
    "POST", "/interaction-events", create_event, Needs.HUB_WRITE, Event, "Interaction events", status=201
)
