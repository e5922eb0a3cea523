"""The hub registry, and the registries of the names that hubs declare. Read only: manifests write them."""

from collections.abc import Awaitable, Callable, Iterable
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Query
from sqlalchemy import Column, Select, Uuid, and_, bindparam, literal, select
from starlette.responses import Response

from vsmhub.interhub.messages.framework import DeclaredName, Hub, Manifest, RegistryEntry, VsmFunction
from vsmhub.interhub.messages.wire import Name, Page, Resource
from vsmhub.interhub.tables import declared_names, hubs
from vsmhub.interhub.tables import hub_capability_manifests as manifests
from vsmhub.server.answers import Document, Made, document
from vsmhub.server.call import Call, Calling
from vsmhub.server.caller import Needs
from vsmhub.server.operation import Operation
from vsmhub.server.pages import Listing, PageQuery, equal
from vsmhub.server.paths import HubId
from vsmhub.server.problems import not_found
from vsmhub.server.statements import Row, Statement
from vsmhub.server.vocabulary import Kind


def entries(columns: Iterable[Column[Any]]) -> Select[Any]:
    """Hubs, with these of their columns, and the manifest that each is under now."""
    return select(
        *(column.label(f"hub_{column.key}") for column in columns),
        *(column.label(f"manifest_{column.key}") for column in manifests.c),
    ).select_from(hubs.outerjoin(manifests, and_(manifests.c.hub_id == hubs.c.id, manifests.c.status == "active")))


def one_of(found: Select[Any]) -> Statement:
    """The same for the hub `hub_id` alone."""
    return Statement(found.where(hubs.c.id == bindparam("hub_id", type_=Uuid)))


def entry(hub: type[Resource]) -> Callable[[Row], Document]:
    """What makes an entry of a row, where hubs are told as `hub`."""

    def made(row: Row) -> Document:
        columns = {name.removeprefix("hub_"): value for name, value in row.items() if name.startswith("hub_")}
        manifest = {name.removeprefix("manifest_"): it for name, it in row.items() if name.startswith("manifest_")}
        return {
            "hub": document(hub, columns),
            "manifest": document(Manifest, manifest) if manifest["id"] is not None else None,
        }

    return made


_ENTRIES = entries(hubs.c)
_ENTRY = one_of(_ENTRIES)
_entry = entry(Hub)


class RegistryQuery(PageQuery):
    slug: Name | None = None
    vsm_function: VsmFunction | None = None


class NameQuery(PageQuery):
    hub_id: UUID | None = None
    name: Name | None = None
    status: Literal["active", "retired"] | None = None


REGISTRY = Listing(RegistryEntry, _ENTRIES, hubs.c.id, equal(hubs.c.slug, hubs.c.vsm_function))


async def list_registry(call: Calling, query: Annotated[RegistryQuery, Query()]) -> Response:
    """Hubs with the manifest that each is under now."""
    return await REGISTRY.page(call, query, _entry)


async def get_registry_entry(call: Calling, hub_id: HubId) -> Response:
    """One hub with the manifest that it is under now."""
    row = await _ENTRY.row(call.connection, hub_id=hub_id)
    if row is None:
        raise not_found()
    tag = f'"{row["hub_revision"]}-{row["manifest_id"] or 0}-{row["manifest_revision"] or 0}"'
    return Made(_entry(row), headers={"ETag": tag})


def _names(kind: Kind) -> Listing:
    source = (
        select(
            declared_names.c.name,
            declared_names.c.hub_id,
            hubs.c.slug.label("hub_slug"),
            declared_names.c.manifest_id,
            manifests.c.version.label("manifest_version"),
            declared_names.c.status,
        )
        .select_from(
            declared_names.join(hubs, hubs.c.id == declared_names.c.hub_id).join(
                manifests, manifests.c.id == declared_names.c.manifest_id
            )
        )
        .where(declared_names.c.kind == literal(str(kind)))
    )
    filters = equal(declared_names.c.hub_id, declared_names.c.name, declared_names.c.status)
    return Listing(DeclaredName, source, declared_names.c.name, filters)


_LISTINGS = {kind: _names(kind) for kind in Kind}


async def _page(call: Call, kind: Kind, query: NameQuery) -> Response:
    return await _LISTINGS[kind].page(call, query)


async def list_widget_types(call: Calling, query: Annotated[NameQuery, Query()]) -> Response:
    """The widget types that hubs declare, and whose each is."""
    return await _page(call, Kind.WIDGET_TYPE, query)


async def list_event_types(call: Calling, query: Annotated[NameQuery, Query()]) -> Response:
    """The event types that hubs declare, and whose each is."""
    return await _page(call, Kind.EVENT_TYPE, query)


async def list_annotation_categories(call: Calling, query: Annotated[NameQuery, Query()]) -> Response:
    """The annotation categories that hubs declare, and whose each is."""
    return await _page(call, Kind.ANNOTATION_CATEGORY, query)


async def list_policy_scopes(call: Calling, query: Annotated[NameQuery, Query()]) -> Response:
    """The policy scopes that hubs declare, and whose each is."""
    return await _page(call, Kind.POLICY_SCOPE, query)


def _listed(path: str, endpoint: Callable[..., Awaitable[Response]], answer: Any) -> Operation:  # noqa: ANN401 - a model
    return Operation("GET", path, endpoint, Needs.FRAMEWORK_READ, answer, "Registry")


OPERATIONS = (
    _listed("/hub-registry", list_registry, Page[RegistryEntry]),
    Operation(
        "GET",
        "/hub-registry/{hubId}",
        get_registry_entry,
        Needs.FRAMEWORK_READ,
        RegistryEntry,
        "Registry",
        tagged=True,
    ),
    _listed("/widget-types", list_widget_types, Page[DeclaredName]),
    _listed("/event-types", list_event_types, Page[DeclaredName]),
    _listed("/annotation-categories", list_annotation_categories, Page[DeclaredName]),
    _listed("/policy-scopes", list_policy_scopes, Page[DeclaredName]),
)
