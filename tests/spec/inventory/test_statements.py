"""Everything an inventory says, with where it comes from."""

from datetime import date

from tests.spec.inventory.examples import INVENTORY
from vsmhub.spec.inventory.load import parse_inventory
from vsmhub.spec.inventory.statements import statements, value_text


def test_every_fact_has_its_source_and_its_day() -> None:
    found = {(str(one.ref), one.field): one for one in statements(parse_inventory(INVENTORY))}
    os = found["host/one", "os"]
    assert (os.text, os.known, os.source, os.dated, os.note) == (
        "Debian",
        True,
        "call",
        date(2026, 2, 3),
        "Said by the caller",
    )
    provider = found["host/one", "provider"]
    assert (provider.text, provider.known, provider.source) == ("Nobody asked", False, "call")
    assert found["host/one", "addresses"].text == "192.0.2.1, 2001:db8::1"
    assert found["deployment/web-prod", "service"].dated == date(2026, 1, 2)
    assert found["service/store", "depends_on"].text == "none"
    assert ("host/one", "dns_names") not in found
    assert not any(field in {"name", "source", "widget"} for _, field in found)


BACKUP = """\
backups:
  data:
    name: Backup
    source: book
    owner: unknown
    protects: data
    policy: {schedule: daily, retention: unknown, destination: unknown, tool: {value: pgbackrest, source: call}}
    runs: [{at: 2026-02-01, outcome: pass, evidence: the log}]
    restore_tests: []
    unproven: [That it can be read]
"""


def test_parts_and_lists_of_parts_are_told_as_well() -> None:
    inventory = parse_inventory(INVENTORY + BACKUP)
    found = [(one.field, one.text) for one in statements(inventory) if str(one.ref) == "backup/data"]
    assert found == [
        ("owner", "nobody has recorded it"),
        ("protects", "data"),
        ("policy.schedule", "daily"),
        ("policy.retention", "nobody has recorded it"),
        ("policy.destination", "nobody has recorded it"),
        ("policy.tool", "pgbackrest"),
        ("runs", "pass on 2026-02-01 (the log)"),
        ("restore_tests", "none"),
        ("unproven", "That it can be read"),
    ]
    assert value_text(5) == "5"
