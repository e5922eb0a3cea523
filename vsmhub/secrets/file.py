"""Secrets as files: one for each, readable by its owner alone."""

import contextlib
import errno
import os
import stat
import tempfile
from pathlib import Path

from vsmhub.files import FileError, sync_folder, write_atomically
from vsmhub.locks import locked
from vsmhub.secrets.errors import StoreFailed, Unsafe
from vsmhub.secrets.place import Place
from vsmhub.secrets.record import KeyRecord, decode, encode
from vsmhub.secrets.secret import Sealed
from vsmhub.secrets.worktree import refuse_if_tracked

OTHERS = 0o077
LARGEST = 64 * 1024


class FileStore:
    """`<root>/<target>/<name>.json`, mode 0600 in folders of mode 0700.

    It does not use what another account owns or could read, follows no symbolic link below its root (nor the root
    itself), and does not write into a Git work tree unless that ignores the file.
    """

    def __init__(self, root: Path) -> None:
        self._root = root.absolute()

    @property
    def writable(self) -> bool:
        return True

    def describe(self, place: Place) -> str:
        return f"file {self._path(place)}"

    def prepare(self, place: Place) -> None:
        path = self._path(place)
        refuse_if_tracked(path)
        try:
            for folder in (self._root, path.parent):
                _make(folder)
                _check(folder)
            with contextlib.suppress(FileNotFoundError):
                _check(path)
            tempfile.TemporaryFile(dir=path.parent).close()
        except OSError as error:
            raise StoreFailed(f"{path} cannot be written: {error.strerror or error}") from error

    def get(self, place: Place) -> KeyRecord | None:
        path = self._path(place)
        try:
            _check(self._root)
            _check(path.parent)
            text = _read(path)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise StoreFailed(f"{path} cannot be read: {error.strerror or error}") from error
        return decode(text, str(path))

    def put(self, place: Place, record: KeyRecord) -> None:
        self.prepare(place)
        path = self._path(place)
        failure = None
        try:
            with locked(_lock(path)):
                # Nobody else is writing now, so these are what killed runs left.
                for rest in path.parent.glob(f".{path.name}.*.tmp"):
                    rest.unlink()
                write_atomically(path, encode(record).reveal(), mode=0o600, durable=True)
        except (FileError, OSError) as error:
            failure = str(error)
        # Not chained: the frames of the failed write hold what should have been written.
        if failure is not None:
            raise StoreFailed(failure)

    def delete(self, place: Place) -> bool:
        path = self._path(place)
        try:
            _check(self._root)
            _check(path.parent)
            with locked(_lock(path)):
                path.unlink()
        except FileNotFoundError:
            return False
        except OSError as error:
            raise StoreFailed(f"{path} cannot be removed: {error.strerror or error}") from error
        return True

    def _path(self, place: Place) -> Path:
        return self._root / place.target / f"{place.name}.json"


def _lock(path: Path) -> Path:
    return path.parent / ".lock"


def _make(folder: Path) -> None:
    if folder.is_symlink() or folder.is_dir():
        return
    if folder.exists():
        raise StoreFailed(f"{folder} is in the way: it is not a folder")
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)
    sync_folder(folder.parent)


def _check(path: Path) -> None:
    """Raise Unsafe unless `path` is its owner's alone; FileNotFoundError when there is nothing."""
    found = path.lstat()
    kind = "folder" if stat.S_ISDIR(found.st_mode) else "file"
    if stat.S_ISLNK(found.st_mode):
        raise Unsafe(f"{path} is a symbolic link", hint="Put the real file or folder there.")
    _refuse_shared(path, found, kind)


def _refuse_shared(path: Path, found: os.stat_result, kind: str) -> None:
    if found.st_uid != os.geteuid():
        raise Unsafe(f"the {kind} {path} belongs to another account (uid {found.st_uid})")
    if found.st_mode & OTHERS:
        mode = "0700" if kind == "folder" else "0600"
        raise Unsafe(
            f"the {kind} {path} is open to other accounts (mode {stat.S_IMODE(found.st_mode):04o})",
            hint=f"Run: chmod {mode} {path}",
        )


def _read(path: Path) -> Sealed:
    # What is checked is what was opened, not what has the name a moment later; a named pipe must not block.
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise Unsafe(f"{path} is a symbolic link", hint="Put the real file there.") from error
        raise
    with os.fdopen(descriptor, "rb") as file:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            raise Unsafe(f"{path} is not a regular file")
        _refuse_shared(path, found, "file")
        return Sealed(file.read(LARGEST).decode("utf-8", "replace"))
