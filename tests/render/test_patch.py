"""Diffs that Git applies."""

import subprocess
from pathlib import Path

import pytest

from vsmhub.render.patch import patch
from vsmhub.render.tree import File

CASES: dict[str, tuple[File | None, File | None]] = {
    "changed": (File(content=b"a\nb\nc\n"), File(content=b"a\nB\nc\n")),
    "no newline before": (File(content=b"a\nb"), File(content=b"a\nb\n")),
    "no newline after": (File(content=b"a\nb\n"), File(content=b"a\nb")),
    "no newline at all": (File(content=b"a\nb"), File(content=b"A\nb")),
    "line endings": (File(content=b"a\nb\n"), File(content=b"a\r\nb\r\n")),
    "lines that only Python ends": (File(content=b"a\x0cb\x85c\rd\n"), File(content=b"a\x0cB\x85c\rd\n")),
    "not UTF-8": (File(content=b"\xff\n"), File(content=b"\xfe\n")),
    "new": (None, File(content=b"a\n")),
    "new and executable": (None, File(content=b"a\n", executable=True)),
    "gone": (File(content=b"a\n"), None),
    "executable": (File(content=b"a\n"), File(content=b"a\n", executable=True)),
    "executable and changed": (File(content=b"a\n"), File(content=b"b\n", executable=True)),
    "emptied": (File(content=b"a\n"), File(content=b"")),
}


@pytest.mark.parametrize("case", CASES)
def test_git_applies_it(case: str, tmp_path: Path) -> None:
    before, after = CASES[case]
    path = tmp_path / "folder" / "file"
    path.parent.mkdir()
    if before:
        path.write_bytes(before.content)
        path.chmod(0o755 if before.executable else 0o644)
    diff = patch("folder/file", before, after)
    subprocess.run(["git", "apply", "-p1", "-"], input=diff, cwd=tmp_path, check=True, capture_output=True)
    if after is None:
        assert not path.exists()
    else:
        assert path.read_bytes() == after.content
        assert bool(path.stat().st_mode & 0o100) == after.executable


def test_nothing_where_nothing_changes() -> None:
    assert patch("a", File(content=b"a"), File(content=b"a")) == b""


def test_binary_files_are_only_named() -> None:
    told = patch("a", File(content=b"\0"), File(content=b"\1\0"))
    assert told.endswith(b"Binary files a/a and b/a differ\n")
