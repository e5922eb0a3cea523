"""Lists: pages by key, with an opaque cursor, filters by the obvious members, in a stable order."""

import base64
import binascii
import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel
from sqlalchemy import ColumnElement, Integer, Select, Uuid, bindparam

from vsmhub.interhub.messages.limits import PAGE_LIMIT
from vsmhub.interhub.messages.wire import Answer
from vsmhub.server.answers import Made, document
from vsmhub.server.call import Call
from vsmhub.server.problems import field, invalid
from vsmhub.server.statements import Statement

_CHECK_BYTES = 8


class PageQuery(BaseModel):
    """What every list takes."""

    model_config = ConfigDict(extra="forbid", frozen=True, alias_generator=to_camel, validate_by_name=True)

    limit: int = Field(default=100, ge=1, le=PAGE_LIMIT, description="How many at most in one page.")
    cursor: str | None = Field(default=None, max_length=500, description="`nextCursor` of the page before.")
    order: Literal["asc", "desc"] = Field(default="asc", description="Oldest or newest first.")


_PAGING = frozenset(PageQuery.model_fields)


@dataclass(frozen=True, eq=False, slots=True)
class Listing:
    """A list that can be asked for.

    `source` selects the rows; `key` orders them and is unique among them; `filters` are conditions by the query's
    member, each with a bind parameter of that name; `owner` is the hub that a row belongs to, for lists that show
    a caller only the hub it may read, or with `written` only the hub it may write to.
    """

    model: type[Answer]
    source: Select[Any]
    key: ColumnElement[Any]
    filters: Mapping[str, ColumnElement[bool]]
    owner: ColumnElement[Any] | None = None
    written: bool = False

    async def page(
        self,
        call: Call,
        query: PageQuery,
        render: Callable[[Any], object] | None = None,
        *,
        fixed: Mapping[str, object] | None = None,
    ) -> Made:
        """One page of it, as the caller may see it; `fixed` are filters that the path sets."""
        asked = {name: value for name, value in query.model_dump(exclude_none=True).items() if name not in _PAGING}
        given = {**asked, **(fixed or {})}
        scoped = self.owner is not None and (self.written or not call.caller.admin)
        values: dict[str, object] = {**given, "page_limit": query.limit + 1}
        if scoped:
            values["page_owner"] = call.caller.writes if self.written else call.caller.reads
        mark = _mark(self.model.__name__, query.order, given)
        if query.cursor is not None:
            values["page_after"] = _read(query.cursor, mark)
        statement = _statement(self, frozenset(given), query.order, query.cursor is not None, scoped)
        rows = await statement.rows(call.connection, **values)
        more = len(rows) > query.limit
        rows = rows[: query.limit]
        following = _write(str(rows[-1]["page_key"]), mark) if more else None
        return Made({"data": [self._shown(row, render) for row in rows], "nextCursor": following})

    def _shown(self, row: Any, render: Callable[[Any], object] | None) -> object:  # noqa: ANN401 - a row
        return render(row) if render else document(self.model, row)


@cache
def _statement(listing: Listing, given: frozenset[str], order: str, after: bool, scoped: bool) -> Statement:
    key = listing.key
    core = listing.source.add_columns(key.label("page_key"))
    core = core.where(*(listing.filters[name] for name in sorted(given)))
    if scoped and listing.owner is not None:
        core = core.where(listing.owner == bindparam("page_owner", type_=Uuid))
    if after:
        last = bindparam("page_after", type_=key.type)
        core = core.where(key > last if order == "asc" else key < last)
    core = core.order_by(key.asc() if order == "asc" else key.desc())
    return Statement(core.limit(bindparam("page_limit", type_=Integer)))


def _mark(kind: str, order: str, given: Mapping[str, object]) -> str:
    """What a cursor belongs to: it leads on in the list it came from, and in no other."""
    return json.dumps([kind, order, sorted((name, str(value)) for name, value in given.items())])


def _check(position: str, mark: str) -> bytes:
    return hashlib.sha256(f"{mark}\n{position}".encode()).digest()[:_CHECK_BYTES]


def _write(position: str, mark: str) -> str:
    return base64.urlsafe_b64encode(_check(position, mark) + position.encode()).decode().rstrip("=")


def _read(cursor: str, mark: str) -> str:
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        position = raw[_CHECK_BYTES:].decode()
    except (binascii.Error, ValueError):
        position, raw = "", b""
    if raw[:_CHECK_BYTES] != _check(position, mark):
        raise invalid(field("query/cursor", "is not a cursor of this list with these filters"))
    return position


def equal(*columns: ColumnElement[Any]) -> dict[str, ColumnElement[bool]]:
    """Filters that ask for a column's value, by the column's name."""
    return {str(one.key): one == bindparam(str(one.key), type_=one.type) for one in columns}
