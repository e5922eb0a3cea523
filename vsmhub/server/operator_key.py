"""The operator's own key, minted once straight from the database, before anybody could ask the API for one.

The secret is neither logged nor kept. It is stored before the database knows of the key for good, so that a process
killed at any instant leaves no usable key that nobody holds; what it may leave is a stored one that the database does
not know, and then another is made.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol
from uuid import UUID

from psycopg import Connection
from psycopg.rows import DictRow
from sqlalchemy import Text, bindparam, func, or_, select

from vsmhub.interhub.messages.access import ConsumerStatus
from vsmhub.interhub.tables import api_consumers, api_keys
from vsmhub.server.credentials import hashed, new_key, prefix_of, same
from vsmhub.server.database import connected
from vsmhub.server.errors import ServerError
from vsmhub.server.identifiers import new_id
from vsmhub.server.statements import Row, Statement
from vsmhub.server.writes import Author, Write, alteration, insertion

OPERATOR = "operator"
SCOPES = ("framework:admin", "framework:read")

_AUTHOR = Author(actor="vsmhub on the server's machine")
_CONSUMER = Statement(
    select(api_consumers).where(api_consumers.c.hub_id.is_(None), api_consumers.c.name == OPERATOR).with_for_update()
)
_usable = (
    select(api_keys.c.id, api_keys.c.secret_hash)
    .select_from(api_keys.join(api_consumers))
    .where(
        api_consumers.c.hub_id.is_(None),
        api_consumers.c.name == OPERATOR,
        api_keys.c.revoked_at.is_(None),
        or_(api_keys.c.expires_at.is_(None), api_keys.c.expires_at > func.now()),
    )
)
_NAMED = Statement(_usable.where(api_keys.c.name == bindparam("name", type_=Text)))
_HELD = Statement(_usable.where(api_keys.c.prefix == bindparam("prefix", type_=Text)))


class KeyStore(Protocol):
    """Where an operator keeps the key."""

    def load(self) -> str | None:
        """The key that is kept, None when there is none."""
        ...

    def store(self, secret: str) -> None:
        """Keep a key in place of the one before; raises what it likes when it cannot."""
        ...


@dataclass(frozen=True, slots=True)
class MintedKey:
    """A key in the moment of its making; `secret` is the whole key, to be stored at once."""

    id: UUID
    prefix: str
    secret: str = field(repr=False)


def mint_operator_key(dsn: str, *, name: str = "operator", replace: bool = False) -> MintedKey:
    """A new key with `framework:read` and `framework:admin`; with `replace`, in place of those of the same name.

    The database must be migrated. Raises a ServerError when it cannot be reached.
    """
    with connected(dsn) as connection, connection.transaction():
        return _minted(connection, _consumer(connection), name, replace=replace)


def ensure_operator_key(dsn: str, keys: KeyStore, *, name: str = "operator") -> bool:
    """See to it that `keys` holds a key that this database knows; whether a new one had to be made.

    A new one takes the place of those of the same name, which nobody can hold any more, and of no other operator's.
    The database must be migrated. Raises a ServerError when it cannot be reached, and what `keys` raises.
    """
    with connected(dsn) as connection:
        if _known(connection, keys.load()):
            return False
        with connection.transaction():
            consumer = _consumer(connection)
            if _known(connection, keys.load()):  # another process was faster
                return False
            secret = _minted(connection, consumer, name, replace=True).secret
            keys.store(secret)
            if keys.load() != secret:
                raise ServerError(
                    "the operator's key that is set is not one of this database, and stands before a new one",
                    hint="unset IHUB_OPERATOR_KEY, or set it to a key of this database",
                )
    return True


def _known(connection: Connection[DictRow], secret: str | None) -> bool:
    prefix = prefix_of(secret) if secret else None
    if secret is None or prefix is None:
        return False
    return any(same(bytes(row["secret_hash"]), hashed(secret)) for row in _HELD.rows_now(connection, prefix=prefix))


def _minted(connection: Connection[DictRow], consumer: Row, name: str, *, replace: bool) -> MintedKey:
    key = new_key()
    for row in _NAMED.rows_now(connection, name=name) if replace else ():
        revoked = {"revoked_at": datetime.now(UTC)}
        _run(connection, alteration(_AUTHOR, api_keys, row["id"], revoked, action="revoke"))
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
