"""`vsmhub check`: everything that can be said of hubs without asking anybody."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from vsmhub.cli.declared import folder_of
from vsmhub.cli.options import AnyHubs, Json
from vsmhub.spec.report import Format

if TYPE_CHECKING:
    from vsmhub.render.generation import Difference
    from vsmhub.spec.complaint import Complaint
    from vsmhub.spec.folder import HubFolder

Checked: TypeAlias = "tuple[HubFolder | None, tuple[Complaint, ...]]"
STALE = "artifact"
RULES = {STALE: "Artifacts are what the spec gives, once there are any"}


def check(
    hubs: AnyHubs = None,
    form: Annotated[Format, typer.Option("--format", "-f", help="How complaints are told.")] = Format.TEXT,
    as_json: Json = False,
) -> None:
    """Tell what is wrong with hubs, and which artifacts are stale.

    It looks at each spec and what is beside it, at vocabularies, and at what two hubs claim. Every complaint has file,
    line and column, and all of them come at once. Exit code 1 when one is an error.

    Example: vsmhub check hubs/ops --format github
    """
    import sys

    from vsmhub import __version__
    from vsmhub.cli.output import say
    from vsmhub.spec.discovery import hub_files
    from vsmhub.spec.report import counts, report
    from vsmhub.spec.rules import RULES as SPEC_RULES
    from vsmhub.vocabulary.rules import RULES as VOCABULARY_RULES

    form = Format.JSON if as_json else form
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
    from vsmhub.render.owned import OWNED

    # Whether the first artifacts were made; none are asked for before.
    made = {file.parent for file in files if any((file.parent / owned).is_dir() for owned in OWNED)}
    looked, stale = _looked(files, made) if made else (_checked(files), {})
    for folder, found in looked:
        yield from found
        yield from stale.get(folder.path, ()) if folder else ()


def _checked(files: tuple[Path, ...]) -> "list[Checked]":
    from vsmhub.vocabulary.checking import checked

    return [(reading.folder, found) for reading, found in checked(files)]


def _looked(files: tuple[Path, ...], made: set[Path]) -> "tuple[list[Checked], dict[Path, list[Complaint]]]":
    """What is wrong with the specs, and by hub which artifacts are not what the specs give."""
    from vsmhub.cli.artifacts import artists, compared

    with artists() as other:
        looked = _checked(files)
        right = [folder for folder, found in looked if folder is not None and not found and folder.path in made]
        several = compared(right, other)
    stale = {
        hub.path: [_complaint(hub, one) for one in found] for hub, (_, _, found) in zip(right, several, strict=True)
    }
    return looked, stale


def _complaint(folder: "HubFolder", one: "Difference") -> "Complaint":
    from vsmhub.render.generation import State
    from vsmhub.spec.complaint import Complaint

    hint = "move it away" if one.state is State.FOREIGN else f"run vsmhub generate {folder.path}"
    return Complaint(rule=STALE, message=str(one.state), file=one.path, line=0, column=0, hint=hint)


def _number(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"
