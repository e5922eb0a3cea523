"""The first answer again: what `Idempotency-Key` promises on every POST.

A key is known by the API key that used it. It is written first, in the transaction of the request itself: who comes
second with it waits for the first to finish, and then finds its answer. An answer that refused is not kept, since
nothing was done: its request may be sent again.
"""

import hashlib
import json
import re
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import DictRow
from sqlalchemy import Interval, LargeBinary, SmallInteger, Text, Uuid, bindparam, delete, func, select, update
from sqlalchemy.dialects.postgresql import JSONB, insert
from starlette.responses import Response

from vsmhub.interhub.tables import idempotency_records as records
from vsmhub.server.answers import JSON, Made
from vsmhub.server.problems import field, invalid
from vsmhub.server.statements import Statement

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"

_FORM = re.compile(r"[!-~]{1,255}")
_KEPT_HEADERS = ("etag", "location")

_MINE = (records.c.key_id == bindparam("owner", type_=Uuid)) & (
    records.c.idempotency_key == bindparam("name", type_=Text)
)
_BEGIN = Statement(
    insert(records)
    .values(
        key_id=bindparam("owner", type_=Uuid),
        idempotency_key=bindparam("name", type_=Text),
        fingerprint=bindparam("fingerprint", type_=LargeBinary),
    )
    .on_conflict_do_nothing()
)
_FIND = Statement(select(records).where(_MINE))
_KEEP = Statement(
    update(records)
    .where(_MINE)
    .values(
        status=bindparam("new_status", type_=SmallInteger),
        headers=bindparam("new_headers", type_=JSONB),
        body=bindparam("new_body", type_=LargeBinary),
    )
)
SWEEP = Statement(delete(records).where(records.c.created_at < func.now() - bindparam("lifetime", type_=Interval)))
"""Forgets the records older than `lifetime`."""


def well_formed(value: str) -> bool:
    """Whether it is 1 to 255 visible ASCII characters."""
    return _FORM.fullmatch(value) is not None


def checked(value: str) -> str:
    """The header's value; 422 when it is not well formed."""
    if not well_formed(value):
        raise invalid(field(f"header/{HEADER}", "must be 1 to 255 visible ASCII characters"))
    return value


def fingerprint(path: str, document: object) -> bytes:
    """What tells one request from another: where it went and what it said, however that was spelt."""
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(f"{path}\n{text}".encode()).digest()


async def begin(connection: AsyncConnection[DictRow], owner: UUID, name: str, mark: bytes) -> Response | None:
    """Claim the key for this request, or answer as the first time; 422 when the first time was another request."""
    if await _BEGIN.run(connection, owner=owner, name=name, fingerprint=mark):
        return None
    first = await _FIND.row(connection, owner=owner, name=name)
    if first is None:  # swept in between
        return await begin(connection, owner, name, mark)
    if first["fingerprint"] != mark:
        raise invalid(field(f"header/{HEADER}", "was used with another request before; take a new key", value=name))
    return Response(first["body"], first["status"], {**first["headers"], REPLAYED: "true"}, media_type=JSON)


async def keep(connection: AsyncConnection[DictRow], owner: UUID, name: str, answer: Response) -> None:
    """Remember the answer."""
    headers = {header: answer.headers[header] for header in _KEPT_HEADERS if header in answer.headers}
    body = answer.kept if isinstance(answer, Made) else bytes(answer.body)
    await _KEEP.run(
        connection, owner=owner, name=name, new_status=answer.status_code, new_headers=headers, new_body=body
    )
