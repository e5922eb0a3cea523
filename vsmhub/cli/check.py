"""`vsmhub check`: everything that can be said of hubs without asking anybody."""

from pathlib import Path
from typing import Annotated

import typer

from vsmhub.cli.options import folder_of
from vsmhub.spec.report import Format


def check(
    hubs: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[HUB...]", help="Hub folders, or their hub.yaml; none: the one here, or all in hubs/."),
    ] = None,
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
    from vsmhub.vocabulary.checking import checked
    from vsmhub.vocabulary.rules import RULES as VOCABULARY_RULES

    files = hub_files([folder_of(hub) for hub in hubs or ()])
    complaints = [complaint for _, found in checked(files) for complaint in found]
    errors, warnings = counts(complaints)
    sys.stdout.write(report(complaints, form, rules={**SPEC_RULES, **VOCABULARY_RULES}, version=__version__))
    if form is Format.TEXT:
        said = f"{_number(len(files), 'hub')} checked"
        found = f"{_number(errors, 'error')}, {_number(warnings, 'warning')}" if complaints else "all in order"
        say(f"{said}: {found}", "bad" if errors else "good")
    if errors:
        raise typer.Exit(1)


def _number(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"
