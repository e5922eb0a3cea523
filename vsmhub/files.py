"""Writing files so that a reader finds the old content or the new, never half of either, and never outside a root."""

import contextlib
import os
import re
import secrets
from pathlib import Path

from vsmhub.errors import VsmhubError

_TEMPORARY = re.compile(r"\.(.+)\.[0-9a-f]{8}\.tmp", re.DOTALL)


class FileError(VsmhubError):
    """A file cannot be written where it should be."""


def inside(root: Path, name: str | Path) -> Path:
    """The path of `name` below `root`; FileError when it would lie outside, also through a symbolic link."""
    resolved_root = root.resolve()
    path = (resolved_root / name).resolve()
    if not path.is_relative_to(resolved_root):
        raise FileError(f"{name} lies outside {root}")
    return path


def sync_folder(path: Path) -> None:
    """Have the names in a folder written to the disk; OSError when that fails."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_atomically(
    path: Path, content: bytes | str, *, mode: int = 0o644, durable: bool = False, remade: bool = False
) -> None:
    """Put `content` at `path` with the permissions `mode`; FileError when that fails, with the old file untouched.

    The content reaches the disk before it gets its name, so that a power cut leaves one of the two files whole.
    With `durable` the name is on the disk as well when this returns, so that a power cut leaves the new one.
    With `remade`, for what can be made again at will, the disk is not waited for at all.
    """
    data = content.encode() if isinstance(content, str) else content
    # The name is known before the file is there, so that nothing can come between the two and leave it behind.
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            os.fchmod(file.fileno(), mode)
            file.write(data)
            file.flush()
            if not remade:
                os.fsync(file.fileno())
        temporary.replace(path)
        if durable:
            sync_folder(path.parent)
    except OSError as error:
        _remove(temporary)
        raise FileError(f"{path} cannot be written: {error.strerror or error}") from error
    except BaseException:
        _remove(temporary)
        raise


def left_by_writing(path: Path) -> str | None:
    """The name of the file that was being written when whoever wrote it was killed and left `path`; None otherwise."""
    found = _TEMPORARY.fullmatch(path.name)
    return found[1] if found else None


def _remove(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.unlink()
