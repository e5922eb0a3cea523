"""The outbox: what is in it stays, once, in order, and without secrets."""

import json
import sqlite3
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vsmhub.evidence.claim import Claim
from vsmhub.evidence.cleaning import cleaned, stored
from vsmhub.evidence.envelope import Envelope, Kind
from vsmhub.evidence.errors import EvidenceError
from vsmhub.evidence.judgement import Outcome
from vsmhub.evidence.outbox import Outbox, State
from vsmhub.evidence.probes.observation import Reason

AT = datetime(2026, 11, 23, 12, 30, tzinfo=UTC)


def event(name: str | None = None, **metadata: Any) -> Envelope:
    return Envelope.event(
        "ops-hub", "ops-service-gitea", "ops-health-checked", source="urn:t", name=name, metadata=metadata, at=AT
    )


@pytest.fixture
def outbox(tmp_path: Path) -> Any:
    with Outbox(tmp_path / "state" / "outbox.sqlite3", secrets=lambda: ["correct-horse"]) as found:
        yield found


def test_what_is_put_in_is_there_for_the_next_process_and_for_nobody_else(outbox: Outbox) -> None:
    outbox.put([event("a"), event("b")])
    with Outbox(outbox.path) as other:
        assert [one.envelope.id for one in other.entries()] == [event("a").id, event("b").id]
    assert stat.S_IMODE(outbox.path.stat().st_mode) == 0o600


def test_the_same_envelope_is_kept_once_also_after_it_was_delivered(outbox: Outbox) -> None:
    assert outbox.put([event("a"), event("a")]) == 1
    outbox.delivered([(1, "there")])
    assert outbox.put([event("a")]) == 0
    assert outbox.counts() == {State.WAITING: 0, State.DELIVERED: 1, State.REFUSED: 0}
    assert outbox.forget(older_than=timedelta(days=1)) == 0
    assert outbox.forget(older_than=timedelta(days=-1)) == 1
    assert outbox.put([event("a")]) == 1


def test_refused_ones_wait_again_or_are_dropped(outbox: Outbox) -> None:
    outbox.put([event("a"), event("b"), event("c")])
    outbox.refused(1, "no such type")
    outbox.refused(2, "no such type")
    outbox.delivered([(3, "there")])
    assert [one.said for one in outbox.entries(State.REFUSED)] == ["no such type"] * 2
    assert outbox.retry([event("a").id]) == 1
    assert outbox.retry() == 1
    assert outbox.drop([event("a").id, event("c").id, "nothing"]) == 1
    assert outbox.drop([]) == 0
    assert [one.seq for one in outbox.entries(State.WAITING)] == [2]


def test_a_parcel_is_noted_from_before_it_is_sent_until_it_is_answered(outbox: Outbox) -> None:
    other = Envelope.event("syn-hub", "syn-board", "syn-registered", source="urn:t", name="d")
    outbox.put([event("a"), event("b"), event("c"), other])
    (first, *_) = outbox.entries()
    assert (first.parcel, first.widget_id, first.sent_at, first.evidence_id) == (None, None, None, None)
    assert (first.attempts, first.alone, first.said) == (0, False, "")
    outbox.send("together", [(1, "widget"), (2, "widget")])
    outbox.send("other", [(4, "board")])
    sent = outbox.under_way("ops-hub")
    assert [(one.seq, one.parcel, one.widget_id, one.attempts) for one in sent] == [
        (number, "together", "widget", 1) for number in (1, 2)
    ]
    assert all(
        one.sent_at and abs(datetime.now(UTC) - datetime.fromisoformat(one.sent_at)).seconds < 60 for one in sent
    )

    outbox.unpack("together")
    assert outbox.under_way("ops-hub") == []
    assert [one.seq for one in outbox.under_way("syn-hub")] == [4]
    assert [one.alone for one in outbox.entries()] == [True, True, False, False]

    outbox.remark([1, 2], "nobody answers")
    outbox.send("alone", [(1, "widget")])
    outbox.delivered([(1, "there")])
    outbox.refused(2, "no" * 2000)
    one, two, *_ = outbox.entries()
    assert (one.state, one.evidence_id, one.parcel, one.said, one.attempts) == (State.DELIVERED, "there", None, "", 2)
    assert (two.state, two.parcel, two.said) == (State.REFUSED, None, "no" * 1000)
    assert outbox.retry() == 1
    assert next((each.said, each.alone) for each in outbox.entries(State.WAITING)) == ("", True)


def test_what_is_in_it_is_found_by_hub_and_place(outbox: Outbox) -> None:
    other = Envelope.event("syn-hub", "syn-board", "syn-registered", source="urn:t", name="d", at=AT)
    outbox.put([event("a"), other, event("b"), event("c")])
    outbox.delivered([(4, "there")])

    def seqs(*states: State, **asked: Any) -> list[int]:
        return [one.seq for one in outbox.entries(*states, **asked)]

    assert seqs(hub="ops-hub") == [1, 3, 4]
    assert seqs(State.WAITING, hub="ops-hub") == [1, 3]
    assert seqs(State.WAITING, State.DELIVERED) == [1, 2, 3, 4]
    assert seqs(after=1, limit=2) == [2, 3]
    assert (outbox.hubs(), outbox.waiting()) == (["ops-hub", "syn-hub"], 3)
    found = outbox.find(other.id)
    assert found
    assert (found.seq, found.envelope) == (2, other)
    assert outbox.find("nothing") is None


def test_nothing_of_a_failed_transaction_stays(outbox: Outbox) -> None:
    def half() -> None:
        with outbox.transaction() as connection:
            outbox.put_within(connection, [event("a")])
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half()
    assert outbox.entries() == []


SECRETS: list[tuple[dict[str, Any], str]] = [
    ({"note": "the password is correct-horse!"}, "correct-horse"),
    ({"password": "hunter2-hunter2"}, "hunter2"),
    ({"deep": [{"apiToken": "abcdef-12345"}]}, "abcdef-12345"),
    ({"url": "postgres://gitea:s3cret-word@db/gitea"}, "s3cret-word"),
    ({"said": "Authorization: Bearer abcdefghijklmnop"}, "abcdefghijklmnop"),
    ({"said": "Basic cHJvYmVyOmNvcnJlY3Q="}, "cHJvYmVyOmNvcnJlY3Q"),
    ({"key": "-----BEGIN EC PRIVATE KEY-----\nMHcCAQEE\n-----END EC PRIVATE KEY-----"}, "MHcCAQEE"),
    ({"jwt": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl"}, "eyJhbGci"),
    ({"cmd": "restic --password=open-sesame check"}, "open-sesame"),
    ({"age": "AGE-SECRET-KEY-1QQQQQQQQQQQQQQQ"}, "1QQQQQ"),
    ({"x": "ihk_0123456789abcdefghijklmnop"}, "0123456789abcdefghijklmnop"),
]


@pytest.mark.parametrize(("metadata", "secret"), SECRETS, ids=[next(iter(one)) for one, _ in SECRETS])
def test_no_secret_reaches_the_disk(outbox: Outbox, metadata: dict[str, Any], secret: str) -> None:
    outbox.put([event(**metadata)])
    outbox.close()
    for file in outbox.path.parent.iterdir():
        assert secret.encode() not in file.read_bytes()


def test_what_is_no_secret_stays() -> None:
    said = {
        "endpoint": "https://gitea.coulomb.social/v2/",
        "proves": ["docker login", "package token", "push"],
        "digest": "sha256:" + "a" * 64,
        "keySet": "age keys",
        "tokens": 3,
    }
    assert cleaned(said) == said  # type: ignore[arg-type] # a dict of JSON


def test_an_envelope_is_a_cloud_event() -> None:
    found = event("a", endpoint="x").document()
    assert found == {
        "specversion": "1.0",
        "id": event("a").id,
        "source": "urn:t",
        "type": "ops-health-checked",
        "subject": "ops-service-gitea",
        "time": "2026-11-23T12:30:00.000Z",
        "datacontenttype": "application/json",
        "hub": "ops-hub",
        "kind": "event",
        "data": {"metadata": {"endpoint": "x", "evidence": {"id": event("a").id}}},
    }
    assert Envelope.model_validate(found) == event("a", endpoint="x")


def test_ids_follow_from_source_and_name_or_are_new() -> None:
    assert event("a").id == event("a").id
    assert len({event("a").id, event("b").id, event().id, event().id}) == 4


@pytest.mark.parametrize("metadata", [{"x": "y" * 70_000}, {"x": float("nan")}, {"x": "\x00"}])
def test_what_inter_hub_would_not_take_is_refused_at_once(metadata: dict[str, Any]) -> None:
    with pytest.raises(EvidenceError, match="cannot be said to Inter-Hub"):
        event("a", **metadata)


def test_annotations_have_a_body() -> None:
    found = Envelope.annotation("ops-hub", "w", "ops-risk", "Look here", source="urn:t", actor="worsch")
    assert found.kind is Kind.ANNOTATION
    assert found.data == {"body": "Look here", "metadata": {"evidence": {"id": found.id}}, "actor": "worsch"}
    with pytest.raises(EvidenceError):
        Envelope.annotation("ops-hub", "w", "ops-risk", "", source="urn:t")


def test_a_file_that_is_no_outbox_is_told(tmp_path: Path) -> None:
    (tmp_path / "outbox").write_bytes(b"not a database, but long enough to look at" * 50)
    with pytest.raises(EvidenceError, match="cannot be used") as caught:
        Outbox(tmp_path / "outbox")
    assert "move the file away" in caught.value.hint
    with pytest.raises(EvidenceError, match=r"outbox2 cannot be used: .*(File|file)"):
        Outbox(tmp_path / "outbox" / "outbox2")


def test_a_full_disk_is_told_and_nothing_half_is_kept(outbox: Outbox) -> None:
    with outbox.transaction() as connection:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
    outbox._connection.execute(f"PRAGMA max_page_count = {pages + 2}")
    with pytest.raises(EvidenceError, match="disk is full") as caught:
        outbox.put([event(x="y" * 60_000)])
    assert caught.value.hint == "free some space, then try again"
    assert outbox.entries() == []


def test_a_commit_that_fails_keeps_nothing_and_holds_nobody_up(outbox: Outbox) -> None:
    outbox.read("PRAGMA foreign_keys = ON", [])
    reference = "REFERENCES one (id) DEFERRABLE INITIALLY DEFERRED"
    outbox.prepare(f"CREATE TABLE one (id INTEGER PRIMARY KEY); CREATE TABLE other (id INTEGER {reference});")

    def fail() -> None:
        with outbox.transaction() as connection:
            outbox.put_within(connection, [event()])
            connection.execute("INSERT INTO other VALUES (1)")

    with pytest.raises(EvidenceError, match="constraint failed"):
        fail()
    assert outbox.put([event()]) == 1
    assert outbox.waiting() == 1


def test_writes_reach_the_disk_before_they_are_acknowledged(outbox: Outbox) -> None:
    mode = outbox._connection.execute("PRAGMA journal_mode").fetchone()[0]
    synchronous = outbox._connection.execute("PRAGMA synchronous").fetchone()[0]
    assert (mode, synchronous) == ("wal", 2)
    with sqlite3.connect(outbox.path) as other:
        assert other.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    other.close()


def test_claims_are_read_as_they_were_written() -> None:
    claim = Claim(
        outcome=Outcome.FAIL,
        collected_at=AT,
        expires_at=AT + timedelta(hours=1),
        id="1",
        by="signal x",
        signal="x",
        reason=Reason.STATUS,
        said="status is 200",
        link="https://example.org",
        digest="sha256:0",
    )
    assert Claim.read(json.loads(json.dumps(claim.metadata()))) == claim
    assert Claim.read(Claim(outcome=Outcome.PASS, collected_at=AT).metadata()) == Claim(
        outcome=Outcome.PASS, collected_at=AT
    )


@pytest.mark.parametrize(
    "metadata",
    [
        {},
        {"evidence": "pass"},
        {"evidence": {}},
        {"evidence": {"outcome": "green", "collectedAt": "2026-11-23T12:00:00Z"}},
        {"evidence": {"outcome": "pass", "collectedAt": "yesterday"}},
        {"evidence": {"outcome": "pass", "collectedAt": "2026-11-23T12:00:00"}},
        {"evidence": {"outcome": "pass", "collectedAt": "2026-11-23T12:00:00Z", "expiresAt": "never"}},
    ],
)
def test_what_is_no_claim_claims_nothing(metadata: dict[str, Any]) -> None:
    assert Claim.read(metadata) is None


def test_a_reason_that_is_not_known_yet_leaves_the_rest_as_it_is() -> None:
    found = Claim.read({"evidence": {"outcome": "fail", "collectedAt": "2026-11-23T12:00:00Z", "reason": "because"}})
    assert found is not None
    assert (found.outcome, found.reason) == (Outcome.FAIL, None)


PARTS = st.sampled_from(
    [
        *("x", " ", "\n", '"', "\\", "é", "token", "Password", "=", ": ", "hunter2", 'qu"oted'),
        *("Bearer ", "Basic ", "://", "u:p@h", "ihk_", "a" * 24, "eyJ" + "a" * 9 + "." + "b" * 9 + "."),
        *("-----BEGIN PRIVATE KEY-----", "AKIA" + "A" * 16, "ghp_" + "a" * 12, "cookie"),
    ]
)
TEXTS = st.lists(PARTS, max_size=6).map("".join)
DOCUMENTS = st.recursive(
    TEXTS | st.integers() | st.none(), lambda x: st.lists(x) | st.dictionaries(TEXTS, x), max_leaves=8
)


@given(st.dictionaries(TEXTS, DOCUMENTS, max_size=4), st.lists(st.sampled_from(["hunter2", 'qu"oted', "é\\"])))
def test_the_quick_look_misses_nothing(document: dict[str, Any], secrets: list[str]) -> None:
    assert json.loads(stored(document, secrets)) == cleaned(document, secrets)


@pytest.mark.parametrize("secret", ['qu"ote', "é\\", "ünlü", "tab\there", "\u2028", "\U0001f600"])
def test_a_secret_is_found_however_json_writes_it(secret: str) -> None:
    assert json.loads(stored({"x": f"a{secret}b"}, [secret])) == {"x": "a[hidden]b"}
