"""`vsmhub observe`: a hub's signals, once or until interrupted, and the evidence that comes of them."""

from typing import TYPE_CHECKING, Annotated

import typer

from vsmhub.cli.completion import signals
from vsmhub.cli.options import AllowCommands, Base, Hub, Json, Queue, TargetName, Trusted

if TYPE_CHECKING:
    from vsmhub.cli.output import Style
    from vsmhub.evidence.observations import Recorded


def observe(
    hub: Hub,
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="SIGNAL", help="Only these signals.", show_default=False, autocompletion=signals),
    ] = None,
    watch: Annotated[
        bool, typer.Option("--watch/--once", help="Go on until interrupted, each signal at its times.")
    ] = False,
    allow_commands: AllowCommands = False,
    trust: Trusted = None,
    queue: Queue = False,
    target: TargetName = None,
    base: Base = None,
    as_json: Json = False,
) -> None:
    """Run the probes, keep what they observed, and hand the evidence on.

    Exit code 1 when a signal does not pass. A probe's secret is looked for in the target's secret store as
    probe-<name>, and in the variable VSMHUB_KEY_PROBE_<NAME>. With --json each observation is one line.

    Example: vsmhub observe hubs/ops --watch
    """
    from vsmhub.cli.declared import folder_of
    from vsmhub.cli.observing import Observing
    from vsmhub.spec.folder import load_folder

    observing = Observing(
        load_folder(folder_of(hub)),
        names or [],
        target,
        base,
        commands=allow_commands,
        trust=trust,
        queue=queue,
        told=as_line if as_json else as_text,
    )
    if not observing.run(watch=watch):
        raise typer.Exit(1)


_STYLES: "dict[str, Style]" = {"pass": "good", "fail": "bad", "error": "warn"}


def as_text(recorded: "Recorded") -> None:
    """One line about a result, and what to do where it failed."""
    from vsmhub.cli.output import say, styled

    result = recorded.result
    outcome = result.judgement.outcome.value
    took = f"{result.observation.seconds * 1000:.0f} ms"
    reason = f"{result.judgement.reason}: " if result.judgement.reason else ""
    settled = "" if recorded.evidence else "  (not settled yet)"
    said = reason + (result.judgement.said or result.signal.probe.address) + settled
    say(f"{styled(f'{outcome:5}', _STYLES[outcome])}  {result.signal.name:30}  {took:>8}  {said}")
    if outcome == "fail":
        say("       " + result.signal.fix.strip().replace("\n", "\n       "), "dim")


def as_line(recorded: "Recorded") -> None:
    """One line of JSON about a result."""
    import json
    import sys

    from vsmhub.evidence.claim import rfc3339

    result = recorded.result
    judgement = result.judgement
    facts = {
        "signal": result.signal.name,
        "slot": rfc3339(result.slot),
        "outcome": judgement.outcome.value,
        "reason": judgement.reason,
        "said": judgement.said,
        "settled": recorded.standing.settled,
        "attempts": len(result.attempts),
        "seconds": round(result.observation.seconds, 6),
        "times": {
            name.removeprefix("time."): value
            for name, value in result.observation.facts.items()
            if name.startswith("time.")
        },
        "envelopes": [one.id for one in recorded.evidence],
    }
    sys.stdout.write(json.dumps(facts, ensure_ascii=False) + "\n")
    sys.stdout.flush()
