"""The steps of the `sql` route: from whatever the database holds of a hub to what is declared.

They leave the rows that the API would leave, ids and times aside. Run in order and in one transaction, they can be run
any number of times: what is as declared is not touched. None makes a key, whose secret Inter-Hub alone may show, once.
"""

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from sqlalchemy import (
    Column,
    ColumnElement,
    FromClause,
    Insert,
    Select,
    Text,
    TextClause,
    Update,
    and_,
    column,
    exists,
    func,
    insert,
    literal,
    not_,
    or_,
    select,
    table,
    text,
    update,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.schema import CreateTable

from vsmhub.interhub.tables import ACTIVATION_LOCK, api_consumers, audit_records, hubs, widgets
from vsmhub.interhub.tables import declared_names as claims
from vsmhub.interhub.tables import hub_capability_manifests as manifests
from vsmhub.plan.desired import Desired
from vsmhub.plan.routes.sql.declared import (
    HUB_COLUMNS,
    TABLES,
    VSM_COLUMNS,
    WIDGET_COLUMNS,
    given,
    spread,
    temporary,
    the_hub,
    the_names,
    the_widgets,
)
from vsmhub.plan.routes.sql.writes import Expression, change, new_id, recorded, report, trail, upsert, written
from vsmhub.spec.capability import LATER

Statement: TypeAlias = Select[*tuple[Any, ...]] | Insert | Update | TextClause | CreateTable
Condition: TypeAlias = Literal["has_vsm_columns", "lacks_vsm_columns", "has_audit_records"]

# What never changes once a hub exists.
_FIXED = ("slug", "hub_kind")
VOCABULARIES = ("widget_types", "event_types", "annotation_categories", "policy_scopes")

refusals = temporary("refusals", Column("reason", Text, nullable=False))

REFUSE = r"""DO $$
DECLARE
  said text;
BEGIN
  SELECT string_agg(reason, E'\n' ORDER BY reason) INTO said FROM vsmhub_refusals;
  IF said IS NOT NULL THEN
    RAISE EXCEPTION E'nothing has been changed:\n%', said;
  END IF;
END
$$"""
"""Raises what the statements before it have gathered; a constant, for plpgsql takes no parameters here."""


@dataclass(frozen=True, slots=True)
class Step:
    """One statement, what it is for, and the fact about the database that it needs, if it needs one."""

    title: str
    statement: Statement
    only_if: Condition | None = None


def facts() -> Select[bool, bool]:
    """What must be known of the database, in one row: whether it has the VSM columns, and whether an audit trail."""
    present = (
        select(func.count() == len(VSM_COLUMNS))
        .select_from(table("pg_attribute"))
        .where(
            column("attrelid") == func.to_regclass(literal(hubs.name, Text)),
            column("attname", Text).in_(VSM_COLUMNS),
            not_(column("attisdropped")),
        )
        .scalar_subquery()
    )
    has_trail = func.to_regclass(literal(audit_records.name, Text)).is_not(None)
    return select(present.label("has_vsm_columns"), has_trail.label("has_audit_records"))


def steps(declared: Desired) -> tuple[Step, ...]:
    """All of them, in order. The declaration alone differs from hub to hub."""
    return (*preparation(), declaration(declared), *bootstrap())


@functools.cache
def preparation() -> tuple[Step, ...]:
    """The tables that the other steps talk through."""
    first, *others = (CreateTable(one) for one in (*TABLES, refusals, written))
    return (Step("Tables that last as long as this transaction.", first), *(Step("", one) for one in others))


def declaration(declared: Desired) -> Step:
    """What is declared: the one step that holds values."""
    return Step(declaration_title(declared), given(declared))


def declaration_title(declared: Desired) -> str:
    """What is said above it."""
    return f"What {declared.hub} is declared to be."


Part: TypeAlias = Literal["hub", "manifest", "consumer", "widget"]
"""What a bootstrap consists of, by the kinds of a plan's changes."""
PARTS: frozenset[Part] = frozenset({"hub", "manifest", "consumer", "widget"})


@functools.cache
def bootstrap(parts: frozenset[Part] = PARTS) -> tuple[Step, ...]:
    """What is made of the declaration: all of it, or these parts of it alone."""
    write: dict[Part, tuple[Step, ...]] = {
        "hub": (
            Step("The hub, with its classification.", _hub(HUB_COLUMNS), "has_vsm_columns"),
            Step(
                "The hub; its manifest tells the classification.",
                _hub([one for one in HUB_COLUMNS if one not in VSM_COLUMNS]),
                "lacks_vsm_columns",
            ),
        ),
        "manifest": (
            Step("Its manifest, as a draft.", _draft()),
            Step("The manifest that the draft takes the place of.", _supersede()),
            Step("The draft takes effect.", _activate()),
            Step("The names that it declares.", _claim()),
            Step("Names that it no longer declares stay the hub's own.", _retire()),
            Step("Stop here if another hub has claimed a name meanwhile.", _names_of_others()),
            Step("", text(REFUSE)),
        ),
        "consumer": (Step("The API consumer. Its key is made by Inter-Hub alone.", _consumer()),),
        "widget": (Step("The seed widgets.", _widgets()),),
    }
    return (
        *(Step("", one) for one in spread()),
        Step("One activation at a time.", _lock()),
        Step("A name belongs to one hub.", _names_of_others()),
        Step("A published version does not change.", _version_in_use()),
        Step("Stop here if there is a reason to.", text(REFUSE)),
        *(step for part in write if part in parts for step in write[part]),
        Step("The audit trail.", trail(), "has_audit_records"),
        Step("What has been written; nothing where all was as declared.", report()),
    )


def _lock() -> Statement:
    return select(func.pg_advisory_xact_lock(ACTIVATION_LOCK).cast(Text).label("locked"))


def _names_of_others() -> Statement:
    said = the_names.c.name + " (" + func.replace(the_names.c.kind, "_", " ") + ") belongs to " + hubs.c.slug
    others = (
        select(said)
        .select_from(the_names)
        .join(claims, and_(claims.c.kind == the_names.c.kind, claims.c.name == the_names.c.name))
        .join(hubs, hubs.c.id == claims.c.hub_id)
        .where(hubs.c.slug != select(the_hub.c.slug).scalar_subquery())
    )
    return insert(refusals).from_select(["reason"], others)


def _version_in_use() -> Statement:
    same = and_(
        manifests.c.status == "active",
        # What an older vsmhub published tells less, and is the same for what it tells.
        or_(manifests.c.capability == the_hub.c.capability, manifests.c.capability == _older(the_hub.c.capability)),
        # A list of names is a set: its order does not count.
        *(manifests.c[one].contains(_names(one)) for one in VOCABULARIES),
        *(manifests.c[one].contained_by(_names(one)) for one in VOCABULARIES),
    )
    said = "version " + the_hub.c.version + " of the manifest of " + the_hub.c.slug + " is " + manifests.c.status
    advice = ", and a published version does not change: raise manifest.version in the spec"
    found = select(said + advice).select_from(the_hub).join(manifests, _is_ours(manifests))
    return insert(refusals).from_select(["reason"], found.where(manifests.c.status != "draft", not_(same)))


def _older(capability: Column[Any]) -> ColumnElement[Any]:
    """A capability without what older versions did not publish."""
    found: ColumnElement[Any] = capability
    for name in LATER:
        found = found.op("-", return_type=postgresql.JSONB())(literal(name, Text))
    return found


def _hub(names: Sequence[str]) -> Statement:
    source = select(new_id(), *(the_hub.c[one] for one in names))
    write = upsert(hubs, ["id", *names], source, key=["slug"], changing=[one for one in names if one not in _FIXED])
    columns = [one for one in hubs.c if one.name not in VSM_COLUMNS or one.name in names]
    return recorded(hubs, columns, write, hubs.c.slug == _the(the_hub.c.slug), "update")


def _draft() -> Statement:
    content = {**{one: _names(one) for one in VOCABULARIES}, "capability": the_hub.c.capability}
    source = (
        select(new_id(), hubs.c.id, the_hub.c.version, literal("draft", Text), *content.values())
        .select_from(the_hub)
        .join(hubs, hubs.c.slug == the_hub.c.slug)
    )
    write = upsert(
        manifests,
        ["id", "hub_id", "version", "status", *content],
        source,
        key=["hub_id", "version"],
        changing=list(content),
        only=manifests.c.status == "draft",
    )
    return recorded(manifests, list(manifests.c), write, _is_ours(manifests), "update")


def _supersede() -> Statement:
    draft = manifests.alias("draft")
    waiting = exists().where(_is_ours(draft), draft.c.status == "draft")
    old = and_(_of_hub(manifests), manifests.c.status == "active", waiting)
    write = change(manifests, {"status": literal("superseded", Text)}).where(old)
    return recorded(manifests, list(manifests.c), write, old, "supersede")


def _activate() -> Statement:
    draft = and_(_is_ours(manifests), manifests.c.status == "draft")
    write = change(manifests, {"status": literal("active", Text), "activated_at": func.now()}).where(draft)
    return recorded(manifests, list(manifests.c), write, draft, "activate")


def _claim() -> Statement:
    source = (
        select(the_names.c.kind, the_names.c.name, manifests.c.hub_id, manifests.c.id, literal("active", Text))
        .select_from(the_names)
        .join(manifests, _is_ours(manifests))
    )
    write = postgresql.insert(claims).from_select(["kind", "name", "hub_id", "manifest_id", "status"], source)
    new = write.excluded
    moved = or_(claims.c.manifest_id != new.manifest_id, claims.c.status != new.status)
    return write.on_conflict_do_update(
        index_elements=["kind", "name"],
        set_={"manifest_id": new.manifest_id, "status": new.status},
        where=and_(claims.c.hub_id == new.hub_id, moved),
    )


def _retire() -> Statement:
    declared = exists().where(the_names.c.kind == claims.c.kind, the_names.c.name == claims.c.name)
    return update(claims).values(status="retired").where(_of_hub(claims), claims.c.status == "active", not_(declared))


def _consumer() -> Statement:
    source = (
        select(new_id(), manifests.c.hub_id, manifests.c.id, the_hub.c.consumer, literal("active", Text))
        .select_from(the_hub)
        .join(manifests, _is_ours(manifests))
    )
    columns, changing = ["id", "hub_id", "manifest_id", "name", "status"], ["manifest_id", "status"]
    write = upsert(api_consumers, columns, source, key=["hub_id", "name"], changing=changing)
    ours = and_(_of_hub(api_consumers), api_consumers.c.name == _the(the_hub.c.consumer))
    return recorded(api_consumers, list(api_consumers.c), write, ours, "update")


def _widgets() -> Statement:
    source = (
        select(new_id(), hubs.c.id, *(the_widgets.c[one] for one in WIDGET_COLUMNS))
        .select_from(the_widgets)
        .join(hubs, hubs.c.slug == _the(the_hub.c.slug))
    )
    changing = [one for one in WIDGET_COLUMNS if one != "slug"]
    write = upsert(widgets, ["id", "hub_id", *WIDGET_COLUMNS], source, key=["hub_id", "slug"], changing=changing)
    return recorded(widgets, list(widgets.c), write, _of_hub(widgets), "update")


def _the(one: Column[Any]) -> Expression:
    """The one value of a column, wherever it is asked for."""
    return select(one).correlate(None).scalar_subquery()


def _of_hub(of: FromClause) -> Expression:
    hub_id = select(hubs.c.id).where(hubs.c.slug == _the(the_hub.c.slug)).correlate(None).scalar_subquery()
    return of.c.hub_id == hub_id


def _is_ours(manifest: FromClause) -> Expression:
    """Whether it is the manifest that is declared: the hub's, of this version."""
    return and_(_of_hub(manifest), manifest.c.version == _the(the_hub.c.version))


def _names(kind: str) -> Expression:
    ordered = select(the_names.c.name).where(the_names.c.kind == kind).order_by(the_names.c.place).correlate(None)
    names: Expression = func.array(ordered.scalar_subquery(), type_=ARRAY(Text))
    return names
