"""Activating a manifest: claiming its names, dropping those it no longer has, superseding the one before."""

from uuid import UUID

from sqlalchemy import Integer, Text, Uuid, and_, bindparam, func, not_, select, tuple_, update
from sqlalchemy.dialects.postgresql import ARRAY, insert

from vsmhub.interhub.messages.framework import ManifestStatus
from vsmhub.interhub.messages.wire import member
from vsmhub.interhub.tables import ACTIVATION_LOCK, declared_names, hubs
from vsmhub.interhub.tables import hub_capability_manifests as manifests
from vsmhub.server.answers import etag
from vsmhub.server.call import Call
from vsmhub.server.lookups import get
from vsmhub.server.preconditions import require_match
from vsmhub.server.problems import conflict, field, pointer
from vsmhub.server.statements import Row, Statement
from vsmhub.server.vocabulary import Kind
from vsmhub.server.writes import alteration

_ONE_AT_A_TIME = Statement(select(func.pg_advisory_xact_lock(ACTIVATION_LOCK).cast(Text)))

_GIVEN = (
    func.unnest(
        bindparam("kinds", type_=ARRAY(Text)),
        bindparam("names", type_=ARRAY(Text)),
        bindparam("places", type_=ARRAY(Integer)),
    )
    .table_valued("kind", "name", "place", name="given")
    .render_derived()
)
_HUB = bindparam("hub_id", type_=Uuid)

_FOREIGN = Statement(
    select(_GIVEN.c.kind, _GIVEN.c.name, _GIVEN.c.place, hubs.c.slug)
    .select_from(
        _GIVEN.join(
            declared_names, and_(declared_names.c.kind == _GIVEN.c.kind, declared_names.c.name == _GIVEN.c.name)
        ).join(hubs, hubs.c.id == declared_names.c.hub_id)
    )
    .where(declared_names.c.hub_id != _HUB)
    .order_by(_GIVEN.c.kind, _GIVEN.c.place)
)
_RETIRE = Statement(
    update(declared_names)
    .where(
        declared_names.c.hub_id == _HUB,
        declared_names.c.status == "active",
        not_(tuple_(declared_names.c.kind, declared_names.c.name).in_(select(_GIVEN.c.kind, _GIVEN.c.name))),
    )
    .values(status="retired")
)
_new = insert(declared_names).from_select(
    ["kind", "name", "hub_id", "manifest_id", "status"],
    select(
        _GIVEN.c.kind,
        _GIVEN.c.name,
        bindparam("hub_id", type_=Uuid),
        bindparam("manifest_id", type_=Uuid),
        bindparam("status", "active", type_=Text),
    ),
)
_CLAIM = Statement(
    _new.on_conflict_do_update(
        index_elements=["kind", "name"],
        set_={"manifest_id": _new.excluded.manifest_id, "status": "active"},
        where=declared_names.c.hub_id == _new.excluded.hub_id,
    )
)
_ACTIVE = Statement(
    select(manifests.c.id).where(manifests.c.hub_id == _HUB, manifests.c.status == "active").with_for_update()
)
_NOW = Statement(select(func.now().label("now")))


async def activate(call: Call, manifest_id: UUID) -> Row:
    """The manifest, active. 404, 409 or 412 when it cannot become so."""
    connection = call.connection
    await _ONE_AT_A_TIME.row(connection)
    row = await get(connection, manifests, manifest_id, lock=True)
    require_match(call.if_match, etag(row))
    if row["status"] == ManifestStatus.ACTIVE:
        return row
    if row["status"] == ManifestStatus.SUPERSEDED:
        raise conflict("The manifest has been superseded; make a new draft.")
    named = [(str(kind), name, place) for kind in Kind for place, name in enumerate(row[kind])]
    kinds, names, places = (list(part) for part in zip(*named, strict=True)) if named else ([], [], [])
    given = {"hub_id": row["hub_id"], "kinds": kinds, "names": names}
    await _refuse_foreign(call, {**given, "places": places})
    before = await _ACTIVE.row(connection, hub_id=row["hub_id"])
    if before is not None:
        superseded = {"status": ManifestStatus.SUPERSEDED}
        await alteration(call.author, manifests, before["id"], superseded, action="supersede").rows(connection)
    now = (await _NOW.rows(connection))[0]["now"]
    values = {"status": ManifestStatus.ACTIVE, "activated_at": now}
    row = await alteration(call.author, manifests, manifest_id, values, action="activate").row(connection)
    await _RETIRE.run(connection, **given, places=places)
    await _CLAIM.run(connection, **given, places=places, manifest_id=manifest_id)
    return row


async def _refuse_foreign(call: Call, given: dict[str, object]) -> None:
    foreign = await _FOREIGN.rows(call.connection, **given)
    if foreign:
        owners = sorted({row["slug"] for row in foreign})
        raise conflict(
            f"{len(foreign)} of the names belong to {', '.join(owners)}.",
            *(
                field(pointer(member(row["kind"]), row["place"]), f"belongs to {row['slug']}", value=row["name"])
                for row in foreign
            ),
        )
