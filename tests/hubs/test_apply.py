"""The hubs of this repository go into the embedded Inter-Hub: each alone, and all seven at once."""

from pathlib import Path

import pytest

from tests.cli.commands import ROOT, Home

HUBS = sorted(path.parent.name for path in (ROOT / "hubs").glob("*/hub.yaml"))
pytestmark = pytest.mark.server


@pytest.fixture
def home(folder: Path) -> Home:
    return Home(folder, {})


def test_all_seven_at_once(home: Home) -> None:
    done = home.run("apply", *(ROOT / "hubs" / name for name in HUBS), "--yes")
    assert done.code == 0, done.text
    for name in HUBS:
        assert f"{name}-hub is in Inter-Hub" in done.out
    again = home.run("plan", *(ROOT / "hubs" / name for name in HUBS))
    assert again.code == 0, again.text


@pytest.mark.parametrize("name", [name for name in HUBS if name != "ops"])
def test_each_needs_none_of_the_others(name: str, home: Home) -> None:
    done = home.run("apply", ROOT / "hubs" / name, "--yes")
    assert done.code == 0, done.text
    assert f"{name}-hub is in Inter-Hub" in done.out
