"""A change of a file as a unified diff in Git's form, which `git apply` and `patch` take."""

import difflib
from collections.abc import Iterator

from vsmhub.render.merge import is_binary
from vsmhub.render.tree import File

_NOTHING = b"/dev/null"


def patch(path: str, before: File | None, after: File | None) -> bytes:
    """The diff that leads from one content to another, None being no file; nothing when they are equal."""
    return b"" if before == after else b"".join(_lines(path.encode(), before, after))


def _lines(path: bytes, before: File | None, after: File | None) -> Iterator[bytes]:
    old, new = b"a/" + path, b"b/" + path
    yield b"diff --git %s %s\n" % (old, new)
    if before is None and after is not None:
        yield b"new file mode %s\n" % _mode(after)
    elif before is not None and after is None:
        yield b"deleted file mode %s\n" % _mode(before)
    elif before and after and before.executable != after.executable:
        yield b"old mode %s\nnew mode %s\n" % (_mode(before), _mode(after))
    was, becomes = (file.content if file else b"" for file in (before, after))
    if was == becomes:
        return
    names = (old if before else _NOTHING, new if after else _NOTHING)
    if is_binary(was) or is_binary(becomes):
        yield b"Binary files %s and %s differ\n" % names
        return
    for line in difflib.diff_bytes(difflib.unified_diff, _split(was), _split(becomes), *names):
        yield line if line.endswith(b"\n") else line + b"\n\\ No newline at end of file\n"


def _split(content: bytes) -> list[bytes]:
    """Lines as diff and patch count them: ended by a newline and nothing else."""
    lines = content.split(b"\n")
    last = lines.pop()
    return [line + b"\n" for line in lines] + ([last] if last else [])


def _mode(file: File) -> bytes:
    return b"100755" if file.executable else b"100644"
