"""`vsmhub apply`, `plan` and `status` through their options, against a running Inter-Hub."""

import json
from pathlib import Path

import pytest

from tests.cli.reaching import Reached, written
from tests.plan.operators import fresh_spec

pytestmark = pytest.mark.server


def test_nobody_can_be_asked(reached: Reached) -> None:
    hub = written("hub", fresh_spec())
    for more in ([], ["--json"]):
        done = reached.run("apply", hub, *more)
        assert done.code == 64
        assert done.err.endswith("nobody can be asked\nhint: add --yes to go ahead\n")
    assert reached.json("status", hub, "--json", code=2)["exists"] is False


def test_several_hubs(reached: Reached) -> None:
    specs = [fresh_spec(), fresh_spec()]
    slugs = [spec.hub.slug for spec in specs]
    first, second = (written(f"hub{number}", spec) for number, spec in enumerate(specs))
    assert [plan["hub"] for plan in reached.json("plan", first, second, "--json", code=2)] == slugs
    said = reached.json("apply", first, second, "--yes", "--json")
    assert [(one["hub"], one["target"], one["proven"]) for one in said["outcomes"]] == [
        (slug, "target", True) for slug in slugs
    ]
    assert all("hub/" in one["changed"][0] for one in said["outcomes"])
    assert reached.kept(slugs[0]) != reached.kept(slugs[1])
    # In sync, nobody is asked.
    done = reached.run("apply", first, second)
    assert (done.code, done.err) == (0, "")
    assert done.out.count(": no changes\n") == 2


def test_two_hubs_of_which_one_is_broken(reached: Reached) -> None:
    good = written("good", spec := fresh_spec())
    bad = written("bad", fresh_spec(), S2="S9")
    assert reached.run("apply", good, bad, "--yes").code == 1
    assert reached.json("status", good, "--json", code=2)["exists"] is False
    assert not (reached.typed.keys / "target" / f"{spec.hub.slug}.json").exists()


def test_a_changed_vocabulary_needs_a_higher_version(reached: Reached) -> None:
    spec = fresh_spec()
    hub = written("hub", spec)
    assert reached.run("apply", hub, "--yes").code == 0
    name = f"{spec.hub.prefix}-claim"
    changes = {f'"{name}": ': f'"{name}-more": "Another.", "{name}": '}
    written("hub", spec, **changes)
    for command, *more in (["plan"], ["apply", "--yes"]):
        done = reached.run(command, hub, *more)
        assert (done.code, done.out) == (1, "")
        assert "1.0.0" in done.err
        assert "\nhint: " in done.err
        assert "manifest.version" in done.err
    written("hub", spec, **changes, **{'"version": "1.0.0"': '"version": "1.1.0"'})
    done = reached.run("apply", hub, "--yes")
    assert done.code == 0, done.text
    assert "manifest    1.1.0 active: 3 widget types" in done.out


def test_replacing_the_key(reached: Reached) -> None:
    hub = written("hub", spec := fresh_spec())
    assert reached.run("apply", hub, "--yes").code == 0
    first = reached.kept(spec.hub.slug)
    assert reached.run("plan", hub, "--replace-key").code == 2
    assert reached.kept(spec.hub.slug) == first
    done = reached.run("apply", hub, "--yes", "--replace-key")
    assert done.code == 0, done.text
    second = reached.kept(spec.hub.slug)
    assert second != first
    keys = reached.json("status", hub, "--json")["live"]["keys"]
    usable = [key["prefix"] for key in keys if not key["revokedAt"]]
    assert len(keys) == 2
    assert len(usable) == 1
    assert second.startswith(usable[0])


def test_status_for_programs(reached: Reached) -> None:
    hub = written("hub", spec := fresh_spec())
    members = {
        "hub",
        "target",
        "exists",
        "inSync",
        "pending",
        "unmanaged",
        "unseen",
        "notes",
        "key",
        "keysEnding",
        "live",
    }
    before = reached.json("status", hub, "--json", code=2)
    assert set(before) == members
    assert (before["exists"], before["inSync"], before["live"]["hub"]) == (False, False, None)
    assert before["pending"][0] == f"create hub/{spec.hub.slug}"
    assert reached.run("apply", hub, "--yes").code == 0
    after = reached.json("status", hub, "--json")
    assert set(after) == members
    assert (after["exists"], after["inSync"], after["pending"], after["unmanaged"]) == (True, True, [], [])
    live = after["live"]
    assert set(live) == {"hub", "manifest", "consumers", "keys", "widgets", "registration"}
    assert live["hub"]["vsmFunction"] == "SYN"
    assert live["manifest"]["status"] == "active"
    assert [one["slug"] for one in live["widgets"]] == [widget.slug for widget in spec.widgets]
    assert live["registration"]["eventType"] == spec.registration.event_type


def test_a_plan_in_every_form(reached: Reached) -> None:
    hub = written("hub", spec := fresh_spec())
    text = reached.run("plan", hub)
    assert text.out.startswith(f"Plan for {spec.hub.slug} at target: ")
    facts = reached.json("plan", hub, "--format", "json", code=2)
    assert facts == reached.json("plan", hub, "--json", code=2)
    markdown = reached.run("plan", hub, "--format", "markdown", "--out", "plan.json")
    assert (markdown.code, markdown.err) == (2, "")
    assert markdown.out.startswith("#")
    (saved,) = json.loads(Path("plan.json").read_text())["plans"]
    assert saved["plan"] == {name: facts[name] for name in saved["plan"]}
    for change in facts["changes"]:
        assert change["name"] in text.out
        assert change["name"] in markdown.out


def test_a_plan_that_cannot_be_written(reached: Reached) -> None:
    hub = written("hub", fresh_spec())
    done = reached.run("plan", hub, "--out", "nowhere/plan.json")
    assert (done.code, done.out) == (1, "")
    assert "error: nowhere/plan.json cannot be written: No such file or directory\n" in done.err


def test_colours_only_where_they_are_wanted(reached: Reached) -> None:
    hub = written("hub", fresh_spec())
    assert "\x1b[" not in reached.run("plan", hub).out
    reached.typed.set(FORCE_COLOR="1")
    assert "\x1b[" in reached.run("plan", hub).out
    reached.typed.set(NO_COLOR="1")
    assert "\x1b[" not in reached.run("plan", hub).text
    assert "\x1b[" not in reached.run("plan", "nowhere").text
