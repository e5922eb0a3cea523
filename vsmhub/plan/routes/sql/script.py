"""The `sql` route as a file for `psql`, for an operator who reaches the database but not through us."""

import functools

from sqlalchemy.dialects.postgresql.base import PGDialect
from sqlalchemy.sql import ClauseElement
from sqlalchemy.sql.compiler import SQLCompiler

from vsmhub.plan.desired import Desired
from vsmhub.plan.routes.sql.declared import document_text, to_be_given
from vsmhub.plan.routes.sql.steps import Condition, Step, bootstrap, declaration_title, facts, preparation

_TURN: dict[Condition, str] = {
    "has_vsm_columns": r"\if :has_vsm_columns",
    "lacks_vsm_columns": "\\if :has_vsm_columns\n\\else",
    "has_audit_records": r"\if :has_audit_records",
}


_HEAD = r"""--
-- Brings {hub} into the database of an Inter-Hub, with manifest {version}, its API consumer and its seed widgets:
-- the fallback where neither the API nor the web pages can. It is one transaction, may be run any number of times,
-- and ends with what it has written. It makes no key; make that in the web pages, which show it once.
--
--   psql --no-psqlrc --file bootstrap.sql "$DATABASE_URL"
--   kubectl exec -i -n NAMESPACE POD -- psql --no-psqlrc --file - DATABASE < bootstrap.sql
--
-- Needs PostgreSQL 15 or newer and a user that may write Inter-Hub's tables.

\set ON_ERROR_STOP on
\encoding UTF8
BEGIN;
SET LOCAL standard_conforming_strings = on;
SET LOCAL lock_timeout = '30s';

-- What kind of Inter-Hub this is.
"""


def script(declared: Desired, *, notice: str) -> str:
    """All of it as one transaction; `notice` stands at its top and says where the file comes from.

    Equal declarations give equal bytes.
    """
    head = "".join(f"-- {line}\n" for line in notice.splitlines())
    head += _HEAD.format(hub=declared.hub, version=declared.manifest_version)
    return head + _before() + _declaration(declared) + _after()


@functools.cache
def _before() -> str:
    return f"{_text(facts())}\n\\gset\n\n" + "".join(map(_said, preparation()))


def _declaration(declared: Desired) -> str:
    given = _given().construct_expanded_state({"document": document_text(declared)}).statement
    return f"-- {declaration_title(declared)}\n{given.strip()};\n\n"


@functools.cache
def _given() -> SQLCompiler:
    """The one statement that differs between hubs, as far as it does not: many scripts take one compilation."""
    return _DIALECT.statement_compiler(_DIALECT, to_be_given())


@functools.cache
def _after() -> str:
    return "".join(map(_said, bootstrap())) + "COMMIT;\n"


def _said(step: Step) -> str:
    lines = [f"-- {step.title}"] if step.title else []
    lines += [_TURN[step.only_if]] if step.only_if else []
    lines.append(f"{_text(step.statement)};")
    lines += [r"\endif"] if step.only_if else []
    return "\n".join(lines) + "\n\n"


class _Dialect(PGDialect):
    """PostgreSQL as the script sets it: `standard_conforming_strings` is on, so a backslash in a text is only that."""

    _backslash_escapes = False


# Parameters are never left in the text, and `named` is the style in which a percent sign needs no doubling.
_DIALECT = _Dialect(paramstyle="named")  # type: ignore[no-untyped-call]


def _text(statement: ClauseElement) -> str:
    return str(statement.compile(dialect=_DIALECT, compile_kwargs={"literal_binds": True})).strip()
