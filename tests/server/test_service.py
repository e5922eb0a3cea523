"""What is asked of the service itself, and what it does when its database goes away."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from datetime import timedelta
from html.parser import HTMLParser
from urllib.parse import urlsplit

import httpx
import psycopg
import pytest
from psycopg import sql

from tests.databases import Databases
from tests.server import examples
from tests.server.answers import problem
from tests.server.serving import Client, InterHub, serving_fresh
from vsmhub.server.app import create_app
from vsmhub.server.database import Database
from vsmhub.server.errors import DatabaseDown, DatabaseMissing, DatabaseRefused, ServerError
from vsmhub.server.housekeeping import sweep
from vsmhub.server.settings import Settings, WebhookSettings

ROOT = "http://inter-hub"


def test_up_and_ready(inter_hub: InterHub) -> None:
    client = inter_hub.anonymous()
    assert client.get(f"{ROOT}/healthz").json() == {"status": "up"}
    assert client.get(f"{ROOT}/readyz").json() == {"status": "ready"}
    assert client.ask("HEAD", f"{ROOT}/healthz").status_code == 200


def test_metrics(inter_hub: InterHub) -> None:
    client = inter_hub.anonymous()
    hub = inter_hub.hub()
    hub.client.get(f"/widgets/{hub.widget()['id']}")
    client.get("/nowhere")
    client.ask("PROPFIND", "/hubs")
    answer = client.get(f"{ROOT}/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    lines = answer.text.splitlines()
    series = {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in lines if not line.startswith("#")}
    assert series['interhub_requests_total{method="GET",route="/api/v2/widgets/{id:uuid}",status="200"}'] == 1
    assert series['interhub_requests_total{method="GET",route="none",status="404"}'] >= 1
    assert series['interhub_requests_total{method="other",route="/api/v2/hubs",status="405"}'] == 1
    widgets = 'method="GET",route="/api/v2/widgets/{id:uuid}"'
    assert series[f'interhub_request_seconds_bucket{{{widgets},le="+Inf"}}'] == 1
    assert series[f"interhub_request_seconds_count{{{widgets}}}"] == 1
    assert series['interhub_database_connections{state="open"}'] >= 1
    names = {line.split()[2] for line in lines if line.startswith("# TYPE")}
    assert all(any(one.startswith(name) for name in names) for one in series)


class Page(HTMLParser):
    """What a page links to and loads."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.links: set[str] = set()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        assert tag not in {"script", "link", "img", "iframe"}
        assert "src" not in given
        if given.get("id"):
            self.ids.add(str(given["id"]))
        if tag == "a":
            self.links.add(str(given["href"]))
        if tag not in {"meta", "br", "!doctype"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_reference_needs_nothing_from_elsewhere(inter_hub: InterHub) -> None:
    answer = inter_hub.anonymous().get("/docs")
    assert answer.status_code == 200
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    page = Page()
    page.feed(answer.text)
    assert page.open == []
    document = inter_hub.anonymous().get("/openapi.json").json()
    operations = {one["operationId"] for methods in document["paths"].values() for one in methods.values()}
    assert operations <= page.ids
    assert {link[1:] for link in page.links if link.startswith("#")} <= page.ids
    assert {link for link in page.links if not link.startswith("#")} == {"openapi.json"}


@pytest.fixture
def fragile(databases: Databases) -> Iterator[InterHub]:
    """An Inter-Hub whose database the test may take away."""
    webhooks = WebhookSettings(poll=timedelta(milliseconds=20))
    with serving_fresh(databases, patience=timedelta(milliseconds=300), webhooks=webhooks) as running:
        yield running


def let_in(databases: Databases, dsn: str, allowed: bool) -> None:
    name = urlsplit(dsn).path[1:]
    with psycopg.connect(databases.dsn, autocommit=True) as connection:
        statement = sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}")
        connection.execute(statement.format(sql.Identifier(name), sql.Literal(allowed)))
        if not allowed:
            connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])


def test_a_database_that_goes_away_and_comes_back(
    fragile: InterHub, databases: Databases, caplog: pytest.LogCaptureFixture
) -> None:
    hub = fragile.hub()
    widget = hub.widget()["id"]
    asked: list[Callable[[], httpx.Response]] = [
        lambda: hub.client.get("/widgets"),
        lambda: hub.client.post("/interaction-events", hub.event_body(widget)),
        lambda: hub.client.post(*examples.widget(hub)),
        lambda: fragile.anonymous().post("/token", {"apiKey": hub.key["key"]}),
    ]
    for ask in asked:
        assert ask().status_code in {200, 201}
    let_in(databases, fragile.dsn, allowed=False)
    try:
        with caplog.at_level(logging.CRITICAL):
            answer = asked[0]()
            assert problem(answer, 503)["detail"].startswith("The database does not answer")
            assert answer.headers["retry-after"]
            assert fragile.anonymous().get(f"{ROOT}/healthz").status_code == 200
            for ask in asked[1:]:
                problem(ask(), 503)
            assert fragile.anonymous().get(f"{ROOT}/readyz").status_code == 503
    finally:
        let_in(databases, fragile.dsn, allowed=True)
    for _ in range(50):
        if fragile.anonymous().get(f"{ROOT}/readyz").status_code == 200:
            break
    for ask in asked:
        assert ask().status_code in {200, 201}


def test_a_database_of_another_age_is_not_ready(fragile: InterHub) -> None:
    with psycopg.connect(fragile.dsn) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0000'")
    answer = fragile.anonymous().get(f"{ROOT}/readyz")
    assert answer.status_code == 503
    assert "0000" in answer.json()["reason"]


def test_what_nobody_expected_tells_nothing(fragile: InterHub, caplog: pytest.LogCaptureFixture) -> None:
    hub = fragile.hub()
    with psycopg.connect(fragile.dsn) as connection:
        connection.execute("ALTER TABLE widgets RENAME TO hidden_widgets")
    with caplog.at_level(logging.ERROR, "vsmhub.server"):
        answer = hub.client.get("/widgets")
    told = problem(answer, 500)
    assert "widgets" not in str(told)
    (record,) = caplog.records
    assert "hidden" not in record.getMessage()
    assert record.exc_info
    with caplog.at_level(logging.ERROR, "vsmhub.server"):
        problem(hub.client.post("/interaction-events", hub.event_body(hub.id)), 500)


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        (("/test_", "/absent_test_"), DatabaseMissing, "absent_test_"),
        (("vsmhub@", "nobody-known@"), DatabaseRefused, "does not let this user in"),
        (("port=5432", "port=5999"), DatabaseDown, "does not answer"),
    ],
)
def test_starting_without_a_database(
    change: tuple[str, str], error: type[ServerError], words: str, migrated: str
) -> None:
    app = create_app(Settings(database=migrated.replace(*change)))

    async def start() -> None:
        async with app.router.lifespan_context(app):
            pytest.fail("it started")

    with pytest.raises(error, match=words) as caught:
        asyncio.run(start())
    assert caught.value.hint


def test_sweeping(inter_hub: InterHub) -> None:
    hub = inter_hub.hub()
    path, body = examples.widget(hub)
    first = hub.client.post(path, body, Idempotency_Key="kept").json()
    hub.client.post(*examples.widget(hub), Idempotency_Key="young")
    with psycopg.connect(inter_hub.dsn) as connection:
        connection.execute(
            "UPDATE access_tokens SET expires_at = now() - interval '1 s' WHERE key_id = %s", [hub.key["id"]]
        )
        connection.execute(
            "UPDATE idempotency_records SET created_at = now() - interval '2 days' WHERE idempotency_key = 'kept'"
        )

    async def run() -> None:
        database = Database(inter_hub.dsn, connections=1)
        await database.open()
        try:
            await sweep(database, timedelta(hours=24))
        finally:
            await database.close()

    asyncio.run(run())
    with psycopg.connect(inter_hub.dsn) as connection:
        left = connection.execute("SELECT idempotency_key FROM idempotency_records WHERE key_id = %s", [hub.key["id"]])
        assert left.fetchall() == [("young",)]
        tokens = connection.execute("SELECT count(*) FROM access_tokens WHERE key_id = %s", [hub.key["id"]]).fetchone()
        assert tokens == (0,)
    client: Client = inter_hub.holder(hub.key["key"])
    answer = client.post(path, body, Idempotency_Key="kept")
    assert problem(answer, 409)["errors"][0]["existingId"] == first["id"]
