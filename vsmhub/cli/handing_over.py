"""What a person has to do before an apply can go on: shown with the values to type, and with the way on."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vsmhub.plan.desired import Desired
    from vsmhub.plan.errors import ByHand
    from vsmhub.plan.model import Plan
    from vsmhub.targets.opening import Opened

EXIT_WAITING = 2


def write_script(declared: "Sequence[Desired]", file: Path) -> None:
    """Write the SQL of these hubs, a transaction for each, to `file`; FileError when that fails."""
    from vsmhub.files import write_atomically
    from vsmhub.plan.routes.sql.script import script

    texts = [script(one, notice=f"Made by vsmhub from what {one.hub} declares.") for one in declared]
    write_atomically(file, "\n".join(texts))


def called(declared: "Sequence[Desired]", hubs: Sequence[Path], target: str | None, base: str | None) -> dict[str, str]:
    """How commands name each hub, with the options that name the target."""
    return {one.hub: f"{path}{meant(target, base)}" for one, path in zip(declared, hubs, strict=True)}


def meant(target: str | None, base: str | None) -> str:
    """The options that name the target, as they were given."""
    return f" --target {target}" if target else f" --base {base}" if base else ""


def has_sql(plan: "Plan") -> bool:
    """Whether some of the plan goes by `sql`."""
    from vsmhub.plan.model import Route

    return any(change.route is Route.SQL for change in plan.steps)


class Waiting:
    """What applies leave for a person; `called` are the hubs as commands name them, with the options for the target.

    With `again`, the person was told before. `then` is the command that goes on, where that is not about the hub.
    """

    def __init__(
        self, at: "Opened", called: Mapping[str, str], *, quiet: bool, again: bool, then: str | None = None
    ) -> None:
        self.hubs: list[Desired] = []
        self._at = at
        self._called = called
        self._quiet = quiet
        self._again = again
        self._then = then

    def add(self, stop: "ByHand", declared: "Desired") -> dict[str, Any]:
        """Write the SQL, if that is wanted, and show what waits, if that is; the outcome, for programs."""
        from vsmhub.cli.output import tell

        self.hubs.append(declared)
        if stop.script is not None:
            write_script(self.hubs, stop.script)
        if not self._quiet:
            if self._again:
                tell(f"{declared.hub}: what was left for you is not done yet, or not all of it", "warn")
            called = self._called[declared.hub]
            _show(stop, declared, self._at, called, self._then or f"vsmhub apply {called} --continue")
        waiting = _facts(stop, declared, self._called[declared.hub])
        return {"hub": declared.hub, "target": self._at.name, "proven": False, "waiting": waiting}


def _facts(stop: "ByHand", declared: "Desired", called: str) -> dict[str, Any]:
    from vsmhub.plan.model import Route
    from vsmhub.plan.routes.runbook import todo, todo_json

    by_sql = [change.id for change in stop.changes if change.route is Route.SQL]
    todos = [todo(change, declared, called) for change in stop.changes if change.route is Route.RUNBOOK]
    return {
        "sqlFile": str(stop.script) if stop.script and by_sql else None,
        "bySql": by_sql,
        "byHand": [todo_json(one) for one in todos],
    }


def _show(stop: "ByHand", declared: "Desired", at: "Opened", called: str, then: str) -> None:
    from vsmhub.cli.output import say
    from vsmhub.plan.model import Route
    from vsmhub.plan.routes.runbook import todo, todo_lines

    by_sql = [change for change in stop.changes if change.route is Route.SQL]
    by_hand = [change for change in stop.changes if change.route is Route.RUNBOOK]
    say(f"{declared.hub} at {at.target.label} waits for you: {stop.message}", "bold")
    if by_sql and stop.script:
        count = "1 change" if len(by_sql) == 1 else f"{len(by_sql)} changes"
        say()
        say(f"{stop.script} brings {count} into the database, in one transaction; it may run any number of times:")
        say(f'  psql --no-psqlrc --file {stop.script} "$DATABASE_URL"')
        say(f"  kubectl exec -i -n NAMESPACE POD -- psql --no-psqlrc --file - DATABASE < {stop.script}")
    if by_hand:
        say()
        base = at.operator.url.removesuffix("/api/v2")
        say(f"In Inter-Hub's pages at {base}, signed in. Type values to the letter; leave out what a form lacks.")
        for number, change in enumerate(by_hand, start=1):
            say()
            for line in todo_lines(todo(change, declared, called), number):
                say(line)
    say()
    say(f"Then: {then}")
