"""`inventory.yaml` is told all that is wrong with it, each thing at its place."""

from pathlib import Path

import pytest

from tests.spec.inventory.examples import INVENTORY, inventory_text
from vsmhub.spec.inventory.load import INVENTORY as KIND
from vsmhub.spec.inventory.load import parse_inventory
from vsmhub.spec.reading import read, read_text


def complaints(*changes: tuple[str, str]) -> list[str]:
    found = read_text(KIND, inventory_text(*changes), Path("inventory.yaml")).complaints
    return [f"{one.line}:{one.column} {one.rule}: {one.message} ({one.hint})".replace(" ()", "") for one in found]


def test_known_unknown_and_absent_are_three_things() -> None:
    inventory = parse_inventory(INVENTORY)
    host = inventory.hosts["one"]
    assert (host.os.value, host.os.source, host.os.note) == ("Debian", "call", "Said by the caller")
    assert host.addresses.value == ("192.0.2.1", "2001:db8::1")
    assert (host.provider.value, host.provider.unknown, host.provider.source) == (None, "Nobody asked", "call")
    assert not host.provider.is_known
    assert host.dns_names is None
    assert inventory.services["store"].depends_on.value == ()
    assert inventory.environments["prod"].tier.unknown


def test_a_text_may_be_the_word_unknown() -> None:
    inventory = parse_inventory(inventory_text(("purpose: to serve}", "purpose: {value: unknown}}")))
    assert inventory.environments["prod"].purpose.value == "unknown"


def test_what_is_written_out_reads_as_the_same() -> None:
    inventory = parse_inventory(INVENTORY)
    assert parse_inventory(inventory.model_dump_json()) == inventory


# What stands there, what is put in its place, and the complaints.
MISTAKES = [
    ("192.0.2.1,", "here,", ["16:17 wrong-text: `hosts.one.addresses[0]` cannot be `here`"]),
    ("os: {value: Debian,", "os: {value: 5,", ["17:17 wrong-kind: `hosts.one.os.value` must be a text"]),
    ("os: {value: Debian,", "os: {vale: Debian,", ["17:9 missing-key:", "17:10 unknown-key: unknown key `vale`"]),
    ("purpose: to serve later", "purpose: ''", ["9:93 wrong-text: `environments.next.purpose` is empty"]),
    ("state: planned", "state: planed", ["9:43 wrong-choice:"]),
    ("    os: {value: Debian, source: call, note: Said by the caller}\n", "", ["12:5 missing-key: `hosts.one.os`"]),
    ("node_port: 32000", "node_port: 99999", ["47:16 wrong-value: `deployments.web-prod.node_port`"]),
    ("rpo: 1h", "rpo: 1y", ["59:10 wrong-text:"]),
    ("dated: 2026-01-02", "dated: 2026-13-02", ["3:37 wrong-text:"]),
    (
        "dated: 2026-01-02",
        "dated: 2026-02-30",
        ["3:37 wrong-value: `sources.book.dated` is not taken: there is no such day"],
    ),
    ("vsmhub/inventory/v1", "vsmhub/inventory/v2", ["1:7 format:"]),
    ("provider: {unknown: Nobody asked,", "provider: {unknown: '',", ["18:25 wrong-text:"]),
    ("provider: {unknown: Nobody asked,", "provider: {unknown: x, value: y,", ["18:28 unknown-key:"]),
    # References
    ("owner: tools", "owner: tool", ["23:12 reference: there is no repository `tool`", "did you mean `tools`?"]),
    ("owner: tools", "owner: {value: tool}", ["23:20 reference:"]),
    ("environments: [prod]", "environments: [prod, nxt]", ["15:26 reference:", "did you mean `next`?"]),
    ("service: web", "service: wbe", ["42:14 reference: there is no service `wbe` in `services`"]),
    ("[service/store]", "[service/stor]", ["27:18 reference:", "did you mean `service/store`?"]),
    ("[service/store]", "[service/web]", ["27:18 reference: a service cannot depend on itself"]),
    ("runs_on: host/one", "runs_on: service/web", ["44:14 reference:", "it takes host, cluster"]),
    ("runs_on: host/one", "runs_on: hots/one", ["44:14 reference:", "did you mean `host`?"]),
    ("runs_on: host/one", "runs_on: one", ["44:14 wrong-text:", "`cluster/coulombcore`"]),
    (
        "source: call, note",
        "source: cal, note",
        ["17:33 source: `cal` is not one of `sources`", "did you mean `call`?"],
    ),
    ("repository: tools", "repository: tolls", ["4:40 source:", "did you mean `tools`?"]),
    ("environments: [prod]", "environments: [prod, prod]", ["15:26 duplicate:"]),
]


@pytest.mark.parametrize(("old", "new", "wanted"), MISTAKES, ids=lambda value: str(value)[:40])
def test_every_mistake_is_told_at_its_place(old: str, new: str, wanted: list[str]) -> None:
    found = complaints((old, new))
    places = [text for text in wanted if text[0].isdigit()]
    assert len(found) == len(places), found
    for text in wanted:
        assert any(one.startswith(text) if text[0].isdigit() else text in one for one in found), (text, found)


def test_one_wrong_thing_hides_no_other() -> None:
    found = complaints(
        ("rpo: 1h", "rpo: soon"), ("owner: tools", "owner: tool"), ("source: call, note", "source: x, note")
    )
    assert [one.split()[1] for one in found] == ["source:", "reference:", "wrong-text:"]


def test_a_service_is_in_an_environment_once() -> None:
    entry = INVENTORY[INVENTORY.index("  web-prod:") : INVENTORY.index("datastores:\n  data:")]
    found = complaints(("datastores:\n  data:", f"{entry.replace('web-prod:', 'web-again:')}datastores:\n  data:"))
    assert found == ["56:18 duplicate: the service web is deployed into prod already, by `deployments.web-prod`"]


WAVE = """\
migration_waves:
  move:
    {name: Move, source: book, owner: unknown, state: planned, sequence: 1, origin: prod, destination: next,
     services: [web], cutover: unknown, rollback: unknown}
"""


def test_a_wave_leads_somewhere_else() -> None:
    assert parse_inventory(INVENTORY + WAVE).migration_waves["move"].sequence.value == 1
    found = read_text(KIND, INVENTORY + WAVE.replace("destination: next", "destination: prod"), Path("x")).complaints
    assert [one.message for one in found] == ["a migration wave leads from one environment to another"]


def test_a_file_that_is_not_there_is_a_complaint(tmp_path: Path) -> None:
    assert [one.rule for one in read(KIND, tmp_path / "inventory.yaml").complaints] == ["file"]
