"""API keys: made with their secret shown once, and revoked for good."""

from datetime import UTC, datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import Query
from sqlalchemy import select
from starlette.responses import Response

from vsmhub.interhub.messages.access import Key, KeyCreate, KeyCreated
from vsmhub.interhub.messages.wire import FieldProblem, Page
from vsmhub.interhub.tables import api_consumers, api_keys, hubs
from vsmhub.server.answers import Made, document, etag, one
from vsmhub.server.call import Call, Calling
from vsmhub.server.caller import Needs
from vsmhub.server.credentials import new_key
from vsmhub.server.identifiers import new_id
from vsmhub.server.lookups import find, get
from vsmhub.server.operation import Operation
from vsmhub.server.pages import Listing, PageQuery, equal
from vsmhub.server.paths import Id
from vsmhub.server.preconditions import require_match
from vsmhub.server.problems import field, invalid, pointer
from vsmhub.server.writes import alteration, insertion


class KeyQuery(PageQuery):
    pass


KEYS = Listing(Key, select(api_keys), api_keys.c.id, equal(api_keys.c.consumer_id))


async def list_keys(call: Calling, consumer_id: Id, query: Annotated[KeyQuery, Query()]) -> Response:
    """The keys of a consumer, without their secrets; revoked ones too."""
    await get(call.connection, api_consumers, consumer_id)
    return await KEYS.page(call, query, fixed={"consumer_id": consumer_id})


async def create_key(call: Calling, consumer_id: Id, body: KeyCreate) -> Response:
    """A key, whose secret this answer shows and none ever again."""
    consumer = await get(call.connection, api_consumers, consumer_id)
    await _refuse_scopes(call, consumer["hub_id"], body.scopes)
    now = datetime.now(UTC)
    if body.expires_at is not None and body.expires_at <= now:
        raise invalid(field("/expiresAt", "has passed already", value=body.expires_at.isoformat()))
    key = new_key()
    row = {
        "id": new_id(),
        "consumer_id": consumer_id,
        "name": body.name,
        "prefix": key.prefix,
        "secret_hash": f"\\x{key.hash.hex()}",
        "scopes": sorted(set(body.scopes)),
        "expires_at": body.expires_at,
        "claim_by": None if body.claim_within is None else now + timedelta(seconds=body.claim_within),
    }
    made = await insertion(call.author, api_keys, [row], hub_id=consumer["hub_id"]).row(call.connection)
    public = document(Key, made)
    return Made(
        {**public, "key": key.text, "secretAlreadyShown": False},
        status=201,
        headers={"ETag": etag(made), "Cache-Control": "no-store"},
        kept={**public, "key": None, "secretAlreadyShown": True},
    )


async def revoke_key(call: Calling, key_id: Id) -> Response:
    """End a key: it and every token from it open nothing any more. Revoking it again changes nothing."""
    row = await get(call.connection, api_keys, key_id, lock=True)
    require_match(call.if_match, etag(row))
    if row["revoked_at"] is None:
        consumer = await get(call.connection, api_consumers, row["consumer_id"])
        write = alteration(
            call.author,
            api_keys,
            key_id,
            {"revoked_at": datetime.now(UTC)},
            action="revoke",
            hub_id=consumer["hub_id"],
        )
        row = await write.row(call.connection)
    return one(Key, row)


async def _refuse_scopes(call: Call, hub_id: UUID | None, scopes: list[str]) -> None:
    hub = None if hub_id is None else await find(call.connection, hubs, hub_id)
    problems: list[FieldProblem] = []
    for place, scope in enumerate(scopes):
        where = pointer("scopes", place)
        if hub is None:
            if scope.startswith("hub:"):
                problems.append(field(where, "is for the consumers of a hub", value=scope))
        elif scope == "framework:admin":
            problems.append(field(where, "is for the operator's own consumer", value=scope))
        elif scope.startswith("hub:") and scope.split(":")[1] != hub["slug"]:
            problems.append(field(where, f"is for another hub than the consumer's, {hub['slug']}", value=scope))
    if problems:
        raise invalid(*problems)


_TAG = "Access"
_ADMIN = Needs.FRAMEWORK_ADMIN
_KEYS = "/api-consumers/{id}/api-keys"
OPERATIONS = (
    Operation("GET", _KEYS, list_keys, _ADMIN, Page[Key], _TAG),
    Operation("POST", _KEYS, create_key, _ADMIN, KeyCreated, _TAG, status=201, tagged=True),
    Operation("POST", "/api-keys/{id}/revoke", revoke_key, _ADMIN, Key, _TAG, tagged=True, matched=True),
)
