"""Artifacts on disk: what is found wrong, what is mended, and what is never touched."""

import os
import resource
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.render.specs import ops
from vsmhub.files import FileError
from vsmhub.render.artifacts import artifacts
from vsmhub.render.generation import Difference, State, differences, write

WANTED = artifacts(ops(), sql="-- by `vsmhub generate`\n")


@pytest.fixture
def hub(tmp_path: Path) -> Path:
    """A hub whose artifacts are right."""
    corrected(tmp_path, WANTED)
    return tmp_path


def corrected(hub: Path, wanted: dict[str, str]) -> tuple[Difference, ...]:
    """What was not as it should be, and is."""
    before = differences(hub, wanted)
    write(hub, before)
    return before


def found(hub: Path) -> list[tuple[str, State]]:
    return [(one.path.relative_to(hub).as_posix(), one.state) for one in differences(hub, WANTED)]


def test_a_new_hub_gets_all_of_them(tmp_path: Path) -> None:
    assert {state for _, state in found(tmp_path)} == {State.MISSING}
    assert len(corrected(tmp_path, WANTED)) == len(WANTED)
    assert {
        path.relative_to(tmp_path).as_posix(): path.read_text() for path in tmp_path.rglob("*") if path.is_file()
    } == WANTED
    assert found(tmp_path) == []


def test_what_is_right_is_not_touched(hub: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in hub.rglob("*")}
    assert corrected(hub, WANTED) == ()
    assert {path: path.stat().st_mtime_ns for path in hub.rglob("*")} == before


def edit(hub: Path) -> None:
    (hub / "generated/RUNBOOK.md").write_text("Mine now.\n")


def edit_into_bytes(hub: Path) -> None:
    (hub / "generated/RUNBOOK.md").write_bytes(b"\xff\x00\r\n")


def change_line_endings(hub: Path) -> None:
    path = hub / "generated/RUNBOOK.md"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))


def cut(hub: Path) -> None:
    path = hub / "generated/RUNBOOK.md"
    path.write_text(path.read_text().rstrip("\n"))


@pytest.mark.parametrize("change", [edit, edit_into_bytes, change_line_endings, cut])
def test_an_edited_artifact_is_found_and_made_again(hub: Path, change: Callable[[Path], None]) -> None:
    change(hub)
    assert found(hub) == [("generated/RUNBOOK.md", State.CHANGED)]
    (difference,) = corrected(hub, WANTED)
    assert difference.diff.startswith(f"--- {hub}/generated/RUNBOOK.md (on disk)\n+++ ")
    assert found(hub) == []


def test_the_diff_leads_from_the_disk_to_the_spec(hub: Path) -> None:
    edit(hub)
    (difference,) = differences(hub, WANTED)
    assert "\n-Mine now.\n" in difference.diff
    assert "\n+# Runbook: register Ops Hub by hand\n" in difference.diff


def test_a_missing_artifact_is_found_and_made(hub: Path) -> None:
    (hub / "client/src/ops_hub/py.typed").unlink()
    assert found(hub) == [("client/src/ops_hub/py.typed", State.MISSING)]
    corrected(hub, WANTED)
    assert found(hub) == []


def test_artifacts_of_another_name_are_found_and_removed(hub: Path) -> None:
    (hub / "client/src/ops_hub").rename(hub / "client/src/old_hub")
    assert [one for one in found(hub) if "old_hub" in one[0]] == [
        (f"client/src/old_hub/{name}", State.ORPHANED)
        for name in ("__init__.py", "hub.json", "py.typed", "vocabulary.py")
    ]
    corrected(hub, WANTED)
    assert found(hub) == []
    assert not (hub / "client/src/old_hub").exists()


def test_a_file_of_somebody_among_artifacts_is_found_and_stays(hub: Path) -> None:
    notes = hub / "generated/notes.md"
    notes.write_text("Written by hand.\n")
    assert found(hub) == [("generated/notes.md", State.FOREIGN)]
    corrected(hub, WANTED)
    assert notes.read_text() == "Written by hand.\n"


def test_what_a_killed_run_left_goes_once_nobody_can_be_writing_it(hub: Path) -> None:
    left, other = hub / "generated/.RUNBOOK.md.0a1b2c3d.tmp", hub / "generated/.notes.md.0a1b2c3d.tmp"
    left.write_text("# Half a run")
    other.write_text("Written by hand.\n")
    assert found(hub) == [("generated/.notes.md.0a1b2c3d.tmp", State.FOREIGN)]
    other.unlink()
    os.utime(left, (0, 0))
    assert found(hub) == [("generated/.RUNBOOK.md.0a1b2c3d.tmp", State.ORPHANED)]
    corrected(hub, WANTED)
    assert found(hub) == []
    assert not left.exists()


def test_what_python_leaves_is_no_matter(hub: Path) -> None:
    for left in ("client/src/ops_hub/__pycache__/x.pyc", "client/src/ops_hub_client.egg-info/PKG-INFO"):
        (hub / left).parent.mkdir()
        (hub / left).write_bytes(b"x")
    (hub / "client/dist").mkdir()
    (hub / "client/dist/ops_hub.whl").write_bytes(b"x")
    assert found(hub) == []


@pytest.mark.parametrize("link", ["generated", "generated/RUNBOOK.md"])
def test_a_link_that_leads_out_is_refused(hub: Path, tmp_path_factory: pytest.TempPathFactory, link: str) -> None:
    outside = tmp_path_factory.mktemp("outside") / "x"
    (hub / link).rename(outside)
    (hub / link).symlink_to(outside)
    with pytest.raises(FileError, match="lies outside"):
        corrected(hub, WANTED)


def test_a_folder_in_the_place_of_an_artifact_is_said(hub: Path) -> None:
    (hub / "generated/RUNBOOK.md").unlink()
    (hub / "generated/RUNBOOK.md").mkdir()
    with pytest.raises(FileError, match=r"RUNBOOK\.md cannot be read"):
        corrected(hub, WANTED)


def test_a_file_in_the_place_of_a_folder_is_said(tmp_path: Path) -> None:
    (tmp_path / "generated").write_text("x")
    with pytest.raises(FileError, match="generated"):
        corrected(tmp_path, WANTED)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written_is_said(hub: Path) -> None:
    edit(hub)
    (hub / "generated").chmod(0o555)
    with pytest.raises(FileError, match="cannot be written"):
        corrected(hub, WANTED)


def test_no_folder_is_left_empty_when_nothing_can_be_written(tmp_path: Path) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        with pytest.raises(FileError, match="cannot be written"):
            corrected(tmp_path, WANTED)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert list(tmp_path.iterdir()) == []
