"""Interaction events: what was observed on a widget. Written once, never changed."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import Field, Json
from sqlalchemy import DateTime, Uuid, bindparam, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY, insert
from starlette.responses import Response

from vsmhub.interhub.messages.evidence import Event, EventCreate
from vsmhub.interhub.messages.standing import Standing
from vsmhub.interhub.messages.wire import Batch, BatchAnswer, Metadata, Moment, Name, Page
from vsmhub.interhub.tables import interaction_events as events
from vsmhub.interhub.tables import webhook_deliveries, webhook_subscriptions
from vsmhub.server.answers import batch, created, one
from vsmhub.server.call import Call, Calling
from vsmhub.server.caller import Needs
from vsmhub.server.events.current import advance, listing
from vsmhub.server.identifiers import new_id
from vsmhub.server.lookups import get_readable
from vsmhub.server.observed import observed_widgets
from vsmhub.server.operation import Operation
from vsmhub.server.pages import Listing, PageQuery, equal
from vsmhub.server.paths import Id
from vsmhub.server.problems import invalid, pointer
from vsmhub.server.statements import Row, Statement
from vsmhub.server.vocabulary import Kind, Use, undeclared
from vsmhub.server.webhooks.matching import wants
from vsmhub.server.writes import insertion


class EventQuery(PageQuery):
    hub_id: UUID | None = None
    widget_id: UUID | None = None
    event_type: Name | None = None
    since: Moment | None = None
    until: Moment | None = None


class CurrentQuery(PageQuery):
    hub_id: UUID | None = None
    widget_id: UUID | None = None
    event_type: Name | None = None
    as_of: Moment | None = Field(default=None, description="What had occurred by then; now where it is not given.")
    metadata: Json[Metadata] | None = Field(
        default=None, description="A JSON object: only events count whose metadata hold each of its members."
    )


_MOMENT = DateTime(timezone=True)
EVENTS = Listing(
    Event,
    select(events),
    events.c.id,
    {
        **equal(events.c.hub_id, events.c.widget_id, events.c.event_type),
        "since": events.c.occurred_at >= bindparam("since", type_=_MOMENT),
        "until": events.c.occurred_at < bindparam("until", type_=_MOMENT),
    },
    owner=events.c.hub_id,
)
_ENQUEUE = Statement(
    insert(webhook_deliveries).from_select(
        ["id", "subscription_id", "interaction_event_id", "status"],
        select(func.gen_random_uuid(), webhook_subscriptions.c.id, events.c.id, literal("pending"))
        .select_from(webhook_subscriptions.join(events, wants(events)))
        .where(events.c.id == func.any(bindparam("ids", type_=ARRAY(Uuid)))),
    )
)
_ADVANCE = Statement(
    advance(select(events).where(events.c.id == func.any(bindparam("ids", type_=ARRAY(Uuid)))).cte("made"))
)
CURRENT = {
    (dated, holding): listing(dated=dated, holding=holding) for dated in (False, True) for holding in (False, True)
}
EventBatch = Batch[EventCreate]


async def list_events(call: Calling, query: Annotated[EventQuery, Query()]) -> Response:
    """Events of the hubs that the key may read; `since` (from it on) and `until` (before it) tell by `occurredAt`."""
    return await EVENTS.page(call, query)


async def list_current_events(call: Calling, query: Annotated[CurrentQuery, Query()]) -> Response:
    """The newest event of each series: those of one widget and type that the same signal made, or nobody in particular.

    Events with evidence (`metadata.evidence`), a named person's statements, and events without either are series of
    their own. The newest is the one collected last; of two collected at one time, the worse.
    """
    return await CURRENT[query.as_of is not None, query.metadata is not None].page(call, query)


async def create_event(call: Calling, body: EventCreate) -> Response:
    """An event on a widget, of a type that the widget's hub declares."""
    (row,) = await _make(call, [body], [""])
    return created(Event, row, "interaction-events")


async def create_events(call: Calling, body: EventBatch) -> Response:
    """Up to 1,000 events: all of them or none."""
    places = [pointer("items", place) for place in range(len(body.items))]
    return batch(Event, await _make(call, body.items, places))


async def get_event(call: Calling, event_id: Id) -> Response:
    """One event."""
    return one(Event, await get_readable(call, events, event_id))


async def _make(call: Call, items: Sequence[EventCreate], places: Sequence[str]) -> list[Row]:
    widgets = await observed_widgets(call, [item.widget_id for item in items], places)
    uses = [
        Use(Kind.EVENT_TYPE, item.event_type, f"{place}/eventType") for item, place in zip(items, places, strict=True)
    ]
    hub_id = widgets[items[0].widget_id]["hub_id"]
    problems = await undeclared(call.connection, hub_id, uses)
    if problems:
        raise invalid(*problems)
    return await write_events(call, items, widgets)


async def write_events(call: Call, items: Sequence[EventCreate], widgets: Mapping[UUID, Row]) -> list[Row]:
    """Write events on widgets of one hub, and queue them for webhooks."""
    now = datetime.now(UTC)
    rows = [
        {
            "id": new_id(),
            "hub_id": widgets[item.widget_id]["hub_id"],
            "widget_id": item.widget_id,
            "event_type": item.event_type,
            "view_context": item.view_context or widgets[item.widget_id]["view_context"],
            "occurred_at": item.occurred_at or now,
            "metadata": item.metadata,
            "actor": item.actor or call.caller.consumer_name,
            "created_at": now,
            **Standing.of(item.metadata, item.occurred_at or now)._asdict(),
        }
        for item in items
    ]
    # Every column is here already: what was written need not come back.
    await insertion(call.author, events, rows, told=False).rows(call.connection)
    ids = [row["id"] for row in rows]
    await _ADVANCE.run(call.connection, ids=ids)
    await _ENQUEUE.run(call.connection, ids=ids)
    return rows


_TAG = "Interaction events"
_PATH = "/interaction-events"
OPERATIONS = (
    Operation("POST", _PATH, create_event, Needs.HUB_WRITE, Event, _TAG, status=201, tagged=True),
    Operation("POST", _PATH + "/batch", create_events, Needs.HUB_WRITE, BatchAnswer[Event], _TAG, status=201),
    Operation("GET", _PATH, list_events, Needs.HUB_READ, Page[Event], _TAG),
    Operation("GET", _PATH + "/current", list_current_events, Needs.HUB_READ, Page[Event], _TAG),
    Operation("GET", _PATH + "/{id}", get_event, Needs.HUB_READ, Event, _TAG, tagged=True),
)
