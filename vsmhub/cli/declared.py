"""The hubs named on the command line, as what they declare."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from vsmhub.cli.options import folder_of
from vsmhub.errors import UsageError

if TYPE_CHECKING:
    from vsmhub.plan.desired import Desired


def declare(hubs: Sequence[Path]) -> "list[Desired]":
    """What each hub declares; SpecError with the complaints about all of them, UsageError for the same hub twice."""
    from vsmhub.plan.desired import desired
    from vsmhub.vocabulary.checking import load_checked

    found = [desired(folder.declared()) for folder in load_checked([folder_of(hub) for hub in hubs])]
    slugs = [one.hub for one in found]
    twice = sorted({slug for slug in slugs if slugs.count(slug) > 1})
    if twice:
        raise UsageError(f"named twice: {', '.join(twice)}", hint="name each hub once")
    return found
