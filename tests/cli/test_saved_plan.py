"""A plan saved to a file, and that file applied: exactly what it says, but for what somebody else has changed."""

import hashlib
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
from vsmhub.spec.model import HubSpec

pytestmark = pytest.mark.server


def saved(commands: Reached, hub: Path, *more: str, code: int = 2) -> Path:
    done = commands.run("plan", hub, "--out", "plan.json", *more)
    assert done.code == code, done.text
    return Path("plan.json")


def applied(commands: Reached) -> tuple[HubSpec, Path]:
    """A hub that is as declared, and then declared a little differently in each widget and in its own name."""
    spec = fresh_spec()
    assert commands.run("apply", written("hub", spec), "--yes").code == 0
    return spec, written("hub", spec, **{'"Board ': '"New board ', '"Syn Hub"': '"New name"'})


def by_hand(operator: Operator, commands: Reached, spec: HubSpec, slug: str) -> None:
    """Somebody with the hub's key renames a widget."""
    live = operator.look(desired(spec)).live
    widget = live.widgets[slug]
    with operator.as_hub(Shown(commands.kept(spec.hub.slug))) as hub:
        hub.update_widget(widget.id, WidgetUpdate(name="By hand"), revision=widget.revision)


def rewritten(file: Path, **over: Any) -> None:
    """The file with other members and a digest that fits them, as somebody would who knows how."""
    facts = {**json.loads(file.read_text()), **over}
    facts.pop("digest", None)
    text = json.dumps(facts, sort_keys=True, separators=(",", ":"))
    file.write_text(json.dumps({**facts, "digest": hashlib.sha256(text.encode()).hexdigest()}))


def test_a_saved_plan_makes_a_hub_without_its_spec(reached: Reached) -> None:
    spec = fresh_spec()
    hub = written("hub", spec)
    file = saved(reached, hub)
    (hub / "hub.yaml").rename("elsewhere.yaml")
    # Shown again from the file alone: where no target answers, and with what was planned then.
    shown = reached.run("plan", file)
    assert (shown.code, shown.out.splitlines()[0].startswith("plan.json, made by ")) == (2, True)
    assert f"+ create hub {spec.hub.slug}" in shown.out
    assert reached.json("plan", file, "--json", code=2)["hub"] == spec.hub.slug
    refused = reached.run("plan", file, "--prune", "--base", "http://127.0.0.1:9")
    assert (refused.code, "--prune, --base does not go with it" in refused.err) == (64, True)
    said = reached.json("apply", file, "--yes", "--json")
    (outcome,) = said["outcomes"]
    planned = json.loads(file.read_text())["plans"][0]["plan"]
    steps = [*planned["changes"], *planned["events"]]
    assert outcome["changed"] == [f"{one['action']} {one['kind']}/{one['name']}" for one in steps]
    assert (outcome["refused"], outcome["inSync"], outcome["proven"]) == ([], True, True)
    Path("elsewhere.yaml").rename(hub / "hub.yaml")
    assert reached.run("plan", hub).code == 0
    # Once more, everything it would do has been done: nothing is done twice, no second key is made.
    done = reached.run("apply", file, "--yes")
    assert done.code == 1
    assert f"create hub/{spec.hub.slug}: the target is not as it was" in done.err
    keys = reached.json("status", hub, "--json")["live"]["keys"]
    assert len([key for key in keys if not key["revokedAt"]]) == 1
    assert reached.run("plan", hub).code == 0


def test_what_somebody_else_changed_is_refused_and_the_rest_is_done(reached: Reached, operator: Operator) -> None:
    spec, hub = applied(reached)
    file = saved(reached, hub)
    slug = spec.widgets[1].slug
    by_hand(operator, reached, spec, slug)
    said = reached.run("apply", file, "--yes")
    assert said.code == 1, said.text
    assert f"{spec.hub.slug}: 1 of 4 changes were refused" in said.err
    assert f"update widget/{slug}: it was at revision 1 and is at 2 (by {spec.consumer.name} at " in said.err
    newest = max(Path(reached.typed.folder).rglob("journal/**/*.jsonl")).read_text().splitlines()
    ended = next(one for one in map(json.loads, newest) if one["entry"] == "ended")
    assert (ended["outcome"], ended["said"]) == ("partly", f"refused: update widget/{slug}")
    operator.keys[spec.hub.slug] = Shown(reached.kept(spec.hub.slug))
    live = operator.look(desired(spec)).live
    assert live.hub
    assert live.hub.name == "New name"
    names = {one.slug: one.name for one in live.widgets.values()}
    assert names == {one.slug: "By hand" if one.slug == slug else f"New {one.name.lower()}" for one in spec.widgets}
    # The next plan is for that one alone.
    assert [one["name"] for one in reached.json("plan", hub, "--json", code=2)["changes"]] == [slug]


def test_what_moves_while_the_plan_is_carried_out_is_refused_alone(
    reached: Reached, operator: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the look and the writing: three of the new widgets are made by somebody else, in a batch of fifty."""
    from vsmhub.plan import exact

    spec = fresh_spec()
    assert reached.run("apply", written("hub", spec), "--yes").code == 0
    first = spec.widgets[0].model_dump(mode="json")
    more = [{**first, "slug": f"{spec.hub.prefix}-more-{number}"} for number in range(50)]
    document = spec.model_dump(mode="json", exclude_none=True)
    Path("hub/hub.yaml").write_text(json.dumps({**document, "widgets": [*document["widgets"], *more]}))
    file = saved(reached, Path("hub"))
    moved = [more[number]["slug"] for number in (0, 17, 49)]
    real = exact._moved

    def in_between(*plans: Any) -> Any:
        live = operator.look(desired(spec)).live
        assert live.hub
        with operator.as_hub(Shown(reached.kept(spec.hub.slug))) as hub:
            for slug in moved:
                body = {"hub_id": live.hub.id, "slug": slug, "name": "Mine", "view_context": "x"}
                types = {"widget_type": first["type"], "policy_scope": first["policy_scope"]}
                hub.create_widget(exact_create({**body, **types}))
        return real(*plans)

    monkeypatch.setattr(exact, "_moved", in_between)
    said = reached.run("apply", file, "--yes", "--json")
    assert said.code == 1, said.text
    (outcome,) = json.loads(said.out)["outcomes"]
    assert [one["change"] for one in outcome["refused"]] == [f"create widget/{slug}" for slug in moved]
    assert all(one["by"].startswith(f"{spec.consumer.name} at ") for one in outcome["refused"])
    assert len(outcome["changed"]) == 47
    assert len(operator.look(desired(spec)).live.widgets) == 53


def exact_create(fields: dict[str, Any]) -> Any:
    from vsmhub.interhub.messages.widgets import WidgetCreate

    return WidgetCreate.model_validate(fields)


def test_a_key_is_replaced_once(reached: Reached) -> None:
    spec = fresh_spec()
    hub = written("hub", spec)
    assert reached.run("apply", hub, "--yes").code == 0
    file = saved(reached, hub, "--replace-key")
    assert reached.run("apply", file, "--yes").code == 0
    kept = reached.kept(spec.hub.slug)
    again = reached.run("apply", file, "--yes")
    assert again.code == 1
    assert "the hub's keys are not those that the plan was made for" in again.err
    assert reached.kept(spec.hub.slug) == kept
    (usable,) = [one for one in reached.json("status", hub, "--json")["live"]["keys"] if not one["revokedAt"]]
    assert kept.startswith(usable["prefix"])


def test_what_depends_on_a_refused_change_is_not_tried(reached: Reached, operator: Operator) -> None:
    spec = fresh_spec()
    hub = written("hub", spec)
    file = saved(reached, hub)
    assert reached.run("apply", hub, "--yes").code == 0
    live = operator.look(desired(spec)).live
    assert live.hub
    operator.operator.update_hub(live.hub.id, HubUpdate(name="By hand"), revision=live.hub.revision)
    done = reached.run("apply", file, "--yes")
    assert done.code == 1
    assert f"{spec.hub.slug}: 9 of 9 changes were refused, and nothing is changed" in done.err
    after = operator.look(desired(spec)).live
    assert after.hub
    assert after.hub.name == "By hand"
    assert len(after.keys) == 1


def test_a_file_is_looked_at_before_anything_is_done(reached: Reached, tmp_path: Path) -> None:
    hub = written("hub", spec := fresh_spec())
    file = saved(reached, hub)
    good = file.read_text()

    def refused(text: str, said: str) -> None:
        file.write_text(text)
        done = reached.run("apply", file, "--yes")
        assert (done.code, done.out) == (1, ""), done.text
        assert f"error: plan.json{said}" in done.err
        assert "hint: make a new one with vsmhub plan --out" in done.err

    refused(good.replace('"Syn Hub"', '"Sin Hub"', 1), " was changed after it was made: its digest is another one")
    refused(good[:-20], ":")
    refused("[]", " is no saved plan")
    refused("{}", " is no saved plan: it does not say what it is")
    refused(good.replace("saved-plan/v1", "saved-plan/v9"), " is no saved plan: it says it is 'vsmhub/saved-plan/v9'")
    old = json.dumps(json.loads(good)["plans"][0]["plan"])
    refused(old, " is a plan of an older form, which holds too little to be applied")
    file.write_text(good)
    rewritten(file, more=1)
    refused(file.read_text(), " is not as this vsmhub writes plans (more: extra inputs are not permitted)")
    assert reached.json("status", hub, "--json", code=2)["exists"] is False
    for over, hint in (
        ({"target": "other"}, "add --target other"),
        ({"target": "https://other.example.org"}, "add --base https://other.example.org"),
        ({"base": "https://other.example.org/api/v2"}, "make a new plan with vsmhub plan --out"),
    ):
        file.write_text(good)
        rewritten(file, **over)
        done = reached.run("apply", file, "--yes")
        assert done.code == 1
        assert "error: the plan was made for " in done.err
        assert f"hint: {hint}\n" in done.err
    for over in ({"target": "other\nok  forged"}, {"made_by": "ada\nok  forged"}):
        file.write_text(good)
        rewritten(file, **over)
        for command in ("plan", "apply"):
            told = reached.run(command, file).text
            assert "forged" in told or command == "plan"
            assert not any(line.startswith("ok  forged") for line in told.splitlines())
    assert reached.run("apply", file, hub, "--yes").code == 64
    for option in ("--replace-key", "--prune", "--adopt", "--undo"):
        assert reached.run("apply", file, option, "--yes").code == 64
    for option in ("--prune", "--continue"):
        assert reached.run("apply", hub, "--undo", option, "--yes").code == 64
    file.write_text(good)
    assert reached.run("apply", file).code == 64  # nobody can be asked
    assert reached.run("apply", "nowhere.json", "--yes").err.startswith("error: nowhere.json cannot be read: No such")
    assert reached.run("apply", file, "--yes").code == 0
    assert reached.json("status", hub, "--json")["inSync"], spec.hub.slug
