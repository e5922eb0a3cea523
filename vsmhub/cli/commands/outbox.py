"""`vsmhub outbox`: what waits to be handed on, what was refused, and what to do about it."""

from typing import TYPE_CHECKING, Annotated

import typer

from vsmhub.cli.options import Base, Json, TargetName

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vsmhub.evidence.delivery import Report
    from vsmhub.evidence.outbox import Entry, Outbox

app = typer.Typer(help="See, retry and drop evidence that has not arrived.", no_args_is_help=True)

Ids = Annotated[list[str] | None, typer.Argument(metavar="ID", help="Ids of envelopes, as `list` shows them.")]


@app.command("list")
def listing(
    target: TargetName = None,
    base: Base = None,
    delivered: Annotated[bool, typer.Option("--delivered", help="Show what arrived as well.")] = False,
    limit: Annotated[int, typer.Option("--limit", min=1, help="How many at most.")] = 100,
    as_json: Json = False,
) -> None:
    """List what waits and what was refused.

    Example: vsmhub outbox list --json
    """
    from vsmhub.cli.handing import way
    from vsmhub.cli.output import say, say_json, say_table
    from vsmhub.evidence.outbox import Outbox, State

    to = way(target, base)
    wanted = (State.WAITING, State.REFUSED, *([State.DELIVERED] if delivered else []))
    with Outbox(to.file) as outbox:
        entries = outbox.entries(*wanted, limit=limit)
        counts = outbox.counts()
    if as_json:
        say_json(
            {"file": str(to.file), "counts": {state.value: counts[state] for state in State}}
            | {"entries": [_facts(entry) for entry in entries]}
        )
        return
    if entries:
        rows = [
            (one.envelope.id, one.state.value, one.envelope.type, one.envelope.subject, one.kept_at, one.said[:120])
            for one in entries
        ]
        say_table(rows, ("ID", "STATE", "TYPE", "WIDGET", "KEPT", "SAID"))
    say(", ".join(f"{counts[state]} {state.value}" for state in State), "dim")


@app.command()
def retry(ids: Ids = None, target: TargetName = None, base: Base = None, as_json: Json = False) -> None:
    """Hand on what waits, and once more what was refused.

    These alone, or all. Exit code 1 when something is left.

    Example: vsmhub outbox retry
    """
    from vsmhub.cli.handing import hand_on, way
    from vsmhub.cli.output import say, say_json, tell
    from vsmhub.evidence.outbox import Outbox, State

    to = way(target, base)
    with Outbox(to.file) as outbox:
        _known(outbox, ids or ())
        outbox.retry(ids or ())
        reports = {hub: hand_on(to, outbox, hub) for hub in outbox.hubs()}
        counts = outbox.counts()
    if as_json:
        say_json({"hubs": [_handed(hub, report) for hub, report in reports.items()]})
    elif not reports:
        say("nothing waits", "good")
    else:
        for hub, report in reports.items():
            say(f"{hub}: {report.delivered} delivered, {report.refused} refused, {report.waiting} waiting")
            if report.stopped:
                tell(report.stopped, "warn")
    if counts[State.WAITING] or counts[State.REFUSED]:
        raise typer.Exit(1)


@app.command()
def drop(
    ids: Annotated[list[str], typer.Argument(metavar="ID", help="Ids of envelopes, as `list` shows them.")],
    target: TargetName = None,
    base: Base = None,
    as_json: Json = False,
) -> None:
    """Give up what waits or was refused. It is gone for good.

    Example: vsmhub outbox drop 0b3f…
    """
    from vsmhub.cli.handing import way
    from vsmhub.cli.output import say, say_json
    from vsmhub.errors import UsageError
    from vsmhub.evidence.outbox import Outbox

    to = way(target, base)
    with Outbox(to.file) as outbox:
        _known(outbox, ids)
        dropped = outbox.drop(ids)
    if not dropped:
        raise UsageError("what was delivered cannot be given up", hint="see vsmhub outbox list --delivered")
    if as_json:
        say_json({"dropped": dropped})
    else:
        say(f"{dropped} dropped")


def _known(outbox: "Outbox", ids: "Sequence[str]") -> None:
    """Refuse all where one id is not there: it may have been mistyped."""
    from vsmhub.errors import UsageError

    for one in ids:
        if outbox.find(one) is None:
            raise UsageError(f"nothing in the outbox has the id {one}", hint="see vsmhub outbox list")


def _handed(hub: str, report: "Report") -> dict[str, object]:
    counts = {"delivered": report.delivered, "refused": report.refused, "waiting": report.waiting}
    return {"hub": hub, **counts, "stopped": report.stopped}


def _facts(entry: "Entry") -> dict[str, object]:
    return {
        "state": entry.state.value,
        "keptAt": entry.kept_at,
        "attempts": entry.attempts,
        "said": entry.said,
        "evidence": entry.evidence_id,
        "envelope": entry.envelope.document(),
    }
