"""`vsmhub gate` at both surfaces, really served."""

import json
from pathlib import Path

import pytest

from tests.cli.commands import Home
from tests.cli.serving import served

pytestmark = pytest.mark.server


def test_the_gate_of_may_2026_is_closed(folder: Path) -> None:
    home = Home(folder, {})
    with served(home, "--surface", "2026-05") as base:
        shown = home.run("gate", "--base", base)
        assert shown.code == 2, shown.text
        lines = [line.split() for line in shown.out.splitlines()]
        assert ["no", "/policy-scopes", "not", "served"] in lines
        assert ["create", "hub", "no", "yes", "yes", "/hubs", "is", "not", "served"] in lines
        assert ["create", "evidence", "yes", "no", "no"] in lines
        assert "404: it is not there" in shown.out
        assert "The gate is closed" in shown.out
        facts = json.loads(home.run("gate", "--base", base, "--json").out)
        assert (facts["open"], facts["api"]["version"]) == (False, "2026-05")
        assert "create widget: /widgets takes GET only, not POST" in facts["closedBy"]
        (key,) = [one for one in facts["steps"] if (one["kind"], one["action"]) == ("key", "create")]
        assert {route: one["possible"] for route, one in key["routes"].items()} == {
            "api": False,
            "sql": False,
            "runbook": True,
        }
        assert any("drops metadata" in note for note in facts["notes"]["events.create"])
    with served(home) as base:
        assert home.run("gate", "--base", base).code == 0


def test_nothing_there_is_an_error_and_not_a_closed_gate(folder: Path) -> None:
    done = Home(folder, {}).run("gate", "--base", "http://127.0.0.1:9")
    assert done.code == 1
    assert "connection refused" in done.err
    assert not done.out
