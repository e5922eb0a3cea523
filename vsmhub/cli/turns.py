"""One apply at a time on one hub of one target, on this machine.

The kernel frees the lock when its holder ends, so that a killed apply leaves nothing to clear away. Applies on other
machines are kept apart by the target, which refuses what was computed from a state that has moved.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from vsmhub.cli.output import tell
from vsmhub.files import FileError
from vsmhub.locks import locked
from vsmhub.paths import Paths


@contextmanager
def turn(paths: Paths, target: str, hub: str) -> Iterator[None]:
    """Hold the lock of `hub` at `target`; says so when another apply has to end first."""
    folder = paths.state / "locks"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise FileError(f"{folder} cannot be made: {error.strerror}", hint="set VSMHUB_HOME to a folder") from error
    file = folder / f"{target}.{hub}.lock"
    with locked(file, wait=False) as mine:
        if mine:
            yield
            return
    tell(f"another apply of {hub} at {target} is running; waiting for it to end")
    with locked(file):
        yield
