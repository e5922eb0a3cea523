"""Names in use: which hub a name of a vocabulary belongs to, and what to say of one that is not declared."""

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import DictRow
from sqlalchemy import Text, Uuid, bindparam, func, select, tuple_
from sqlalchemy.dialects.postgresql import ARRAY

from vsmhub.interhub.messages.wire import FieldProblem
from vsmhub.interhub.tables import declared_names
from vsmhub.server.problems import field
from vsmhub.server.statements import Statement

_SUGGESTED = 3
_ALIKE = 0.5


class Kind(StrEnum):
    """The four vocabularies, by the manifest's columns."""

    WIDGET_TYPE = "widget_types"
    EVENT_TYPE = "event_types"
    ANNOTATION_CATEGORY = "annotation_categories"
    POLICY_SCOPE = "policy_scopes"


@dataclass(frozen=True, slots=True)
class Use:
    """A name used by a request, and where in it."""

    kind: Kind
    name: str
    pointer: str


_KINDS = (
    func.unnest(bindparam("kinds", type_=ARRAY(Text)), bindparam("names", type_=ARRAY(Text)))
    .table_valued("kind", "name", name="used")
    .render_derived()
)
_FOUND = Statement(
    select(declared_names.c.kind, declared_names.c.name).where(
        declared_names.c.hub_id == bindparam("hub_id", type_=Uuid),
        declared_names.c.status == "active",
        tuple_(declared_names.c.kind, declared_names.c.name).in_(select(_KINDS)),
    )
)
_DECLARED = Statement(
    select(declared_names.c.name)
    .where(
        declared_names.c.hub_id == bindparam("hub_id", type_=Uuid),
        declared_names.c.status == "active",
        declared_names.c.kind == bindparam("kind", type_=Text),
    )
    .order_by(declared_names.c.name)
)


async def undeclared(connection: AsyncConnection[DictRow], hub_id: UUID, uses: Iterable[Use]) -> list[FieldProblem]:
    """What to say of the names that the hub's active manifest does not declare; empty when it declares them all."""
    uses = list(uses)
    wanted = list(dict.fromkeys((use.kind, use.name) for use in uses))
    rows = await _FOUND.rows(
        connection, hub_id=hub_id, kinds=[str(kind) for kind, _ in wanted], names=[name for _, name in wanted]
    )
    found = {(row["kind"], row["name"]) for row in rows}
    missing = [use for use in uses if (str(use.kind), use.name) not in found]
    declared = {
        kind: [row["name"] for row in await _DECLARED.rows(connection, hub_id=hub_id, kind=str(kind))]
        for kind in dict.fromkeys(use.kind for use in missing)
    }
    return [_complaint(use, declared[use.kind]) for use in missing]


def _complaint(use: Use, declared: Sequence[str]) -> FieldProblem:
    what = use.kind.replace("_", " ")
    if not declared:
        return field(use.pointer, f"is not declared: the hub's active manifest has no {what}", value=use.name)
    near = closest(use.name, declared)
    return field(use.pointer, f"is not among the hub's declared {what}", value=use.name, suggestions=near)


def closest(name: str, declared: Sequence[str]) -> list[str]:
    """The declared names most like `name`, best first; at least one where any is declared.

    The first word, where all of them share it (a hub's prefix), tells them not apart: it is left out.
    """
    prefix = declared[0].partition("-")[0] + "-"
    if not all(one.startswith(prefix) for one in declared):
        prefix = ""
    bare = name.removeprefix(prefix)
    scored = sorted(
        ((_likeness(bare, one.removeprefix(prefix)), one) for one in declared), key=lambda pair: (-pair[0], pair[1])
    )
    near = [one for score, one in scored[:_SUGGESTED] if score >= _ALIKE]
    return near or [one for _, one in scored[:1]]


def _likeness(left: str, right: str) -> float:
    """By letters or by words in any order, whichever is more."""
    letters = difflib.SequenceMatcher(None, left, right).ratio()
    ours, theirs = set(left.split("-")), set(right.split("-"))
    words = 2 * len(ours & theirs) / (len(ours) + len(theirs))
    return max(letters, words)
