"""The inventory's page says what is known, since when, and what is not; its picture shows what runs where."""

from pathlib import Path

from tests.render.specs import ops
from tests.spec.inventory.examples import INVENTORY, inventory_text
from vsmhub.render.artifacts import artifacts
from vsmhub.render.inventory_diagram import diagram
from vsmhub.render.inventory_page import inventory_page
from vsmhub.spec.folder import load_folder
from vsmhub.spec.inventory.load import parse_inventory
from vsmhub.spec.inventory.statements import statements

ROOT = Path(__file__).parents[2]


def test_every_statement_is_on_the_page() -> None:
    inventory = load_folder(ROOT / "hubs" / "ops").inventory
    assert inventory is not None
    page = inventory_page(ops(), inventory)
    told = statements(inventory)
    assert f"{sum(one.known for one in told)} facts" in page
    for one in told:
        unknown = "" if one.known else "*unknown*: "
        assert f"| {unknown}{one.text}" in page, one
        assert f"[{one.source}](#sources) | {one.dated} |" in page
    for key, source in inventory.sources.items():
        assert f"| {key} | {source.document}" in page


def test_marks_of_markdown_do_not_break_a_table() -> None:
    inventory = parse_inventory(inventory_text(("purpose: to serve}", 'purpose: "a | b <script>"}')))
    assert "| a \\| b &lt;script> |" in inventory_page(ops(), inventory)


def test_the_picture_shows_what_runs_where() -> None:
    lines = diagram(parse_inventory(INVENTORY)).splitlines()
    assert lines == [
        "flowchart LR",
        '  subgraph environment_prod["Production"]',
        '    host_one["One"]',
        '    deployment_web_prod(["Web in production"])',
        '    datastore_data[("Data")]',
        "  end",
        '  subgraph environment_next["Next"]',
        "  end",
        "  deployment_web_prod -->|runs on| host_one",
        "  deployment_web_prod -.->|uses| datastore_data",
        "  datastore_data -->|runs on| host_one",
    ]


def test_what_is_nowhere_stands_apart_and_labels_are_kept_apart_from_syntax() -> None:
    text = inventory_text(("name: One", "name: 'a \"b\" <#>'"), ("environments: [prod]", "environments: unknown"))
    lines = diagram(parse_inventory(text)).splitlines()
    at = lines.index('  subgraph environment_unknown["nobody knows where"]')
    assert lines[at + 1] == '    host_one["a #quot;b#quot; #lt;#35;#gt;"]'


def test_a_hub_without_an_inventory_has_no_page_of_one() -> None:
    with_one = artifacts(ops(), sql="", inventory=parse_inventory(INVENTORY))
    assert set(with_one) - set(artifacts(ops(), sql="")) == {"generated/INVENTORY.md", "generated/catalog-info.yaml"}
    assert all("Generated from inventory.yaml" in with_one[name] for name in with_one if "INVENTORY" in name)
