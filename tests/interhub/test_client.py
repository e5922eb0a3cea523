"""The client against a server that keeps to the contract, message by message."""

from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from tests.interhub.asking import KEY, Key
from tests.interhub.examples import HUB, HUB_ID, MANIFEST, MANIFEST_ID, WIDGET
from tests.interhub.scripted import Say, page, scripted
from vsmhub import __version__
from vsmhub.interhub.client import InterHub
from vsmhub.interhub.messages.framework import HubCreate, HubUpdate
from vsmhub.interhub.messages.widgets import WidgetCreate


def test_a_list_is_read_page_by_page_when_it_is_needed() -> None:
    with scripted(page(WIDGET, cursor="next one"), page(WIDGET)) as server, InterHub(server.base, Key()) as target:
        widgets = target.widgets(hub=UUID(HUB_ID))
        assert server.seen == []
        assert next(widgets).slug == WIDGET["slug"]
        assert len(server.seen) == 1
        assert len(list(widgets)) == 1
        assert [one.path for one in server.seen] == [
            f"/api/v2/widgets?hubId={HUB_ID}&limit=1000",
            f"/api/v2/widgets?hubId={HUB_ID}&limit=1000&cursor=next+one",
        ]
        assert target.requests_made == 3


def test_times_are_in_utc_however_the_server_tells_them() -> None:
    """So that they compare with others, and that what is shown as UTC is; one without an offset is taken for UTC."""
    times = {"createdAt": "2026-06-14T14:00:00+02:00", "updatedAt": "2026-06-14T12:00:00"}
    with scripted(page(HUB | times)) as server, InterHub(server.base, Key()) as target:
        (hub,) = target.hubs()
    assert (hub.created_at, hub.updated_at) == (datetime(2026, 6, 14, 12, tzinfo=UTC),) * 2
    assert f"{hub.created_at:%H:%M}" == "12:00"


def test_a_key_is_exchanged_once_and_its_token_travels() -> None:
    with scripted(page(HUB), page(HUB)) as server, InterHub(server.base, Key) as target:
        assert [hub.slug for hub in target.hubs(slug="ops-hub")] == ["ops-hub"]
        list(target.hubs())
        assert [one.json for one in server.exchanged] == [{"apiKey": KEY}]
        assert {one.headers["authorization"] for one in server.seen} == {"Bearer iht_token-number-one-of-the-script"}
        assert {one.headers["user-agent"] for one in server.seen} == {f"vsmhub/{__version__}"}
        assert "authorization" not in server.exchanged[0].headers


def test_what_is_created_is_sent_whole_and_what_is_changed_in_part() -> None:
    with scripted(Say(201, HUB), Say(200, HUB)) as server, InterHub(server.base, Key()) as target:
        hub = target.create_hub(HubCreate(slug="ops-hub", name="Ops", domain="operations"), idempotency_key="mine")
        target.update_hub(hub.id, HubUpdate(vsm_function=None, name="Operations"), revision=hub.revision)
        made, changed = server.seen
        assert made.json == {
            "slug": "ops-hub",
            "name": "Ops",
            "domain": "operations",
            "hubKind": "domain",
            "description": "",
        }
        assert made.headers["idempotency-key"] == "mine"
        assert changed.json == {"vsmFunction": None, "name": "Operations"}
        assert changed.headers["if-match"] == '"3"'
        assert changed.path == f"/api/v2/hubs/{HUB_ID}"


def test_activation_names_the_revision_it_was_decided_on() -> None:
    with scripted(Say(200, MANIFEST)) as server, InterHub(server.base, Key()) as target:
        target.activate_manifest(UUID(MANIFEST_ID), revision=7)
        assert server.seen[0].headers["if-match"] == '"7"'
        assert server.seen[0].headers["idempotency-key"]
        assert server.seen[0].body == b""


def test_widgets_are_created_in_batches_of_a_thousand() -> None:
    def echo(seen: object) -> Say:
        items = seen.json["items"]  # type: ignore[attr-defined]
        return Say(201, {"data": [{**WIDGET, "slug": one["slug"]} for one in items]})

    wanted = [
        WidgetCreate(hub_id=UUID(HUB_ID), slug=f"w-{n}", name="n", widget_type="t", policy_scope="p", view_context="v")
        for n in range(2001)
    ]
    with scripted(echo, echo, echo) as server, InterHub(server.base, Key()) as target:
        made = [widget.slug for batch in target.create_widgets(wanted) for widget in batch]
        assert made == [one.slug for one in wanted]
        assert len({one.headers["idempotency-key"] for one in server.seen}) == 3


def test_a_unix_socket_will_do(tmp_path: Path) -> None:
    path = tmp_path / "hub.sock"
    with scripted(page(HUB), unix=path) as server, InterHub(server.base, Key(), socket=path, label="local") as target:
        assert next(target.hubs()).slug == "ops-hub"
        assert target.label == "local"
        assert target.url == "http://local/api/v2"


def test_every_request_is_told_of() -> None:
    told: list[tuple[str, str, int | None]] = []
    with (
        scripted(Say(503), page(HUB)) as server,
        InterHub(
            server.base, Key(), on_request=lambda method, path, status, _: told.append((method, path, status))
        ) as target,
    ):
        list(target.hubs())
    assert told == [("POST", "/token", 200), ("GET", "/hubs", 503), ("GET", "/hubs", 200)]


def test_the_api_description_needs_no_key() -> None:
    with scripted(Say(200, {"openapi": "3.1.0"})) as server, InterHub(server.base) as target:
        assert target.openapi() == {"openapi": "3.1.0"}
        assert "authorization" not in server.seen[0].headers


def test_the_command_line_starts_without_the_http_library() -> None:
    import subprocess
    import sys

    code = "import sys, vsmhub.interhub.client; sys.exit('httpx' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_its_representation_tells_no_secret() -> None:
    assert repr(InterHub("https://hub.example.org", Key())) == "InterHub('https://hub.example.org/api/v2')"


@pytest.mark.parametrize("key", ["", "two words", "line\nbreak", "é", "k" * 256])
def test_an_idempotency_key_that_no_header_can_carry_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match="visible ASCII"), InterHub("http://localhost", Key()) as target:
        target.create_hub(HubCreate(slug="a", name="a", domain="a"), idempotency_key=key)
