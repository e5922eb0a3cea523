"""What the file store refuses, and what it survives."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.git import git
from tests.secrets.records import HERE, KEY, NEWER, RECORD
from vsmhub.secrets.errors import StoreFailed, Unsafe
from vsmhub.secrets.file import FileStore


@pytest.fixture
def root(tmp_path: Path) -> Path:
    FileStore(tmp_path / "keys").put(HERE, RECORD)
    return tmp_path / "keys"


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o777])
@pytest.mark.parametrize("which", [".", "local", "local/ops-hub.json"])
def test_what_others_may_enter_or_read_is_not_used(which: str, mode: int, root: Path) -> None:
    path = root / which
    path.chmod(mode)
    right = "0600" if path.is_file() else "0700"
    for action in (FileStore(root).get, FileStore(root).prepare, lambda place: FileStore(root).put(place, NEWER)):
        with pytest.raises(Unsafe, match=f"open to other accounts .mode {mode:04o}") as caught:
            action(HERE)
        assert caught.value.hint == f"Run: chmod {right} {path}"
    if path.is_dir():
        with pytest.raises(Unsafe, match="open to other accounts"):
            FileStore(root).delete(HERE)
        assert (root / "local" / "ops-hub.json").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
@pytest.mark.parametrize("which", [".", "local", "local/ops-hub.json"])
def test_what_belongs_to_another_account_is_not_used(which: str, root: Path) -> None:
    os.chown(root / which, 12345, 12345)
    for action in (FileStore(root).get, FileStore(root).prepare):
        with pytest.raises(Unsafe, match=r"another account \(uid 12345\)"):
            action(HERE)


@pytest.mark.parametrize("which", [".", "local", "local/ops-hub.json"])
def test_a_symbolic_link_is_not_followed(which: str, root: Path, tmp_path: Path) -> None:
    path, elsewhere = root / which, tmp_path / "elsewhere"
    path.rename(elsewhere)
    path.symlink_to(elsewhere)
    for action in (FileStore(root).get, FileStore(root).prepare, lambda place: FileStore(root).put(place, NEWER)):
        with pytest.raises(Unsafe, match="is a symbolic link"):
            action(HERE)
    assert elsewhere.is_dir() or KEY in elsewhere.read_text()


def test_a_named_pipe_is_not_waited_for(root: Path) -> None:
    path = root / "local" / "ops-hub.json"
    path.unlink()
    os.mkfifo(path, 0o600)
    with pytest.raises(Unsafe, match="not a regular file"):
        FileStore(root).get(HERE)


def test_a_place_that_cannot_be_made_is_told_before_there_is_a_key(tmp_path: Path) -> None:
    (tmp_path / "keys").write_text("a file where the folder should be")
    (tmp_path / "keys").chmod(0o600)
    with pytest.raises(StoreFailed, match="keys is in the way: it is not a folder"):
        FileStore(tmp_path / "keys").prepare(HERE)


def test_a_full_disk_leaves_the_old_key(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreFailed, match="No space left on device"):
        FileStore(root).put(HERE, NEWER)
    monkeypatch.undo()
    assert FileStore(root).get(HERE) == RECORD
    assert sorted(path.name for path in (root / "local").iterdir()) == [".lock", "ops-hub.json"]


# Forks itself to death at every line that a `put` executes, and looks each time at what is left.
KILLED = """
import os, sys
from tests.secrets.records import HERE, NEWER, RECORD
from vsmhub.secrets.file import FileStore
root = __import__("pathlib").Path(sys.argv[1])
store = FileStore(root)
lines = seen_old = seen_new = 0
while True:
    store.put(HERE, RECORD)
    lines += 1
    child = os.fork()
    if child == 0:
        left = lines
        def trace(frame, event, argument):
            global left
            if event == "line" and "/vsmhub/" in frame.f_code.co_filename:
                left -= 1
                if left == 0:
                    os._exit(9)
            return trace
        sys.settrace(trace)
        store.put(HERE, NEWER)
        os._exit(0)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    found = store.get(HERE)
    assert found in (RECORD, NEWER), "lost"
    seen_old += found == RECORD
    seen_new += found == NEWER
    if status == 0:
        break
    assert status == 9, status
assert found == NEWER
store.put(HERE, RECORD)
print(seen_old, seen_new, *sorted(path.name for path in (root / "local").iterdir()))
"""


def test_killed_at_any_line_it_has_the_old_key_or_the_new(root: Path) -> None:
    command = [sys.executable, "-c", KILLED, str(root)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=Path(__file__).parents[2], check=False)
    assert done.stderr == ""
    old, new, *left = done.stdout.split()
    assert int(old) > 20
    assert int(new) > 1
    assert left == [".lock", "ops-hub.json"]


@pytest.fixture
def work_tree(tmp_path: Path) -> Path:
    git(tmp_path, "init", "--quiet", "tree")
    return tmp_path / "tree"


def test_a_git_work_tree_is_refused_unless_it_ignores_the_file(work_tree: Path) -> None:
    store = FileStore(work_tree / "a" / "keys")
    with pytest.raises(Unsafe, match="is not ignored there: the secret could be committed") as caught:
        store.put(HERE, RECORD)
    assert str(work_tree / ".gitignore") in caught.value.hint
    assert not (work_tree / "a").exists()
    (work_tree / ".gitignore").write_text("keys/\n")
    store.put(HERE, RECORD)
    assert store.get(HERE) == RECORD


def test_a_file_that_is_tracked_in_spite_of_being_ignored_is_refused(work_tree: Path) -> None:
    (work_tree / ".gitignore").write_text("keys/\n")
    store = FileStore(work_tree / "keys")
    store.put(HERE, RECORD)
    git(work_tree, "add", "--force", "keys/local/ops-hub.json")
    with pytest.raises(Unsafe, match="not ignored"):
        store.put(HERE, NEWER)


def test_a_linked_work_tree_counts_as_one(work_tree: Path, tmp_path: Path) -> None:
    git(work_tree, "commit", "--allow-empty", "--quiet", "-m", "first")
    git(work_tree, "worktree", "add", "--quiet", str(tmp_path / "linked"))
    with pytest.raises(Unsafe, match="is not ignored there"):
        FileStore(tmp_path / "linked" / "keys").prepare(HERE)


def test_a_repository_named_by_a_variable_does_not_answer_for_another(
    work_tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(tmp_path, "init", "--quiet", "other")
    (tmp_path / "other" / ".gitignore").write_text("*\n")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "other" / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(tmp_path / "other"))
    with pytest.raises(Unsafe, match="is not ignored there"):
        FileStore(work_tree / "keys").prepare(HERE)


def test_without_git_a_work_tree_is_refused(work_tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (work_tree / ".gitignore").write_text("*\n")
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(Unsafe, match="git is not installed"):
        FileStore(work_tree / "keys").prepare(HERE)


def test_a_broken_repository_is_refused(work_tree: Path) -> None:
    (work_tree / ".git" / "HEAD").unlink()
    with pytest.raises(Unsafe, match="git does not tell"):
        FileStore(work_tree / "keys").prepare(HERE)
