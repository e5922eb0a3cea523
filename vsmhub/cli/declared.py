"""The hubs named on the command line, as what they declare."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from vsmhub.errors import UsageError

if TYPE_CHECKING:
    from vsmhub.plan.desired import Desired


def declare(hubs: Sequence[Path]) -> "list[Desired]":
    """What each hub declares; SpecError with the complaints about all of them, UsageError for the same hub twice."""
    from vsmhub.plan.desired import desired
    from vsmhub.vocabulary.checking import load_checked

    found = [desired(folder.declared()) for folder in load_checked([_one_hub(hub) for hub in hubs])]
    slugs = [one.hub for one in found]
    twice = sorted({slug for slug in slugs if slugs.count(slug) > 1})
    if twice:
        raise UsageError(f"named twice: {', '.join(twice)}", hint="name each hub once")
    return found


def _one_hub(hub: Path) -> Path:
    """The folder of one hub: what is changed at a target is named, not found."""
    from vsmhub.spec.file_names import HUB_FILE

    folder = folder_of(hub)
    if not (folder / HUB_FILE).exists() and next(folder.glob(f"*/{HUB_FILE}"), None):
        raise UsageError(f"{folder} is no hub, but a folder of hubs", hint=f"name the hubs: {folder}/*")
    return folder


def folder_of(hub: Path) -> Path:
    """The folder that is meant: as given, or the name of a hub below `hubs/`; UsageError when there is none."""
    for candidate in (hub, Path("hubs") / hub, Path("hubs") / hub.name.removesuffix("-hub")):
        if candidate.exists():
            return candidate
    raise UsageError(f"there is no hub at {hub}", hint="give a hub's folder, such as hubs/ops")
