"""The operator's own key, minted once straight from the database, before anybody could ask the API for one.

The secret is returned and is neither logged nor kept; the caller stores it before it does anything else.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from psycopg import Connection
from psycopg.rows import DictRow
from sqlalchemy import func, or_, select

from vsmhub.interhub.messages.access import ConsumerStatus
from vsmhub.interhub.tables import api_consumers, api_keys
from vsmhub.server.credentials import new_key
from vsmhub.server.database import connected
from vsmhub.server.identifiers import new_id
from vsmhub.server.statements import Row, Statement
from vsmhub.server.writes import Author, Write, alteration, insertion

OPERATOR = "operator"
SCOPES = ("framework:admin", "framework:read")

_AUTHOR = Author(actor="vsmhub on the server's machine")
_CONSUMER = Statement(
    select(api_consumers).where(api_consumers.c.hub_id.is_(None), api_consumers.c.name == OPERATOR).with_for_update()
)
_KEYS = Statement(
    select(api_keys.c.id)
    .select_from(api_keys.join(api_consumers))
    .where(
        api_consumers.c.hub_id.is_(None),
        api_consumers.c.name == OPERATOR,
        api_keys.c.revoked_at.is_(None),
        or_(api_keys.c.expires_at.is_(None), api_keys.c.expires_at > func.now()),
    )
)


@dataclass(frozen=True, slots=True)
class MintedKey:
    """A key in the moment of its making; `secret` is the whole key, to be stored at once."""

    id: UUID
    prefix: str
    secret: str = field(repr=False)


def operator_key_exists(dsn: str) -> bool:
    """Whether there is an operator's key that has not been revoked. The database must be migrated."""
    with connected(dsn) as connection:
        return bool(_KEYS.rows_now(connection))


def mint_operator_key(dsn: str, *, name: str = "operator", replace: bool = False) -> MintedKey:
    """A new key with `framework:read` and `framework:admin`; with `replace`, in place of those there are.

    The database must be migrated. Raises a ServerError when it cannot be reached.
    """
    key = new_key()
    with connected(dsn) as connection, connection.transaction():
        consumer = _consumer(connection)
        if replace:
            now = datetime.now(UTC)
            for row in _KEYS.rows_now(connection):
                _run(connection, alteration(_AUTHOR, api_keys, row["id"], {"revoked_at": now}, action="revoke"))
        row = {
            "id": new_id(),
            "consumer_id": consumer["id"],
            "name": name,
            "prefix": key.prefix,
            "secret_hash": f"\\x{key.hash.hex()}",
            "scopes": list(SCOPES),
        }
        made = _run(connection, insertion(_AUTHOR, api_keys, [row]))
    return MintedKey(id=made["id"], prefix=key.prefix, secret=key.text)


def _consumer(connection: Connection[DictRow]) -> Row:
    # Two mints at once: the second waits here, and finds what the first made.
    connection.execute("LOCK TABLE api_consumers IN SHARE ROW EXCLUSIVE MODE")
    found = _CONSUMER.rows_now(connection)
    if found:
        return found[0]
    row = {"id": new_id(), "name": OPERATOR, "status": ConsumerStatus.ACTIVE}
    return _run(connection, insertion(_AUTHOR, api_consumers, [row]))


def _run(connection: Connection[DictRow], write: Write) -> Row:
    (row,) = write.statement.rows_now(connection, **write.given)
    return row
