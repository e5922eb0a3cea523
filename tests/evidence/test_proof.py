"""What proves entries healthy, how old it is, and what it comes to."""

from typing import Any

from tests.evidence.records import NOW, record
from tests.evidence.world import catalog
from vsmhub.evidence.logic import Status
from vsmhub.evidence.overview import overview
from vsmhub.evidence.proof import HEALTH, Proofs, proof
from vsmhub.evidence.record import Record

DAY = 86400


def seen(*records: Record, signals: bool = False) -> Proofs:
    return Proofs(catalog(signals=signals), records, NOW)


def rows(*records: Record, name: str = "web", signals: bool = False) -> dict[Any, Any]:
    asked = catalog(signals=signals)
    return {row["about"]: row for row in proof(asked, name, Proofs(asked, records, NOW)).rows}


VERIFIED: dict[str, Any] = {"event": "xyz-endpoint-verified", "widget": "xyz-endpoint-web"}


def test_every_part_of_a_service_has_its_proof_or_lacks_one() -> None:
    found = rows(record(**VERIFIED, age=60, signal="looks", name="e1"))
    assert list(found) == ["service/web", "endpoint/web", "backup/data"]
    endpoint = found["endpoint/web"]
    assert (endpoint["status"], endpoint["age"], endpoint["by"], endpoint["id"]) == ("pass", "1m", "signal looks", "e1")
    assert found["service/web"]["status"] == found["backup/data"]["status"] == {"unknown": "there is no evidence"}


def test_the_newest_of_each_sort_counts() -> None:
    found = rows(record(**VERIFIED, age=60), record("fail", **VERIFIED, age=30))
    assert found["endpoint/web"]["status"] == "fail"


def test_proof_without_an_end_ends_by_its_age() -> None:
    assert rows(record(**VERIFIED, age=DAY))["endpoint/web"]["status"] == "stale"
    assert rows(record(**VERIFIED, age=DAY - 1))["endpoint/web"]["status"] == "pass"
    tested: dict[str, Any] = {"event": "xyz-restore-tested", "widget": "xyz-backup-data"}
    assert rows(record(**tested, age=89 * DAY))["backup/data"]["status"] == "pass"
    assert rows(record(**tested, age=60, lasts=60))["backup/data"]["status"] == "stale"


def test_evidence_is_about_what_its_signal_is_about() -> None:
    """The signal looks at the endpoint, and tells it about another widget."""
    told = record(event="xyz-endpoint-verified", widget="xyz-main", signal="looks")
    assert rows(told, signals=True)["endpoint/web"]["status"] == "pass"
    assert rows(told)["endpoint/web"]["status"] == {"unknown": "there is no evidence"}
    other = record(event="xyz-endpoint-verified", widget="xyz-main", signal="another")
    assert rows(other, signals=True)["endpoint/web"]["status"] == {"unknown": "there is no evidence"}


def test_what_gates_came_to_proves_nothing() -> None:
    assert (
        seen(record(event="xyz-readiness-gate-updated", widget="xyz-service-web")).about(
            catalog().find("service/web")[0]
        )
        == ()
    )
    assert seen(record(None, **VERIFIED)).about(catalog().find("endpoint/web")[0]) == ()


def test_what_is_healthy_is_so_in_every_part() -> None:
    refs = catalog().find("endpoint/web")
    assert seen().status(refs, HEALTH) is Status.UNKNOWN
    assert seen(record(**VERIFIED)).status(refs, HEALTH) is Status.PASS
    both = seen(record(**VERIFIED, signal="a"), record("error", **VERIFIED, signal="b"))
    assert both.status(refs, HEALTH) is Status.ERROR


def test_the_overview_says_it_all_in_a_line() -> None:
    asked = catalog()
    health = record(event="xyz-health-checked", widget="xyz-service-web", age=300)
    web, store = overview(asked, Proofs(asked, [record(**VERIFIED, age=60), health], NOW)).rows
    assert (web["service"], web["owner"], web["environment"]) == ("web", "tools", ["prod"])
    assert (web["runs_on"], web["reached_at"]) == (["host/one"], ["https://web.example.org/"])
    assert (web["proof"], web["age"], web["gaps"]) == ("pass", "5m", 2)
    assert store["environment"] == {"unknown": "nobody says which environment it is in"}
    assert (store["proof"], store["age"]) == ({"unknown": "there is no evidence"}, None)
    offline = overview(asked, None)
    assert offline.rows[0]["proof"] == {"unknown": "evidence was not read"}
    assert offline.notes == ("Evidence was not read.",)
