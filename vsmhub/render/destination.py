"""The place where a new scaffold goes: it appears there whole, or nothing is changed."""

import contextlib
import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

from vsmhub.files import FileError, inside
from vsmhub.render.errors import DestinationTaken
from vsmhub.render.record import RECORD
from vsmhub.render.tree import Tree


def place(tree: Tree, destination: Path) -> None:
    """Write a tree as the folder `destination`, which must not exist; folders above it are made when missing.

    It is written beside the destination and renamed, so that an error, a signal or a full disk leaves what was there.
    DestinationTaken when something is there, FileError when it cannot be written.
    """
    refuse_taken(destination)
    try:
        with _made(destination.parent), _staging(destination) as staging:
            for path, file in tree.items():
                target = inside(staging, path)
                target.parent.mkdir(parents=True, exist_ok=True)
                # The kernel takes the caller's umask off, as for any new file.
                descriptor = os.open(
                    target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o777 if file.executable else 0o666
                )
                with os.fdopen(descriptor, "wb") as stream:
                    stream.write(file.content)
                    stream.flush()
                    os.fsync(stream.fileno())
            # Nothing replaces a folder with something in it, even one that came into being meanwhile.
            staging.rename(destination)
    except OSError as error:
        raise FileError(
            f"{destination} cannot be written: {error.strerror or error}", hint="nothing was changed there"
        ) from error


def refuse_taken(destination: Path) -> None:
    """DestinationTaken when something is at `destination`, be it a dangling symbolic link, or above it is no folder."""
    if os.path.lexists(destination):
        update = f", or bring it up to date: vsmhub update {destination}" if (destination / RECORD).is_file() else ""
        raise DestinationTaken(f"{destination} is there already", hint=f"choose another place with --into{update}")
    above = next((one for one in destination.parents if os.path.lexists(one)), None)
    if above is not None and not above.is_dir():
        raise DestinationTaken(f"{above} is no folder", hint="choose another place with --into")


@contextlib.contextmanager
def _staging(destination: Path) -> Iterator[Path]:
    """A folder beside the destination that is gone afterwards, unless it was renamed."""
    staging = destination.parent / f".{destination.name[:64]}.{secrets.token_hex(4)}.tmp"
    staging.mkdir()
    try:
        yield staging
    finally:
        shutil.rmtree(staging, ignore_errors=True)


@contextlib.contextmanager
def _made(folder: Path) -> Iterator[None]:
    """Make a folder and those above it; on an error, take away those that were made and are empty."""
    missing = [one for one in (folder, *folder.parents) if not os.path.lexists(one)]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield
    except BaseException:
        for one in missing:
            with contextlib.suppress(OSError):
                one.rmdir()
        raise
