"""One apply at a time on one hub of one target, on this machine.

The kernel frees the lock when its holder ends, so that a killed apply leaves nothing to clear away. Applies on other
machines are kept apart by the target, which refuses what was computed from a state that has moved.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from vsmhub.files import FileError
from vsmhub.locks import locked
from vsmhub.paths import Paths


@contextmanager
def turn(paths: Paths, target: str, hub: str, *, told: Callable[[str], None] | None = None) -> Iterator[None]:
    """Hold the lock of `hub` at `target`; `told` hears of it when another apply has to end first."""
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
    if told is not None:
        told(f"another apply of {hub} at {target} is running; waiting for it to end")
    with locked(file):
        yield
