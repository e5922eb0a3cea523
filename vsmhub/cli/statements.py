"""What commands that state something about a widget share: their arguments, and the way through the outbox."""

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vsmhub.cli.completion import event_types, widgets

if TYPE_CHECKING:
    from pydantic import JsonValue

    from vsmhub.evidence.envelope import Envelope
    from vsmhub.evidence.judgement import Outcome
    from vsmhub.spec.model import HubSpec

EVENT = "Event type, such as ops-endpoint-verified."
WIDGET = "Slug of the widget that it is about."
EventType = Annotated[str, typer.Argument(metavar="EVENT", help=EVENT, autocompletion=event_types)]
WidgetSlug = Annotated[str, typer.Argument(metavar="WIDGET", help=WIDGET, autocompletion=widgets)]
Metadata = Annotated[
    list[str] | None,
    typer.Option("--metadata", "-m", metavar="KEY=TEXT", help="More to say; KEY:=JSON for other than texts."),
]
Outcomes = Annotated[str | None, typer.Option("--outcome", help="What it proves: pass, fail or error.")]


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
