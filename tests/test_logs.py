"""A log is there when there is something to say, and only while it is asked for."""

import logging
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from vsmhub.files import FileError
from vsmhub.logs import logged


@pytest.fixture(autouse=True)
def zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine far from UTC."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "Asia/Tokyo")
        time.tzset()
        yield
    time.tzset()


def test_what_is_kept(tmp_path: Path) -> None:
    file = tmp_path / "state" / "some.log"
    kept, other = logging.getLogger("tests.logs.kept"), logging.getLogger("tests.logs.other")
    with logged(file, "tests.logs.kept"):
        kept.info("all is well")
        other.error("not asked for")
        assert not file.exists()
        kept.warning("something is wrong")
    kept.error("nobody listens any more")
    (line,) = file.read_text().splitlines()
    at, _, said = line.partition(" ")
    assert said == "WARNING tests.logs.kept something is wrong"
    assert abs(datetime.fromisoformat(at) - datetime.now(UTC)) < timedelta(minutes=5)
    assert file.parent.stat().st_mode & 0o777 == 0o700


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(FileError, match="cannot be made"), logged(tmp_path / "file" / "some.log"):
        pass
