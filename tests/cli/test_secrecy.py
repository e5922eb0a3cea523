"""Secrets are in the store and nowhere else: not in what commands say, not in logs and files, not in the database."""

import io
import json
import logging
import re
from pathlib import Path

import pytest

from tests.cli.commands import ROOT, Done
from tests.cli.typed import Typed
from tests.databases import Databases, everything_in
from tests.plan.operators import fresh_spec
from vsmhub.secrets.environment import EnvironmentStore
from vsmhub.secrets.place import Place
from vsmhub.targets.secrecy import clean_logs, watched

pytestmark = pytest.mark.server

PASSWORD = "plantedpassword77"
COMMANDS: tuple[tuple[tuple[str, ...], int], ...] = (
    (("plan", "HUB"), 2),
    (("--debug", "apply", "HUB"), 64),
    (("apply", "HUB", "--yes"), 0),
    (("apply", "HUB", "--yes", "--json"), 0),
    (("apply", "HUB", "--yes", "--replace-key"), 0),
    (("--debug", "plan", "HUB", "--format", "json"), 0),
    (("plan", "HUB", "--format", "markdown", "--every", "--replace-key", "--out", "plan.json"), 2),
    (("--debug", "apply", "plan.json", "--yes"), 0),
    (("--debug", "apply", "plan.json", "--yes", "--json"), 1),
    (("drift", "HUB", "--json"), 0),
    (("import", "SLUG", "--out", "imported"), 0),
    (("sql", "HUB", "--out", "hub.sql"), 0),
    (("runbook", "HUB", "--out", "RUNBOOK.md"), 0),
    (("--debug", "apply", "HUB", "--undo", "--yes"), 0),
    (("--debug", "apply", "HUB", "--undo", "--yes"), 1),
    (("--debug", "apply", "HUB", "--yes", "--dsn", "DSN"), 0),
    (("--debug", "apply", "HUB", "--yes", "--dsn", f"postgresql://me:{PASSWORD}@127.0.0.1:9/none"), 0),
    (("--debug", "key", "rotate", "HUB", "--yes"), 0),
    (("status", "HUB"), 0),
    (("--debug", "status", "HUB", "--json"), 0),
    (("--debug", "status", "HUB", "--base", "http://127.0.0.1:9"), 1),
)


def secrets_in(keys: Path) -> set[str]:
    return {json.loads(file.read_text())["secret"] for file in keys.rglob("*.json")}


def test_nothing_shows_a_key(databases: Databases, tmp_path: Path, typed: Typed) -> None:
    hub = tmp_path / "hub"
    hub.mkdir()
    spec = fresh_spec()
    (hub / "hub.yaml").write_text(json.dumps(spec.model_dump(mode="json", exclude_none=True)))
    with databases.migrated() as dsn:
        # PostgreSQL lets everybody in here; the password is only carried along.
        with_password = dsn + f"&password={PASSWORD}"
        typed.set(VSMHUB_DATABASE_URL=with_password)
        meant = {"HUB": str(hub), "SLUG": spec.hub.slug, "DSN": with_password}
        secrets: set[str] = set()
        said: dict[tuple[str, ...], Done] = {}
        for arguments, code in COMMANDS:
            done = typed.run(*(meant.get(one, one) for one in arguments))
            assert done.code == code, (arguments, done.text)
            said[arguments] = done
            secrets |= secrets_in(typed.keys)
        # The operator's, the first, two in its place, one after that was undone, and one rotated.
        assert len(secrets) == 6
        written = {file.suffix for file in tmp_path.rglob("*") if file.is_file()}
        assert written >= {".jsonl", ".lock", ".json", ".sql", ".md", ".yaml"}
        secrets.add(PASSWORD)
        for arguments, done in said.items():
            assert not [one for one in secrets if one in done.text], arguments
        # Keys that no store is asked for any more have the form of one; what is shown of a key is its beginning.
        assert not re.search(r"ih[kt]_[A-Za-z0-9]+_[A-Za-z0-9_-]{20}", "".join(done.text for done in said.values()))
        for file in tmp_path.rglob("*"):
            if file.is_file() and "keys" not in file.parts:
                content = file.read_bytes()
                assert not [one for one in secrets if one.encode() in content], file
        for table, rows in everything_in(dsn):
            assert not [one for one in secrets if one in rows], table


ERRORS = {
    "a wrong key": {"IHUB_OPERATOR_KEY": "ihk_" + "a" * 13 + "_" + "plantedsecret" * 4},
    "a key of no known form": {"IHUB_OPERATOR_KEY": "my-own-planted-key"},
    "a database that is down": {"VSMHUB_DATABASE_URL": f"postgresql://me:{PASSWORD}@127.0.0.1:9/none"},
    "a password with an @": {"VSMHUB_DATABASE_URL": f"postgresql://me:x@{PASSWORD}@127.0.0.1:9/none"},
    "a password with a slash": {"VSMHUB_DATABASE_URL": f"postgresql://me:1/{PASSWORD}@127.0.0.1:9/none"},
    "a password with a question mark": {"VSMHUB_DATABASE_URL": f"postgresql://me:1?{PASSWORD}@127.0.0.1:9/none"},
    "a password as a setting": {"VSMHUB_DATABASE_URL": f"host=127.0.0.1 port=9 password={PASSWORD}"},
    "another kind of database": {"VSMHUB_DATABASE_URL": f"mysql://me:{PASSWORD}@127.0.0.1:9/none"},
}


@pytest.mark.parametrize("name", ERRORS)
def test_no_failure_shows_a_secret(database: str, typed: Typed, name: str) -> None:
    typed.set(**{"VSMHUB_DATABASE_URL": database, **ERRORS[name]})
    done = typed.run("--debug", "status", ROOT / "hubs" / "ops")
    assert done.code == 1, done.text
    assert "Traceback" in done.err  # what was asked for
    assert "planted" not in done.text


def test_a_log_shows_no_secret_whoever_listens() -> None:
    heard = io.StringIO()
    logger = logging.getLogger("vsmhub.server.somewhere")
    handler = logging.StreamHandler(heard)
    logger.addHandler(handler)
    store = watched(EnvironmentStore({"IHUB_OPERATOR_KEY": "my-own-planted-key"}))
    try:
        with clean_logs():
            assert store.get(Place.of_operator("local"))
            try:
                raise ValueError("my-own-planted-key")
            except ValueError:
                logger.exception("it is %s", "my-own-planted-key")
    finally:
        logger.removeHandler(handler)
    assert "ValueError" in heard.getvalue()
    assert "planted" not in heard.getvalue()
