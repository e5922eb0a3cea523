"""`vsmhub emit`, `attest`, `annotate` and `outbox`, with Inter-Hub there and not there."""

import hashlib
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli import reaching
from tests.cli.commands import Home
from tests.cli.typed import Typed
from tests.faults import FaultProxy
from tests.plan.conftest import operator
from tests.plan.operators import Operator
from tests.spec.examples import HUB

__all__ = ["operator"]

HUB_TEXT = HUB.replace("annotation_categories: {}", "annotation_categories: {xyz-doubt: Not sure}")
HUB_TEXT = HUB_TEXT.replace("[framework:read, ", "[framework:read, hub:xyz-hub:read, ")
NOWHERE = ("--base", "http://127.0.0.1:9")


@pytest.fixture
def hub(tmp_path: Path) -> Path:
    folder = tmp_path / "hub"
    folder.mkdir()
    (folder / "hub.yaml").write_text(HUB_TEXT)
    return folder


def widget() -> str:
    from vsmhub.spec.load import parse_hub

    return parse_hub(HUB_TEXT).widgets[0].slug


def waiting(typed: Typed) -> list[dict[str, Any]]:
    done = typed.run("outbox", "list", "--json", *NOWHERE)
    assert done.code == 0, done.text
    entries: list[dict[str, Any]] = json.loads(done.out)["entries"]
    return entries


def test_what_is_emitted_is_kept_with_all_it_says(typed: Typed, hub: Path) -> None:
    done = typed.run(
        *("emit", hub, "xyz-claimed", widget(), "-m", "runbook=restore", "-m", "steps:=3", "--outcome", "pass"),
        *("--valid-for", "1h", "--actor", "worsch", "--at", "2026-11-23T14:00:00+02:00", "--name", "once", "--queue"),
        *NOWHERE,
    )
    assert done.code == 0, done.text
    assert "waits" in done.out
    (entry,) = waiting(typed)
    data = entry["envelope"]["data"]
    assert entry["envelope"]["time"].startswith("2026-11-23T12:00:00")
    assert data["actor"] == "worsch"
    metadata = data["metadata"]
    assert (metadata["runbook"], metadata["steps"], metadata["vsmFunction"]) == ("restore", 3, "SYN")
    assert metadata["evidence"]["outcome"] == "pass"
    assert metadata["evidence"]["id"] == entry["envelope"]["id"]
    assert entry["state"] == "waiting"


def test_the_same_name_is_the_same_event(typed: Typed, hub: Path) -> None:
    for new in (True, False):
        done = typed.run("emit", hub, "xyz-claimed", widget(), "--name", "once", "--queue", "--json", *NOWHERE)
        assert json.loads(done.out)["new"] is new
    assert len(waiting(typed)) == 1


def test_a_statement_has_a_name_a_link_a_digest_and_an_end(typed: Typed, hub: Path) -> None:
    (hub / "protocol.txt").write_text("restored")
    done = typed.run(
        *("attest", hub, "xyz-claimed", widget(), "--by", "worsch", "--statement", "It was restored"),
        *("--file", hub / "protocol.txt", "--link", "https://example.org/protocol", "--valid-for", "90d", "--queue"),
        *NOWHERE,
    )
    assert done.code == 0, done.text
    claim = waiting(typed)[0]["envelope"]["data"]["metadata"]["evidence"]
    assert (claim["by"], claim["said"], claim["outcome"]) == ("worsch", "It was restored", "pass")
    assert claim["digest"] == f"sha256:{hashlib.sha256(b'restored').hexdigest()}"
    assert claim["expiresAt"] > claim["collectedAt"]
    assert claim["link"] == "https://example.org/protocol"


def test_without_inter_hub_it_waits_and_is_no_error(typed: Typed, hub: Path) -> None:
    done = typed.run("annotate", hub, "xyz-doubt", widget(), "Is it?", *NOWHERE)
    assert done.code == 0, done.text
    assert "waits" in done.out
    (entry,) = waiting(typed)
    assert entry["envelope"]["kind"] == "annotation"
    assert typed.run("outbox", "retry", *NOWHERE).code == 1
    handed = json.loads(typed.run("outbox", "retry", "--json", *NOWHERE).out)["hubs"]
    assert [(one["hub"], one["delivered"], one["waiting"]) for one in handed] == [("xyz-hub", 0, 1)]
    assert "the id 0b3f" in typed.run("outbox", "drop", entry["envelope"]["id"], "0b3f", *NOWHERE).err
    assert len(waiting(typed)) == 1, "where one id is mistyped, none is dropped"
    dropped = typed.run("outbox", "drop", entry["envelope"]["id"], "--json", *NOWHERE)
    assert (dropped.code, json.loads(dropped.out)) == (0, {"dropped": 1})
    assert waiting(typed) == []
    assert typed.run("outbox", "drop", entry["envelope"]["id"], *NOWHERE).code == 64
    assert typed.run("outbox", "retry", "0b3f", *NOWHERE).code == 64
    assert typed.run("outbox", "retry", *NOWHERE).code == 0


def test_a_damaged_outbox_says_what_to_do(typed: Typed, hub: Path) -> None:
    assert typed.run("emit", hub, "xyz-claimed", widget(), "--queue", *NOWHERE).code == 0
    (file,) = (typed.folder / "vsmhub" / "state" / "outbox").glob("*.sqlite3")
    file.write_text("garbage")
    done = typed.run("outbox", "list", *NOWHERE)
    assert done.code == 1
    assert f"error: the outbox {file} cannot be used: file is not a database" in done.err
    assert "hint: what waits in it cannot be read; move the file away to go on without it" in done.err


MISTAKES = [
    (("emit", "xyz-claimd", "W"), "did you mean `xyz-claimed`"),
    (("emit", "xyz-claimed", "nothing"), "has no widget `nothing`"),
    (("emit", "xyz-claimed", "W", "-m", "nonsense"), "KEY=TEXT"),
    (("emit", "xyz-claimed", "W", "-m", "n:=[1"), "is not JSON"),
    (("emit", "xyz-claimed", "W", "--outcome", "green"), "pass, fail and error"),
    (("emit", "xyz-claimed", "W", "--outcome", "pass", "--valid-for", "long"), "no span"),
    (("emit", "xyz-claimed", "W", "--outcome", "pass", "--valid-for", "0d"), "longer than no time"),
    (("emit", "xyz-claimed", "W", "--outcome", "pass", "--valid-for", "9999w"), "at most 100 years"),
    (("emit", "xyz-claimed", "W", "--outcome", "pass", "--valid-for", "999999999w"), "no span"),
    (("emit", "xyz-claimed", "W", "-m", 'evidence:={"outcome": "pass"}'), "the member evidence"),
    (("emit", "xyz-claimed", "W", "--outcome", "pass", "-m", "attested:=true"), "the member attested"),
    (("emit", "xyz-claimed", "W", "--valid-for", "1d"), "only what proves something counts for some time"),
    (("attest", "xyz-claimed", "W", "--by", "a", "--statement", " ", "--valid-for", "1d"), "says something"),
    (("attest", "xyz-claimed", "W", "--by", " ", "--statement", "b", "--valid-for", "1d"), "who states it"),
    (
        ("attest", "xyz-claimed", "W", "--by", "a", "--statement", "b", "--valid-for", "1d", "--digest", "abc"),
        "`abc` is no digest",
    ),
    (("emit", "xyz-claimed", "W", "-m", "x=" + "y" * 70_000), "cannot be said to Inter-Hub"),
    (("annotate", "xyz-dout", "W", "Hm"), "did you mean `xyz-doubt`"),
    (
        ("attest", "xyz-claimed", "W", "--by", "a", "--statement", "b", "--valid-for", "1d", "--outcome", "error"),
        "says",
    ),
]


@pytest.mark.parametrize(("arguments", "said"), MISTAKES)
def test_mistakes_are_told_before_anything_is_kept(
    typed: Typed, hub: Path, arguments: tuple[str, ...], said: str
) -> None:
    command, *rest = [widget() if one == "W" else one for one in arguments]
    done = typed.run(command, hub, *rest, "--queue", *NOWHERE)
    assert done.code in (1, 64)
    assert said in done.err
    assert "Traceback" not in done.err
    assert waiting(typed) == []


@pytest.fixture
def applied(operator: Operator, tmp_path: Path, hub: Path) -> Iterator[tuple[Home, FaultProxy]]:
    """A home whose target is a running Inter-Hub that has the hub."""
    with reaching.applied(operator, tmp_path, hub) as reached:
        yield reached


@pytest.mark.server
def test_events_and_remarks_arrive(applied: tuple[Home, FaultProxy], operator: Operator, hub: Path) -> None:
    home, _ = applied
    emitted = home.run("emit", hub, "xyz-claimed", widget(), "-m", "n=1", "--json")
    assert emitted.code == 0, emitted.text
    assert home.run("annotate", hub, "xyz-doubt", widget(), "Is it?").code == 0
    facts = json.loads(emitted.out)
    assert facts["said"] == ""
    (live,) = [one for one in operator.operator.events(event_type="xyz-claimed") if str(one.id) == facts["evidence"]]
    assert live.metadata["n"] == "1"
    assert [one.body for one in operator.operator.annotations(category="xyz-doubt")] == ["Is it?"]
    listed = home.run("outbox", "list", "--delivered")
    assert "0 waiting, 2 delivered, 0 refused" in listed.out


def as_lines(*events: dict[str, Any]) -> str:
    return "".join(json.dumps({"event": "xyz-claimed", "widget": widget(), **one}) + "\n" for one in events)


def test_many_are_emitted_from_a_file_or_a_stream_and_named_ones_once(typed: Typed, hub: Path, tmp_path: Path) -> None:
    said = as_lines(
        {"name": "a", "metadata": {"number": 1}, "outcome": "pass", "validFor": "30d", "actor": "worsch"},
        {"name": "b", "at": "2026-11-23T12:00:00Z", "viewContext": "elsewhere"},
    )
    file = tmp_path / "events.jsonl"
    file.write_text(said + "\n")
    done = typed.run("emit", hub, "--from", file, "--queue", "--json", *NOWHERE)
    assert done.code == 0, done.text
    assert {"kept": 2, "new": 2, "waiting": 2}.items() <= json.loads(done.out).items()
    typed.patch.setattr("sys.stdin", io.StringIO(said + as_lines({"name": "c"})))
    done = typed.run("emit", hub, "--from", "-", *NOWHERE)
    assert "3 events, 2 of them kept before; 0 delivered, 0 refused, 3 waiting" in done.out
    first, second, _ = waiting(typed)
    assert first["envelope"]["data"]["metadata"]["number"] == 1
    assert first["envelope"]["data"]["metadata"]["evidence"]["outcome"] == "pass"
    assert (first["envelope"]["data"]["actor"], second["envelope"]["time"]) == ("worsch", "2026-11-23T12:00:00.000Z")
    assert second["envelope"]["data"]["viewContext"] == "elsewhere"


def test_a_stream_that_is_no_text_ends_with_what_was_read(typed: Typed, hub: Path) -> None:
    good = as_lines({"name": "a", "metadata": {"said": "one\u2028two"}}).encode()
    typed.patch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(good * 400 + b"\xff\n"), encoding="utf-8"))
    done = typed.run("emit", hub, "--from", "-", "--queue", *NOWHERE)
    assert done.code == 64
    assert "standard input cannot be read: it is not UTF-8" in done.err
    assert len(waiting(typed)) == 1


def test_a_text_may_hold_any_character(typed: Typed, hub: Path, tmp_path: Path) -> None:
    said = "one\u2028two\x85three"
    line = json.loads(as_lines({"metadata": {"said": said}}))
    (tmp_path / "events").write_text(json.dumps(line, ensure_ascii=False), encoding="utf-8")
    done = typed.run("emit", hub, "--from", tmp_path / "events", "--queue", *NOWHERE)
    assert done.code == 0, done.text
    assert waiting(typed)[0]["envelope"]["data"]["metadata"]["said"] == said


NO_EVENTS = [
    ("{", "Invalid JSON"),
    ('{"event": "xyz-claimed"}', "widget: Field required"),
    ('{"event": "xyz-claimd", "widget": "WIDGET"}', "xyz-claimed"),
    ('{"event": "xyz-claimed", "widget": "WIDGET", "metdata": {}}', "metdata: Extra inputs"),
    ('{"event": "xyz-claimed", "widget": "WIDGET", "at": "2026-11-23"}', "at: "),
    (
        '{"event": "xyz-claimed", "widget": "WIDGET", "outcome": "pass", "validFor": "1h", "at": "9999-12-31T23:59Z"}',
        "until the year 9999",
    ),
]


@pytest.mark.parametrize(("line", "word"), NO_EVENTS)
def test_a_file_with_a_line_that_is_no_event_is_not_kept(
    typed: Typed, hub: Path, tmp_path: Path, line: str, word: str
) -> None:
    file = tmp_path / "events.jsonl"
    file.write_text(as_lines({}) + line.replace("WIDGET", widget()) + "\n")
    done = typed.run("emit", hub, "--from", file, *NOWHERE)
    assert done.code != 0
    assert f"{file}:2: " in done.text
    assert word in done.text
    assert waiting(typed) == []


def test_one_or_many_but_not_both(typed: Typed, hub: Path, tmp_path: Path) -> None:
    assert typed.run("emit", hub, "xyz-claimed", *NOWHERE).code == 64
    assert typed.run("emit", hub, "--from", tmp_path / "none", *NOWHERE).code == 64
    assert typed.run("emit", hub, "xyz-claimed", widget(), "--from", tmp_path / "none", *NOWHERE).code == 64
