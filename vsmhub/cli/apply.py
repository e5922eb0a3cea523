"""`vsmhub apply`: a hub brought to a target."""

import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vsmhub.cli.options import Base, Dsn, Every, Hubs, Json, SqlFile, TargetName

if TYPE_CHECKING:
    from vsmhub.plan.bootstrap import Seen
    from vsmhub.plan.desired import Desired
    from vsmhub.plan.errors import TargetMoved
    from vsmhub.plan.model import Plan
    from vsmhub.targets.opening import Opened


def apply(
    hubs: Hubs,
    target: TargetName = None,
    base: Base = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    replace_key: Annotated[bool, typer.Option("--replace-key", help="Make a new key; revoke the old one.")] = False,
    dsn: Dsn = None,
    sql_file: SqlFile = None,
    going_on: Annotated[
        bool, typer.Option("--continue", help="Go on after what an earlier apply left for a person to do.")
    ] = False,
    as_json: Json = False,
    every: Every = False,
) -> None:
    """Plan, show the plan, ask, carry it out, and prove that nothing is left to do.

    With no Inter-Hub configured, the embedded one is started for as long as this takes, and keeps its data. What the
    target's API cannot do goes through its database (--dsn, --sql-file), or is left to a person: then this stops with
    exit code 2, says what to do, and --continue verifies that and goes on.

    Example: vsmhub apply hubs/ops
    """
    from vsmhub.cli.declared import declare
    from vsmhub.cli.handing_over import EXIT_WAITING, Waiting, called
    from vsmhub.cli.journaling import explain, proven
    from vsmhub.cli.output import say, tell
    from vsmhub.cli.showing import facts_of, key_facts, show_outcome, show_plan
    from vsmhub.plan.bootstrap import look
    from vsmhub.plan.errors import ByHand
    from vsmhub.targets.opening import opened
    from vsmhub.targets.turns import turn

    declared = declare(hubs)
    with opened(target, base, dsn=dsn, script=sql_file) as at, ExitStack() as locks:
        # In the order of their names, so that two applies of the same hubs do not wait for each other.
        for hub in sorted(one.hub for one in declared):
            locks.enter_context(turn(at.paths, at.target.name, hub, told=tell))
        for one in declared:
            explain(at, one.hub)
        seen = {one.hub: look(one, at, replace_key=replace_key) for one in declared}
        pending = [one for one in declared if not seen[one.hub].plan.is_empty]
        if not as_json:
            for one in pending:
                show_plan(seen[one.hub].plan, every=every)
                say()
        if pending:
            _ask([seen[one.hub].plan for one in pending], yes=yes, quiet=as_json)
        outcomes: list[dict[str, Any]] = []
        waiting = Waiting(at, called(declared, hubs, target, base), quiet=as_json, again=going_on)
        for one in declared:
            before = seen[one.hub]
            try:
                after = before if before.plan.is_empty else _carried_out(one, at, before, yes=yes, quiet=as_json)
            except ByHand as stop:
                outcomes.append(waiting.add(stop, one))
                continue
            works = proven(one, at, after) is not None
            facts = facts_of(after, key_facts(at, one, after.live), proven=works)
            changes = [change.id for change in before.plan.changes]
            outcomes.append({"hub": one.hub, "target": at.name, "changed": changes, "proven": works, "facts": facts})
            if not as_json:
                show_outcome(one.hub, at.target.label, facts, changed=bool(changes))
        _conclude(outcomes, at, changed=bool(pending), waits=bool(waiting.hubs), as_json=as_json)
    if waiting.hubs:
        raise typer.Exit(EXIT_WAITING)


def _conclude(outcomes: "list[dict[str, Any]]", at: "Opened", *, changed: bool, waits: bool, as_json: bool) -> None:
    from vsmhub.cli.output import say, say_json

    if as_json:
        say_json({"outcomes": outcomes, "requests": at.requests_made})
    elif changed and not waits and at.target.base is None:
        say(
            "The embedded Inter-Hub keeps this. `vsmhub serve` shows it to others, with its API at /api/v2/docs.",
            "dim",
        )


def _ask(plans: "list[Plan]", *, yes: bool, quiet: bool = False) -> None:
    """Let a person decide; UsageError where nobody can be asked, or where a program reads the answer."""
    from vsmhub.cli.output import tell
    from vsmhub.errors import UsageError
    from vsmhub.plan.views import summary

    if yes:
        return
    if quiet or not sys.stdin.isatty():
        raise UsageError("this would change the target, and nobody can be asked", hint="add --yes to go ahead")
    said = "; ".join(f"{plan.hub}: {summary(plan)}" for plan in plans) if len(plans) > 1 else "these changes"
    if not typer.confirm(f"Apply {said}?"):
        tell("stopped, as you said; a later apply goes on from here")
        raise typer.Exit(1)


def _carried_out(one: "Desired", at: "Opened", seen: "Seen", *, yes: bool, quiet: bool) -> "Seen":
    from vsmhub.cli.journaling import folder_at
    from vsmhub.cli.output import tell
    from vsmhub.cli.showing import progress, show_plan
    from vsmhub.plan.bootstrap import carry_out
    from vsmhub.targets.journals import new_journal

    def again(new: "Plan", moved: "TargetMoved") -> None:
        tell(f"{one.hub}: the target moved, planning again ({moved.message})", "warn")
        if not yes:
            show_plan(new)
            _ask([new], yes=False)

    with progress(seen.plan, quiet=quiet) as done:
        return carry_out(one, at, seen.plan, progress=done, again=again, recorder=new_journal(folder_at(at, one.hub)))
