"""A saved plan whose apply was killed is finished by applying the same file again."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.cli.commands import Home
from tests.cli.killing import NEVER, check, exposed, runs_of, written
from tests.cli.nursery import Nursery, lines_of, nursery
from tests.plan.operators import Operator, fresh_hub
from vsmhub.interhub.messages.framework import HubUpdate
from vsmhub.interhub.messages.widgets import WidgetUpdate
from vsmhub.plan.asked import Asked
from vsmhub.plan.bootstrap import carry_out
from vsmhub.plan.live import usable
from vsmhub.plan.planning import planned, replanning

pytestmark = pytest.mark.server


def outcome_of(done: dict[str, Any]) -> Any:
    assert done["code"] == 0, done["out"] + done["err"]
    (outcome,) = json.loads(done["out"])["outcomes"]
    assert outcome["refused"] == []
    assert outcome["proven"]
    return outcome


def killed(commands: Nursery, home: Home, file: Path, number: int, moment: str) -> list[str]:
    """The plan in `file`, killed at that line of its journal and applied again: what had been made before."""
    assert commands.run("apply", file, "--yes", number=number, moment=moment)["code"] == -9, (number, moment)
    plan = json.loads(file.read_text())["plans"][0]["plan"]
    planned = [f"{one['action']} {one['kind']}/{one['name']}" for one in (*plan["changes"], *plan["events"])]
    outcome = outcome_of(commands.run("apply", file, "--yes", "--json"))
    assert sorted(outcome["changed"] + outcome["changedBefore"]) == sorted(planned), (number, moment)
    return list(outcome["changedBefore"])


def test_killed_at_the_lines_of_its_journal(operator: Operator, tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    with exposed(operator, tmp_path, NEVER) as (_, home), nursery(home) as commands:
        hub, wanted = written(tmp_path)
        assert commands.run("plan", hub, "--out", file)["code"] == 2
        outcome_of(commands.run("apply", file, "--yes", "--json"))
        entries = [entry["entry"] for entry in lines_of(home)]
        # What was finished is not done twice.
        again = commands.run("apply", file, "--yes")
        assert (again["code"], "9 of 9 changes were refused, and nothing is changed" in again["err"]) == (1, True)
        before = 0
        moments = {"about": "after", "done": "before"}
        lines = [(number, moments[entry]) for number, entry in enumerate(entries, 1) if entry in moments]
        for number, moment in lines[::-5][::-1]:
            hub, wanted = written(tmp_path)
            assert commands.run("plan", hub, "--out", file)["code"] == 2
            made = killed(commands, home, file, number, moment)
            assert len(made) >= before
            before = len(made)
            check(operator, wanted, home)
        assert before == 9


def test_a_key_that_is_replaced(operator: Operator, tmp_path: Path) -> None:
    """The old one is revoked, and no third one is made, whatever had been done of it."""
    file = tmp_path / "plan.json"
    with exposed(operator, tmp_path, NEVER) as (_, home), nursery(home) as commands:
        hub, wanted = written(tmp_path)
        assert commands.run("apply", hub, "--yes")["code"] == 0
        # About to be made, made but not noted, and the old one revoked but not noted.
        moments = ((3, "after"), (4, "before"), (6, "before"))
        for number, moment in moments:
            assert commands.run("plan", hub, "--replace-key", "--out", file)["code"] == 2
            killed(commands, home, file, number, moment)
            check(operator, wanted, home)
        assert len(operator.look(wanted).live.keys) == 1 + len(moments)


def test_what_somebody_changed_meanwhile_is_refused_alone(operator: Operator, tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    with exposed(operator, tmp_path, NEVER) as (_, home), nursery(home) as commands:
        hub, wanted = written(tmp_path)
        assert commands.run("apply", hub, "--yes")["code"] == 0
        check(operator, wanted, home)
        text = (hub / "hub.yaml").read_text()
        (hub / "hub.yaml").write_text(text.replace('"Board ', '"New board '))
        assert commands.run("plan", hub, "--out", file)["code"] == 2
        # Two are made, and of the second it is not written down; somebody changes the last.
        assert commands.run("apply", file, "--yes", number=5, moment="before")["code"] == -9
        *made, last = (f"update widget/{slug}" for slug in wanted.widgets)
        widget = list(operator.look(wanted).live.widgets.values())[-1]
        with operator.as_hub(operator.keys[wanted.hub]) as as_hub:
            as_hub.update_widget(widget.id, WidgetUpdate(name="By hand"), revision=widget.revision)
        done = commands.run("apply", file, "--yes", "--json")
        assert done["code"] == 1, done
        (outcome,) = json.loads(done["out"])["outcomes"]
        assert [one["change"] for one in outcome["refused"]] == [last]
        assert "it was at revision 1 and is at 2" in outcome["refused"][0]["why"]
        assert outcome["changedBefore"] + outcome["changed"] == made
        assert outcome["changedBefore"]


def test_what_was_begun_and_gone_on_with_is_taken_back_as_one(operator: Operator, tmp_path: Path) -> None:
    with exposed(operator, tmp_path, NEVER) as (_, home), nursery(home) as commands:
        hub, wanted = written(tmp_path)
        assert commands.run("apply", hub, "--yes")["code"] == 0
        check(operator, wanted, home)
        text = (hub / "hub.yaml").read_text()
        (hub / "hub.yaml").write_text(text.replace('"Board ', '"New board '))
        assert commands.run("apply", hub, "--yes", number=5, moment="before")["code"] == -9
        # The spec goes on as well: of the first widget twice is changed what is taken back once.
        (hub / "hub.yaml").write_text(text.replace('"Board ', '"Newest board '))
        assert commands.run("apply", hub, "--yes")["code"] == 0
        (newest, cut, _) = runs_of(home, wanted)
        assert (newest.begun.continues, cut.begun.continues) == (cut.name, None)
        # Told of itself, and then killed before that was written down: it is not told again.
        undone = commands.run("apply", "--undo", hub, "--yes", number=4, moment="before")
        assert undone["code"] == -9, undone
        undone = commands.run("apply", "--undo", hub, "--yes", "--json")
        assert undone["code"] == 0, undone
        (outcome,) = json.loads(undone["out"])["outcomes"]
        assert (sorted(outcome["changed"]), outcome["stays"]) == (
            [f"update widget/{one}" for one in wanted.widgets],
            [],
        )
        events = [event for event in operator.operator.events() if event.metadata.get("undoes") == newest.name]
        assert [event.metadata.get("andBefore") for event in events] == [[cut.name]]
        (hub / "hub.yaml").write_text(text)
        assert commands.run("plan", hub)["code"] == 0
        assert commands.run("drift", hub)["code"] == 0
        assert commands.run("apply", "--undo", hub, "--yes")["code"] == 1


def test_what_was_asked_for_is_asked_for_again(operator: Operator, tmp_path: Path) -> None:
    with exposed(operator, tmp_path, NEVER) as (_, home), nursery(home) as commands:
        hub, wanted = written(tmp_path)
        assert commands.run("apply", hub, "--yes")["code"] == 0
        check(operator, wanted, home)
        document = json.loads((hub / "hub.yaml").read_text().replace('"Board ', '"New board '))
        gone = document["widgets"].pop()["slug"]
        (hub / "hub.yaml").write_text(json.dumps(document))
        for arguments in (("--prune",), ()):
            killed = commands.run("apply", hub, "--yes", *arguments, number=3, moment="after")
            assert killed["code"] == -9, killed
        plain = commands.run("plan", hub)
        assert f"widget {gone}" in plain["out"].partition("left alone")[2]
        assert commands.run("apply", hub, "--yes", "--prune", number=3, moment="after")["code"] == -9
        done = commands.run("apply", hub)
        assert done["code"] == 64  # nobody can be asked
        assert "going on from what is live; it was asked for with --prune, as --continue does again" in done["err"]
        done = commands.run("apply", hub, "--yes", "--continue")
        assert done["code"] == 0, done
        assert operator.look(wanted).live.widgets[gone].status == "retired"


def test_a_new_plan_on_the_way_is_made_as_the_first_was_asked_for(operator: Operator, tmp_path: Path) -> None:
    wanted = fresh_hub()
    operator.apply(wanted)
    *_, gone = wanted.widgets
    fewer = replace(
        wanted,
        hub_fields={**wanted.hub_fields, "name": "Declared"},
        widgets={slug: its for slug, its in wanted.widgets.items() if slug != gone},
    )
    asked = Asked(prune=True, replace_key=True)
    first = planned(fewer, operator, asked, lambda: iter(()))
    assert first.live.hub
    operator.operator.update_hub(first.live.hub.id, HubUpdate(description="moved"), revision=first.live.hub.revision)
    moved: list[str] = []
    after = carry_out(
        fewer,
        operator,
        first.plan,
        progress=lambda _: None,
        again=lambda _, why: moved.append(why.message),
        see=replanning(fewer, operator, asked, lambda: iter(())),
    )
    assert len(moved) == 1
    assert after.live.widgets[gone].status == "retired"
    assert len(after.live.keys) == 2
    assert len([key for key in after.live.keys if usable(key)]) == 1
