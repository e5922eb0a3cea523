"""`vsmhub apply --undo`: back to before the last apply, and what stays, told beforehand."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.reaching import Reached, written
from tests.plan.operators import Operator, fresh_spec
from tests.plan.world import Shown
from vsmhub.interhub.messages.framework import HubUpdate
from vsmhub.interhub.messages.widgets import WidgetUpdate
from vsmhub.plan.desired import desired
from vsmhub.plan.live import Live
from vsmhub.spec.model import HubSpec

pytestmark = pytest.mark.server


def live_of(operator: Operator, commands: Reached, spec: HubSpec) -> Live:
    operator.keys[spec.hub.slug] = Shown(commands.kept(spec.hub.slug))
    return operator.look(desired(spec)).live


def changed(commands: Reached, **more: str) -> HubSpec:
    """A hub that is as declared, then declared differently and applied again."""
    spec = fresh_spec()
    assert commands.run("apply", written("hub", spec), "--yes").code == 0
    names = {'"Board ': '"New board ', '"Syn Hub"': '"New name"', **more}
    assert commands.run("apply", written("hub", spec, **names), "--yes").code == 0
    return spec


def test_changes_are_taken_back(reached: Reached, operator: Operator) -> None:
    spec = changed(reached)
    said = reached.json("apply", "hub", "--undo", "--yes", "--json")
    (outcome,) = said["outcomes"]
    widgets = [f"update widget/{one.slug}" for one in spec.widgets]
    assert sorted(outcome["changed"]) == sorted(
        [f"create evidence/{spec.registration.event_type}", f"update hub/{spec.hub.slug}", *widgets]
    )
    assert (outcome["refused"], outcome["stays"]) == ([], [])
    # What was declared first is live again.
    assert reached.run("plan", written("hub", spec)).code == 0
    live = live_of(operator, reached, spec)
    assert live.hub
    (event,) = [one for one in operator.operator.events(hub=live.hub.id) if "undoes" in one.metadata]
    assert event.metadata["undoes"] == outcome["undoes"]
    # Not twice; and forward again.
    done = reached.run("apply", "hub", "--undo", "--yes")
    assert done.code == 1
    assert f"error: the last apply of {spec.hub.slug} was taken back by " in done.err
    assert "hint: vsmhub apply goes forward again" in done.err


def test_a_first_apply_is_taken_back_as_far_as_that_goes(reached: Reached, operator: Operator) -> None:
    spec = fresh_spec()
    hub = written("hub", spec)
    assert reached.run("apply", hub, "--yes").code == 0
    asked = reached.run("apply", hub, "--undo")
    assert asked.code == 64  # nobody can be asked, but everything has been shown
    slug = spec.hub.slug
    for said in (
        f"Back to before the apply of {slug} by ",
        "note: events stay: they tell what was",
        f"note: hub {slug} stays: Inter-Hub deletes no hub",
        f"note: manifest {slug}@1.0.0 stays active: an activation is final",
        "is revoked for good; the next apply makes a new one",
        "status  active -> suspended",
    ):
        assert said in asked.out, said
    assert reached.run("apply", hub, "--undo", "--yes").code == 0
    live = live_of(operator, reached, spec)
    assert [one.status for one in live.consumers] == ["suspended"]
    assert all(key.revoked_at for key in live.keys)
    assert {one.status for one in live.widgets.values()} == {"retired"}
    # And forward: the same objects come back to life, with a new key.
    assert reached.run("apply", hub, "--yes").code == 0
    assert reached.json("status", hub, "--json")["inSync"]


def test_what_somebody_changed_since_stays(reached: Reached, operator: Operator) -> None:
    spec = changed(reached)
    live = live_of(operator, reached, spec)
    assert live.hub
    operator.operator.update_hub(live.hub.id, HubUpdate(description="By hand"), revision=live.hub.revision)
    slug, widget = next(iter(live.widgets.items()))
    with operator.as_hub(operator.keys[spec.hub.slug]) as hub:
        hub.update_widget(widget.id, WidgetUpdate(name="By hand"), revision=widget.revision)
    (outcome,) = reached.json("apply", "hub", "--undo", "--yes", "--json")["outcomes"]
    stays = [f"{kind} stays: somebody has changed it since" for kind in (f"hub {spec.hub.slug}", f"widget {slug}")]
    assert sorted(outcome["stays"]) == sorted(stays)
    after = live_of(operator, reached, spec)
    assert after.hub
    assert (after.hub.name, after.hub.description, after.widgets[slug].name) == ("New name", "By hand", "By hand")
    others = [one.name for name, one in after.widgets.items() if name != slug]
    assert others == [one.name for one in spec.widgets if one.slug != slug]


def test_there_is_nothing_to_take_back(reached: Reached) -> None:
    hub = written("hub", fresh_spec())
    done = reached.run("apply", hub, "--undo", "--yes")
    assert done.code == 1
    assert "no apply of " in done.err
    assert reached.run("apply", hub, "--yes").code == 0
    assert reached.run("apply", hub, "--undo", "--yes").code == 0
    assert reached.run("apply", hub, "--undo", "--yes").code == 1


def test_a_journal_that_does_not_tell_what_was_declared_leads_nowhere(reached: Reached, tmp_path: Path) -> None:
    hub = written("hub", fresh_spec())
    assert reached.run("apply", hub, "--yes").code == 0
    file = max((tmp_path / "vsmhub" / "state" / "journal").rglob("*.jsonl"))
    lines: list[dict[str, Any]] = [json.loads(line) for line in file.read_text().splitlines()]
    told = [{name: one[name] for name in one if name != "declared"} for one in lines]
    assert told != lines
    file.write_text("".join(json.dumps(one) + "\n" for one in told))
    done = reached.run("apply", hub, "--undo", "--yes")
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith(f"error: the journal {file} does not tell what was declared")


def test_an_apply_that_was_cut_off_is_taken_back(reached: Reached, operator: Operator, tmp_path: Path) -> None:
    """Its journal ends in the middle: what the target holds tells which of the last changes were made."""
    spec = changed(reached)
    file = max((tmp_path / "vsmhub" / "state" / "journal").rglob("*.jsonl"))
    lines: list[dict[str, Any]] = [json.loads(line) for line in file.read_text().splitlines()]
    kept = [one for one in lines if one["entry"] not in {"done", "ended", "recorded"}]
    file.write_text("".join(json.dumps(one) + "\n" for one in kept))
    done = reached.run("apply", "hub", "--undo", "--yes")
    assert done.code == 0, done.text
    assert "was cut off after 0 of 4 changes" in done.err
    live = live_of(operator, reached, spec)
    assert live.hub
    assert live.hub.name == "Syn Hub"
    assert [one.name for one in live.widgets.values()] == [one.name for one in spec.widgets]
