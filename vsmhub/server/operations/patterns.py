"""Widget patterns: what one hub publishes, for any hub to make widgets from."""

from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import ValidationError
from sqlalchemy import Text, Uuid, bindparam, select
from starlette.responses import Response

from vsmhub.interhub.messages.widgets import Pattern, PatternAdopt, PatternCreate, Widget, WidgetCreate
from vsmhub.interhub.messages.wire import Name, Page
from vsmhub.interhub.tables import widget_patterns
from vsmhub.server.answers import created, one
from vsmhub.server.call import Calling
from vsmhub.server.caller import Needs
from vsmhub.server.identifiers import new_id
from vsmhub.server.lookups import get
from vsmhub.server.operation import Operation
from vsmhub.server.operations.widgets import make_widgets
from vsmhub.server.pages import Listing, PageQuery, equal
from vsmhub.server.paths import Id
from vsmhub.server.problems import conflict, field, invalid
from vsmhub.server.statements import Statement
from vsmhub.server.writes import insertion


class PatternQuery(PageQuery):
    hub_id: UUID | None = None
    slug: Name | None = None


PATTERNS = Listing(
    Pattern, select(widget_patterns), widget_patterns.c.id, equal(widget_patterns.c.hub_id, widget_patterns.c.slug)
)
_TAKEN = Statement(
    select(widget_patterns.c.id).where(
        widget_patterns.c.hub_id == bindparam("hub_id", type_=Uuid),
        widget_patterns.c.slug == bindparam("slug", type_=Text),
    )
)


async def list_widget_patterns(call: Calling, query: Annotated[PatternQuery, Query()]) -> Response:
    """The patterns that hubs publish."""
    return await PATTERNS.page(call, query)


async def create_widget_pattern(call: Calling, body: PatternCreate) -> Response:
    """Publish a pattern. Every hub may read it."""
    call.caller.require_write(body.hub_id)
    taken = await _TAKEN.row(call.connection, hub_id=body.hub_id, slug=body.slug)
    if taken is not None:
        problem = field("/slug", "is taken by a pattern of the hub", value=body.slug, existing_id=taken["id"])
        raise conflict("Slugs of patterns are unique in their hub.", problem)
    made = await insertion(call.author, widget_patterns, [{"id": new_id(), **body.model_dump()}]).row(call.connection)
    return created(Pattern, made, "widget-patterns")


async def get_widget_pattern(call: Calling, pattern_id: Id) -> Response:
    """One pattern."""
    return one(Pattern, await get(call.connection, widget_patterns, pattern_id))


async def adopt_widget_pattern(call: Calling, pattern_id: Id, body: PatternAdopt) -> Response:
    """A widget made from a pattern, for the adopting hub and under its own type and policy scope.

    Besides the hub's write scope this needs `framework:read`, as reading the pattern does.
    """
    call.caller.require(Needs.FRAMEWORK_READ)
    call.caller.require_write(body.hub_id)
    pattern = await get(call.connection, widget_patterns, pattern_id)
    try:
        widget = WidgetCreate(
            hub_id=body.hub_id,
            slug=body.slug,
            name=body.name or pattern["name"],
            widget_type=body.widget_type,
            policy_scope=body.policy_scope,
            view_context=body.view_context or pattern["view_context"],
            metadata={**pattern["metadata"], **body.metadata},
        )
    except ValidationError as error:
        raise invalid(field("/metadata", "is too large together with the pattern's")) from error
    (row,) = await make_widgets(call, [widget], [""])
    return created(Widget, row, "widgets")


_TAG = "Widget patterns"
_PATH = "/widget-patterns"
_READ, _WRITE = Needs.FRAMEWORK_READ, Needs.HUB_WRITE
OPERATIONS = (
    Operation("GET", _PATH, list_widget_patterns, _READ, Page[Pattern], _TAG),
    Operation("POST", _PATH, create_widget_pattern, _WRITE, Pattern, _TAG, status=201, tagged=True),
    Operation("GET", _PATH + "/{id}", get_widget_pattern, _READ, Pattern, _TAG, tagged=True),
    Operation("POST", _PATH + "/{id}/adopt", adopt_widget_pattern, _WRITE, Widget, _TAG, status=201, tagged=True),
)
