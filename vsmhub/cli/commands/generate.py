"""`vsmhub generate`: the artifacts of hubs, written or compared."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from vsmhub.cli.declared import folder_of
from vsmhub.cli.options import AnyHubs, Json

if TYPE_CHECKING:
    from vsmhub.render.generation import Difference


def generate(
    hubs: AnyHubs = None,
    check: Annotated[bool, typer.Option("--check", help="Write nothing; exit 1 with a diff if one is stale.")] = False,
    as_json: Json = False,
) -> int:
    """Write what follows from hub.yaml: manifest, SQL, client, pages.

    Seeds of widgets and a runbook too. A file that is right already is not touched. One that the spec no longer gives
    is removed.

    Example: vsmhub generate hubs/ops
    """
    from vsmhub.cli.artifacts import artists, compared, written
    from vsmhub.cli.output import say_json
    from vsmhub.spec.discovery import hub_files

    files = hub_files([folder_of(hub) for hub in hubs or ()])
    with artists() as other:
        from vsmhub.render.generation import State
        from vsmhub.vocabulary.checking import load_checked

        # All specs are read and all texts made before the first file is written.
        folders = load_checked([file.parent for file in files])
        found = compared(folders, other)
        if not check:
            written(found, other)
    if as_json:
        say_json({"check": check, "hubs": [_facts(*one) for one in found]})
    elif check:
        _show_stale(found)
    else:
        for one in found:
            _show_written(*one)
    wrong = [one for *_, several in found for one in several if check or one.state is State.FOREIGN]
    return 1 if wrong else 0


def _facts(folder: Path, count: int, found: "Sequence[Difference]") -> dict[str, Any]:
    files = [{"path": str(one.path), "state": one.state.name.lower(), "diff": one.diff} for one in found]
    return {"hub": str(folder), "artifacts": count, "differences": files}


def _show_stale(found: "Sequence[tuple[Path, int, Sequence[Difference]]]") -> None:
    from vsmhub.cli.output import complain, say

    for _, _, several in found:
        for one in several:
            say(f"{one.path}: {one.state}", "bad")
            for line in one.diff.splitlines():
                say(line, {"+": "add", "-": "remove"}.get(line[:1]))  # type: ignore[arg-type] # a style, or none
    stale = sum(len(several) for *_, several in found)
    if stale:
        files = "1 file is" if stale == 1 else f"{stale} files are"
        complain(f"{files} not what the specs give", "run vsmhub generate, and do not edit artifacts")
    else:
        say(f"{sum(count for _, count, _ in found)} artifacts are what the specs give", "good")


def _show_written(folder: Path, count: int, found: "Sequence[Difference]") -> None:
    from vsmhub.cli.output import complain, say
    from vsmhub.render.generation import State

    said = {State.MISSING: "made", State.CHANGED: "changed", State.ORPHANED: "removed"}
    if written := [f"{said[one.state]:8} {one.path}" for one in found if one.state in said]:
        say("\n".join(written), "dim")
    say(f"{folder}: {count} artifacts, {f'{len(written)} written' if written else 'all as they were'}")
    for one in found:
        if one.state is State.FOREIGN:
            complain(f"{one.path} is {one.state}", "move it away; that folder is written by vsmhub alone")
