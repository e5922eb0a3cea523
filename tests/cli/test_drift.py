"""`vsmhub drift`: which field moved since the last apply, on which side, when and by whom."""

import json
import shutil
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


def moved(commands: Reached, operator: Operator, spec: HubSpec) -> None:
    """By hand: the hub gets another name and description, and the first two widgets other names."""
    operator.keys[spec.hub.slug] = Shown(commands.kept(spec.hub.slug))
    live = operator.look(desired(spec)).live
    assert live.hub
    update = HubUpdate(name="By hand", description="By hand", domain="both.example.org")
    operator.operator.update_hub(live.hub.id, update, revision=live.hub.revision)
    with operator.as_hub(operator.keys[spec.hub.slug]) as hub:
        for widget in list(live.widgets.values())[:2]:
            hub.update_widget(widget.id, WidgetUpdate(name="By hand"), revision=widget.revision)


def told(commands: Reached, *, code: int = 2) -> dict[tuple[str, str], dict[str, Any]]:
    facts = commands.json("drift", "hub", "--json", code=code)
    assert facts["exists"]
    return {(one["name"], one["field"]): one for one in facts["drift"]}


@pytest.mark.parametrize("remembered", [True, False], ids=["by the journal", "by the target"])
def test_who_moved_which_field(reached: Reached, operator: Operator, tmp_path: Path, remembered: bool) -> None:
    spec = fresh_spec()
    slug, first = spec.hub.slug, spec.widgets[0].slug
    assert reached.run("drift", written("hub", spec)).code == 2  # it does not exist
    assert reached.run("apply", "hub", "--yes").code == 0
    assert told(reached, code=0) == {}
    moved(reached, operator, spec)
    changes = {
        '"Syn Hub"': '"Declared"',
        '"syn.example.org"': '"both.example.org"',
        '"Board 2"': '"Declared"',
        '"Board 1"': '"By hand"',
    }
    written("hub", spec, **changes)
    if not remembered:
        shutil.rmtree(tmp_path / "vsmhub" / "state")
    found = told(reached)
    expected = {
        (slug, "name"): "both moved",
        (slug, "description"): "live moved",
        (slug, "domain"): "both moved alike",
        (first, "name"): "live moved",
        (spec.widgets[1].slug, "name"): "both moved alike",
        (spec.widgets[2].slug, "name"): "declared moved",
    }
    if not remembered:  # what is as declared has not been asked about
        del expected[spec.widgets[1].slug, "name"]
    assert {name: one["direction"] for name, one in found.items()} == expected
    hub = found[slug, "name"]
    assert (hub["last"], hub["live"], hub["declared"]) == ("Syn Hub", "By hand", "Declared")
    assert hub["by"].startswith("operator")
    assert found[first, "name"]["by"] == spec.consumer.name
    assert found[first, "name"]["at"] is not None
    text = reached.run("drift", "hub")
    assert text.code == 2
    assert f"!=  {slug} at target" in text.out
    assert "both moved" in text.out
    # An apply settles it.
    assert reached.run("apply", "hub", "--yes").code == 0
    assert told(reached, code=0) == {}


def test_a_member_that_moved_is_named_alone(reached: Reached, operator: Operator) -> None:
    spec = fresh_spec()
    first = spec.widgets[0]
    document = spec.model_dump(mode="json", exclude_none=True)

    def declared(**members: Any) -> None:
        document["widgets"][0]["metadata"] = {"deep": {"same": 1}, **members}
        Path("hub/hub.yaml").write_text(json.dumps(document))

    written("hub", spec)
    declared(role="a", place="x")
    assert reached.run("apply", "hub", "--yes").code == 0
    operator.keys[spec.hub.slug] = Shown(reached.kept(spec.hub.slug))
    widget = operator.look(desired(spec)).live.widgets[first.slug]
    with operator.as_hub(operator.keys[spec.hub.slug]) as hub:
        by_hand: dict[str, Any] = {"deep": {"same": 1}, "place": "x", "role": "by hand"}
        hub.update_widget(widget.id, WidgetUpdate(metadata=by_hand), revision=widget.revision)
    declared(role="a", place="y")
    found = {name: (one["direction"], one["by"]) for (_, name), one in told(reached).items()}
    assert found == {
        "metadata.role": ("live moved", spec.consumer.name),
        "metadata.place": ("declared moved", None),
    }


def test_a_key_that_was_revoked_elsewhere_is_drift(reached: Reached, operator: Operator, tmp_path: Path) -> None:
    spec = fresh_spec()
    assert reached.run("apply", written("hub", spec), "--yes").code == 0
    assert reached.run("key", "rotate", "hub", "--yes").code == 0
    operator.keys[spec.hub.slug] = Shown(reached.kept(spec.hub.slug))
    (key,) = (one for one in operator.look(desired(spec)).live.keys if not one.revoked_at)
    operator.operator.revoke_key(key.id)
    for _ in range(2):
        ((name, one),) = told(reached).items()
        assert name == (spec.consumer.key.name, "exists")
        assert (one["direction"], one["live"], one["declared"]) == ("live moved", False, True)
        assert one["by"].startswith("operator")
        shutil.rmtree(tmp_path / "vsmhub" / "state", ignore_errors=True)
    assert reached.run("apply", "hub", "--yes").code == 0
    assert reached.run("key", "rotate", "hub", "--yes").code == 0
    assert told(reached, code=0) == {}


def test_after_an_undo_the_apply_before_it_counts(reached: Reached, tmp_path: Path) -> None:
    spec = fresh_spec()
    assert reached.run("apply", written("hub", spec), "--yes").code == 0
    before = reached.json("drift", "hub", "--json")["lastApply"]
    assert reached.run("apply", written("hub", spec, **{'"Syn Hub"': '"Declared"'}), "--yes").code == 0
    assert reached.run("apply", "hub", "--undo", "--yes").code == 0
    for _ in range(2):
        facts = reached.json("drift", "hub", "--json", code=2)
        assert facts["lastApply"]["at"][:19] == before["at"][:19]
        ((_, one),) = told(reached).items()
        assert (one["direction"], one["last"], one["live"]) == ("declared moved", "Syn Hub", "Syn Hub")
        shutil.rmtree(tmp_path / "vsmhub" / "state", ignore_errors=True)


def test_what_is_no_longer_declared_and_what_is_new(reached: Reached) -> None:
    spec = fresh_spec()
    assert reached.run("apply", written("hub", spec), "--yes").code == 0
    gone = spec.widgets[2].slug
    written("hub", spec, **{f'"{gone}"': '"another-one"'})
    found = told(reached)
    assert {name: (one["last"], one["live"], one["declared"]) for name, one in found.items()} == {
        ("another-one", "exists"): (False, False, True),
        (gone, "exists"): (True, True, False),
    }
    assert {one["direction"] for one in found.values()} == {"declared moved"}


def test_where_nothing_is_known_of_an_apply(reached: Reached, operator: Operator) -> None:
    spec = fresh_spec()
    written("hub", spec)
    from vsmhub.interhub.messages.framework import HubCreate

    operator.operator.create_hub(HubCreate(slug=spec.hub.slug, name="By hand", domain=spec.hub.domain))
    found = told(reached)
    assert found[spec.hub.slug, "name"]["direction"] == "not known"
    assert found[spec.hub.slug, "name"]["by"].startswith("operator")
