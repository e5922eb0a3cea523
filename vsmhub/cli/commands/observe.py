"""`vsmhub observe`: a hub's signals, once or until interrupted, and the evidence that comes of them."""

from typing import Annotated

import typer

from vsmhub.cli.completion import signals
from vsmhub.cli.options import AllowCommands, Base, Hub, Json, Queue, TargetName, Trusted


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
    """Run the probes, keep what they observed, hand the evidence on.

    Exit code 1 when a signal does not pass. A probe's secret is looked for in the target's secret store as
    probe-<name>, and in the variable VSMHUB_KEY_PROBE_<NAME>. With --json each observation is one line.

    Example: vsmhub observe hubs/ops --watch
    """
    from vsmhub.cli.declared import folder_of
    from vsmhub.cli.observing import Observing
    from vsmhub.cli.results import as_line, as_text
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
