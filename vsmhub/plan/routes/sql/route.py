"""The `sql` route over a connection: all its changes in one transaction, or none of them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import UUID

from vsmhub.plan.desired import Desired
from vsmhub.plan.diff import plan
from vsmhub.plan.errors import TargetMoved
from vsmhub.plan.key_changes import Held
from vsmhub.plan.model import Change, Kind, Plan
from vsmhub.plan.routes.sql.database import Database

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from vsmhub.plan.routes.sql.steps import Part

_KINDS: dict[str, Kind] = {
    "hubs": Kind.HUB,
    "hub-capability-manifests": Kind.MANIFEST,
    "api-consumers": Kind.CONSUMER,
    "widgets": Kind.WIDGET,
}
_PARTS: dict[Kind, "Part"] = {
    Kind.HUB: "hub",
    Kind.MANIFEST: "manifest",
    Kind.CONSUMER: "consumer",
    Kind.WIDGET: "widget",
}


class SqlRoute:
    """Carries out the changes of one plan in the database, if that is still as the plan has it."""

    def __init__(self, declared: Desired, plan: Plan, database: Database) -> None:
        self._declared = declared
        self._plan = plan
        self._database = database

    def carry_out(self, changes: Sequence[Change]) -> Iterator[Change]:
        """Carry them out together; yields each when all are committed.

        Raises TargetMoved when the database is no longer as the plan has it, DatabaseFailed, and PlanError.
        """
        with self._database.transaction() as connection:
            self._demand_unmoved(connection, changes)
            written = self._write(connection, changes)
        for change in changes:
            object_id, revision = written.get((change.kind, change.name), (change.object_id, change.revision))
            yield change.model_copy(update={"object_id": object_id, "revision": revision})

    def _demand_unmoved(self, connection: "Connection", changes: Sequence[Change]) -> None:
        from vsmhub.plan.routes.sql.reading import read

        live = replace(read(connection, self._declared), keys=())
        now = {one.id: one for one in plan(self._declared, live, Held(), self._plan.target).changes}
        for change in changes:
            if change.kind in self._plan.unseen:
                continue  # it is written so that nothing changes where it exists
            again = now.get(change.id)
            if again is None or _meant(again) != _meant(change):
                raise TargetMoved(
                    f"{change.id}: the database is no longer as it was planned from; nothing has been changed",
                    hint="make a new plan",
                )

    def _write(self, connection: "Connection", changes: Sequence[Change]) -> dict[tuple[Kind, str], tuple[UUID, int]]:
        """Run the steps; the id and the revision of each object that was written, by kind and a plan's name for it.

        Of the widgets those alone that are to change: another one may have been refused.
        """
        from sqlalchemy import func, select

        from vsmhub.plan.routes.sql.steps import bootstrap, declaration, facts, preparation
        from vsmhub.plan.routes.sql.writes import written

        known = connection.execute(facts()).mappings().one()
        holds = {**known, "lacks_vsm_columns": not known["has_vsm_columns"]}
        parts = frozenset(_PARTS[change.kind] for change in changes)
        widgets = {change.name for change in changes if change.kind is Kind.WIDGET}
        declared = replace(
            self._declared, widgets={slug: its for slug, its in self._declared.widgets.items() if slug in widgets}
        )
        for step in (*preparation(), declaration(declared), *bootstrap(parts)):
            if step.only_if is None or holds[step.only_if]:
                connection.execute(step.statement)
        name = func.coalesce(*(written.c.after[key].astext for key in ("slug", "version", "name")))
        rows = connection.execute(
            select(written.c.kind, name, written.c.object_id, written.c.after["revision"].as_integer()).order_by(
                written.c.number
            )
        )
        found = {(_KINDS[kind], self._named(_KINDS[kind], name)): (one, count) for kind, name, one, count in rows}
        for change in changes:
            if change.kind not in self._plan.unseen and (change.kind, change.name) not in found:
                raise TargetMoved(f"{change.id}: what it stands on is not there; nothing has been changed")
        return found

    def _named(self, kind: Kind, name: str) -> str:
        return f"{self._declared.hub}@{name}" if kind is Kind.MANIFEST else name


def _meant(change: Change) -> object:
    return change.fields, change.object_id, change.revision
