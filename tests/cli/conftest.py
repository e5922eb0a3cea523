"""Commands need a running Inter-Hub: the one that planning is tested with."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.reaching import Reached, name_target
from tests.cli.typed import Typed
from tests.faults import faulty, undisturbed
from tests.plan.conftest import operator
from tests.plan.operators import Operator

__all__ = ["operator"]


@pytest.fixture
def typed(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Typed:
    """Commands in this process, in a home of their own."""
    typed = Typed(tmp_path, capsys, monkeypatch)
    typed.enter()
    return typed


@pytest.fixture
def reached(operator: Operator, typed: Typed) -> Iterator[Reached]:
    """Commands in this process on a running Inter-Hub."""
    with faulty(operator.socket, undisturbed) as proxy:
        name_target(typed.folder, proxy.base)
        typed.set(IHUB_OPERATOR_KEY=operator.operator_key.reveal())
        yield Reached(typed)
