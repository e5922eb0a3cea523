"""What changed since it was told last is told, once; what did not change is not."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.evidence.records import NOW, record
from tests.spec.gates.examples import HUB, WITH_WAVE, gates_text
from vsmhub.evidence.envelope import Envelope
from vsmhub.evidence.gate_events import gate_changes
from vsmhub.evidence.gates import evaluate, verdict
from vsmhub.evidence.record import Record, from_envelopes
from vsmhub.spec.folder import HubFolder, load_folder


@pytest.fixture
def folder(tmp_path: Path) -> HubFolder:
    for name, text in {"hub": HUB, "inventory": WITH_WAVE, "gates": gates_text()}.items():
        (tmp_path / f"{name}.yaml").write_text(text)
    return load_folder(tmp_path)


def changes(folder: HubFolder, *records: Record, days: float = 60) -> tuple[Envelope, ...]:
    """What there is to tell, two months on, when nothing is waived any more."""
    assert folder.gates is not None
    as_of = NOW + timedelta(days=days)
    results = evaluate(folder.gates, records, as_of)
    return gate_changes(folder, results, [verdict("move", results)], records, as_of)


def told(envelopes: tuple[Envelope, ...]) -> list[tuple[str, str]]:
    return [(one.type, one.subject) for one in envelopes]


def test_at_first_everything_is_told(folder: HubFolder) -> None:
    found = changes(folder)
    assert told(found) == [
        ("xyz-readiness-gate-updated", "xyz-readiness-well"),
        ("xyz-readiness-gate-updated", "xyz-readiness-nice"),
        ("xyz-migration-gate-failed", "xyz-migration-wave-move".replace("-wave-", "-")),
    ]
    metadata = found[0].data["metadata"]
    assert isinstance(metadata, dict)
    assert (metadata["gate"], metadata["status"], metadata["before"]) == ("well", "unknown", None)
    assert (metadata["vsmFunction"], metadata["owner"], metadata["evidenceIds"]) == ("SYN", "tools", [])
    verdict_metadata = found[2].data["metadata"]
    assert isinstance(verdict_metadata, dict)
    assert verdict_metadata["blockers"] == ["well"]


def test_what_was_told_is_not_told_again(folder: HubFolder) -> None:
    first = tuple(from_envelopes(changes(folder)))
    assert changes(folder, *first, days=61) == ()


def test_a_change_is_told_with_what_was_before(folder: HubFolder) -> None:
    first = tuple(from_envelopes(changes(folder)))
    good = (
        record(widget="xyz-service-web", age=-61 * 86400),
        record(event="xyz-registered", ok=True, age=-61 * 86400),
    )
    second = changes(folder, *first, *good, days=61)
    assert told(second) == [
        ("xyz-readiness-gate-updated", "xyz-readiness-well"),
        ("xyz-migration-gate-passed", "xyz-migration-move"),
    ]
    metadata = second[0].data["metadata"]
    assert isinstance(metadata, dict)
    assert (metadata["shown"], metadata["before"]) == ("pass", "unknown")
    assert len(metadata["evidenceIds"]) == 2  # type: ignore[arg-type]
    third = changes(folder, *first, *good, *from_envelopes(second), days=63)
    assert [(one.type, one.subject) for one in third] == [
        ("xyz-readiness-gate-updated", "xyz-readiness-well"),
        ("xyz-migration-gate-failed", "xyz-migration-move"),
    ]


def test_a_waiver_is_a_change_and_says_whose(folder: HubFolder) -> None:
    (well, *_) = changes(folder, days=0)
    metadata = well.data["metadata"]
    assert isinstance(metadata, dict)
    assert (metadata["status"], metadata["shown"]) == ("unknown", "waived (unknown)")
    assert isinstance(metadata["setAside"], dict)
    assert metadata["setAside"]["approved_by"] == "somebody else"


def test_two_who_see_the_same_change_tell_it_once(folder: HubFolder) -> None:
    assert [one.id for one in changes(folder)] == [one.id for one in changes(folder, days=60.5)]


def test_a_change_back_is_a_change_of_its_own(folder: HubFolder) -> None:
    first = tuple(from_envelopes(changes(folder)))
    good = record(widget="xyz-service-web", age=-61 * 86400)
    more = record(event="xyz-registered", ok=True, age=-61 * 86400)
    second = tuple(from_envelopes(changes(folder, *first, good, more, days=61)))
    bad = record("fail", widget="xyz-service-web", age=-62 * 86400)
    third = changes(folder, *first, good, more, *second, bad, days=62)
    assert not {one.id for one in third} & {one.id for one in (*first, *second)}
    assert told(third)[0] == ("xyz-readiness-gate-updated", "xyz-readiness-well")


def test_a_hub_that_lacks_the_types_has_nothing_to_tell_by(tmp_path: Path) -> None:
    hub = "\n".join(line for line in HUB.splitlines() if "gate-" not in line) + "\n"
    for name, text in {"hub": hub, "inventory": WITH_WAVE, "gates": gates_text()}.items():
        (tmp_path / f"{name}.yaml").write_text(text)
    assert changes(load_folder(tmp_path)) == ()
