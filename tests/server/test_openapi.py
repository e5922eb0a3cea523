"""The OpenAPI document: current, complete, and kept by the running server."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.server.serving import InterHub
from vsmhub.server.app import create_app, openapi_text
from vsmhub.server.settings import Settings

PUBLISHED = Path(__file__).parents[2] / "docs" / "openapi.json"


def test_the_published_file_is_current() -> None:
    assert PUBLISHED.read_text() == openapi_text(), "write vsmhub.server.app.openapi_text() to docs/openapi.json"


def test_it_is_served_to_anyone(inter_hub: InterHub) -> None:
    answer = inter_hub.anonymous().get("/openapi.json")
    assert answer.status_code == 200
    assert answer.json() == json.loads(PUBLISHED.read_text())


def test_it_is_made_once_for_all_who_ask_at_the_same_time() -> None:
    app = create_app(Settings(database="postgresql://"))
    together = threading.Barrier(4)

    def asked() -> int:
        together.wait(timeout=30)
        return id(app.openapi())

    with ThreadPoolExecutor(4) as threads:
        seen = [one.result() for one in [threads.submit(asked) for _ in range(4)]]
    assert set(seen) == {id(app.openapi_schema)}
