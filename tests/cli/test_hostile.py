"""An Inter-Hub whose every word is hostile: it moves no cursor, and forges no line of what a command says."""

import json
import re
from collections.abc import Iterator

import psycopg
import pytest

from tests.cli.reaching import name_target, written
from tests.cli.typed import Typed
from tests.databases import Databases
from tests.faults import faulty, undisturbed
from tests.plan.operators import fresh_spec
from tests.server.serving import InterHub, serving_fresh
from vsmhub.server.operator_key import mint_operator_key

pytestmark = pytest.mark.server

FORGED = "ok  all is well"
MARKED = "` </details><b> ![x](https://elsewhere.example) "
EVIL = f"{MARKED}\x1b]0;title\x07\x9b31m\u202e\x7f\r\n\x1b[2J\n{FORGED}\n\x85\u2067end "
CURSOR = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
POISON = (
    "UPDATE hubs SET name = %(evil)s, description = %(evil)s WHERE slug = %(hub)s",
    "UPDATE widgets SET name = %(evil)s, view_context = %(evil)s || id",
    "UPDATE widgets SET slug = %(evil)s || id WHERE id = (SELECT min(id::text)::uuid FROM widgets)",
    "UPDATE api_keys SET name = %(evil)s",
    "UPDATE audit_records SET actor = %(evil)s",
    "UPDATE interaction_events SET actor = %(evil)s, view_context = %(evil)s",
    "UPDATE hub_capability_manifests SET version = %(evil)s",
)
"""What an Inter-Hub of ours never takes; another one, or whoever has taken it over, may say anything."""
SAYING = (
    ("plan", "hub"),
    ("plan", "hub", "--format", "markdown"),
    ("plan", "hub", "--json"),
    ("status", "hub"),
    ("status", "hub", "--json"),
    ("drift", "hub"),
    ("drift", "hub", "--json"),
    ("key", "revoke", "hub"),
    ("vocab", "list", "hub"),
    ("runbook", "hub"),
    ("import", "HUB"),
    ("apply", "--undo", "hub"),
)


@pytest.fixture
def hostile(databases: Databases) -> Iterator[InterHub]:
    with serving_fresh(databases) as running:
        yield running


def test_what_a_target_says_stays_where_it_is_said(hostile: InterHub, typed: Typed) -> None:
    spec = fresh_spec()
    written("hub", spec)
    said = {}
    with faulty(hostile.socket, undisturbed) as proxy:
        name_target(typed.folder, proxy.base)
        typed.set(IHUB_OPERATOR_KEY=mint_operator_key(hostile.dsn).secret)
        assert typed.run("apply", "hub", "--yes").code == 0
        with psycopg.connect(hostile.dsn) as connection:
            for statement in POISON:
                connection.execute(statement.encode(), {"evil": EVIL, "hub": spec.hub.slug})
        for command in SAYING:
            done = typed.run(*(spec.hub.slug if one == "HUB" else one for one in command))
            said[command] = done.out
            for text in (done.out, done.err):
                assert not CURSOR.search(text), command
                assert not any(line.startswith(FORGED) for line in text.splitlines()), command
    page = re.sub(r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)", "", said["plan", "hub", "--format", "markdown"])
    assert "<b>" not in page
    assert "](" not in page
    assert page.count("<details>") == page.count("</details>") > 0
    assert "all is well" in said["status", "hub"]
    assert "all is well" in said["drift", "hub"]
    assert json.loads(said["status", "hub", "--json"])["live"]["hub"]["name"] == EVIL
    drifted = json.loads(said["drift", "hub", "--json"])["drift"]
    assert {"live": EVIL, "by": EVIL}.items() <= next(one for one in drifted if one["field"] == "description").items()
