"""The evidence about a hub: from a target, or from a file of events."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vsmhub.errors import UsageError, VsmhubError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from vsmhub.evidence.record import Record
    from vsmhub.spec.folder import HubFolder

EvidenceFile = Annotated[
    Path | None,
    typer.Option("--evidence", metavar="FILE", help="Read events from this file (JSON lines) instead; - is stdin."),
]
AsOf = Annotated[
    str | None, typer.Option("--as-of", metavar="TIME", help="Judge at this time (2026-06-14, or with T12:00Z).")
]


def records_of(
    folder: "HubFolder", target: str | None, base: str | None, file: Path | None, when: "datetime"
) -> "tuple[Record, ...]":
    """All evidence about the hub that the file holds, or else what the target has of it that counts at that time."""
    if file is not None:
        if target or base:
            raise UsageError("--evidence names a file, and --target or --base an Inter-Hub", hint="give one of them")
        return tuple(_from_file(file, folder.hub.hub.slug))
    from vsmhub.cli.output import tell
    from vsmhub.evidence.standing import standing
    from vsmhub.targets.opening import opened

    slug = folder.hub.hub.slug
    scopes = folder.hub.consumer.key.scopes
    with opened(target, base) as at, at.reader_of(slug, scopes) as reader:
        hub = reader.hub(slug)
        if hub is None:
            tell(f"{slug} is not in Inter-Hub at {at.target.label}: there is no evidence yet", "warn")
            return ()
        return standing(reader, hub, when, folder.gates)


def moment(text: str | None) -> "datetime":
    """The time that an option means, now where it is not given; UsageError for what is none. No offset is UTC."""
    from datetime import UTC, datetime

    if text is None:
        return datetime.now(UTC)
    try:
        found = datetime.fromisoformat(text)
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError) as error:
        raise UsageError(f"{text} is no time", hint="such as 2026-06-14, or 2026-06-14T12:00:00Z") from error


def _from_file(file: Path, hub: str) -> "Iterable[Record]":
    from pydantic import ValidationError

    from vsmhub.cli.lines import called, lines_of
    from vsmhub.evidence.envelope import Envelope
    from vsmhub.evidence.record import from_envelopes

    envelopes = []
    for number, line in enumerate(lines_of(file), 1):
        try:
            envelopes += [Envelope.model_validate_json(line)] if line.strip() else []
        except ValidationError as error:
            said = error.errors()[0]
            member = ".".join(map(str, said["loc"]))
            raise VsmhubError(
                f"{called(file)}:{number}: this is no event: {member}: {said['msg']}",
                hint="one CloudEvent in JSON on each line, as vsmhub outbox --json tells them",
            ) from error
    return from_envelopes(one for one in envelopes if one.hub == hub)
