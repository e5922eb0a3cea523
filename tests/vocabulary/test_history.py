"""A file comes back from Git as it was, whatever the ref is called; what Git cannot give is said."""

from pathlib import Path

import pytest

from tests.git import git
from vsmhub.vocabulary.errors import HistoryError
from vsmhub.vocabulary.history import text_at


@pytest.fixture
def hub(tmp_path: Path) -> Path:
    file = tmp_path / "hubs" / "é x" / "hub.yaml"
    file.parent.mkdir(parents=True)
    git(tmp_path, "init", "-q", "-b", "trunk")
    git(tmp_path, "commit", "-q", "--allow-empty", "-m", "none")
    git(tmp_path, "tag", "empty")
    file.write_bytes("one: é\r\n".encode())
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-q", "-m", "one")
    git(tmp_path, "tag", "v1")
    file.write_text("two: 2\n")
    git(tmp_path, "commit", "-q", "-am", "two")
    file.write_text("three: 3\n")
    return file


def test_versions(hub: Path) -> None:
    assert text_at(hub, "v1") == "one: é\r\n"
    assert text_at(hub, "HEAD~1") == "one: é\r\n"
    assert text_at(hub, "trunk") == "two: 2\n"
    assert text_at(hub, "empty") is None


def test_a_relative_path_will_do(hub: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(hub.parent)
    assert text_at(Path("hub.yaml"), "v1") == "one: é\r\n"


@pytest.mark.parametrize("ref", ["v2", "--output=x", "-h", "", "v1:hubs", "a b", "\0"])
def test_what_is_no_commit(hub: Path, ref: str) -> None:
    with pytest.raises(HistoryError):
        text_at(hub, ref)
    assert not (hub.parent / "x").exists()


def test_outside_of_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(HistoryError, match="is in no Git work tree"):
        text_at(tmp_path / "hub.yaml", "HEAD")
    with pytest.raises(HistoryError, match="is no folder"):
        text_at(tmp_path / "none" / "hub.yaml", "HEAD")


def test_without_git(hub: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(HistoryError, match="git is not installed"):
        text_at(hub, "HEAD")
