"""`--prune` ends what an apply made and the spec no longer names; `--adopt` takes over what somebody else made."""

import json
import re
import shutil
from pathlib import Path
from uuid import UUID

import pytest

from tests.cli.reaching import Reached, written
from tests.plan.operators import Operator, fresh_spec
from tests.plan.world import Shown
from vsmhub.interhub.messages.access import ConsumerCreate, KeyCreate
from vsmhub.interhub.messages.evidence import AnnotationCreate
from vsmhub.interhub.messages.framework import HubCreate, HubUpdate
from vsmhub.interhub.messages.widgets import WidgetCreate
from vsmhub.plan.desired import desired
from vsmhub.plan.live import Live
from vsmhub.spec.model import HubSpec

pytestmark = pytest.mark.server


def live_of(operator: Operator, commands: Reached, spec: HubSpec) -> Live:
    operator.keys[spec.hub.slug] = Shown(commands.kept(spec.hub.slug))
    return operator.look(desired(spec)).live


def without_last_widget(spec: HubSpec) -> Path:
    document = spec.model_dump(mode="json", exclude_none=True)
    document["widgets"].pop()
    Path("hub/hub.yaml").write_text(json.dumps(document))
    return Path("hub")


def other_key(operator: Operator, live: Live, spec: HubSpec) -> Shown:
    """A key of another consumer of the same hub."""
    assert live.hub
    assert live.active
    consumer = operator.operator.create_consumer(
        ConsumerCreate(hub_id=live.hub.id, manifest_id=live.active.id, name="another")
    )
    scopes = list(spec.consumer.key.scopes)
    created = operator.operator.create_key(consumer.id, KeyCreate(name="another", scopes=scopes))
    return Shown(created.key or "")


@pytest.mark.parametrize("remembered", [True, False], ids=["by the journal", "by the target"])
def test_what_is_no_longer_declared_is_ended(
    reached: Reached, operator: Operator, tmp_path: Path, remembered: bool
) -> None:
    spec = fresh_spec()
    hub, gone = written("hub", spec), spec.widgets[-1].slug
    assert reached.run("apply", hub, "--yes").code == 0
    live = live_of(operator, reached, spec)
    category = next(iter(spec.vocabulary.annotation_categories))
    with operator.as_hub(operator.keys[spec.hub.slug]) as client:
        client.annotate(AnnotationCreate(widget_id=live.widgets[gone].id, category=category, body="A remark."))
    # A widget that somebody else made is nobody's to end.
    assert live.hub
    with operator.as_hub(other_key(operator, live, spec)) as client:
        mine = spec.widgets[0]
        client.create_widget(
            WidgetCreate(
                hub_id=live.hub.id,
                slug="by-hand",
                name="Mine",
                widget_type=mine.type,
                policy_scope=mine.policy_scope,
                view_context="x",
            )
        )
    without_last_widget(spec)
    if not remembered:
        shutil.rmtree(tmp_path / "vsmhub" / "state")
    plain = reached.run("apply", hub, "--yes")
    assert plain.code == 0
    assert live_of(operator, reached, spec).widgets[gone].status == "active"
    shown = reached.json("plan", hub, "--prune", "--json", code=2)
    (change,) = [one for one in shown["changes"] if one["kind"] == "widget"]
    assert (change["name"], change["fields"][0]["after"]) == (gone, "retired")
    assert change["reason"] == "no longer declared; in use by 1 annotation, which stay"
    assert sorted(one["name"] for one in shown["unmanaged"]) == ["another", "by-hand"]
    assert reached.run("plan", hub, "--prune", "--out", "plan.json").code == 2
    assert reached.run("apply", "plan.json", "--yes").code == 0
    after = live_of(operator, reached, spec)
    assert {one.status for one in after.consumers} == {"active"}
    assert (after.widgets[gone].status, after.widgets["by-hand"].status) == ("retired", "active")
    assert reached.run("plan", hub, "--prune").code == 0


def test_a_consumer_that_is_no_longer_declared_is_ended_with_its_use_told(reached: Reached, operator: Operator) -> None:
    spec = fresh_spec()
    hub = written("hub", spec)
    assert reached.run("apply", hub, "--yes").code == 0
    old = spec.consumer.name
    document = spec.model_dump(mode="json", exclude_none=True)
    document["consumer"]["name"] = f"{old}-newer"
    Path("hub/hub.yaml").write_text(json.dumps(document))
    done = reached.run("apply", hub, "--yes")
    assert done.code == 0
    assert f"left alone, for the spec does not name them: consumer {old}\n" in done.out
    assert re.search(rf"^    consumer +{old}-newer \(active\)$", done.out, re.MULTILINE)
    (change,) = reached.json("plan", hub, "--prune", "--json", code=2)["changes"]
    assert (change["kind"], change["name"], change["fields"][0]["after"]) == ("consumer", old, "suspended")
    assert change["reason"].startswith("no longer declared; its key was used last at ")
    # A key that is revoked was used by nobody who would miss it.
    for key in operator.operator.keys(UUID(change["object_id"])):
        operator.operator.revoke_key(key.id)
    (change,) = reached.json("plan", hub, "--prune", "--json", code=2)["changes"]
    assert change["reason"] == "no longer declared; nothing uses it"
    assert reached.run("apply", hub, "--prune", "--yes").code == 0
    # The hub works by the one that is declared, and that is the one that is shown.
    for arguments in (("status", hub), ("apply", hub, "--yes")):
        done = reached.run(*arguments)
        assert done.code == 0
        assert re.search(rf"^    consumer +{old}-newer \(active\)$", done.out, re.MULTILINE)
    shown = {one["name"]: one["status"] for one in reached.json("status", hub, "--json")["live"]["consumers"]}
    assert shown == {old: "suspended", f"{old}-newer": "active"}


def test_what_others_made_is_taken_over_only_when_asked(reached: Reached, operator: Operator) -> None:
    spec = fresh_spec()
    hub = written("hub", spec)
    made = operator.operator.create_hub(HubCreate(slug=spec.hub.slug, name="By hand", domain="by-hand.example.org"))
    for command in (["plan"], ["apply", "--yes"]):
        done = reached.run(command[0], hub, *command[1:])
        assert (done.code, done.out) == (1, "")
        assert f"error: {spec.hub.slug} has what no apply of it has made and what is not as declared: hub " in done.err
        assert "hint: --adopt takes it over" in done.err
    assert next(iter(operator.operator.hubs(slug=spec.hub.slug))).revision == made.revision
    assert reached.run("status", hub).code == 2
    assert reached.run("plan", hub, "--adopt").code == 2
    assert reached.run("apply", hub, "--adopt", "--yes").code == 0
    # From then on it is ours.
    live = live_of(operator, reached, spec)
    assert live.hub
    operator.operator.update_hub(live.hub.id, HubUpdate(name="By hand"), revision=live.hub.revision)
    assert reached.run("apply", hub, "--yes").code == 0


def test_what_is_as_declared_needs_no_adoption(reached: Reached, operator: Operator) -> None:
    spec = fresh_spec()
    fields = desired(spec).hub_fields
    operator.operator.create_hub(HubCreate.model_validate({"slug": spec.hub.slug, **fields}))
    assert reached.run("apply", written("hub", spec), "--yes").code == 0


def test_a_lost_state_folder_annoys_nobody(reached: Reached, operator: Operator, tmp_path: Path) -> None:
    spec = fresh_spec()
    hub = written("hub", spec)
    assert reached.run("apply", hub, "--yes").code == 0
    live = live_of(operator, reached, spec)
    assert live.hub
    with operator.as_hub(other_key(operator, live, spec)) as client:
        mine = spec.widgets[0]
        made = {"name": "Mine", "widget_type": mine.type, "policy_scope": mine.policy_scope, "view_context": "x"}
        client.create_widget(WidgetCreate.model_validate({"hub_id": live.hub.id, "slug": "by-hand", **made}))
    shutil.rmtree(tmp_path / "vsmhub" / "state")
    # The hub itself and its own widgets are known to be ours: the target tells.
    written("hub", spec, **{'"Board ': '"New board ', '"Syn Hub"': '"New name"'})
    assert reached.run("apply", hub, "--yes").code == 0
    # A widget that another consumer made, and that is declared now, is not.
    document = spec.model_dump(mode="json", exclude_none=True)
    document["widgets"].append({**document["widgets"][0], "slug": "by-hand"})
    Path("hub/hub.yaml").write_text(json.dumps(document))
    shutil.rmtree(tmp_path / "vsmhub" / "state")
    done = reached.run("plan", hub)
    assert done.code == 1
    assert "not as declared: widget by-hand (made by another at " in done.err
    assert reached.run("apply", hub, "--adopt", "--yes").code == 0
