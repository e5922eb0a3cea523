"""`vsmhub attest`: a person's statement about a widget, through the outbox."""

from pathlib import Path
from typing import Annotated

import typer

from vsmhub.cli.options import Base, Hub, Json, Queue, TargetName
from vsmhub.cli.statements import (
    EventType,
    Metadata,
    WidgetSlug,
    declared,
    read_metadata,
    read_outcome,
    read_span,
    through_outbox,
)


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
    """State something as a person, with an end and what it rests on.

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
