"""The reference of commands is what the code gives."""

from importlib.metadata import version

import pytest

from tests.docs.commands_page import commands_page
from tests.docs.documents import REPOSITORY

PINNED = next(
    line.removeprefix("typer==").split()[0]
    for line in (REPOSITORY / "constraints.txt").read_text().splitlines()
    if line.startswith("typer==")
)


@pytest.mark.skipif(version("typer") != PINNED, reason=f"typer {PINNED} writes it; others word a little differently")
def test_the_page_is_current() -> None:
    page = (REPOSITORY / "docs/commands.md").read_text()
    assert page == commands_page(), "python -m tests.docs.commands_page > docs/commands.md"
