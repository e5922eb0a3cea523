"""Exchanging an API key for an access token."""

from datetime import datetime
from typing import Annotated

from fastapi import Depends
from sqlalchemy import DateTime, LargeBinary, Text, Uuid, bindparam, func, insert, select
from starlette.requests import Request
from starlette.responses import Response

from vsmhub.interhub.messages.access import Token, TokenRequest
from vsmhub.interhub.tables import access_tokens, api_consumers, api_keys
from vsmhub.server.answers import Made
from vsmhub.server.caller import Needs
from vsmhub.server.credentials import hashed, new_token, prefix_of, same
from vsmhub.server.operation import Operation
from vsmhub.server.problems import Refusal, unauthenticated
from vsmhub.server.services import Services, services_of
from vsmhub.server.statements import Row, Statement
from vsmhub.server.writes import Author, alteration

_BY_PREFIX = Statement(
    select(
        api_keys,
        api_consumers.c.name.label("consumer_name"),
        api_consumers.c.hub_id,
        api_consumers.c.status.label("consumer_status"),
        func.now().label("now"),
    )
    .select_from(api_keys.join(api_consumers))
    .where(api_keys.c.prefix == bindparam("prefix", type_=Text))
    .with_for_update(of=api_keys)
)
_ISSUE = Statement(
    insert(access_tokens).values(
        token_hash=bindparam("token_hash", type_=LargeBinary),
        key_id=bindparam("key_id", type_=Uuid),
        expires_at=bindparam("expires_at", type_=DateTime(timezone=True)),
    )
)
_NO_KEY = hashed("")


async def _services(request: Request) -> Services:
    return services_of(request)


async def exchange_key(services: Annotated[Services, Depends(_services)], body: TokenRequest) -> Response:
    """An access token for an API key, which lives some minutes and dies with its key.

    `Idempotency-Key` means nothing here: a token is a secret, and repeating the exchange harms nothing.
    """
    token = new_token()
    async with services.database.connection() as connection, connection.transaction():
        row = await _BY_PREFIX.row(connection, prefix=prefix_of(body.api_key) or "")
        row = _opened(row, body.api_key)
        services.limiter.take(row["id"])
        now: datetime = row["now"]
        ends = now + services.settings.token_lifetime
        if row["expires_at"] is not None:
            ends = min(ends, row["expires_at"])
        author = Author(row["consumer_name"], row["id"], row["consumer_id"])
        used = {"last_used_at": now, "claim_by": None}
        write = alteration(author, api_keys, row["id"], used, action="exchange", hub_id=row["hub_id"], counted=False)
        await write.rows(connection)
        await _ISSUE.run(connection, token_hash=hashed(token), key_id=row["id"], expires_at=ends)
    answer = {
        "accessToken": token,
        "tokenType": "Bearer",
        "expiresIn": int((ends - now).total_seconds()),
        "scopes": row["scopes"],
    }
    return Made(answer, headers={"Cache-Control": "no-store"})


def _opened(row: Row | None, key: str) -> Row:
    """The key's row, if the key opens anything now. Who does not hold the secret learns nothing of the key."""
    if not same(hashed(key), row["secret_hash"] if row else _NO_KEY) or row is None:
        raise _refused("The API key is unknown.")
    now: datetime = row["now"]
    if row["revoked_at"] is not None:
        raise _refused("The API key has been revoked.")
    if row["expires_at"] is not None and row["expires_at"] <= now:
        raise _refused("The API key has expired.")
    if row["claim_by"] is not None and row["claim_by"] <= now:
        raise _refused("The API key was not claimed in time; it opens nothing. Have a new one made.")
    if row["consumer_status"] != "active":
        raise _refused("The API key's consumer is suspended.")
    return row


def _refused(detail: str) -> Refusal:
    return unauthenticated(detail, error="invalid_token")


OPERATIONS = (Operation("POST", "/token", exchange_key, Needs.NOTHING, Token, "Access"),)
