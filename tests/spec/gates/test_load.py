"""`gates.yaml` is told all that is wrong with it, in itself and beside the other files, each thing at its place."""

from pathlib import Path

import pytest

from tests.spec.gates.examples import HUB, WITH_WAVE, gates_text
from vsmhub.spec.folder import load_folder, read_folder
from vsmhub.spec.gates.conditions import AllOf, AnyOf, AtLeast, EvidenceCondition
from vsmhub.spec.gates.load import parse_gates

SIGNALS = """\
spec: vsmhub/signals/v1
signals:
  - name: web
    why: Somebody uses it
    fix: Start it again
    every: 2d
    probe: {http: {url: "https://example.org/"}}
    expect: [status == 200]
    emits: [{event: xyz-claimed, widget: xyz-readiness-well}]
"""


def written(folder: Path, gates: str, *, hub: str = HUB, inventory: str = WITH_WAVE) -> Path:
    texts = {"hub": hub, "inventory": inventory, "gates": gates, "signals": SIGNALS}
    for name, text in texts.items():
        if text:
            (folder / f"{name}.yaml").write_text(text)
    return folder


def complaints(folder: Path, *changes: tuple[str, str]) -> list[str]:
    found = read_folder(written(folder, gates_text(*changes))).complaints
    assert {one.file.name for one in found} <= {"gates.yaml"}
    return [f"{one.line}:{one.column} {one.rule}: {one.message} {one.hint}".strip() for one in found]


def test_conditions_are_read_by_their_shape() -> None:
    gate = parse_gates(gates_text()).gates["well"]
    assert isinstance(gate.condition, AllOf)
    first, second = gate.condition.all_of
    assert isinstance(first, EvidenceCondition)
    assert isinstance(second, AnyOf)
    assert isinstance(second.any_of[1], AtLeast)
    assert (second.any_of[1].at_least, gate.enforcement, gate.owner_is) == (1, "blocking", "stated")


def test_what_is_written_out_reads_as_the_same() -> None:
    gates = parse_gates(gates_text())
    assert parse_gates(gates.model_dump_json(exclude_defaults=True)) == gates


def test_a_folder_has_the_widgets_of_its_gates(tmp_path: Path) -> None:
    folder = load_folder(written(tmp_path, gates_text()))
    made = {one.slug: one for one in folder.declared().widgets}
    assert made["xyz-readiness-well"].type == "xyz-readiness-gate"
    assert made["xyz-readiness-well"].metadata == {
        "gate": "well",
        "owner": "tools",
        "enforcement": "blocking",
        "waves": ["move"],
    }
    assert made["xyz-readiness-nice"].policy_scope == "xyz-pairwise"


LEAF = "{event: xyz-claimed, widget: xyz-service-web, shows: The web is well}"

# What stands there, what is put in its place, and the complaint.
MISTAKES = [
    ("all_of:", "all_off:", "15:7 unknown-key: unknown key `all_off`"),
    ("at_least: 1", "at_least: 2", "19:25 wrong-count: 2 of 1 conditions can never be met"),
    ("at_least: 1", "at_least: 0", "19:25 wrong-value:"),
    (
        "any_of:\n            - {event: xyz-claimed, ",
        "any_of:\n            - {evnt: xyz-claimed, ",
        "18:16 unknown-key:",
    ),
    (f"all_of:\n        - {LEAF}", f"all_of: 5\n      more:\n        - {LEAF}", "15:15 wrong-kind:"),
    ("approved_by: somebody else", "approved_by: [x]", "38:18 wrong-kind:"),
    ("granted: 2026-03-01", "granted: soon", "39:14 wrong-text:"),
    ("expires: 2026-04-01", "expires: 2026-02-30", "40:14 wrong-value:"),
    ("    owner: tools\n", f"    widget: xyz-{'x' * 70}\n    owner: tools\n", "6:13 wrong-text:"),
    (LEAF, "[]", "16:11 wrong-kind: `gates.well.condition.all_of[0]` must be a mapping"),
    ("max_age: 1d", "max_age: soon", "13:14 wrong-text:"),
    ("max_age: 1d", "max_age: 9999w", "13:14 wrong-value:"),
    ("    owner: tools\n", "", "5:5 missing-key: `gates.well.owner` is missing"),
    ("waves: [move]", "waves: []", "9:12 wrong-count:"),
    ("waves: [move]", "waves: [move, move]", "9:19 duplicate:"),
    ("    expires: 2026-04-01\n", "", "35:5 missing-key: `waivers[0].expires` is missing"),
    ("    risk: loss\n", "", "35:5 missing-key: `waivers[0].risk` is missing"),
    ("approved_by: somebody else", "approved_by: ' Tools '", "38:18 approval: whoever asks for it cannot approve it"),
    ("expires: 2026-04-01", "expires: 2026-03-01", "40:14 expiry: it ends before it begins"),
    ("expires: 2026-04-01", "expires: 2027-04-01", "40:14 expiry: it would last 396 days"),
    ("- gate: well", "- gate: wel", "35:11 reference: there is no gate `wel` in `gates` did you mean `well`?"),
    ("source: book", "source: bok", "8:13 reference: `bok` is not one of the inventory's sources did you mean `book`?"),
    ("owner: tools", "owner: tols", "6:12 reference: `tols` is not one of the inventory's repositories"),
    ("waves: [move]", "waves: [mov]", "9:13 reference: `mov` is not one of the inventory's migration waves"),
    ("risk: loss", "risk: los", "41:11 reference: `los` is not one of the inventory's risks"),
    ("event: xyz-registered", "event: xyz-register", "21:27 event-type: `xyz-register` is not one of the event types"),
    ("widget: xyz-service-web", "widget: xyz-service-wbe", "16:40 widget: `xyz-service-wbe` is not one of the widgets"),
    (
        "event: xyz-registered",
        "event: xyz-readiness-gate-updated",
        "21:27 reference: `xyz-readiness-gate-updated` tells",
    ),
    (LEAF, LEAF.replace("shows", "signal: wbe, shows"), "16:65 signal: `wbe` is not one of the hub's signals"),
    (LEAF, LEAF.replace("shows", "signal: web, shows"), "16:65 signal: the signal web emits no xyz-claimed about xyz-"),
    ("widget: xyz-readiness-well, shows", "widget: xyz-readiness-well, signal: web, shows", "32:14 max-age: evidence"),
    ("policy_scope: xyz-pairwise\n", "", "3:3 widget: nothing says which policy scope"),
    ("policy_scope: xyz-pairwise", "policy_scope: xyz-pair", "2:15 policy-scope: `xyz-pair` is not a policy scope"),
    ("    owner: tools\n", "    widget: xyz-x\n    owner: tools\n", "6:13 widget: `xyz-x` is not one of the widgets"),
    ("    owner: tools\n", "    widget: xyz-main\n    owner: tools\n", "6:13 widget: `xyz-main` is a widget of type"),
]


@pytest.mark.parametrize(("old", "new", "wanted"), MISTAKES, ids=lambda value: str(value)[:40])
def test_every_mistake_is_told_at_its_place(tmp_path: Path, old: str, new: str, wanted: str) -> None:
    found = complaints(tmp_path, (old, new))
    assert any(one.startswith(wanted) for one in found), found


def test_gates_need_an_inventory(tmp_path: Path) -> None:
    found = read_folder(written(tmp_path, gates_text(), inventory="")).complaints
    assert "gates need an inventory beside them" in str(found[0])


def test_signals_that_are_wrong_are_blamed_alone(tmp_path: Path) -> None:
    folder = written(tmp_path, gates_text((LEAF, LEAF.replace("shows", "signal: wbe, shows"))))
    (folder / "signals.yaml").write_text("spec: vsmhub/signals/v1\nsignals: none\n")
    assert {one.file.name for one in read_folder(folder).complaints} == {"signals.yaml"}


def test_gates_need_a_type_of_widget(tmp_path: Path) -> None:
    hub = HUB.replace("xyz-readiness-gate: A", "xyz-readiness: A")
    found = read_folder(written(tmp_path, gates_text(), hub=hub)).complaints
    assert any("has no widget type `xyz-readiness-gate`, which gates need" in one.message for one in found)


def test_a_gate_is_set_aside_once(tmp_path: Path) -> None:
    decision = "gate: well, reason: x, requested_by: a, approved_by: b, granted: 2026-01-01, expires: 2026-02-01"
    found = complaints(tmp_path, ("not_applicable: []", f"not_applicable: [{{{decision}}}]"))
    assert [one.split()[1] for one in found] == ["duplicate:"]
