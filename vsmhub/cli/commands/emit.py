"""`vsmhub emit`: events about widgets, through the outbox."""

from pathlib import Path
from typing import Annotated

import typer

from vsmhub.cli.completion import event_types, widgets
from vsmhub.cli.options import Base, Hub, Json, Queue, TargetName
from vsmhub.cli.statements import (
    EVENT,
    WIDGET,
    Metadata,
    Outcomes,
    declared,
    read_metadata,
    read_outcome,
    read_span,
    through_outbox,
)


def emit(
    hub: Hub,
    event: Annotated[
        str | None, typer.Argument(metavar="EVENT", help=EVENT, show_default=False, autocompletion=event_types)
    ] = None,
    widget: Annotated[
        str | None, typer.Argument(metavar="WIDGET", help=WIDGET, show_default=False, autocompletion=widgets)
    ] = None,
    source: Annotated[
        Path | None,
        typer.Option("--from", metavar="FILE", help="Many events instead, one as JSON on each line; - is stdin."),
    ] = None,
    metadata: Metadata = None,
    outcome: Outcomes = None,
    valid_for: Annotated[str | None, typer.Option("--valid-for", metavar="SPAN", help="Such as 30d.")] = None,
    view_context: Annotated[str | None, typer.Option("--view-context", help="Instead of the widget's own.")] = None,
    at: Annotated[
        str | None,
        typer.Option("--at", metavar="TIME", help="When it happened, in UTC or with an offset; now if left out."),
    ] = None,
    actor: Annotated[str | None, typer.Option("--actor", help="Who observed it; this account if left out.")] = None,
    name: Annotated[
        str | None, typer.Option("--name", help="The same name is the same event, however often it is emitted.")
    ] = None,
    queue: Queue = False,
    target: TargetName = None,
    base: Base = None,
    as_json: Json = False,
) -> None:
    """Emit an event, or many. They are kept on disk first, and handed on now or, when Inter-Hub is down, later.

    With --from each line is {"event": …, "widget": …}, and as one likes metadata (an object), outcome, validFor,
    viewContext, at (with an offset), actor and name. A file is kept whole or, when a line is no event, not at all.

    Example: vsmhub emit hubs/ops ops-runbook-executed ops-service-gitea -m runbook=restore --outcome pass
    """
    from vsmhub.cli.records import moment
    from vsmhub.errors import UsageError
    from vsmhub.evidence.statement import Subject
    from vsmhub.evidence.statement import event as made

    spec = declared(hub)
    if source is not None:
        if any(one is not None for one in (event, widget, metadata, outcome, valid_for, view_context, at, actor, name)):
            raise UsageError("with --from each line says all about its event", hint="leave out what else is said")
        from vsmhub.cli.emitting import emit_lines

        if not emit_lines(spec, source, target, base, queued=queue, as_json=as_json):
            raise typer.Exit(1)
        return
    if event is None or widget is None:
        raise UsageError("an event has a type and a widget", hint="vsmhub emit HUB EVENT WIDGET, or --from FILE")
    envelope = made(
        Subject(spec=spec, widget=widget),
        event,
        metadata=read_metadata(metadata),
        view_context=view_context,
        outcome=read_outcome(outcome),
        valid_for=read_span(valid_for),
        at=moment(at) if at else None,
        actor=actor,
        name=name,
    )
    through_outbox(envelope, target, base, queue=queue, as_json=as_json)
