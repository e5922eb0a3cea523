"""`vsmhub apply`: a hub brought to a target."""

from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vsmhub.cli.options import Adopt, Base, Dsn, Every, HubsOrFile, Json, Prune, SqlFile, TargetName

if TYPE_CHECKING:
    from vsmhub.cli.exactly import Where
    from vsmhub.plan.asked import Asked
    from vsmhub.plan.bootstrap import Seen
    from vsmhub.plan.desired import Desired
    from vsmhub.plan.errors import TargetMoved
    from vsmhub.plan.model import Plan
    from vsmhub.targets.opening import Opened


@dataclass(frozen=True, slots=True)
class _Manner:
    """How an apply goes: without asking, after a person's turn, for a program, with every object shown."""

    yes: bool
    going_on: bool
    as_json: bool
    every: bool


def apply(
    hubs: HubsOrFile,
    target: TargetName = None,
    base: Base = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    replace_key: Annotated[bool, typer.Option("--replace-key", help="Make a new key; revoke the old one.")] = False,
    prune: Prune = False,
    adopt: Adopt = False,
    dsn: Dsn = None,
    sql_file: SqlFile = None,
    going_on: Annotated[
        bool, typer.Option("--continue", help="Go on after what an earlier apply left for a person to do.")
    ] = False,
    taking_back: Annotated[bool, typer.Option("--undo", help="Take the last apply back, as far as that goes.")] = False,
    as_json: Json = False,
    every: Every = False,
) -> None:
    """Plan, show the plan, ask, carry it out, and prove it.

    With no Inter-Hub configured, the embedded one is started for as long as this takes, and keeps its data. What the
    target's API cannot do goes through its database (--dsn, --sql-file), or is left to a person: then this stops with
    exit code 2, says what to do, and --continue verifies that and goes on.

    FILE is what `vsmhub plan --out FILE` wrote: exactly that is carried out. A change whose object has moved since is
    refused alone, with who moved it, and the exit code is 1.

    --undo returns to the state before the last apply that was made from here, where Inter-Hub allows that, and says
    what stays: hubs, activated manifests and events do, and what somebody has changed since.

    Example: vsmhub apply hubs/ops
    """
    from vsmhub.cli.exactly import Where, apply_saved, saved_plan_in
    from vsmhub.cli.undoing import undo
    from vsmhub.plan.asked import Asked

    where, asked = Where(target, base, dsn, sql_file), Asked(replace_key=replace_key, prune=prune, adopt=adopt)
    if (file := saved_plan_in(hubs)) is not None:
        _goes_alone(f"{file} already says what is done", asked, undo=taking_back)
        apply_saved(file, where, yes=yes, as_json=as_json, every=every)
    elif taking_back:
        _goes_alone("--undo goes back, not forward", asked, going_on=going_on)
        undo(hubs, where, yes=yes, as_json=as_json, every=every)
    else:
        _apply_hubs(hubs, where, asked, _Manner(yes, going_on, as_json, every))


def _goes_alone(why: str, asked: "Asked", *, undo: bool = False, going_on: bool = False) -> None:
    """UsageError when options were given that mean nothing here."""
    from vsmhub.errors import UsageError

    given = [*asked.options(), *["--undo"] * undo, *["--continue"] * going_on]
    if given:
        raise UsageError(f"{why}: {', '.join(given)} does not go with it", hint="give one without the other")


def _apply_hubs(hubs: list[Path], where: "Where", asked: "Asked", manner: _Manner) -> None:
    from vsmhub.cli.declared import declare
    from vsmhub.cli.handing_over import EXIT_WAITING, Waiting, called
    from vsmhub.cli.journaling import explain, journals_at, proven, resumed
    from vsmhub.cli.output import say, tell
    from vsmhub.cli.showing import facts_of, key_facts, show_outcome, show_plan
    from vsmhub.plan.errors import ByHand
    from vsmhub.plan.planning import planned
    from vsmhub.targets.opening import opened
    from vsmhub.targets.turns import turn

    declared, as_json = declare(hubs), manner.as_json
    with opened(where.target, where.base, dsn=where.dsn, script=where.script) as at, ExitStack() as locks:
        # In the order of their names, so that two applies of the same hubs do not wait for each other.
        for hub in sorted(one.hub for one in declared):
            locks.enter_context(turn(at.paths, at.target.name, hub, told=tell))
            explain(at, hub, None if manner.going_on else asked)
        wanted = {one.hub: resumed(at, one.hub, asked) if manner.going_on else asked for one in declared}
        seen = {one.hub: planned(one, at, wanted[one.hub], journals_at(at, one.hub)) for one in declared}
        pending = [one for one in declared if not seen[one.hub].plan.is_empty]
        if not as_json:
            for one in pending:
                show_plan(seen[one.hub].plan, every=manner.every)
                say()
        if pending:
            _ask([seen[one.hub].plan for one in pending], yes=manner.yes, quiet=as_json)
        outcomes: list[dict[str, Any]] = []
        waiting = Waiting(at, called(declared, hubs, where.target, where.base), quiet=as_json, again=manner.going_on)
        for one in declared:
            before = seen[one.hub]
            try:
                after = before if before.plan.is_empty else _carried_out(one, at, before, wanted[one.hub], manner)
            except ByHand as stop:
                outcomes.append(waiting.add(stop, one))
                continue
            works = proven(one, at, after) is not None
            facts = facts_of(one, after, key_facts(at, one, after.live), proven=works)
            changes = [change.id for change in before.plan.steps]
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
    from vsmhub.cli.asking import agree
    from vsmhub.plan.views import summary

    said = "; ".join(f"{plan.hub}: {summary(plan)}" for plan in plans) if len(plans) > 1 else "these changes"
    agree(f"Apply {said}?", yes=yes, quiet=quiet, left="a later apply goes on from here")


def _carried_out(one: "Desired", at: "Opened", seen: "Seen", asked: "Asked", manner: _Manner) -> "Seen":
    from vsmhub.cli.journaling import folder_at, journals_at
    from vsmhub.cli.output import tell
    from vsmhub.cli.showing import progress, show_plan
    from vsmhub.plan.bootstrap import carry_out
    from vsmhub.plan.history import unfinished
    from vsmhub.plan.planning import replanning
    from vsmhub.targets.journals import new_journal

    def again(new: "Plan", moved: "TargetMoved") -> None:
        tell(f"{one.hub}: the target moved, planning again ({moved.message})", "warn")
        if not manner.yes:
            show_plan(new)
            _ask([new], yes=False)

    before = unfinished(folder_at(at, one.hub), by_hand=manner.going_on)
    journal = new_journal(folder_at(at, one.hub), continues=before, asked=asked)
    see = replanning(one, at, asked, journals_at(at, one.hub))
    with progress(seen.plan, quiet=manner.as_json) as done:
        return carry_out(one, at, seen.plan, progress=done, again=again, recorder=journal, see=see)
