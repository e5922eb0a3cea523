"""A saved plan applied: exactly what it says, but for what has moved since."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from vsmhub.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from vsmhub.plan.asked import Asked
    from vsmhub.plan.desired import Desired
    from vsmhub.plan.exact import Result
    from vsmhub.plan.history import Run
    from vsmhub.plan.model import Plan
    from vsmhub.plan.saved import Saved, SavedPlan
    from vsmhub.targets.opening import Opened


def saved_plan_in(hubs: list[Path]) -> Path | None:
    """The file that is meant when it is a saved plan and not hubs; UsageError for a mixture."""
    files = [one for one in hubs if one.suffix == ".json" and not one.is_dir()]
    if not files:
        return None
    if len(hubs) > 1:
        raise UsageError(f"{files[0]} is a saved plan, which goes alone", hint="name hubs, or one file")
    return files[0]


@dataclass(frozen=True, slots=True)
class Where:
    """The target that the command line means."""

    target: str | None
    base: str | None
    dsn: str | None
    script: Path | None


def apply_saved(file: Path, where: Where, *, yes: bool, as_json: bool, every: bool) -> None:
    """Check the file, show what it holds, ask, and carry it out; typer.Exit when something was refused, or waits."""
    from contextlib import ExitStack

    from vsmhub.cli.asking import agree
    from vsmhub.cli.handing_over import EXIT_WAITING
    from vsmhub.cli.journaling import explain
    from vsmhub.cli.output import say, say_json, tell
    from vsmhub.cli.showing import show_plan
    from vsmhub.plan.saved import check_target, made, read_saved
    from vsmhub.plan.views import summary
    from vsmhub.targets.opening import opened
    from vsmhub.targets.turns import turn

    saved = read_saved(file)
    with opened(where.target, where.base, dsn=where.dsn, script=where.script) as at, ExitStack() as locks:
        check_target(saved, at.name, base_of(at))
        for hub in sorted(one.plan.hub for one in saved.plans):
            locks.enter_context(turn(at.paths, at.target.name, hub, told=tell))
            explain(at, hub)
        pending = [one for one in saved.plans if not one.plan.is_empty]
        if not as_json:
            say(f"{file}, {made(saved)}", "dim")
            for one in saved.plans:
                show_plan(one.plan, every=every)
                say()
        if pending:
            counts = "; ".join(f"{one.plan.hub}: {summary(one.plan)}" for one in pending)
            agree(f"Apply {counts}?", yes=yes, quiet=as_json)
        outcomes, waits = _all_applied(pending, saved, at, where, file, quiet=as_json)
        if as_json:
            say_json({"outcomes": outcomes, "requests": at.requests_made})
    if any(one.get("refused") for one in outcomes):
        raise typer.Exit(1)
    if waits:
        raise typer.Exit(EXIT_WAITING)


def save(file: Path, plans: "Iterable[tuple[Plan, Desired]]", at: "Opened", asked: "Asked") -> None:
    """Write plans that were just made to a file; FileError when that fails."""
    from vsmhub import __version__
    from vsmhub.files import write_atomically
    from vsmhub.plan.saved import Saved, SavedPlan
    from vsmhub.targets.author import author

    saved = Saved(
        target=at.name,
        base=base_of(at),
        made_at=datetime.now(UTC),
        made_by=author(),
        version=__version__,
        plans=tuple(SavedPlan(plan=plan, declared=one, asked=asked) for plan, one in plans),
    )
    write_atomically(file, saved.text())


def base_of(at: "Opened") -> str:
    """The address that a plan is made for; empty for the embedded Inter-Hub."""
    return at.operator.url if at.target.base is not None else ""


def _all_applied(
    pending: "list[SavedPlan]", saved: "Saved", at: "Opened", where: Where, file: Path, *, quiet: bool
) -> tuple[list[dict[str, Any]], bool]:
    """What came of each plan, and whether a person has to go on."""
    from vsmhub.cli.handing_over import Waiting, called, meant
    from vsmhub.plan.errors import ByHand

    # Of the hubs no folder is known; commands find one by its name too.
    declared = [one.declared for one in pending]
    names = called(declared, [Path(one.hub) for one in declared], where.target, where.base)
    then = f"vsmhub apply {file}{meant(where.target, where.base)}"
    waiting = Waiting(at, names, quiet=quiet, again=False, then=then)
    outcomes = []
    for one in pending:
        try:
            outcomes.append(_applied(one, saved, at, quiet=quiet))
        except ByHand as stop:
            outcomes.append(waiting.add(stop, one.declared))
    return outcomes, bool(waiting.hubs)


def _applied(one: "SavedPlan", saved: "Saved", at: "Opened", *, quiet: bool) -> dict[str, Any]:
    from vsmhub.cli.journaling import folder_at, journals_at, proven
    from vsmhub.cli.output import tell
    from vsmhub.cli.showing import facts_of, key_facts, progress, show_outcome
    from vsmhub.plan.exact import carry_out_exactly
    from vsmhub.plan.history import unfinished
    from vsmhub.plan.views import summary
    from vsmhub.targets.journals import new_journal

    hub = one.plan.hub
    with progress(one.plan, quiet=quiet) as done:
        before = unfinished(folder_at(at, hub), by_hand=True)
        if before is not None and before.is_finished and not _is_of(before, one):
            before = None
        journal = new_journal(folder_at(at, hub), continues=before, asked=one.asked)
        result = carry_out_exactly(
            one, at, saved.made_at, journals=journals_at(at, hub), progress=done, recorder=journal
        )
    whole = not result.refused
    # What was refused may be the very manifest or key that a proof begins with.
    works = not _is_open(result) and proven(one.declared, at, result.after) is not None
    kept = key_facts(at, one.declared, result.after.live)
    facts = facts_of(one.declared, result.after, kept, proven=whole and works)
    if not quiet:
        if result.done_before:
            count = f"{len(result.done_before)} of {len(one.plan.steps)} changes"
            tell(f"{hub}: {count} had been made by an earlier apply of this plan, which did not come to its end")
        if whole:
            show_outcome(hub, at.target.label, facts, changed=True)
        _show_refused(hub, result)
        if whole and not result.after.plan.is_empty:
            tell(f"{hub}: more has changed since the plan was made: {summary(result.after.plan)}", "warn")
    return {
        "hub": hub,
        "target": at.name,
        "changed": [change.id for change in result.done],
        "changedBefore": [change.id for change in result.done_before],
        "refused": [{"change": no.change.id, "why": no.why, "by": no.by} for no in result.refused],
        "inSync": result.after.plan.is_empty,
        "proven": works,
        "facts": facts,
    }


def _is_of(run: "Run", saved: "SavedPlan") -> bool:
    """Whether an apply was one of this very plan."""
    return run.plan is not None and run.plan.digest() == saved.plan.digest()


def _is_open(result: "Result") -> bool:
    """Whether something is left to do about the manifest or the key."""
    from vsmhub.plan.model import Kind

    left = {change.kind for change in result.after.plan.steps}
    return bool(left & {Kind.HUB, Kind.MANIFEST, Kind.CONSUMER, Kind.KEY}) and result.after.live.active is None


def _show_refused(hub: str, result: "Result") -> None:
    from vsmhub.cli.output import complain

    if not result.refused:
        return
    lines = [f"    {no.change.id}: {no.why}" + (f" (by {no.by})" if no.by else "") for no in result.refused]
    made = len(result.done) + len(result.done_before)
    planned = len(lines) + made
    subject = "the only change was" if planned == 1 else f"{len(lines)} of {planned} changes were"
    others = "the others are made" if made else "and nothing is changed"
    complain(
        f"{hub}: {subject} refused, {others}:\n" + "\n".join(lines),
        "vsmhub plan shows what is left to do now",
    )
