"""The OpenAPI document: current, complete, and kept by the running server."""

import json
from pathlib import Path

from tests.server.serving import InterHub
from vsmhub.server.app import openapi_text

PUBLISHED = Path(__file__).parents[2] / "docs" / "openapi.json"


def test_the_published_file_is_current() -> None:
    assert PUBLISHED.read_text() == openapi_text(), "write vsmhub.server.app.openapi_text() to docs/openapi.json"


def test_it_is_served_to_anyone(inter_hub: InterHub) -> None:
    answer = inter_hub.anonymous().get("/openapi.json")
    assert answer.status_code == 200
    assert answer.json() == json.loads(PUBLISHED.read_text())
