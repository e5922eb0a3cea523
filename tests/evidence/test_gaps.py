"""What a catalog lacks, with and without evidence, and how that is told."""

import pytest

from tests.evidence.records import NOW, record
from tests.evidence.world import catalog, world
from vsmhub.evidence.catalog import Catalog
from vsmhub.evidence.gaps import CATEGORIES, GapKind, gap_annotations, gap_answer, gap_evidence, gaps
from vsmhub.evidence.proof import Proofs
from vsmhub.evidence.record import Record, from_envelopes
from vsmhub.spec.inventory.document import Ref
from vsmhub.spec.inventory.entry import EntryKind

WEB = Ref(EntryKind.SERVICE, "web")
DAY = 86400


def lacking(
    *records: Record, changes: tuple[tuple[str, str], ...] = (), signals: bool = False
) -> list[tuple[str, str]]:
    asked = catalog(*changes, signals=signals)
    return [(one.kind.value, str(one.about)) for one in gaps(asked, Proofs(asked, records, NOW), [WEB])]


CHECKED = record(event="xyz-endpoint-verified", widget="xyz-endpoint-web")
KEPT = record(event="xyz-backup-verified", widget="xyz-backup-data")
RESTORED = record(event="xyz-restore-tested", widget="xyz-backup-data")
CHECK, BACKUP, RESTORE = (
    ("no endpoint check", "endpoint/web"),
    ("no backup", "datastore/data"),
    ("no restore test", "datastore/data"),
)


def test_evidence_closes_a_gap() -> None:
    assert lacking() == [CHECK, BACKUP, RESTORE]
    assert lacking(CHECKED) == [BACKUP, RESTORE]
    assert lacking(CHECKED, KEPT) == [RESTORE]
    assert lacking(CHECKED, KEPT, RESTORED) == []


@pytest.mark.parametrize("outcome", ["fail", "error"])
def test_bad_evidence_closes_none(outcome: str) -> None:
    assert lacking(record(outcome, event="xyz-backup-verified", widget="xyz-backup-data"), CHECKED, RESTORED) == [
        BACKUP
    ]


def test_old_evidence_closes_none() -> None:
    old = record(event="xyz-restore-tested", widget="xyz-backup-data", age=90 * DAY)
    assert lacking(old, CHECKED, KEPT) == [RESTORE]


def test_a_completed_backup_is_no_restore() -> None:
    assert RESTORE in lacking(KEPT)
    assert BACKUP in lacking(RESTORED)


CHANGES = [
    (
        ("owner: tools\n    tier", "owner: {unknown: Nobody asked}\n    tier"),
        ("no owner", "service/web"),
        "Nobody asked",
    ),
    (
        ("runs_on: host/one\n    desired", "runs_on: unknown\n    desired"),
        ("no known place", "deployment/web-prod"),
        "",
    ),
    (("datastores: [data]", "datastores: unknown"), ("no known data", "deployment/web-prod"), ""),
    (('url: "https://web.example.org/"', "url: unknown"), ("no known endpoint", "endpoint/web"), ""),
]


@pytest.mark.parametrize(("change", "wanted", "said"), CHANGES)
def test_what_nobody_knows_is_a_gap(change: tuple[str, str], wanted: tuple[str, str], said: str) -> None:
    asked = catalog(change)
    found = {(one.kind.value, str(one.about)): one.said for one in gaps(asked, None, [WEB])}
    assert wanted in found
    assert said in found[wanted]


def test_a_service_without_deployment_or_endpoint_or_backup() -> None:
    asked = catalog()
    store = [(one.kind.value, one.said) for one in gaps(asked, None, [Ref(EntryKind.SERVICE, "store")])]
    assert store == [("no owner", "nobody has recorded it"), ("no known place", "no deployment is listed")]
    alone = catalog(("deployment: web-prod", "deployment: store-prod"), ("deployments:\n", DEPLOYED))
    assert ("no known endpoint", "no endpoint is listed") in [(o.kind.value, o.said) for o in gaps(alone, None, [WEB])]
    bare = catalog(("protects: data", "protects: other"), ("datastores:\n  data:", STORED))
    assert [(o.kind.value, o.said) for o in gaps(bare, None, [WEB])][-2:] == [
        ("no backup", "no backup is listed"),
        ("no restore test", "no backup is listed"),
    ]


DEPLOYED = """\
deployments:
  store-prod:
    {name: Store, source: book, owner: unknown, state: live, service: store, environment: prod, runs_on: host/one,
     desired_release: unknown, observed_release: unknown, datastores: [], secret_sets: []}
"""
STORED = """\
datastores:
  other:
    {name: Other, source: book, owner: unknown, state: live, engine: files, version: unknown, data_class: unknown,
     rpo: unknown, rto: unknown, runs_on: host/one}
  data:"""


def test_offline_what_is_declared_counts() -> None:
    asked = catalog()
    assert [one.kind for one in gaps(asked, None, [WEB])] == [
        GapKind.ENDPOINT_CHECK,
        GapKind.BACKUP,
        GapKind.RESTORE_TEST,
    ]
    looked_at = catalog(("schedule: unknown", "schedule: daily"), signals=True)
    assert [one.kind for one in gaps(looked_at, None, [WEB])] == [GapKind.RESTORE_TEST]
    with_evidence = gaps(looked_at, Proofs(looked_at, (), NOW), [WEB])
    assert [one.said for one in with_evidence] == [
        "there is no evidence",
        "there is no evidence",
        "nobody has recorded it",
    ]


TRIAL = "[{at: 2026-03-09, outcome: pass, evidence: the log}]"


def test_a_backup_that_the_inventory_notes_counts_while_it_is_young() -> None:
    assert BACKUP not in lacking(changes=(("runs: unknown", f"runs: {TRIAL}"),))
    assert BACKUP in lacking(changes=(("runs: unknown", f"runs: {TRIAL.replace('03-09', '03-01')}"),))
    assert BACKUP in lacking(changes=(("runs: unknown", f"runs: {TRIAL.replace('pass', 'fail')}"),))
    assert BACKUP in lacking(changes=(("runs: unknown", "runs: []"),))
    assert RESTORE not in lacking(changes=(("restore_tests: unknown", f"restore_tests: {TRIAL}"),))


def test_places_with_what_was_never_listed_have_a_gap_too() -> None:
    asked = catalog(("    os: {value", "    unlisted: [a thing]\n    os: {value"))
    first = gaps(asked, None)[0]
    assert (first.kind, str(first.entry), first.said) == (GapKind.UNLISTED, "host/one", "a thing")
    assert gap_answer(gaps(asked, None), with_evidence=False).notes


def test_every_kind_of_gap_has_its_category() -> None:
    assert set(CATEGORIES) == set(GapKind)


def test_gaps_become_remarks_of_the_fitting_category() -> None:
    asked = catalog()
    found = gaps(asked, Proofs(asked, (), NOW))
    made = list(gap_annotations(asked, found))
    told = {(one.type, one.subject) for one in made}
    assert told == {
        ("xyz-service-catalog-gap", "xyz-service-store"),
        ("xyz-backup-gap", "xyz-service-web"),
        ("xyz-recovery-gap", "xyz-service-web"),
    }  # what has no category in this vocabulary, such as the check that is lacking, is passed over
    assert "Data: no backup. nobody has recorded it" in [one.data["body"] for one in made]
    assert [one.id for one in made] == [one.id for one in gap_annotations(asked, found)]


def test_how_complete_the_catalog_is_is_evidence() -> None:
    hub = world().hub
    asked = Catalog(world())
    proofs = Proofs(asked, (), NOW)
    assert gap_evidence(asked, (), proofs) is None  # the hub has no widget for its catalog
    text = hub.model_dump_json().replace('"type":"xyz-board"', '"type":"xyz-service-catalog"')
    from vsmhub.spec.load import parse_hub

    folder = world()
    asked = Catalog(type(folder)(path=folder.path, hub=parse_hub(text), inventory=folder.inventory))
    for found, outcome in (((), "pass"), (gaps(asked, proofs), "fail")):
        envelope = gap_evidence(asked, found, proofs)
        assert envelope is not None
        (one,) = from_envelopes([envelope])
        assert (one.type, one.widget, one.outcome) == ("xyz-inventory-updated", "xyz-main", outcome)
        assert one.metadata["check"] == "catalog-gaps"
        assert one.expires is not None
