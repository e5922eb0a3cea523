"""Widgets: the governed parts of a hub that events and annotations are about."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import Query
from sqlalchemy import Text, Uuid, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from starlette.responses import Response

from vsmhub.interhub.messages.widgets import Widget, WidgetCreate, WidgetStatus, WidgetUpdate
from vsmhub.interhub.messages.wire import Batch, BatchAnswer, FieldProblem, Name, Page
from vsmhub.interhub.tables import widgets
from vsmhub.server.answers import batch, created, etag, one
from vsmhub.server.call import Call, Calling
from vsmhub.server.caller import Needs
from vsmhub.server.identifiers import new_id
from vsmhub.server.lookups import find, get_readable
from vsmhub.server.operation import Operation
from vsmhub.server.pages import Listing, PageQuery, equal
from vsmhub.server.patches import patched
from vsmhub.server.paths import Id
from vsmhub.server.preconditions import require_match
from vsmhub.server.problems import conflict, field, forbidden, invalid, pointer
from vsmhub.server.statements import Row, Statement
from vsmhub.server.vocabulary import Kind, Use, undeclared
from vsmhub.server.writes import alteration, insertion


class WidgetQuery(PageQuery):
    hub_id: UUID | None = None
    slug: Name | None = None
    widget_type: Name | None = None
    policy_scope: Name | None = None
    status: WidgetStatus | None = None


WIDGETS = Listing(
    Widget,
    select(widgets),
    widgets.c.id,
    equal(widgets.c.hub_id, widgets.c.slug, widgets.c.widget_type, widgets.c.policy_scope, widgets.c.status),
    owner=widgets.c.hub_id,
)
_TAKEN = Statement(
    select(widgets.c.id, widgets.c.slug).where(
        widgets.c.hub_id == bindparam("hub_id", type_=Uuid),
        widgets.c.slug == func.any(bindparam("slugs", type_=ARRAY(Text))),
    )
)
WidgetBatch = Batch[WidgetCreate]


async def list_widgets(call: Calling, query: Annotated[WidgetQuery, Query()]) -> Response:
    """The widgets of the hubs that the key may read."""
    return await WIDGETS.page(call, query)


async def create_widget(call: Calling, body: WidgetCreate) -> Response:
    """A widget. The hub's active manifest declares its type and its policy scope."""
    (row,) = await make_widgets(call, [body], [""])
    return created(Widget, row, "widgets")


async def create_widgets(call: Calling, body: WidgetBatch) -> Response:
    """Up to 1,000 widgets: all of them or none."""
    places = [pointer("items", place) for place in range(len(body.items))]
    return batch(Widget, await make_widgets(call, body.items, places))


async def get_widget(call: Calling, widget_id: Id) -> Response:
    """One widget."""
    return one(Widget, await get_readable(call, widgets, widget_id))


async def update_widget(call: Calling, widget_id: Id, body: WidgetUpdate) -> Response:
    """Change a widget. Members not named stay."""
    row = call.caller.require_write_of(await find(call.connection, widgets, widget_id, lock=True))
    require_match(call.if_match, etag(row))
    values = patched(row, body)
    uses = [
        Use(kind, str(values[name]), pointer(member))
        for kind, name, member in (
            (Kind.WIDGET_TYPE, "widget_type", "widgetType"),
            (Kind.POLICY_SCOPE, "policy_scope", "policyScope"),
        )
        if name in values
    ]
    problems = await undeclared(call.connection, row["hub_id"], uses) if uses else []
    if problems:
        raise invalid(*problems)
    if values:
        row = await alteration(call.author, widgets, widget_id, values).row(call.connection)
    return one(Widget, row)


async def make_widgets(call: Call, items: Sequence[WidgetCreate], places: Sequence[str]) -> list[Row]:
    """Write widgets, all of them or none; `places` are the pointers to the items in the request."""
    hub_id = items[0].hub_id
    if any(item.hub_id != call.caller.writes for item in items):
        raise forbidden(Needs.HUB_WRITE)
    uses = []
    for item, place in zip(items, places, strict=True):
        uses.append(Use(Kind.WIDGET_TYPE, item.widget_type, f"{place}/widgetType"))
        uses.append(Use(Kind.POLICY_SCOPE, item.policy_scope, f"{place}/policyScope"))
    problems = await undeclared(call.connection, hub_id, uses)
    if problems:
        raise invalid(*problems)
    await _refuse_taken(call, hub_id, items, places)
    rows = [{"id": new_id(), **item.model_dump(), "status": WidgetStatus.ACTIVE} for item in items]
    return await insertion(call.author, widgets, rows).rows(call.connection)


async def _refuse_taken(call: Call, hub_id: UUID, items: Sequence[WidgetCreate], places: Sequence[str]) -> None:
    rows = await _TAKEN.rows(call.connection, hub_id=hub_id, slugs=[item.slug for item in items])
    taken: dict[str, UUID] = {row["slug"]: row["id"] for row in rows}
    shown = call.caller.may_read(hub_id)
    seen: set[str] = set()
    problems: list[FieldProblem] = []
    for item, place in zip(items, places, strict=True):
        where = f"{place}/slug"
        if item.slug in taken:
            existing = taken[item.slug] if shown else None
            problems.append(field(where, "is taken by a widget of the hub", value=item.slug, existing_id=existing))
        elif item.slug in seen:
            problems.append(field(where, "is given twice", value=item.slug))
        seen.add(item.slug)
    if problems:
        raise conflict("Slugs of widgets are unique in their hub.", *problems)


_TAG = "Widgets"
_ONE = "/widgets/{id}"
OPERATIONS = (
    Operation("GET", "/widgets", list_widgets, Needs.HUB_READ, Page[Widget], _TAG),
    Operation("POST", "/widgets", create_widget, Needs.HUB_WRITE, Widget, _TAG, status=201, tagged=True),
    Operation("POST", "/widgets/batch", create_widgets, Needs.HUB_WRITE, BatchAnswer[Widget], _TAG, status=201),
    Operation("GET", _ONE, get_widget, Needs.HUB_READ, Widget, _TAG, tagged=True),
    Operation("PATCH", _ONE, update_widget, Needs.HUB_WRITE, Widget, _TAG, tagged=True, matched=True),
)
