"""Whose settings are used: they start programs and say where keys go."""

import os
from pathlib import Path

import pytest

from vsmhub.targets.settings import FILE_NAME, SettingsError, read_settings

SAYS = 'target = "planted"\n[targets.planted]\nbase = "https://elsewhere.example"\n'
ANOTHER = 65534
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="gives files to another account")


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """A folder of this user's in one that everybody may write to, as below /tmp."""
    shared = tmp_path / "shared"
    work = shared / "mine" / "work"
    work.mkdir(parents=True)
    shared.chmod(0o1777)
    return work


def used(work: Path) -> str | None:
    return read_settings(work, work / "none").target


def test_the_nearest_settings_hold_and_may_belong_to_a_group(work: Path) -> None:
    assert used(work) is None
    above = work.parent.parent / FILE_NAME
    above.write_text(SAYS)
    above.chmod(0o664)
    assert used(work) == "planted"
    (work / FILE_NAME).write_text("")
    assert used(work) is None


def test_settings_that_everybody_may_write_are_refused(work: Path) -> None:
    file = work / FILE_NAME
    file.write_text(SAYS)
    file.chmod(0o666)
    with pytest.raises(SettingsError, match="can be written by every account") as caught:
        used(work)
    assert caught.value.hint == f"chmod o-w {file}"


@needs_root
@pytest.mark.parametrize("planted", ["a file", "a link"])
def test_settings_that_another_account_put_above_are_refused(planted: str, work: Path, tmp_path: Path) -> None:
    above = work.parent.parent / FILE_NAME
    if planted == "a link":
        (tmp_path / "mine.toml").write_text(SAYS)
        above.symlink_to(tmp_path / "mine.toml")
    else:
        above.write_text(SAYS)
    os.chown(above, ANOTHER, ANOTHER, follow_symlinks=False)
    with pytest.raises(SettingsError, match="belongs to another account"):
        used(work)
    if planted == "a file":  # whoever works in that account's own folder is in its hands anyway: a mounted checkout
        os.chown(work, ANOTHER, ANOTHER)
        assert used(work) == "planted"
