"""Whose turn it is: a lock in the state folder for each hub of each target, whatever they are called."""

import os
from pathlib import Path

import pytest

from vsmhub.paths import Paths
from vsmhub.targets.turns import turn


@pytest.mark.parametrize("target", ["local", "staging/eu", "../../elsewhere", "https://hub.example.org/api/v2"])
def test_a_lock_stays_in_its_folder(tmp_path: Path, target: str) -> None:
    paths = Paths.from_environment({**os.environ, "VSMHUB_HOME": str(tmp_path)})
    with turn(paths, target, "ops-hub"):
        (lock,) = (file for file in tmp_path.rglob("*.lock"))
        assert lock.parent == paths.state / "locks"
        assert "apply" in lock.read_text()
    assert lock.read_text() == ""
