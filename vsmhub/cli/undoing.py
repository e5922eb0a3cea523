"""`vsmhub apply --undo`: the last apply of a hub taken back."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from vsmhub.cli.exactly import Where
    from vsmhub.plan.history import Run
    from vsmhub.plan.model import Plan
    from vsmhub.targets.opening import Opened


def undo(hubs: list[Path], where: "Where", *, yes: bool, as_json: bool, every: bool) -> None:
    """Show the way back for each hub, ask, and go it; typer.Exit(1) when something was refused."""
    from contextlib import ExitStack

    from vsmhub.cli.asking import agree
    from vsmhub.cli.declared import declare
    from vsmhub.cli.journaling import explain, folder_at
    from vsmhub.cli.output import say_json, tell
    from vsmhub.plan.going_back import look_back
    from vsmhub.plan.undo import last_run
    from vsmhub.targets.opening import opened
    from vsmhub.targets.turns import turn

    slugs = [one.hub for one in declare(hubs)]
    with opened(where.target, where.base, dsn=where.dsn, script=where.script) as at, ExitStack() as locks:
        for slug in sorted(slugs):
            locks.enter_context(turn(at.paths, at.target.name, slug, command="apply --undo", told=tell))
            explain(at, slug)
        found = [last_run(folder_at(at, slug), slug) for slug in slugs]
        ways = [(run, look_back(run, at)) for run in found]
        if not as_json:
            for run, plan in ways:
                _show(run, plan, every=every)
        if any(plan.steps for _, plan in ways):
            agree("Take this back?", yes=yes, quiet=as_json)
        outcomes = [_gone(run, plan, at, quiet=as_json) for run, plan in ways]
        if as_json:
            say_json({"outcomes": outcomes, "requests": at.requests_made})
    if any(one["refused"] for one in outcomes):
        raise typer.Exit(1)


def _show(run: "Run", plan: "Plan", *, every: bool) -> None:
    from vsmhub.cli.output import say
    from vsmhub.cli.showing import show_plan
    from vsmhub.plan.history import moment

    more = f", and the {len(run.goes_on_from)} before it that it went on from" if run.goes_on_from else ""
    say(f"Back to before the apply of {plan.hub} by {run.begun.by} at {moment(run.begun.at)}{more}", "bold")
    if plan.is_empty:
        say("  nothing of it can be taken back, or all of it is back already")
        for note in plan.notes:
            say(f"  note: {note}", "warn")
    else:
        show_plan(plan, every=every)
        say()


def _gone(run: "Run", plan: "Plan", at: "Opened", *, quiet: bool) -> dict[str, Any]:
    from vsmhub.cli.journaling import folder_at
    from vsmhub.cli.output import complain, say, styled
    from vsmhub.cli.showing import progress
    from vsmhub.plan.going_back import Undone, take_back
    from vsmhub.plan.model import Kind
    from vsmhub.targets.journals import new_journal

    undone = Undone((), ())
    if not plan.is_empty:
        journal = new_journal(folder_at(at, plan.hub), undoes=run.name)
        with progress(plan, quiet=quiet) as done:
            undone = take_back(run, plan, at, progress=done, recorder=journal)
    if not quiet:
        for no in undone.refused:
            complain(f"{plan.hub}: {no.change.id} was refused: {no.why}", "somebody has changed it meanwhile")
        if undone.done:
            # The event that tells of it takes nothing back.
            count, of = (sum(one.kind is not Kind.EVIDENCE for one in some) for some in (undone.done, plan.steps))
            say(f"{styled('ok', 'good')}  {count} of {of} changes of {plan.hub} are taken back")
    return {
        "hub": plan.hub,
        "target": at.name,
        "undoes": run.name,
        "changed": [change.id for change in undone.done],
        "refused": [{"change": no.change.id, "why": no.why} for no in undone.refused],
        "stays": list(plan.notes),
    }
