"""`vsmhub check`: everything that can be said of hubs without asking anybody."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vsmhub.spec.report import Format

if TYPE_CHECKING:
    from vsmhub.spec.complaint import Complaint

HUBS = typer.Argument(help="Hubs, by folder or hub.yaml; none: the one here, or all in hubs/.", show_default=False)


def check(
    hubs: Annotated[list[Path] | None, HUBS] = None,
    form: Annotated[Format, typer.Option("--format", help="How complaints are told.")] = Format.TEXT,
) -> None:
    """Check hubs: their specs, their vocabularies, and what two of them claim.

    Every complaint has file, line and column, and all of them come at once. Exit code 1 when one is an error.

    Example: vsmhub check hubs/ops --format github
    """
    import sys

    from vsmhub import __version__
    from vsmhub.cli.output import say
    from vsmhub.spec.discovery import hub_files
    from vsmhub.spec.report import counts, report
    from vsmhub.spec.rules import RULES as SPEC_RULES
    from vsmhub.vocabulary.rules import RULES as VOCABULARY_RULES

    files = hub_files(hubs or ())
    complaints = tuple(_complaints(files))
    errors, warnings = counts(complaints)
    sys.stdout.write(report(complaints, form, rules={**SPEC_RULES, **VOCABULARY_RULES}, version=__version__))
    if form is Format.TEXT:
        checked = f"{len(files)} {'hub' if len(files) == 1 else 'hubs'} checked"
        said = f"{checked}: {_number(errors, 'error')}, {_number(warnings, 'warning')}" if complaints else checked
        say(said if complaints else f"{said}: all in order", "bad" if errors else "good")
    if errors:
        raise typer.Exit(1)


def _complaints(files: Sequence[Path]) -> Iterator["Complaint"]:
    from vsmhub.spec.document import in_file_order
    from vsmhub.spec.load import read_hub
    from vsmhub.vocabulary.ownership import Owners
    from vsmhub.vocabulary.rules import vocabulary_findings

    owners = Owners()
    for file in files:
        reading = read_hub(file)
        data = reading.document.data if reading.document else None
        found = (*reading.complaints, *reading.located(vocabulary_findings(data)), *owners.claimed_by(reading))
        yield from in_file_order(found)


def _number(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"
