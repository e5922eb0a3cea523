"""Who calls: the API key behind an access token, and what it may do."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import DictRow
from sqlalchemy import LargeBinary, bindparam, func, literal_column, or_, select

from vsmhub.interhub.tables import access_tokens, api_consumers, api_keys
from vsmhub.server.problems import forbidden, not_found, unauthenticated
from vsmhub.server.statements import Row, Statement


class Needs(StrEnum):
    """The scope that an operation needs. `{slug}` is the hub that its data belong to."""

    NOTHING = ""
    FRAMEWORK_READ = "framework:read"
    FRAMEWORK_ADMIN = "framework:admin"
    HUB_READ = "hub:{slug}:read"
    HUB_WRITE = "hub:{slug}:write"


@dataclass(frozen=True, slots=True)
class Caller:
    """A key's powers. Its hub scopes are for its consumer's own hub, so that is the one it reads or writes, if any."""

    key_id: UUID
    consumer_id: UUID
    consumer_name: str
    admin: bool
    framework: bool
    reads: UUID | None
    writes: UUID | None

    @classmethod
    def of(cls, row: Row) -> "Caller":
        scopes: list[str] = row["scopes"]
        hub_id: UUID | None = row["hub_id"]
        admin = "framework:admin" in scopes
        return cls(
            key_id=row["key_id"],
            consumer_id=row["consumer_id"],
            consumer_name=row["consumer_name"],
            admin=admin,
            framework=admin or "framework:read" in scopes,
            reads=hub_id if any(s.startswith("hub:") and s.endswith(":read") for s in scopes) else None,
            writes=hub_id if any(s.startswith("hub:") and s.endswith(":write") for s in scopes) else None,
        )

    def require(self, needs: Needs) -> None:
        """Refuse (403) a key that has the scope for no hub at all."""
        allowed = {
            Needs.NOTHING: True,
            Needs.FRAMEWORK_READ: self.framework,
            Needs.FRAMEWORK_ADMIN: self.admin,
            Needs.HUB_READ: self.admin or self.reads is not None,
            Needs.HUB_WRITE: self.writes is not None,
        }
        if not allowed[needs]:
            raise forbidden(needs)

    def may_read(self, hub_id: UUID) -> bool:
        return self.admin or self.reads == hub_id

    def require_write(self, hub_id: UUID) -> None:
        """Refuse (403) a hub named in a body that the key may not write to, whether or not it exists."""
        if self.writes != hub_id:
            raise forbidden(Needs.HUB_WRITE)

    def require_write_of(self, row: Row | None) -> Row:
        """Refuse an object named in the path: 404 when the key may not see it, 403 when it may only see it."""
        if row is None or not (self.may_read(row["hub_id"]) or self.writes == row["hub_id"]):
            raise not_found()
        self.require_write(row["hub_id"])
        return row


OPENS = (
    access_tokens.c.expires_at > func.now(),
    api_keys.c.revoked_at.is_(None),
    or_(api_keys.c.expires_at.is_(None), api_keys.c.expires_at > func.now()),
    api_consumers.c.status == literal_column("'active'"),
)
"""When a token opens anything: as long as it, its key and its consumer all do."""

_BY_TOKEN = Statement(
    select(
        api_keys.c.id.label("key_id"),
        api_keys.c.scopes,
        api_consumers.c.id.label("consumer_id"),
        api_consumers.c.name.label("consumer_name"),
        api_consumers.c.hub_id,
    )
    .select_from(access_tokens.join(api_keys).join(api_consumers))
    .where(access_tokens.c.token_hash == bindparam("hash", type_=LargeBinary), *OPENS)
)


def token_from(authorization: str | None) -> str:
    """The access token of an `Authorization` header; 401 when there is none."""
    if not authorization:
        raise unauthenticated("Send an access token: Authorization: Bearer …, from POST /api/v2/token.")
    scheme, _, token = authorization.partition(" ")
    token = token.strip()
    if scheme.lower() != "bearer" or not token:
        raise unauthenticated("Only Bearer access tokens are taken; get one from POST /api/v2/token.")
    if token.startswith("ihk_"):
        raise unauthenticated(
            "This is an API key, not an access token: exchange it at POST /api/v2/token.", error="invalid_token"
        )
    return token


async def caller_of(connection: AsyncConnection[DictRow], token_hash: bytes) -> Caller:
    """Who holds the token with this hash; 401 when it opens nothing (any more)."""
    row = await _BY_TOKEN.row(connection, hash=token_hash)
    if row is None:
        raise unauthenticated(
            "The access token is unknown, has expired, or its API key no longer works; exchange the key again.",
            error="invalid_token",
        )
    return Caller.of(row)
