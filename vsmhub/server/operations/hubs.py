"""Hubs: identity and place in the viable system."""

from typing import Annotated

from fastapi import Query
from sqlalchemy import Text, bindparam, select
from starlette.responses import Response

from vsmhub.interhub.messages.framework import Hub, HubCreate, HubUpdate, VsmFunction
from vsmhub.interhub.messages.wire import Name, Page
from vsmhub.interhub.tables import hubs
from vsmhub.server.answers import created, etag, one
from vsmhub.server.call import Calling
from vsmhub.server.caller import Needs
from vsmhub.server.identifiers import new_id
from vsmhub.server.lookups import get
from vsmhub.server.operation import Operation
from vsmhub.server.pages import Listing, PageQuery, equal
from vsmhub.server.patches import patched
from vsmhub.server.paths import Id
from vsmhub.server.preconditions import require_match
from vsmhub.server.problems import conflict, field
from vsmhub.server.statements import Statement
from vsmhub.server.writes import alteration, insertion


class HubQuery(PageQuery):
    slug: Name | None = None
    vsm_function: VsmFunction | None = None


HUBS = Listing(Hub, select(hubs), hubs.c.id, equal(hubs.c.slug, hubs.c.vsm_function))
_BY_SLUG = Statement(select(hubs.c.id).where(hubs.c.slug == bindparam("slug", type_=Text)))


async def list_hubs(call: Calling, query: Annotated[HubQuery, Query()]) -> Response:
    """All hubs, or the one with a slug, or those of one function."""
    return await HUBS.page(call, query)


async def create_hub(call: Calling, body: HubCreate) -> Response:
    """A new hub. Its slug is its for good."""
    taken = await _BY_SLUG.row(call.connection, slug=body.slug)
    if taken is not None:
        problem = field("/slug", "is taken by another hub", value=body.slug, existing_id=taken["id"])
        raise conflict(f"There is a hub {body.slug} already.", problem)
    write = insertion(call.author, hubs, [{"id": new_id(), **body.model_dump()}])
    return created(Hub, await write.row(call.connection), "hubs")


async def get_hub(call: Calling, hub_id: Id) -> Response:
    """One hub."""
    return one(Hub, await get(call.connection, hubs, hub_id))


async def update_hub(call: Calling, hub_id: Id, body: HubUpdate) -> Response:
    """Change a hub. Members not named stay; null clears a classification."""
    row = await get(call.connection, hubs, hub_id, lock=True)
    require_match(call.if_match, etag(row))
    values = patched(row, body, clearable={"hub_family", "vsm_function", "vsm_system"})
    if values:
        row = await alteration(call.author, hubs, hub_id, values).row(call.connection)
    return one(Hub, row)


OPERATIONS = (
    Operation("GET", "/hubs", list_hubs, Needs.FRAMEWORK_READ, Page[Hub], "Hubs"),
    Operation("POST", "/hubs", create_hub, Needs.FRAMEWORK_ADMIN, Hub, "Hubs", status=201, tagged=True),
    Operation("GET", "/hubs/{id}", get_hub, Needs.FRAMEWORK_READ, Hub, "Hubs", tagged=True),
    Operation("PATCH", "/hubs/{id}", update_hub, Needs.FRAMEWORK_ADMIN, Hub, "Hubs", tagged=True, matched=True),
)
