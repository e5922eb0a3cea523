"""Hub capability manifests: drafts, and what activating one means for its hub."""

from typing import Annotated
from uuid import UUID

from fastapi import Query
from sqlalchemy import select
from starlette.responses import Response

from vsmhub.interhub.messages.framework import Manifest, ManifestCreate, ManifestStatus, ManifestUpdate
from vsmhub.interhub.messages.wire import FieldProblem, Page, Version, member
from vsmhub.interhub.tables import hub_capability_manifests as manifests
from vsmhub.interhub.tables import hubs
from vsmhub.server.answers import created, etag, one
from vsmhub.server.call import Call, Calling
from vsmhub.server.caller import Needs
from vsmhub.server.claims import activate
from vsmhub.server.identifiers import new_id
from vsmhub.server.lookups import find, get
from vsmhub.server.operation import Operation
from vsmhub.server.pages import Listing, PageQuery, equal
from vsmhub.server.patches import patched
from vsmhub.server.paths import Id
from vsmhub.server.preconditions import require_match
from vsmhub.server.problems import conflict, field, invalid, pointer
from vsmhub.server.statements import Statement
from vsmhub.server.vocabulary import Kind
from vsmhub.server.writes import alteration, insertion


class ManifestQuery(PageQuery):
    hub_id: UUID | None = None
    status: ManifestStatus | None = None
    version: Version | None = None


MANIFESTS = Listing(
    Manifest, select(manifests), manifests.c.id, equal(manifests.c.hub_id, manifests.c.status, manifests.c.version)
)
_BY_VERSION = Statement(
    select(manifests.c.id).where(*equal(manifests.c.hub_id).values(), *equal(manifests.c.version).values())
)


async def list_manifests(call: Calling, query: Annotated[ManifestQuery, Query()]) -> Response:
    """Manifests of all hubs, or of one, in any status or in one."""
    return await MANIFESTS.page(call, query)


async def create_manifest(call: Calling, body: ManifestCreate) -> Response:
    """A draft. It means nothing until it is activated."""
    _refuse_doubles(body)
    if await find(call.connection, hubs, body.hub_id) is None:
        raise invalid(field("/hubId", "is not the id of a hub", value=str(body.hub_id)))
    await _refuse_version_taken(call, body.hub_id, body.version)
    row = {"id": new_id(), **body.model_dump(), "status": ManifestStatus.DRAFT}
    made = await insertion(call.author, manifests, [row]).row(call.connection)
    return created(Manifest, made, "hub-capability-manifests")


async def get_manifest(call: Calling, manifest_id: Id) -> Response:
    """One manifest."""
    return one(Manifest, await get(call.connection, manifests, manifest_id))


async def update_manifest(call: Calling, manifest_id: Id, body: ManifestUpdate) -> Response:
    """Change a draft. Members not named stay; a list is replaced whole."""
    row = await get(call.connection, manifests, manifest_id, lock=True)
    require_match(call.if_match, etag(row))
    if row["status"] != ManifestStatus.DRAFT:
        raise conflict(f"The manifest is {row['status']}; only a draft can be changed.")
    _refuse_doubles(body)
    values = patched(row, body)
    if "version" in values:
        await _refuse_version_taken(call, row["hub_id"], str(values["version"]))
    if values:
        row = await alteration(call.author, manifests, manifest_id, values).row(call.connection)
    return one(Manifest, row)


async def activate_manifest(call: Calling, manifest_id: Id) -> Response:
    """Put the hub under this manifest, in place of the one it was under; all at once or not at all.

    409 with every name that belongs to another hub. Activating what is active already changes nothing.
    """
    return one(Manifest, await activate(call, manifest_id))


def _refuse_doubles(body: ManifestCreate | ManifestUpdate) -> None:
    problems: list[FieldProblem] = []
    for kind in Kind:
        names: list[str] = getattr(body, kind) or []
        problems += [
            field(pointer(member(kind), place), "is named twice", value=name)
            for place, name in enumerate(names)
            if name in names[:place]
        ]
    if problems:
        raise invalid(*problems)


async def _refuse_version_taken(call: Call, hub_id: UUID, version: str) -> None:
    taken = await _BY_VERSION.row(call.connection, hub_id=hub_id, version=version)
    if taken is not None:
        problem = field("/version", "is the version of another manifest", value=version, existing_id=taken["id"])
        raise conflict(f"The hub has a manifest {version} already.", problem)


_TAG = "Manifests"
_PATH = "/hub-capability-manifests"
OPERATIONS = (
    Operation("GET", _PATH, list_manifests, Needs.FRAMEWORK_READ, Page[Manifest], _TAG),
    Operation("POST", _PATH, create_manifest, Needs.FRAMEWORK_ADMIN, Manifest, _TAG, status=201, tagged=True),
    Operation("GET", _PATH + "/{id}", get_manifest, Needs.FRAMEWORK_READ, Manifest, _TAG, tagged=True),
    Operation(
        "PATCH",
        _PATH + "/{id}",
        update_manifest,
        Needs.FRAMEWORK_ADMIN,
        Manifest,
        _TAG,
        tagged=True,
        matched=True,
    ),
    Operation(
        "POST",
        _PATH + "/{id}/activate",
        activate_manifest,
        Needs.FRAMEWORK_ADMIN,
        Manifest,
        _TAG,
        tagged=True,
        matched=True,
    ),
)
