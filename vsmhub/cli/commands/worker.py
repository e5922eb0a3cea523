"""`vsmhub worker`: observing on many machines, which share one PostgreSQL."""

from typing import Annotated

import typer

from vsmhub.cli.options import AllowCommands, Base, Hubs, Json, Queue, TargetName, Trusted

EXIT_SILENT = 2


def worker(
    hubs: Hubs,
    database_url: Annotated[
        str | None,
        typer.Option(
            "--database-url",
            metavar="URL",
            envvar="VSMHUB_DATABASE_URL",
            show_envvar=False,
            help="PostgreSQL that all workers share; VSMHUB_DATABASE_URL says the same unseen.",
        ),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Start nothing: show how observing goes; exit code 2 when nobody does.")
    ] = False,
    concurrency: Annotated[
        int, typer.Option("--concurrency", min=1, max=500, help="Shards that this worker carries out at once.")
    ] = 64,
    shard: Annotated[
        int, typer.Option("--shard", min=1, max=500, help="Probes in a shard at most. The same for all workers.")
    ] = 100,
    lost_after: Annotated[
        str,
        typer.Option(
            "--lost-after", metavar="SPAN", help="A silent worker's shards are another's then. The same for all."
        ),
    ] = "20s",
    name: Annotated[
        str | None, typer.Option("--name", help="What the worker is called; otherwise its host and process.")
    ] = None,
    allow_commands: AllowCommands = False,
    trust: Trusted = None,
    queue: Queue = False,
    target: TargetName = None,
    base: Base = None,
    as_json: Json = False,
) -> None:
    """Observe together with the workers of other machines.

    It goes on until it is interrupted. Each scheduled time of a signal is observed by one of them. When one is lost,
    the others take over what it began. Only what does not pass is shown; with --json each observation is one line.
    docs/workers.md has the rest.

    Example: vsmhub worker hubs/ops --target production
    """
    from vsmhub.cli.working import Settings, Working, show_overview

    settings = Settings.checked(
        hubs,
        database_url,
        target=target,
        base=base,
        name=name,
        concurrency=concurrency,
        shard=shard,
        lost_after=lost_after,
        commands=allow_commands,
        trust=trust,
        queue=queue,
    )
    if check:
        if not show_overview(settings, as_json=as_json):
            raise typer.Exit(EXIT_SILENT)
        return
    Working(settings, as_json=as_json).run()
