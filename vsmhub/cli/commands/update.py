"""`vsmhub update`: scaffolds brought to their newest template."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from vsmhub.cli.declared import folder_of
from vsmhub.cli.options import Json

if TYPE_CHECKING:
    from vsmhub.cli.output import Style
    from vsmhub.render.renewal import Renewal
    from vsmhub.render.update import Step

EXIT_CONFLICT = 1
EXIT_PENDING = 2


def update(
    hubs: Annotated[
        list[Path] | None, typer.Argument(metavar="HUB", help="Folders of hubs; all below hubs/ when not named.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the changes as a diff, and make none.")] = False,
    adopt: Annotated[
        bool, typer.Option("--adopt", help="Make a scaffold of a hub without one: write what it lacks, change nothing.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Bring scaffolds to the newest template, hub.yaml to its format.

    Changes by people and by the template are merged; where both changed the same lines, the file gets conflict markers.
    All files of a hub change, or none.

    Exit code: 0 done, 1 error or conflicts to settle, 2 changes pending (with --dry-run).

    Example: vsmhub update hubs/syn --dry-run
    """
    from vsmhub.cli.output import say_json
    from vsmhub.render.renewal import carry_out, renewal

    folders = _folders(hubs)
    # All are read before one is written: what is refused is refused before anything has changed.
    renewals = [_adopted(folder) if adopt else renewal(folder) for folder in folders]
    if not dry_run:
        for one in renewals:
            carry_out(one)
    if as_json:
        say_json([_facts(one) for one in renewals])
    elif dry_run:
        _show_diff(renewals)
    else:
        for one in renewals:
            _show(one)
    if any(one.conflicts for one in renewals):
        raise typer.Exit(EXIT_CONFLICT)
    if dry_run and any(one.changes for one in renewals):
        raise typer.Exit(EXIT_PENDING)


def _folders(named: Sequence[Path] | None) -> list[Path]:
    from vsmhub.errors import UsageError
    from vsmhub.render.record import RECORD
    from vsmhub.spec.file_names import HUB_FILE

    if named:
        found = [folder_of(hub) for hub in named]
        return list(dict.fromkeys(one if one.is_dir() else one.parent for one in found))
    here = Path()
    found = [record.parent for record in (here / RECORD, *sorted(here.glob(f"hubs/*/{RECORD}"))) if record.is_file()]
    if not found:
        hubs = [hub.parent for hub in (here / HUB_FILE, *sorted(here.glob(f"hubs/*/{HUB_FILE}"))) if hub.is_file()]
        way = f"vsmhub update --adopt {hubs[0]} makes one of that hub" if hubs else "make a hub with vsmhub new"
        raise UsageError("there is no scaffold here", hint=f"name the folder of one; {way}")
    return found


def _adopted(folder: Path) -> "Renewal":
    """A hub that nobody scaffolded: what the template asks, its spec answers."""
    from vsmhub.render.renewal import adopt
    from vsmhub.render.surroundings import answers_of
    from vsmhub.render.template import Form
    from vsmhub.spec.file_names import HUB_FILE
    from vsmhub.spec.load import parse_hub
    from vsmhub.spec.migrate import migrated
    from vsmhub.spec.source import read_source

    file = folder / HUB_FILE
    text = read_source(file)
    now = migrated(text, file)
    form = Form.STANDALONE if (folder / "pyproject.toml").exists() else Form.HUB
    return adopt(folder, form, answers_of(parse_hub(now.text if now else text, file), folder))


def _facts(one: "Renewal") -> dict[str, object]:
    files = [
        {
            "path": step.path,
            "fate": step.fate.value,
            "changes": step.changes,
            "why": step.why,
            "conflicts": step.conflicts,
        }
        for step in one.steps
    ]
    return {"hub": str(one.folder), "template": one.form.value, "conflicts": one.conflicts, "files": files}


def _show(one: "Renewal") -> None:
    from vsmhub.cli.output import say

    told = [step for step in one.steps if step.changes or step.why]
    if not one.changes:
        say(f"{one.folder}: nothing to do")
    elif not any(step.changes for step in one.steps):
        say(f"{one.folder}: only its record changed")
    else:
        say(f"{one.folder}:", "bold")
    for step in told:
        say(f"  {step.fate.value:15}  {step.path}" + (f"  ({step.why})" if step.why else ""), _style(step))
    if one.conflicts:
        say(f"{one.conflicts} to settle by hand: look for <<<<<<< in the files marked as conflicts", "warn")


def _style(step: "Step") -> "Style | None":
    if step.conflicts:
        return "bad"
    return "dim" if not step.changes else None


def _show_diff(renewals: "Sequence[Renewal]") -> None:
    """The changes as one patch, as it is read: what is not UTF-8 shows as a replacement character."""
    from vsmhub.cli.output import say, tell
    from vsmhub.render.patch import patch

    for one in renewals:
        for step in one.steps:
            if step.why:
                tell(f"{one.folder / step.path}: {step.fate.value}, {step.why}")
            diff = patch((one.folder / step.path).as_posix(), step.before, step.after)
            for line in diff.decode(errors="replace").split("\n")[:-1]:
                say(line, _DIFF_STYLES.get(line[:1]))
        if not one.changes:
            tell(f"{one.folder}: nothing to do")
        elif not any(step.changes for step in one.steps):
            tell(f"{one.folder}: only its record changes")


_DIFF_STYLES: "dict[str, Style]" = {"+": "add", "-": "remove", "@": "dim", "d": "bold"}
