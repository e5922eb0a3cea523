"""A gate passes on evidence that is there, young enough and good; on nothing else."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.evidence.gating import LEAF, gates
from tests.evidence.records import NOW, record
from tests.spec.gates.examples import gates_text
from vsmhub.evidence.freshness import is_fresh, known_at, span
from vsmhub.evidence.gates import GateResult, evaluate, verdict
from vsmhub.evidence.judgement import Outcome
from vsmhub.evidence.logic import Status
from vsmhub.evidence.record import Record
from vsmhub.spec.gates.conditions import AllOf, AnyOf, AtLeast, Condition, EvidenceCondition
from vsmhub.spec.gates.load import parse_gates

HOUR = 3600.0
DAY = 24 * HOUR


def status(condition: Any, *records: Record, as_of: datetime = NOW, max_age: str = "1d") -> Status:
    return one(condition, *records, as_of=as_of, max_age=max_age).status


def one(condition: Any, *records: Record, as_of: datetime = NOW, max_age: str = "1d") -> GateResult:
    (found,) = evaluate(gates(condition, max_age=max_age), records, as_of)
    return found


SIGNAL = {**LEAF, "signal": "a"}
ATTESTED = {**LEAF, "attested": True}
DEEP = {**LEAF, "where": {"ok": {"a": [1, True], "b": None}}}
CASES: list[tuple[str, Any, Sequence[Record], Status]] = [
    ("nothing", LEAF, [], Status.UNKNOWN),
    ("good", LEAF, [record()], Status.PASS),
    ("bad", LEAF, [record("fail")], Status.FAIL),
    ("could not look", LEAF, [record("error")], Status.ERROR),
    ("claims nothing", LEAF, [record(None)], Status.UNKNOWN),
    ("too old", LEAF, [record(age=DAY)], Status.STALE),
    ("ended", LEAF, [record(age=60, lasts=60)], Status.STALE),
    ("a failure too old", LEAF, [record("fail", age=DAY)], Status.STALE),
    ("in the future", LEAF, [record(age=-1)], Status.UNKNOWN),
    ("about another widget", LEAF, [record(widget="xyz-other")], Status.UNKNOWN),
    ("of another type", LEAF, [record(event="xyz-registered")], Status.UNKNOWN),
    ("the newest counts", LEAF, [record("fail", age=60), record(age=5)], Status.PASS),
    ("in any order", LEAF, [record(age=60), record("fail", age=5)], Status.FAIL),
    ("an error hides what was good", LEAF, [record(age=60), record("error", age=5)], Status.ERROR),
    ("of two at once the worse", LEAF, [record("fail", age=5), record(age=5)], Status.FAIL),
    ("every signal", LEAF, [record(signal="a"), record("fail", age=60, signal="b")], Status.FAIL),
    ("an old signal", LEAF, [record(signal="a"), record(age=DAY, signal="b")], Status.STALE),
    ("only this signal", SIGNAL, [record(signal="a"), record("fail", signal="b")], Status.PASS),
    ("not this signal", SIGNAL, [record(signal="b")], Status.UNKNOWN),
    ("a person is no signal", SIGNAL, [record()], Status.UNKNOWN),
    ("stated", ATTESTED, [record(attested=True, lasts=60)], Status.PASS),
    ("stated without an end", ATTESTED, [record(attested=True)], Status.UNKNOWN),
    ("not stated", ATTESTED, [record(lasts=60)], Status.UNKNOWN),
    ("stated to the contrary", ATTESTED, [record("fail", attested=True, lasts=60)], Status.FAIL),
    ("said", {**LEAF, "where": {"ok": True}}, [record(ok=True)], Status.PASS),
    ("said otherwise", {**LEAF, "where": {"ok": True}}, [record(ok=1)], Status.UNKNOWN),
    ("not said", {**LEAF, "where": {"ok": None}}, [record()], Status.UNKNOWN),
    ("said in depth", DEEP, [record(ok={"a": [1.0, True], "b": None})], Status.PASS),
    ("in depth: true is not 1", DEEP, [record(ok={"a": [1, 1], "b": None})], Status.UNKNOWN),
    ("in depth: more than asked for", DEEP, [record(ok={"a": [1, True], "b": None, "c": 1})], Status.UNKNOWN),
    ("in depth: less than asked for", DEEP, [record(ok={"a": [1, True]})], Status.UNKNOWN),
    ("in depth: a longer list", DEEP, [record(ok={"a": [1, True, 2], "b": None})], Status.UNKNOWN),
    ("in depth: another name", DEEP, [record(ok={"a": [1, True], "c": None})], Status.UNKNOWN),
    ("its own age", {**LEAF, "max_age": "1h"}, [record(age=2 * HOUR)], Status.STALE),
    ("an age over the gate's", {**LEAF, "max_age": "2d"}, [record(age=1.5 * DAY)], Status.PASS),
    ("all", {"all_of": [LEAF, SIGNAL]}, [record(signal="a")], Status.PASS),
    ("not all", {"all_of": [LEAF, ATTESTED]}, [record()], Status.UNKNOWN),
    ("any", {"any_of": [ATTESTED, LEAF]}, [record()], Status.PASS),
    ("two of three", {"at_least": 2, "of": [ATTESTED, LEAF, SIGNAL]}, [record(signal="a")], Status.PASS),
]


@pytest.mark.parametrize(("condition", "records", "wanted"), [case[1:] for case in CASES], ids=[c[0] for c in CASES])
def test_what_evidence_comes_to(condition: Any, records: Sequence[Record], wanted: Status) -> None:
    found = one(condition, *records)
    assert (found.status, found.lets_go) == (wanted, wanted is Status.PASS)
    assert found.result.reason
    assert bool(found.result.evidence) or wanted is Status.UNKNOWN


def test_it_names_its_evidence_and_until_when_it_holds() -> None:
    found = one({"all_of": [LEAF, SIGNAL]}, record(age=60, name="e1", lasts=HOUR, signal="a"))
    assert found.result.evidence == ("e1",)
    assert found.result.until == NOW - timedelta(seconds=60) + timedelta(hours=1)
    assert [part.reason for part in found.result.parts] == ["pass 1m ago by signal a"] * 2


def test_a_silent_prober_makes_it_stale_and_it_says_since_when_and_who_looked_last() -> None:
    found = one(SIGNAL, record(age=2 * DAY, signal="a", by="worker one"))
    assert (found.status, found.lets_go) == (Status.STALE, False)
    assert found.result.reason.endswith("; no evidence since 2026-03-08 12:00:00 UTC, last by worker one")
    assert "no evidence since" not in one(LEAF, record(age=2 * DAY)).result.reason


def test_it_says_what_is_missing_and_which_part_decides() -> None:
    where = "xyz-claimed about xyz-main"
    assert one(LEAF).result.reason == f"no evidence: {where}"
    assert one(SIGNAL).result.reason == f"no evidence from the signal a: {where}"
    assert one({**SIGNAL, **ATTESTED}).result.reason == f"no statement from the signal a: {where}"
    assert one(LEAF, record("fail", age=60, by="worsch")).result.reason == "fail 1m ago by worsch"
    assert one(LEAF, record(age=60, by="")).result.reason == "pass 1m ago by somebody"
    assert one(SIGNAL, record(age=2 * DAY, signal="a", by="")).result.reason.endswith("2026-03-08 12:00:00 UTC")
    # The first part that comes to what the whole does is what it says, not one that is met.
    both = one({"all_of": [{**LEAF, "shows": "It was seen"}, {**ATTESTED, "shows": "It was said"}]}, record())
    assert both.result.reason == f"1 of 2 met; It was said: no statement: {where}"
    assert one({"any_of": [ATTESTED, LEAF]}, record()).result.reason == "1 of 2 met"


def test_a_gate_turns_from_pass_to_fail_to_stale() -> None:
    seen = [record(age=2 * DAY), record("fail", age=1.5 * DAY)]
    at = [status(LEAF, *seen, as_of=NOW - timedelta(days=days)) for days in (3, 1.8, 1.2, 0)]
    assert at == [Status.UNKNOWN, Status.PASS, Status.FAIL, Status.STALE]


def test_a_decision_lies_over_the_status_and_never_hides_it() -> None:
    declared = parse_gates(gates_text())
    march, april = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC)
    shown = {
        at: next(found.shown for found in evaluate(declared, [], at) if found.key == "well")
        for at in (march - timedelta(seconds=1), march, april - timedelta(seconds=1), april)
    }
    assert list(shown.values()) == ["unknown", "waived (unknown)", "waived (unknown)", "unknown"]
    text = gates_text().replace("waivers:", "not_applicable:").replace("not_applicable: []\n", "")
    text = text.replace("    risk: loss\n", "")
    (found, _) = evaluate(parse_gates(text), [], march)
    assert (found.shown, found.status, found.lets_go) == ("not applicable (unknown)", Status.UNKNOWN, True)


def test_a_wave_goes_when_every_blocking_gate_lets_it() -> None:
    declared = parse_gates(gates_text())
    march = datetime(2026, 3, 1, tzinfo=UTC)
    go = verdict("move", evaluate(declared, [], march))
    assert (go.go, go.blockers, len(go.gates)) == (True, (), 2)  # one is waived, the other advisory
    wait = verdict("move", evaluate(declared, [], march - timedelta(days=1)))
    assert (wait.go, [gate.key for gate in wait.blockers]) == (False, ["well"])


def test_a_wave_without_a_gate_that_blocks_does_not_go() -> None:
    results = evaluate(gates(enforcement="advisory"), [record()], NOW)
    assert results[0].status is Status.PASS
    assert not verdict("move", results).go
    assert not verdict("another", results).go


# Trees of conditions, and evidence of every sort about what they ask for.
EVENTS, WIDGETS, SIGNALS = ["xyz-a", "xyz-b"], ["xyz-x", "xyz-y"], [None, "a", "b"]
LEAVES = st.fixed_dictionaries(
    {"event": st.sampled_from(EVENTS), "widget": st.sampled_from(WIDGETS), "shows": st.just("s")},
    optional={
        "signal": st.sampled_from(["a", "b"]),
        "attested": st.booleans(),
        "max_age": st.sampled_from(["1h", "1d", "3d"]),
        "where": st.sampled_from([{}, {"ok": True}]),
    },
)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(lambda parts: {"all_of": parts}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda parts: {"any_of": parts}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(
            lambda n, parts: {"at_least": min(n, len(parts)), "of": parts},
            st.integers(1, 3),
            st.lists(inner, min_size=1, max_size=3),
        ),
    ),
    max_leaves=6,
)


def evidence(outcomes: Sequence[str | None], ages: st.SearchStrategy[float]) -> st.SearchStrategy[list[Record]]:
    one_of_it = st.builds(
        record,
        st.sampled_from(outcomes),
        event=st.sampled_from(EVENTS),
        widget=st.sampled_from(WIDGETS),
        age=ages,
        lasts=st.sampled_from([None, 60, HOUR, 5 * DAY]),
        signal=st.sampled_from(SIGNALS),
        attested=st.booleans(),
        ok=st.booleans(),
    )
    return st.lists(one_of_it, max_size=12)


AGES = st.floats(0, 4 * DAY, allow_nan=False)


@given(TREES, evidence([None, "fail", "error"], AGES), evidence(["pass"], st.floats(3 * DAY, 9 * DAY)))
@settings(max_examples=300, deadline=None)
def test_missing_stale_and_failed_evidence_never_passes(tree: Any, bad: list[Record], old: list[Record]) -> None:
    """Whatever is asked for: with nothing but what is missing, failed, not looked at, or too old, it is not met."""
    assert status(tree, *bad, *old, max_age="3d") is not Status.PASS


@given(TREES, evidence(["pass"], st.floats(-9 * DAY, -1)))
@settings(max_examples=100, deadline=None)
def test_evidence_of_the_future_never_passes(tree: Any, later: list[Record]) -> None:
    assert status(tree, *later) is Status.UNKNOWN


def holds(condition: Condition, records: Sequence[Record], as_of: datetime, max_age: str) -> bool:
    """Whether a condition is met, by its definition: the other way round than it is computed."""
    match condition:
        case AllOf():
            return all(holds(part, records, as_of, max_age) for part in condition.all_of)
        case AnyOf():
            return any(holds(part, records, as_of, max_age) for part in condition.any_of)
        case AtLeast():
            return sum(holds(part, records, as_of, max_age) for part in condition.of) >= condition.at_least
        case EvidenceCondition():
            asked = [
                found
                for found in records
                if (found.type, found.widget) == (condition.event, condition.widget)
                and found.outcome is not None
                and known_at(found, as_of)
                and condition.signal in (None, found.signal)
                and (found.attested or not condition.attested)
                and all(found.metadata.get(key) is value for key, value in condition.where.items())
            ]
            # Nothing that is asked for is bad or old without something newer of the same signal.
            return bool(asked) and all(
                any(other.signal == found.signal and other.collected > found.collected for other in asked)
                or (found.outcome is Outcome.PASS and is_fresh(found, as_of, span(condition.max_age or max_age)))
                for found in asked
            )


@given(TREES, evidence([None, "pass", "pass", "pass", "fail", "error"], AGES))
@settings(max_examples=500, deadline=None)
def test_it_passes_exactly_when_its_definition_says_so(tree: Any, records: list[Record]) -> None:
    condition = gates(tree).gates["one"].condition
    assert (status(tree, *records) is Status.PASS) == holds(condition, records, NOW, "1d")


@given(TREES, evidence(["pass", "pass", "fail"], AGES))
@settings(max_examples=300, deadline=None)
def test_what_it_holds_until_is_when_it_ends(tree: Any, records: list[Record]) -> None:
    found = one(tree, *records)
    if found.status is Status.PASS:
        assert found.result.until is not None
        assert found.result.until > NOW
        assert status(tree, *records, as_of=found.result.until - timedelta(microseconds=1)) is Status.PASS
        assert status(tree, *records, as_of=found.result.until) is not Status.PASS


@given(TREES, evidence(["pass", "fail", "error"], AGES), st.floats(0, 9 * DAY))
@settings(max_examples=200, deadline=None)
def test_time_alone_never_makes_a_gate_pass(tree: Any, records: list[Record], later: float) -> None:
    if status(tree, *records) is not Status.PASS:
        assert status(tree, *records, as_of=NOW + timedelta(seconds=later)) is not Status.PASS
