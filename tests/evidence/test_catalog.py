"""An inventory is asked what runs where, who owns it, how it is reached, and what depends on it."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.evidence.world import catalog, world
from vsmhub.evidence import catalog_queries as ask
from vsmhub.evidence.answers import Answer
from vsmhub.evidence.catalog import Catalog
from vsmhub.evidence.errors import EvidenceError
from vsmhub.spec.folder import load_folder
from vsmhub.spec.inventory.entry import EntryKind

OPS = Path(__file__).parents[2] / "hubs" / "ops"


def column(answer: Answer, name: str) -> list[Any]:
    return [row.get(name) for row in answer.rows]


NAMES = [
    ("host/one", ["host/one"]),
    ("one", ["host/one"]),
    ("ONE", ["host/one"]),
    ("xyz-host-one", ["host/one"]),
    ("web", ["service/web", "endpoint/web"]),
    ("Web in production", ["deployment/web-prod"]),
]


@pytest.mark.parametrize(("name", "wanted"), NAMES)
def test_a_thing_is_found_by_what_people_call_it(name: str, wanted: list[str]) -> None:
    assert [str(ref) for ref in catalog().find(name)] == wanted


def test_some_kinds_are_meant_before_others() -> None:
    assert [str(ref) for ref in catalog().find("web", (EntryKind.SERVICE,))] == ["service/web"]
    assert [str(ref) for ref in catalog().find("one", (EntryKind.SERVICE,))] == ["host/one"]


def test_what_is_not_there_has_a_suggestion() -> None:
    with pytest.raises(EvidenceError, match="nothing called hots/one") as caught:
        catalog().find("hots/one")
    assert caught.value.hint == "did you mean `host/one`?"


def test_a_hub_without_an_inventory_cannot_be_asked() -> None:
    with pytest.raises(EvidenceError, match="xyz-hub has no inventory"):
        Catalog(replace(world(), inventory=None))


def test_what_runs_on_a_host() -> None:
    answer = ask.runs_on(catalog(), "one")
    assert column(answer, "entry") == ["deployment/web-prod", "datastore/data"]
    assert column(answer, "service") == ["web", None]
    assert column(answer, "by_way_of") == [["host/one"], ["host/one"]]


def test_what_runs_in_an_environment_and_was_never_listed() -> None:
    answer = ask.runs_on(catalog(("    os: {value", "    unlisted: [a thing]\n    os: {value")), "prod")
    assert column(answer, "entry") == ["host/one", "deployment/web-prod", "datastore/data"]
    assert column(answer, "by_way_of")[2] == ["environment/prod", "host/one"]
    on_host = ask.runs_on(catalog(("    os: {value", "    unlisted: [a thing]\n    os: {value")), "one")
    assert on_host.rows[-1]["name"] == "a thing"
    assert on_host.rows[-1]["state"] == {"unknown": "nobody has listed it"}


def test_where_a_service_runs() -> None:
    (row,) = ask.where(catalog(), "web").rows
    assert row["environment"] == ["prod"]
    assert row["runs_on"] == ["host/one"]
    assert row["addresses"] == ["192.0.2.1", "2001:db8::1"]
    assert row["state"] == "live"
    everything = ask.where(catalog(), None)
    assert column(everything, "entry") == ["service/web", "service/store"]
    assert everything.rows[1]["environment"] == {"unknown": "no deployment is listed"}


def test_who_owns_it_and_who_says_so() -> None:
    answer = ask.owners(catalog(("owner: unknown", "owner: {unknown: Nobody asked, source: call}")), None)
    assert column(answer, "owner") == ["tools", {"unknown": "Nobody asked"}]
    assert column(answer, "as_of") == ["2026-01-02", "2026-02-03"]
    (host,) = ask.owners(catalog(), "one").rows
    assert host["note"] == "a host has no owner of its own"


def test_how_it_is_reached() -> None:
    rows = ask.reach(catalog(), "web").rows
    assert [row["endpoint"] for row in rows] == ["Web", "NodePort 32000"]
    assert (rows[0]["url"], rows[0]["exposure"]) == ("https://web.example.org/", "public")
    assert rows[0]["tls_issuer"] == {"unknown": "nobody has recorded it"}
    assert rows[0]["resolves_to"] is None
    (none,) = ask.reach(catalog(), "store").rows
    assert none["url"] == {"unknown": "no endpoint is listed"}


def test_parts_of_a_service_are_asked_about_like_the_service() -> None:
    (deployment,) = ask.where(catalog(), "deployment/web-prod").rows
    assert (deployment["environment"], deployment["runs_on"]) == (["prod"], ["host/one"])
    assert [row["endpoint"] for row in ask.reach(catalog(), "deployment/web-prod").rows] == ["Web", "NodePort 32000"]
    assert ask.reach(catalog(), "endpoint/web").rows[0]["endpoint"] == "Web"
    (data,) = ask.reach(catalog(), "datastore/data").rows
    assert data["url"] == {"unknown": "no endpoint is listed"}


def test_what_depends_on_it_also_through_others() -> None:
    answer = ask.depends(catalog(), "one")
    found = dict(zip(column(answer, "entry"), column(answer, "steps"), strict=True))
    assert found == {
        "deployment/web-prod": 1,
        "datastore/data": 1,
        "endpoint/web": 2,
        "service/web": 2,
        "migration-wave/move": 3,
    }
    ways = dict(zip(column(answer, "entry"), column(answer, "by_way_of"), strict=True))
    assert ways["migration-wave/move"] == ["host/one", "deployment/web-prod", "service/web"]
    assert column(ask.depends(catalog(), "service/store"), "entry") == ["service/web", "migration-wave/move"]


def test_services_that_depend_on_each_other_end_the_search() -> None:
    circle = catalog(("depends_on: []", "depends_on: [service/web]"))
    assert column(ask.depends(circle, "service/store"), "entry") == ["service/web", "migration-wave/move"]


def test_every_fact_with_its_source() -> None:
    answer = ask.about(catalog(), "one")
    os = next(row for row in answer.rows if row["what"] == "os")
    assert (os["is"], os["note"], os["source"], os["as_of"]) == ("Debian", "Said by the caller", "call", "2026-02-03")
    provider = next(row for row in answer.rows if row["what"] == "provider")
    assert (provider["is"], provider["note"]) == ({"unknown": "Nobody asked"}, "Nobody asked")


def test_the_workplans_own_questions() -> None:
    """What runs on CoulombCore, where Gitea runs, and what fails with Railiance01."""
    ops = Catalog(load_folder(OPS))
    assert {"deployment/gitea-coulombcore", "datastore/gitea-database", None} <= set(
        column(ask.runs_on(ops, "coulombcore"), "entry")
    )
    (gitea,) = ask.where(ops, "gitea").rows
    assert (gitea["addresses"], gitea["helm_release"], gitea["namespace"]) == (["92.205.130.254"], "gitea", "default")
    assert {"service/inter-hub", "endpoint/inter-hub-api"} <= set(column(ask.depends(ops, "host/railiance01"), "entry"))
    assert "NodePort 32166" in column(ask.reach(ops, "gitea"), "endpoint")
