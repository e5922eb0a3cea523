"""Entries have widgets where the hub has a type for them, and none of them is in another's way."""

import pytest

from tests.spec.examples import hub_text
from tests.spec.inventory.examples import inventory_text
from vsmhub.spec.inventory.document import Ref
from vsmhub.spec.inventory.entry import EntryKind
from vsmhub.spec.inventory.load import parse_inventory
from vsmhub.spec.inventory.widgets import inventory_widgets, widget_findings, widget_slugs
from vsmhub.spec.load import parse_hub

HUB = parse_hub(
    hub_text(
        ("    xyz-claim: {description: Who has what}", "    xyz-host: A machine\n    xyz-service: A service"),
        ("    xyz-pairwise: Between two", "    xyz-pairwise: Between two\n    xyz-open: For all"),
        ("slug: xyz-main", "slug: xyz-service-web"),
        ("type: xyz-board", "type: xyz-service"),
        ("widget: xyz-main", "widget: xyz-service-web"),
    )
)
SCOPED = ("sources:\n", "widgets: {policy_scope: xyz-pairwise, policy_scopes: {host: xyz-open}}\nsources:\n")


def findings(*changes: tuple[str, str]) -> list[str]:
    found = widget_findings(parse_inventory(inventory_text(SCOPED, *changes)), HUB)
    return [f"{'.'.join(map(str, one.pointer))}: {one.message} {one.hint}".strip() for one in found]


def test_what_the_hub_has_by_hand_is_not_made_again() -> None:
    inventory = parse_inventory(inventory_text(SCOPED))
    made = inventory_widgets(inventory, HUB)
    assert [(one.slug, one.type, one.policy_scope) for one in made] == [
        ("xyz-host-one", "xyz-host", "xyz-open"),
        ("xyz-service-store", "xyz-service", "xyz-pairwise"),
    ]
    assert made[0].metadata == {"entry": "host/one", "environments": ["prod"]}
    assert made[0].view_context == "xyz-hub/generated/INVENTORY.md"
    assert findings() == []


def test_each_entry_finds_its_widget() -> None:
    found = widget_slugs(
        parse_inventory(inventory_text(("  store:\n", "  store:\n    widget: xyz-service-web\n"))), HUB
    )
    assert found[Ref(EntryKind.SERVICE, "store")] == "xyz-service-web"
    assert found[Ref(EntryKind.HOST, "one")] == "xyz-host-one"
    assert Ref(EntryKind.DATASTORE, "data") not in found
    assert Ref(EntryKind.ENVIRONMENT, "prod") not in found  # the hub has no type for it


def test_a_scope_is_the_entrys_own_its_kinds_its_environments_or_the_one_for_all() -> None:
    prod = ("  prod: {name: Production,", "  prod: {name: Production, policy_scope: xyz-open,")
    inventory = parse_inventory(
        inventory_text(("sources:\n", "widgets: {policy_scope: xyz-pairwise}\nsources:\n"), prod)
    )
    hub = parse_hub(
        HUB.model_dump_json()
        .replace('"slug":"xyz-service-web"', '"slug":"xyz-other"')
        .replace('"widget":"xyz-service-web"', '"widget":"xyz-other"')
    )
    assert {one.slug: one.policy_scope for one in inventory_widgets(inventory, hub)} == {
        "xyz-host-one": "xyz-open",
        "xyz-service-web": "xyz-open",
        "xyz-service-store": "xyz-pairwise",
    }


MISTAKES = [
    (
        ("policy_scope: xyz-pairwise", "policy_scope: xyz-pairwis"),
        "widgets.policy_scope: `xyz-pairwis` is not a policy",
    ),
    (("  one:\n", "  one:\n    policy_scope: xyz-opn\n"), "hosts.one.policy_scope: `xyz-opn` is not a policy scope"),
    (("  one:\n", "  one:\n    widget: xyz-x\n"), "hosts.one.widget: `xyz-x` is not one of the widgets of xyz-hub"),
    (
        ("  one:\n", "  one:\n    widget: xyz-service-web\n"),
        "hosts.one.widget: `xyz-service-web` is a widget of type xyz-service, not xyz-host",
    ),
    (("  one:\n", "  one:\n    widget: xyz-service-web\n"), "services.web: the widget of this entry would be called"),
    (
        ("  data:\n", "  data:\n    widget: xyz-service-web\n"),
        "datastores.data.widget: xyz-hub has no widget type for a datastore",
    ),
    (("policy_scope: xyz-pairwise, ", ""), "services.web: nothing says which policy scope"),
]


@pytest.mark.parametrize(("change", "wanted"), MISTAKES, ids=lambda value: str(value)[:50])
def test_what_does_not_fit_the_hub_is_told(change: tuple[str, str], wanted: str) -> None:
    assert any(found.startswith(wanted) for found in findings(change)), findings(change)


def test_names_that_would_be_too_long_are_refused() -> None:
    hub = parse_hub(HUB.model_dump_json().replace("xyz", "x" * 16))
    key = "k" * 40
    text = inventory_text(SCOPED, ("  store:", f"  {key}:"), ("service/store", f"service/{key}")).replace(
        "xyz", "x" * 16
    )
    found = widget_findings(parse_inventory(text), hub)
    assert [one.rule for one in found] == ["widget"]
    assert "over 63 characters" in found[0].message


def test_nothing_is_made_of_an_empty_inventory() -> None:
    empty = parse_inventory("spec: vsmhub/inventory/v1\nsources: {a: {document: A, dated: 2026-01-01}}\n")
    assert inventory_widgets(empty, HUB) == ()
