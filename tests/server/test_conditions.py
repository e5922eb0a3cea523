"""Small decisions: entity tags, ids, secrets, and what goes on beside the requests."""

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from vsmhub.server.credentials import hashed, new_key, new_token, new_webhook_secret, prefix_of, same
from vsmhub.server.database import Database
from vsmhub.server.housekeeping import keep_house
from vsmhub.server.identifiers import new_id
from vsmhub.server.preconditions import require_match, unchanged
from vsmhub.server.problems import Refusal, pointer
from vsmhub.server.settings import WebhookSettings
from vsmhub.server.webhooks.sender import Sender
from vsmhub.server.webhooks.worker import Worker


@pytest.mark.parametrize("header", [None, "*", " * ", '"3"', '"1", "3"', '"1","3" '])
def test_a_match(header: str | None) -> None:
    require_match(header, '"3"')


@pytest.mark.parametrize("header", ["", "3", '"2"', 'W/"3"', '"1", "2"'])
def test_no_match(header: str) -> None:
    with pytest.raises(Refusal) as refused:
        require_match(header, '"3"')
    assert refused.value.status == 412


@pytest.mark.parametrize(
    ("header", "expected"),
    [(None, False), ("*", True), ('"3"', True), ('W/"3"', True), ('"1", W/"3"', True), ('"1"', False), ("", False)],
)
def test_what_the_caller_has(header: str | None, expected: bool) -> None:
    assert unchanged(header, '"3"') is expected


def test_pointers_are_escaped() -> None:
    assert pointer("a/b", 0, "c~d") == "/a~1b/0/c~0d"


def test_ids_grow_also_when_many_make_them() -> None:
    def make(_: int) -> list[str]:
        made = [str(new_id()) for _ in range(2000)]
        assert made == sorted(made)
        return made

    with ThreadPoolExecutor(4) as pool:
        ids = [one for made in pool.map(make, range(4)) for one in made]
    assert len(set(ids)) == 8000
    assert {one[14] for one in ids} == {"7"}
    assert {one[19] for one in ids} <= set("89ab")


def test_secrets() -> None:
    keys = {new_key().text for _ in range(50)}
    assert len(keys) == 50
    key = new_key()
    assert prefix_of(key.text) == key.prefix
    assert key.text not in repr(key)
    assert same(hashed(key.text), key.hash)
    assert not same(hashed(key.text + "x"), key.hash)
    assert len(new_token()) > 43
    assert new_webhook_secret().startswith("whsec_")


async def beside_a_closed_database(database: Database, work: str, caplog: pytest.LogCaptureFixture) -> None:
    if work == "housekeeping":
        task = asyncio.create_task(keep_house(database, timedelta(hours=1), print, every=timedelta(milliseconds=1)))
    else:
        settings = WebhookSettings(poll=timedelta(milliseconds=1))
        task = asyncio.create_task(Worker(database, Sender(settings), settings, lambda _: None).run())
    while len(caplog.records) < 2:
        assert not task.done()
        await asyncio.sleep(0.01)
    task.cancel()
    await asyncio.wait([task])


@pytest.mark.parametrize("work", ["housekeeping", "webhooks"])
def test_what_goes_on_beside_waits_for_the_database(work: str, migrated: str, caplog: pytest.LogCaptureFixture) -> None:
    database = Database(migrated, connections=1, patience=timedelta(milliseconds=10))
    with caplog.at_level(logging.WARNING, "vsmhub.server"):
        asyncio.run(asyncio.wait_for(beside_a_closed_database(database, work, caplog), 20))
    assert all("wait" in record.getMessage() for record in caplog.records)
