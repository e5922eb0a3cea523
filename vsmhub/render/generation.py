"""Artifacts on disk: what is not as it should be, and how it gets so."""

import contextlib
import difflib
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePosixPath

from vsmhub.files import FileError, inside, left_by_writing, write_atomically
from vsmhub.render.notice import COMMAND
from vsmhub.render.owned import OWNED

# Whatever Python and packaging leave in a source tree.
_LEFTOVERS = ("__pycache__", ".egg-info")
WRITING_SECONDS = 60
"""How long a file may be half written, in seconds; an older one was left by a run that was killed."""
_MARK = f"by `{COMMAND}`".encode()


class State(StrEnum):
    """What is wrong with an artifact."""

    MISSING = "missing"
    CHANGED = "not what the spec gives"
    ORPHANED = "no longer made from the spec"
    FOREIGN = "not an artifact, in a folder of artifacts"


@dataclass(frozen=True, slots=True)
class Difference:
    """One file that is not as it should be: what is on disk, and what the spec gives; None where there is no file."""

    path: Path
    state: State
    has: bytes | None
    wants: bytes | None

    @property
    def diff(self) -> str:
        """The way from what is on disk to what the spec gives; nothing for a file that is left alone."""
        if self.state is State.FOREIGN:
            return ""
        before, after = f"{self.path} (on disk)", f"{self.path} (from the spec)"
        return "".join(difflib.unified_diff(_lines(self.has or b""), _lines(self.wants or b""), before, after))


def differences(folder: Path, wanted: Mapping[str, str]) -> tuple[Difference, ...]:
    """What in the hub's `folder` is not as `wanted` (texts by path from it) has it, in the order of paths.

    Raises FileError when a file cannot be read or lies outside of the folder through a link.
    """
    for parent in {str(Path(name).parent) for name in wanted}:
        inside(folder, parent)
    found = [difference for name, text in wanted.items() if (difference := _difference(folder, name, text.encode()))]
    found += [stray for path, name in _present(folder) if name not in wanted if (stray := _stray(path, name, wanted))]
    return tuple(sorted(found, key=lambda one: one.path))


def write(folder: Path, found: Sequence[Difference]) -> None:
    """Make the files in the hub's `folder` as they should be, and take away the artifacts of names that are gone.

    A file that is not an artifact stays where it is. Raises FileError; a folder that it made and has nothing for then,
    such as on a full disk, is taken away.
    """
    parents = {one.path.parent for one in found if one.state is State.MISSING}
    made = [parent for parent in parents if not parent.exists()]
    try:
        for parent in parents:
            _make_folder(parent)
        for difference in found:
            if difference.wants is not None:
                write_atomically(difference.path, difference.wants, remade=True)
            elif difference.state is State.ORPHANED:
                _remove(difference.path, folder)
    except BaseException:
        for parent in made:
            with contextlib.suppress(OSError):
                _remove_empty(parent, folder)
        raise


def _difference(folder: Path, name: str, wants: bytes) -> Difference | None:
    path = folder / name
    if path.is_symlink():
        inside(folder, name)
    has = _read(path)
    if has == wants:
        return None
    return Difference(path, State.MISSING if has is None else State.CHANGED, has, wants)


def _stray(path: Path, name: str, wanted: Mapping[str, str]) -> Difference | None:
    has = _read(path)
    if has is None:
        return None
    made = _MARK in has or (not has and path.name == "py.typed")
    left = left_by_writing(path)
    if left is not None and str(PurePosixPath(name).with_name(left)) in wanted:
        if time.time() - path.stat().st_mtime < WRITING_SECONDS:
            return None
        made = True
    return Difference(path, State.ORPHANED if made else State.FOREIGN, has, None)


def _present(folder: Path) -> Iterator[tuple[Path, str]]:
    """The files in the folders of artifacts, each with its path from the hub's folder."""
    for owned in OWNED:
        for path in sorted((folder / owned).rglob("*")):
            if path.is_file() and not any(part.endswith(_LEFTOVERS) for part in path.relative_to(folder).parts):
                yield path, path.relative_to(folder).as_posix()


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise FileError(f"{path} cannot be read: {error.strerror or error}") from error


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileError(f"{folder} cannot be made: {error.strerror or error}") from error


def _remove(path: Path, folder: Path) -> None:
    try:
        path.unlink(missing_ok=True)
        _remove_empty(path.parent, folder)
    except OSError as error:
        raise FileError(f"{path} cannot be removed: {error.strerror or error}") from error


def _remove_empty(within: Path, folder: Path) -> None:
    """Take `within` away, and what it lies in below `folder`, as far as there is nothing in it."""
    for one in (within, *within.parents):
        if one == folder or (one.is_dir() and any(one.iterdir())):
            return
        if one.is_dir():
            one.rmdir()


def _lines(content: bytes) -> Sequence[str]:
    lines = re.findall(r"[^\n]*\n|[^\n]+", content.decode(errors="replace"))
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n\\ No newline at end of file\n"
    return lines
