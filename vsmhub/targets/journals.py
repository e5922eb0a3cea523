"""Where the journals of a hub at a target are, and a new one."""

from datetime import UTC, datetime
from pathlib import Path

from vsmhub import __version__
from vsmhub.paths import Paths
from vsmhub.plan.asked import Asked
from vsmhub.plan.history import Run
from vsmhub.plan.journal import Journal
from vsmhub.secrets.place import kebab
from vsmhub.targets.author import author
from vsmhub.targets.secrecy import clean


def journals_of(paths: Paths, target: str, hub: str) -> Path:
    """The folder of a hub's journals; `target` is what plans call it."""
    return paths.state / "journal" / kebab(target) / kebab(hub)


def new_journal(
    folder: Path, *, undoes: str | None = None, continues: Run | None = None, asked: Asked | None = None
) -> Journal:
    """A journal of an apply that begins now; its file is made with the first plan."""
    return Journal(
        folder,
        by=author(),
        version=__version__,
        now=lambda: datetime.now(UTC),
        clean=clean,
        undoes=undoes,
        continues=continues.name if continues else None,
        asked=asked,
    )
