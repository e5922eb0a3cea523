"""Commands need a running Inter-Hub: the one that planning is tested with."""

from pathlib import Path

import pytest

from tests.cli.typed import Typed
from tests.plan.conftest import operator

__all__ = ["operator"]


@pytest.fixture
def typed(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Typed:
    """Commands in this process, in a home of their own."""
    typed = Typed(tmp_path, capsys, monkeypatch)
    typed.enter()
    return typed
