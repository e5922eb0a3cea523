"""Inter-Hubs that fail: each ends in one message that says what came and what to do."""

import json
import socket
from dataclasses import replace
from functools import partial

import pytest

from tests.cli.commands import ROOT
from tests.cli.typed import Typed
from tests.interhub.scripted import Say, problem, scripted
from vsmhub.interhub.retry import RetryPolicy
from vsmhub.interhub.transport import Timeouts

OPS = ROOT / "hubs" / "ops"
PAGE = Say(body=b"<!doctype html><html>Sign in</html>", headers={"Content-Type": "text/html"})
ANSWERS: dict[str, tuple[Say, str]] = {
    "500": (problem(500, "out of order"), "500 A problem: out of order (2 attempts in"),
    "500 without a reason": (Say(status=500, body=b""), "no reason given; the answer was nothing in it"),
    "429": (problem(429), "Wait, then try again."),
    "a page": (PAGE, "200 with an HTML page"),
    "a page of an error": (replace(PAGE, status=502), "the answer was an HTML page"),
    "a redirect": (Say(status=302, body=b"", headers={"Location": "/NewSession"}), "302 to /NewSession"),
    "JSON of another kind": (Say(body={"hello": "world"}), "200 with JSON of 18 bytes"),
    "half of an answer": (
        Say(raw=b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{"da'),
        "was cut off before its end",
    ),
    "broken JSON": (Say(body=b'{"data": ['), "200 with JSON of 10 bytes"),
    "another protocol": (Say(raw=b"220 smtp.example ESMTP\r\n\r\n"), "does not speak HTTP"),
    "no answer": (Say(delay=1.5), "no answer in time"),
    "the line cut": (Say(reset="after"), "the connection was cut"),
    "no such operation": (problem(404), "404"),
    "the wrong scope": (problem(403), "Use another key"),
}


@pytest.fixture
def impatient(typed: Typed) -> Typed:
    """Commands that wait less long, and have a key."""
    typed.patch.setattr("vsmhub.interhub.client.Timeouts", partial(Timeouts, read=0.5))
    typed.patch.setattr("vsmhub.interhub.client.RetryPolicy", partial(RetryPolicy, attempts=2))
    typed.set(IHUB_OPERATOR_KEY="ihk_planted")
    return typed


SURFACE = Say(body=json.loads((ROOT / "docs" / "openapi.json").read_text()))


@pytest.mark.parametrize("name", ANSWERS)
def test_an_inter_hub_that_fails(impatient: Typed, name: str) -> None:
    say, said = ANSWERS[name]
    for arguments in (["status"], ["apply", "--yes"]):
        with scripted(SURFACE, *[say] * 4) as server:
            done = impatient.run(*arguments, OPS, "--base", server.base)
            assert (done.code, done.out) == (1, "")
            assert said in done.err
            assert done.err.startswith(f"error: GET /hubs at {server.base}/api/v2: ")
            assert "\nhint: " in done.err or name == "no such operation"
            assert "planted" not in done.err
            assert {seen.method for seen in server.seen} <= {"GET"}


@pytest.mark.parametrize("name", ["500", "a page", "JSON of another kind", "the line cut"])
def test_an_inter_hub_that_does_not_tell_what_it_can(impatient: Typed, name: str) -> None:
    with scripted(*[ANSWERS[name][0]] * 4) as server:
        done = impatient.run("status", OPS, "--base", server.base)
    assert (done.code, done.out) == (1, "")
    assert "openapi.json" in done.err
    assert "\nhint: " in done.err


def test_whoever_waits_hears_why(impatient: Typed) -> None:
    busy = replace(problem(503), headers={"Retry-After": "2"})
    with scripted(SURFACE, busy, problem(404)) as server:
        done = impatient.run("status", OPS, "--base", server.base)
        assert f"GET /hubs at {server.base}/api/v2: answers 503; asking again in 2." in done.err
    # What is asked again at once is not worth a word.
    with scripted(SURFACE, problem(500), problem(404)) as server:
        assert "asking again" not in impatient.run("status", OPS, "--base", server.base).err


def test_a_wrong_key(impatient: Typed) -> None:
    with scripted(SURFACE, problem(401), exchanges=False) as server:
        done = impatient.run("apply", OPS, "--base", server.base)
    assert (done.code, done.out) == (1, "")
    what = "the operator's key (environment variable IHUB_OPERATOR_KEY)"
    assert f"hint: Check {what}: it may be wrong, expired, revoked, or of another target." in done.err


def test_nothing_listens(impatient: Typed) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # taken, but nobody listens
        done = impatient.run("apply", OPS, "--base", f"http://127.0.0.1:{taken.getsockname()[1]}")
    assert (done.code, done.out) == (1, "")
    assert "connection refused" in done.err
    assert "hint: Is Inter-Hub running" in done.err


@pytest.mark.parametrize(
    "base", ["http://hub.example.org", "http://10.0.0.1:8000/api/v2", "ftp://hub", "hub", "http://"]
)
def test_addresses_that_are_not_used(impatient: Typed, base: str) -> None:
    done = impatient.run("status", OPS, "--base", base)
    assert (done.code, done.out) == (1, "")
    assert base in done.err
    assert "\nhint: " in done.err


def test_a_program_for_the_connection_string_that_cannot_be_started(typed: Typed) -> None:
    """It is said which, why, and where it is named."""
    settings = 'target = "far"\n[targets.far]\nbase = "http://127.0.0.1:9"\n[targets.far.database]\n'
    (typed.folder / "vsmhub.toml").write_text(settings + 'command = ["/nowhere/dsn"]\n')
    done = typed.run("plan", OPS)
    assert (done.code, done.out) == (1, "")
    assert "/nowhere/dsn cannot be asked for the database's connection string: No such file" in done.err
    assert "hint: it is named in vsmhub.toml, under database.command" in done.err
