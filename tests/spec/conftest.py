"""Where the repository's own hubs are."""

from pathlib import Path

import pytest


@pytest.fixture
def hubs() -> Path:
    return Path(__file__).parents[2] / "hubs"
