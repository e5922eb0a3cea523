"""API consumers: who may hold keys, for which hub and under which manifest."""

from typing import Annotated
from uuid import UUID

from fastapi import Query
from sqlalchemy import Uuid, bindparam, select
from starlette.responses import Response

from vsmhub.interhub.messages.access import Consumer, ConsumerCreate, ConsumerStatus, ConsumerUpdate
from vsmhub.interhub.messages.wire import Line, Page
from vsmhub.interhub.tables import api_consumers, hubs
from vsmhub.interhub.tables import hub_capability_manifests as manifests
from vsmhub.server.answers import created, etag, one
from vsmhub.server.call import Call, Calling
from vsmhub.server.caller import Needs
from vsmhub.server.identifiers import new_id
from vsmhub.server.lookups import find, get
from vsmhub.server.operation import Operation
from vsmhub.server.pages import Listing, PageQuery, equal
from vsmhub.server.patches import patched
from vsmhub.server.paths import Id
from vsmhub.server.preconditions import require_match
from vsmhub.server.problems import conflict, field, invalid
from vsmhub.server.statements import Statement
from vsmhub.server.writes import alteration, insertion


class ConsumerQuery(PageQuery):
    hub_id: UUID | None = None
    name: Line | None = None
    status: ConsumerStatus | None = None


_FILTERS = equal(api_consumers.c.hub_id, api_consumers.c.name, api_consumers.c.status)
CONSUMERS = Listing(Consumer, select(api_consumers), api_consumers.c.id, _FILTERS)
_BY_NAME = Statement(
    select(api_consumers.c.id).where(
        api_consumers.c.hub_id.is_not_distinct_from(bindparam("hub_id", type_=Uuid)),
        _FILTERS["name"],
    )
)


async def list_consumers(call: Calling, query: Annotated[ConsumerQuery, Query()]) -> Response:
    """The consumers of all hubs, or of one."""
    return await CONSUMERS.page(call, query)


async def create_consumer(call: Calling, body: ConsumerCreate) -> Response:
    """A consumer of a hub, under one of its manifests."""
    if await find(call.connection, hubs, body.hub_id) is None:
        raise invalid(field("/hubId", "is not the id of a hub", value=str(body.hub_id)))
    await _refuse_other_manifest(call, body.hub_id, body.manifest_id)
    await _refuse_name_taken(call, body.hub_id, body.name)
    row = {"id": new_id(), **body.model_dump(), "status": ConsumerStatus.ACTIVE}
    return created(Consumer, await insertion(call.author, api_consumers, [row]).row(call.connection), "api-consumers")


async def get_consumer(call: Calling, consumer_id: Id) -> Response:
    """One consumer."""
    return one(Consumer, await get(call.connection, api_consumers, consumer_id))


async def update_consumer(call: Calling, consumer_id: Id, body: ConsumerUpdate) -> Response:
    """Change a consumer. The keys of a suspended one open nothing until it is active again."""
    row = await get(call.connection, api_consumers, consumer_id, lock=True)
    require_match(call.if_match, etag(row))
    values = patched(row, body)
    if "status" in values and consumer_id == call.caller.consumer_id:
        raise conflict("A consumer cannot suspend itself.")
    if "manifest_id" in values and body.manifest_id is not None:
        await _refuse_other_manifest(call, row["hub_id"], body.manifest_id)
    if "name" in values and body.name is not None:
        await _refuse_name_taken(call, row["hub_id"], body.name)
    if values:
        row = await alteration(call.author, api_consumers, consumer_id, values).row(call.connection)
    return one(Consumer, row)


async def _refuse_other_manifest(call: Call, hub_id: UUID | None, manifest_id: UUID) -> None:
    manifest = await find(call.connection, manifests, manifest_id)
    if manifest is None or manifest["hub_id"] != hub_id:
        raise invalid(field("/manifestId", "is not the id of a manifest of this hub", value=str(manifest_id)))


async def _refuse_name_taken(call: Call, hub_id: UUID | None, name: str) -> None:
    taken = await _BY_NAME.row(call.connection, hub_id=hub_id, name=name)
    if taken is not None:
        problem = field("/name", "is the name of another consumer", value=name, existing_id=taken["id"])
        raise conflict("The hub has a consumer of this name already.", problem)


_TAG = "Access"
_ADMIN = Needs.FRAMEWORK_ADMIN
_ONE = "/api-consumers/{id}"
OPERATIONS = (
    Operation("GET", "/api-consumers", list_consumers, _ADMIN, Page[Consumer], _TAG),
    Operation("POST", "/api-consumers", create_consumer, _ADMIN, Consumer, _TAG, status=201, tagged=True),
    Operation("GET", _ONE, get_consumer, _ADMIN, Consumer, _TAG, tagged=True),
    Operation("PATCH", _ONE, update_consumer, _ADMIN, Consumer, _TAG, tagged=True, matched=True),
)
