"""What is declared, in temporary tables: as one JSON document, the only value of the `sql` route, and as rows."""

from typing import Any

from pydantic import JsonValue
from sqlalchemy import (
    Column,
    ColumnElement,
    Insert,
    Integer,
    MetaData,
    Table,
    Text,
    bindparam,
    cast,
    column,
    func,
    insert,
    literal,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB

from vsmhub.plan.desired import Desired
from vsmhub.spec.indented import indented

VSM_COLUMNS = ("hub_family", "vsm_function", "vsm_system")
HUB_COLUMNS = ("slug", "hub_kind", "name", "domain", "description", *VSM_COLUMNS)
WIDGET_COLUMNS = ("slug", "name", "widget_type", "policy_scope", "view_context", "metadata", "status")

_TEMPORARY = MetaData()


def temporary(name: str, *columns: Column[Any]) -> Table:
    """A table that lasts as long as the transaction."""
    return Table(f"vsmhub_{name}", _TEMPORARY, *columns, prefixes=["TEMPORARY"], postgresql_on_commit="DROP")


def _given(name: str) -> Column[Any]:
    return Column(name, JSONB if name in {"capability", "metadata"} else Text, nullable=False)


the_document = temporary("document", Column("document", JSONB, nullable=False))
the_hub = temporary("hub", *map(_given, (*HUB_COLUMNS, "consumer", "version", "capability")))
the_names = temporary("names", _given("kind"), Column("place", Integer, nullable=False), _given("name"))
the_widgets = temporary("widgets", *map(_given, WIDGET_COLUMNS))
TABLES = (the_document, the_hub, the_names, the_widgets)


def document(declared: Desired) -> dict[str, JsonValue]:
    """What is declared, as one document."""
    return {
        "hub": {
            "slug": declared.hub,
            "hub_kind": "domain",
            **declared.hub_fields,
            "consumer": declared.consumer,
            "version": declared.manifest_version,
            "capability": declared.manifest_fields["capability"],
        },
        "names": {kind: list(names) for kind, names in declared.names.items()},
        "widgets": [{"slug": slug, **fields} for slug, fields in declared.widgets.items()],
    }


def given(declared: Desired) -> Insert:
    """The one statement that holds values. The document is spread over lines, for whoever reads it in a script."""
    return _giving(literal(document_text(declared), Text))


def to_be_given() -> Insert:
    """The same for any hub, to be compiled once: the text of the document is its parameter `document`.

    Where it is compiled for a script, the text is written into the statement, as a literal of the dialect's own.
    """
    return _giving(bindparam("document", type_=Text, literal_execute=True))


def document_text(declared: Desired) -> str:
    """What is declared, as the text of one JSON document."""
    return indented(document(declared))


def _giving(text: ColumnElement[Any]) -> Insert:
    return insert(the_document).from_select(["document"], select(cast(text, JSONB)))


def spread() -> tuple[Insert, ...]:
    """What fills the other tables from the document."""
    return (_rows_of("hub", the_hub), _names(), _rows_of("widgets", the_widgets))


def _part(name: str) -> ColumnElement[Any]:
    return the_document.c.document[name]


def _rows_of(part: str, table: Table) -> Insert:
    expand = func.jsonb_to_recordset if part == "widgets" else func.jsonb_to_record
    columns = [column(one.name, one.type) for one in table.c]
    rows = (
        expand(_part(part)).table_valued(*columns, name="given", joins_implicitly=True).render_derived(with_types=True)
    )
    return insert(table).from_select([one.name for one in columns], select(*rows.c).select_from(the_document, rows))


def _names() -> Insert:
    kinds = (
        func.jsonb_each(_part("names"))
        .table_valued("kind", "listed", name="kinds", joins_implicitly=True)
        .render_derived()
    )
    names = (
        func.jsonb_array_elements_text(kinds.c.listed)
        .table_valued("name", with_ordinality="place", name="given", joins_implicitly=True)
        .render_derived()
    )
    rows = select(kinds.c.kind, names.c.place, names.c.name).select_from(the_document, kinds, names)
    return insert(the_names).from_select(["kind", "place", "name"], rows)
