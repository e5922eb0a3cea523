"""`vsmhub emit` and `vsmhub attest`: one event about a widget, through the outbox."""

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vsmhub.cli.completion import event_types, widgets
from vsmhub.cli.options import Base, Hub, Json, TargetName

if TYPE_CHECKING:
    from pydantic import JsonValue

    from vsmhub.evidence.envelope import Envelope
    from vsmhub.evidence.judgement import Outcome
    from vsmhub.spec.model import HubSpec

_EVENT = "Event type, such as ops-endpoint-verified."
_WIDGET = "Slug of the widget that it is about."
EventType = Annotated[str, typer.Argument(metavar="EVENT", help=_EVENT, autocompletion=event_types)]
WidgetSlug = Annotated[str, typer.Argument(metavar="WIDGET", help=_WIDGET, autocompletion=widgets)]
Metadata = Annotated[
    list[str] | None,
    typer.Option("--metadata", "-m", metavar="KEY=TEXT", help="More to say; KEY:=JSON for other than texts."),
]
Queue = Annotated[bool, typer.Option("--queue", help="Only keep it; hand nothing on now.")]
Outcomes = Annotated[str | None, typer.Option("--outcome", help="What it proves: pass, fail or error.")]


def emit(
    hub: Hub,
    event: Annotated[
        str | None, typer.Argument(metavar="EVENT", help=_EVENT, show_default=False, autocompletion=event_types)
    ] = None,
    widget: Annotated[
        str | None, typer.Argument(metavar="WIDGET", help=_WIDGET, show_default=False, autocompletion=widgets)
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


def attest(
    hub: Hub,
    event: EventType,
    widget: WidgetSlug,
    by: Annotated[str, typer.Option("--by", help="Who states it, by name.")],
    statement: Annotated[str, typer.Option("--statement", help="What is stated.")],
    valid_for: Annotated[str, typer.Option("--valid-for", metavar="SPAN", help="How long it counts, such as 90d.")],
    outcome: Annotated[str, typer.Option("--outcome", help="What it proves: pass or fail.")] = "pass",
    link: Annotated[str | None, typer.Option("--link", help="Where to read what it rests on.")] = None,
    file: Annotated[Path | None, typer.Option("--file", help="What it rests on; its SHA-256 is stated.")] = None,
    digest: Annotated[str | None, typer.Option("--digest", help="The digest, where the file is elsewhere.")] = None,
    metadata: Metadata = None,
    queue: Queue = False,
    target: TargetName = None,
    base: Base = None,
    as_json: Json = False,
) -> None:
    """State something as a person, with what it rests on and until when it counts.

    Example: vsmhub attest hubs/ops ops-restore-tested ops-service-gitea --by worsch --statement "Restored into a
    scratch namespace and logged in" --link https://… --valid-for 90d
    """
    import hashlib

    from vsmhub.errors import UsageError
    from vsmhub.evidence.statement import Subject, attestation

    if file is not None and digest is not None:
        raise UsageError("--file and --digest say the same", hint="give one of them")
    if file is not None:
        digest = f"sha256:{hashlib.sha256(file.read_bytes()).hexdigest()}"
    proves, valid = read_outcome(outcome), read_span(valid_for)
    if proves is None or valid is None or proves.value == "error":
        raise UsageError("a statement says pass or fail, and until when")
    envelope = attestation(
        Subject(spec=declared(hub), widget=widget),
        event,
        by=by,
        statement=statement,
        outcome=proves,
        valid_for=valid,
        link=link,
        digest=digest,
        metadata=read_metadata(metadata),
    )
    through_outbox(envelope, target, base, queue=queue, as_json=as_json)


def declared(hub: Path) -> "HubSpec":
    """The hub with every widget that is declared; SpecError with all complaints."""
    from vsmhub.cli.declared import folder_of
    from vsmhub.spec.folder import load_folder

    return load_folder(folder_of(hub)).declared()


def read_metadata(pairs: list[str] | None) -> "dict[str, JsonValue]":
    """What `KEY=TEXT` and `KEY:=JSON` say; UsageError for anything else."""
    import json

    from vsmhub.errors import UsageError

    found: dict[str, JsonValue] = {}
    for pair in pairs or ():
        key, sign, text = pair.partition("=")
        if not sign or not key.strip(":"):
            raise UsageError(f"{pair!r} is no metadata", hint="write KEY=TEXT, or KEY:=JSON")
        if not key.endswith(":"):
            found[key] = text
            continue
        try:
            found[key[:-1]] = json.loads(text)
        except ValueError as error:
            raise UsageError(f"what follows {key}= is not JSON: {error}", hint="write KEY=TEXT for a text") from error
    return found


def read_outcome(text: str | None) -> "Outcome | None":
    """The outcome that is named; UsageError for one that there is not."""
    from vsmhub.errors import UsageError
    from vsmhub.evidence.judgement import Outcome

    try:
        return Outcome(text) if text is not None else None
    except ValueError as error:
        raise UsageError(f"there is no outcome {text!r}", hint="there are pass, fail and error") from error


def read_span(text: str | None) -> timedelta | None:
    """A span of time; UsageError for what is none."""
    from vsmhub.errors import UsageError
    from vsmhub.spec.spans import seconds

    try:
        return timedelta(seconds=seconds(text)) if text is not None else None
    except (ValueError, KeyError, OverflowError) as error:
        raise UsageError(f"{text!r} is no span of time", hint="such as 12h or 30d") from error


def through_outbox(envelope: "Envelope", name: str | None, base: str | None, *, queue: bool, as_json: bool) -> None:
    """Keep an envelope, hand on what waits, and say what became of it; exit code 1 when it was refused."""
    from vsmhub.cli.handing import hand_on, way
    from vsmhub.cli.output import say, say_json
    from vsmhub.evidence.delivery import Report
    from vsmhub.evidence.outbox import Outbox, State

    to = way(name, base)
    with Outbox(to.file) as outbox:
        new = outbox.put([envelope])
        report = Report(stopped="it was only to be kept") if queue else hand_on(to, outbox, envelope.hub)
        entry = outbox.find(envelope.id)
    facts = {
        "id": envelope.id,
        "new": bool(new),
        "state": entry.state.value if entry else "",
        "evidence": entry.evidence_id if entry else None,
        "said": (entry.said if entry else "") or report.stopped,
        "target": to.target.name,
    }
    if as_json:
        say_json(facts)
    elif entry is not None and entry.state is State.DELIVERED:
        say(f"{envelope.type} is at {to.target.label} as {entry.evidence_id}", "good")
    elif entry is not None and entry.state is State.REFUSED:
        say(f"{envelope.type} was refused: {entry.said}", "bad")
    else:
        say(f"{envelope.type} is kept as {envelope.id}, and waits: {facts['said']}", "warn")
    if entry is not None and entry.state is State.REFUSED:
        raise typer.Exit(1)
