"""A hub brought to a running Inter-Hub, and what others do to it meanwhile."""

from dataclasses import replace

import pytest

from tests.plan.operators import Operator, fresh_hub
from vsmhub.interhub.errors import Unauthorized
from vsmhub.interhub.messages.framework import HubUpdate
from vsmhub.interhub.messages.widgets import WidgetUpdate
from vsmhub.plan.bootstrap import carry_out, proof
from vsmhub.plan.desired import Desired, Fields
from vsmhub.plan.errors import KeyElsewhere, NamesTaken, TargetMoved, VersionInUse
from vsmhub.plan.model import Plan

pytestmark = pytest.mark.server


def test_from_nothing_to_a_hub_that_proves_itself(operator: Operator) -> None:
    wanted = fresh_hub()
    before = operator.look(wanted)
    assert before.live.hub is None
    done = operator.apply(wanted)
    assert done == [change.id for change in before.plan.steps]
    seen = operator.look(wanted)
    assert seen.plan.is_empty
    shown = proof(wanted, operator)
    assert shown is not None
    assert (shown.vsm_function, shown.vsm_system, shown.manifest_version) == ("SYN", "S2", "1.0.0")


def test_the_second_apply_finds_nothing_to_do(operator: Operator) -> None:
    wanted = fresh_hub()
    operator.apply(wanted)
    assert operator.apply(wanted) == []


def test_reading_a_hub_in_sync_takes_six_list_calls(operator: Operator) -> None:
    wanted = fresh_hub()
    operator.apply(wanted)
    before = operator.operator.requests_made
    assert operator.look(wanted).plan.is_empty
    assert operator.operator.requests_made - before == 6


def test_a_new_version_is_activated_and_the_consumer_follows(operator: Operator) -> None:
    wanted = fresh_hub()
    operator.apply(wanted)
    names = wanted.names["widget_types"]
    newer = replace(
        wanted,
        manifest_version="1.1.0",
        manifest_fields={**wanted.manifest_fields, "widget_types": [*names, f"{names[0]}-more"]},
    )
    hub = wanted.hub
    assert operator.apply(newer) == [
        f"create manifest/{hub}@1.1.0",
        f"activate manifest/{hub}@1.1.0",
        f"update consumer/{hub}",
    ]
    with pytest.raises(VersionInUse, match=r"1\.0\.0 .* has been superseded"):
        operator.look(wanted)


def test_what_was_changed_by_hand_is_brought_back(operator: Operator) -> None:
    wanted = fresh_hub()
    operator.apply(wanted)
    live = operator.look(wanted).live
    assert live.hub
    operator.operator.update_hub(live.hub.id, HubUpdate(name="By hand"), revision=live.hub.revision)
    slug, widget = next(iter(live.widgets.items()))
    with operator.as_hub(operator.keys[wanted.hub]) as hub:
        hub.update_widget(widget.id, WidgetUpdate(name="By hand"), revision=widget.revision)
    assert operator.apply(wanted) == [f"update hub/{wanted.hub}", f"update widget/{slug}"]


def test_names_of_another_hub_are_refused_before_anything_is_written(operator: Operator) -> None:
    owner, other = fresh_hub(), fresh_hub()
    operator.apply(owner)
    theirs: Fields = {"event_types": [*owner.names["event_types"]]}
    wanted = replace(other, manifest_fields={**other.manifest_fields, **theirs})
    with pytest.raises(NamesTaken, match=f"belongs to {owner.hub}"):
        operator.look(wanted)
    assert operator.look(other).live.hub is None


def test_what_moved_since_the_plan_is_not_overwritten_but_planned_again(operator: Operator) -> None:
    wanted = fresh_hub()
    operator.apply(wanted)
    changed = replace(wanted, hub_fields={**wanted.hub_fields, "name": "Declared"})
    seen = operator.look(changed)
    assert seen.live.hub
    operator.operator.update_hub(seen.live.hub.id, HubUpdate(description="moved"), revision=seen.live.hub.revision)
    reasons: list[str] = []

    def again(new: Plan, moved: TargetMoved) -> None:
        reasons.append(moved.message)
        assert {field.field for field in new.changes[0].fields} == {"name", "description"}

    carry_out(changed, operator, seen.plan, progress=lambda _: None, again=again)
    assert len(reasons) == 1
    assert f"update hub/{wanted.hub}" in reasons[0]


def test_two_plans_for_the_same_new_hub_end_in_one(operator: Operator) -> None:
    wanted = fresh_hub()
    first, second = operator.look(wanted).plan, operator.look(wanted).plan
    carry_out(wanted, operator, first, progress=lambda _: None, again=lambda *_: None)
    told: list[str] = []
    carry_out(wanted, operator, second, progress=lambda _: None, again=lambda new, _: told.append(new.digest()))
    assert len(told) == 1
    live = operator.look(wanted).live
    assert len(live.consumers) == 1
    assert len([key for key in live.keys if key.revoked_at is None]) == 1
    assert sorted(live.widgets) == sorted(wanted.widgets)


def test_a_key_that_is_replaced_opens_nothing_any_more(operator: Operator) -> None:
    wanted = fresh_hub()
    operator.apply(wanted)
    old = operator.keys[wanted.hub]
    done = operator.apply(wanted, replace_key=True)
    assert [one.split(" ")[0] for one in done] == ["create", "revoke"]
    assert operator.keys[wanted.hub] != old
    with operator.as_hub(old) as hub, pytest.raises(Unauthorized):
        list(hub.registry())


def test_a_key_lost_before_it_was_kept_is_revoked_and_made_anew(operator: Operator) -> None:
    wanted = fresh_hub()
    lost: list[str] = []
    kept = operator.key_of(wanted.hub)

    class Dies(type(kept)):  # type: ignore[misc]
        def keep(self, created: object, replacing: object = ()) -> None:
            lost.append(created.prefix)  # type: ignore[attr-defined]
            raise KeyboardInterrupt

    operator.key_of = lambda hub: Dies(operator.keys, hub)  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        operator.apply(wanted)
    del operator.key_of
    done = operator.apply(wanted)
    assert f"revoke key/{lost[0]}" in done
    live = operator.look(wanted).live
    (key,) = [key for key in live.keys if key.revoked_at is None]
    assert operator.keys[wanted.hub].reveal().startswith(key.prefix)


def test_without_the_key_a_hub_can_be_looked_at_and_not_written_to(operator: Operator) -> None:
    wanted = fresh_hub()
    operator.apply(wanted)
    del operator.keys[wanted.hub]
    assert "is in use and is not in this store" in operator.look(wanted).plan.notes[0]
    assert proof(wanted, operator) is None
    slug = next(iter(wanted.widgets))
    changed = replace(wanted, widgets={slug: {**wanted.widgets[slug], "name": "Other"}})
    with pytest.raises(KeyElsewhere):
        operator.look(changed)


def test_a_key_that_another_machine_has_replaced_is_no_proof_and_no_failure(operator: Operator) -> None:
    wanted = fresh_hub()
    operator.apply(wanted)
    here = operator.keys[wanted.hub]
    operator.apply(wanted, replace_key=True)  # as on another machine
    operator.keys[wanted.hub] = here
    seen = operator.look(wanted)
    assert seen.plan.is_empty
    assert "is in use and is not in this store" in seen.plan.notes[0]
    assert proof(wanted, operator, seen.live) is None


def test_a_thousand_widgets_take_two_more_requests_than_three(operator: Operator) -> None:
    small, large = fresh_hub(), _many(fresh_hub(), 1000)
    counts = []
    for wanted in (small, large):
        before = operator.operator.requests_made
        operator.apply(wanted)
        counts.append(operator.operator.requests_made - before)
    assert counts[0] == counts[1]
    assert len(operator.look(large).live.widgets) == 1000


def _many(wanted: Desired, count: int) -> Desired:
    slug, fields = next(iter(wanted.widgets.items()))
    return replace(wanted, widgets={slug: fields} | {f"{slug}-{number}": fields for number in range(count - 1)})
