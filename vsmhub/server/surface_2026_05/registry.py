"""The hub registry over a schema in which hubs have no VSM columns."""

from typing import Annotated

from fastapi import Query
from starlette.responses import Response

from vsmhub.interhub.messages.framework import Manifest
from vsmhub.interhub.messages.wire import Answer, Name, Page, Resource
from vsmhub.interhub.tables import hubs
from vsmhub.server.answers import Made
from vsmhub.server.call import Calling
from vsmhub.server.caller import Needs
from vsmhub.server.operation import Operation
from vsmhub.server.operations.registry import entries, entry, one_of
from vsmhub.server.pages import Listing, PageQuery, equal
from vsmhub.server.paths import HubId
from vsmhub.server.problems import not_found
from vsmhub.server.schema.layout import VSM_COLUMNS

_ENTRIES = entries(column for column in hubs.c if column.key not in VSM_COLUMNS)
_ENTRY = one_of(_ENTRIES)


class Hub(Resource):
    """A hub without its classification, which only its manifest's capability told."""

    slug: str
    name: str
    domain: str
    hub_kind: str
    description: str = ""


class RegistryEntry(Answer):
    """A hub and the manifest it is under now, if it has one."""

    hub: Hub
    manifest: Manifest | None = None


class RegistryQuery(PageQuery):
    slug: Name | None = None


_entry = entry(Hub)
REGISTRY = Listing(RegistryEntry, _ENTRIES, hubs.c.id, equal(hubs.c.slug))


async def list_registry(call: Calling, query: Annotated[RegistryQuery, Query()]) -> Response:
    """Hubs with the manifest that each is under now."""
    return await REGISTRY.page(call, query, _entry)


async def get_registry_entry(call: Calling, hub_id: HubId) -> Response:
    """One hub with the manifest that it is under now."""
    row = await _ENTRY.row(call.connection, hub_id=hub_id)
    if row is None:
        raise not_found()
    return Made(_entry(row))


_READ = Needs.FRAMEWORK_READ
OPERATIONS = (
    Operation("GET", "/hub-registry", list_registry, _READ, Page[RegistryEntry], "Registry"),
    Operation("GET", "/hub-registry/{hubId}", get_registry_entry, _READ, RegistryEntry, "Registry"),
)
