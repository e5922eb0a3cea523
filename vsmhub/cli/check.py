"""`vsmhub check`: everything that can be said of hubs without asking anybody."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vsmhub.cli.options import AnyHubs, folder_of
from vsmhub.spec.report import Format

if TYPE_CHECKING:
    from vsmhub.render.generation import Difference
    from vsmhub.spec.complaint import Complaint
    from vsmhub.spec.folder import HubFolder

STALE = "artifact"
RULES = {STALE: "Artifacts are what the spec gives, once there are any"}


def check(
    hubs: AnyHubs = None,
    form: Annotated[Format, typer.Option("--format", help="How complaints are told.")] = Format.TEXT,
) -> None:
    """Check hubs: their specs, their vocabularies, what two of them claim, and whether artifacts are in sync.

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

    files = hub_files([folder_of(hub) for hub in hubs or ()])
    complaints = list(_complaints(files))
    errors, warnings = counts(complaints)
    rules = {**SPEC_RULES, **VOCABULARY_RULES, **RULES}
    sys.stdout.write(report(complaints, form, rules=rules, version=__version__))
    if form is Format.TEXT:
        said = f"{_number(len(files), 'hub')} checked"
        found = f"{_number(errors, 'error')}, {_number(warnings, 'warning')}" if complaints else "all in order"
        say(f"{said}: {found}", "bad" if errors else "good")
    if errors:
        raise typer.Exit(1)


def _complaints(files: tuple[Path, ...]) -> "Iterator[Complaint]":
    from vsmhub.vocabulary.checking import checked

    looked = [(reading.folder, found) for reading, found in checked(files)]
    right = [folder for folder, found in looked if folder is not None and not found]
    stale = _stale([folder for folder in right if _has_artifacts(folder)])
    for folder, found in looked:
        yield from found
        yield from stale.get(folder.path, ()) if folder else ()


def _has_artifacts(folder: "HubFolder") -> bool:
    """Whether the first were made; none are asked for before."""
    from vsmhub.render.artifacts import OWNED

    return any((folder.path / owned).is_dir() for owned in OWNED)


def _stale(folders: "Sequence[HubFolder]") -> "dict[Path, list[Complaint]]":
    """Artifacts that are not what the specs give, by hub."""
    if not folders:
        return {}
    from vsmhub.cli.artifacts import artifacts_of
    from vsmhub.render.generation import differences

    return {
        folder.path: [_complaint(folder, one) for one in differences(folder.path, wanted)]
        for folder, wanted in zip(folders, artifacts_of(folders), strict=True)
    }


def _complaint(folder: "HubFolder", one: "Difference") -> "Complaint":
    from vsmhub.render.generation import State
    from vsmhub.spec.complaint import Complaint

    hint = "move it away" if one.state is State.FOREIGN else f"run vsmhub generate {folder.path}"
    return Complaint(rule=STALE, message=str(one.state), file=one.path, line=0, column=0, hint=hint)


def _number(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"
