"""Replacing many files as one: all of them change, or none does, also when the process is killed in between.

The new contents and the old ones are put into a folder beside the files, then a journal names them, then the files are
replaced. Whoever comes next and finds a journal puts the old contents back, but for files that were changed since.
"""

import contextlib
import hashlib
import json
import os
import shutil
import stat
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO

from vsmhub.files import FileError, inside, write_atomically
from vsmhub.locks import locked
from vsmhub.render.tree import File

FOLDER = ".vsmhub-update"
_JOURNAL = "journal.json"


@dataclass(frozen=True, slots=True)
class _Entry:
    """One file: its path, and the digests of what it held and of what it is to hold, None for nothing."""

    path: str
    old: str | None
    new: str | None


def exchange(root: Path, changes: Mapping[str, File | None]) -> None:
    """Make the files below `root` as `changes` has them, None meaning gone; FileError when that fails, undone.

    A file that exists keeps its permissions but for the executable bits.
    """
    try:
        recover(root)
        staging = root / FOLDER
        try:
            staging.mkdir()
            entries = [_staged(root, number, path, file) for number, (path, file) in enumerate(changes.items())]
            write_atomically(staging / _JOURNAL, json.dumps([asdict(entry) for entry in entries]))
            for number, entry in enumerate(entries):
                _replace(root, number, entry)
        except BaseException:
            recover(root)
            raise
        _done(staging)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        raise FileError(
            f"{root} cannot be updated: {where}{error.strerror or error}", hint="its files are as they were"
        ) from error


def recover(root: Path) -> bool:
    """Undo what an exchange that was killed left half done; returns whether there was anything to undo."""
    staging = root / FOLDER
    journal = staging / _JOURNAL
    if journal.exists():
        entries = _journalled(journal)
        for number, entry in reversed(list(enumerate(entries))):
            path = inside(root, entry.path)
            # What is neither the old content nor the new was put there by somebody else since.
            if entry.old != entry.new == _digest(path):
                _restore(staging / f"{number}.old", path, exists=entry.old is not None)
                _prune(root, path.parent)
        _done(staging)
        return True
    if staging.is_dir():
        shutil.rmtree(staging)
    return False


def _journalled(journal: Path) -> list[_Entry]:
    try:
        return [_Entry(**entry) for entry in json.loads(journal.read_text(encoding="utf-8"))]
    except (ValueError, TypeError) as error:
        raise FileError(
            f"{journal} is damaged, so an update that was killed cannot be undone",
            hint=f"look at the files in {journal.parent}, then remove that folder",
        ) from error


@contextlib.contextmanager
def alone(root: Path) -> Iterator[bool]:
    """Hold the right to change the files below `root`; yields whether it was to be had."""
    with contextlib.ExitStack() as stack:
        try:
            held = stack.enter_context(locked(root, wait=False))
        except OSError as error:
            raise FileError(f"{root} cannot be read: {error.strerror or error}") from error
        yield held


def _staged(root: Path, number: int, name: str, file: File | None) -> _Entry:
    """Put both contents of a file where they outlast a crash."""
    path = inside(root, name)
    old = _digest(path)
    staging = root / FOLDER
    if old is not None:
        with path.open("rb") as source, _opened(staging / f"{number}.old", path.stat()) as copy:
            shutil.copyfileobj(source, copy)
    if file is not None:
        permissions = path.stat() if old is not None else None
        with _opened(staging / f"{number}.new", permissions, executable=file.executable) as copy:
            copy.write(file.content)
    return _Entry(name, old, None if file is None else hashlib.sha256(file.content).hexdigest())


@contextlib.contextmanager
def _opened(path: Path, like: os.stat_result | None, *, executable: bool | None = None) -> Iterator[BinaryIO]:
    """A new file to write, on the disk afterwards; with the permissions and owner of `like`, or as the umask has it."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o777 if executable else 0o666)
    with os.fdopen(descriptor, "wb") as file:
        if like is not None:
            mode = stat.S_IMODE(like.st_mode)
            if executable is not None:
                # Whoever may read a program may run it.
                mode = mode & ~0o111 | ((mode & 0o444) >> 2 if executable else 0)
            os.fchmod(descriptor, mode)
            with contextlib.suppress(PermissionError):
                os.fchown(descriptor, like.st_uid, like.st_gid)
        yield file
        file.flush()
        os.fsync(descriptor)


def _replace(root: Path, number: int, entry: _Entry) -> None:
    path = inside(root, entry.path)
    if entry.new is None:
        path.unlink(missing_ok=True)
        _prune(root, path.parent)
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        (root / FOLDER / f"{number}.new").replace(path)


def _restore(kept: Path, path: Path, *, exists: bool) -> None:
    if exists:
        path.parent.mkdir(parents=True, exist_ok=True)
        # A copy, so that a kill in the middle of this can be recovered from as well.
        again = kept.with_suffix(".again")
        shutil.copy2(kept, again)
        again.replace(path)
    else:
        path.unlink(missing_ok=True)


def _prune(root: Path, folder: Path) -> None:
    """Take away folders that have become empty, up to the root."""
    while folder != root.resolve() and folder.is_relative_to(root.resolve()):
        try:
            folder.rmdir()
        except OSError:
            return
        folder = folder.parent


def _digest(path: Path) -> str | None:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except (FileNotFoundError, NotADirectoryError):
        return None


def _done(staging: Path) -> None:
    """The journal goes first: without it there is nothing to undo. An interrupt leaves nothing lying about."""
    try:
        (staging / _JOURNAL).unlink()
        shutil.rmtree(staging)
    except KeyboardInterrupt:
        (staging / _JOURNAL).unlink(missing_ok=True)
        shutil.rmtree(staging, ignore_errors=True)
        raise
