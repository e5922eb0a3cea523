"""`vsmhub worker`: what it refuses, and what it says; tests/fleet has what it does."""

from pathlib import Path

import pytest

from tests.cli.commands import ROOT
from tests.cli.typed import Typed

OPS = ROOT / "hubs" / "ops"


def test_workers_need_a_database(typed: Typed) -> None:
    done = typed.run("worker", OPS)
    assert done.code == 64
    assert "that of the embedded Inter-Hub is for one machine" in done.err
    assert "vsmhub observe HUB --watch" in done.err
    done = typed.run("worker", OPS, "--base", "http://127.0.0.1:9")
    assert (done.code, "embedded" in done.err) == (64, False)


@pytest.mark.parametrize("check", [(), ("--check",)])
def test_a_database_that_is_away_is_one_message_without_its_password(typed: Typed, check: tuple[str, ...]) -> None:
    typed.set(VSMHUB_DATABASE_URL="postgresql://me:hunter2-hunter2@127.0.0.1:9/nowhere")
    done = typed.run("worker", OPS, "--base", "http://127.0.0.1:9", *check)
    assert done.code == 1
    assert "does not answer" in done.err
    assert "hunter2" not in done.text


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--lost-after", "soon"), "--lost-after soon"),
        (("--lost-after", "1s"), "between 2s and 1h"),
        (("--trust", "none.pem"), "there is no file none.pem"),
        ((str(OPS),), "named twice"),
        (("--concurrency", "0"), "Invalid value for '--concurrency'"),
    ],
)
def test_mistakes_have_one_message(typed: Typed, options: tuple[str, ...], said: str) -> None:
    done = typed.run("worker", OPS, "--database-url", "postgresql://me@127.0.0.1:9/nowhere", *options)
    assert (done.code, said in done.err) == (64, True), done.text


@pytest.mark.server
def test_a_database_without_workers_says_so(typed: Typed, database: str, tmp_path: Path) -> None:
    done = typed.run("worker", OPS, "--check", "--database-url", database, "--base", "http://127.0.0.1:9")
    assert done.code == 1
    assert "no worker was ever started" in done.err
