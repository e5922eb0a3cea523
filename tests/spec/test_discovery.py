"""Hubs are found where they are named, each once, and where people keep them when none is named."""

from pathlib import Path

import pytest

from vsmhub.errors import UsageError
from vsmhub.spec.discovery import hub_files


def test_named_or_not(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no hub\.yaml here"):
        hub_files((), tmp_path)
    for name in ("b", "a"):
        (tmp_path / "hubs" / name).mkdir(parents=True)
        (tmp_path / "hubs" / name / "hub.yaml").touch()
    (tmp_path / "hubs" / "notes").mkdir()
    a, b = (tmp_path / "hubs" / name / "hub.yaml" for name in ("a", "b"))
    assert hub_files((), tmp_path) == (a, b)
    assert hub_files([tmp_path / "hubs"]) == (a, b)
    assert hub_files([b, a.parent, b.parent]) == (b, a)
    assert hub_files([tmp_path / "none"]) == (tmp_path / "none",)
    (tmp_path / "hub.yaml").touch()
    assert hub_files((), tmp_path) == (tmp_path / "hub.yaml",)
    assert hub_files([tmp_path]) == (tmp_path / "hub.yaml",)
