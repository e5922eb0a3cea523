"""schemathesis against a really running server: every operation keeps what its OpenAPI document says."""

import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server import examples
from tests.server.serving import Client, InterHub, serving
from vsmhub.server.app import openapi_text
from vsmhub.server.settings import Settings, WebhookSettings

CONFIG = Path(__file__).with_name("schemathesis.toml")
SCOPES = {
    operation["operationId"]: operation.get("x-required-scope", "framework:")
    for methods in json.loads(openapi_text())["paths"].values()
    for operation in methods.values()
}


@pytest.fixture(scope="module")
def listening() -> Iterator[socket.socket]:
    """A port of the loopback, below those that connections get."""
    for port in range(18_700, 18_800):
        listening = socket.socket()
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind(("127.0.0.1", port))
        except OSError:
            listening.close()
            continue
        listening.listen(128)
        yield listening
        return
    pytest.fail("no port is free")


@pytest.fixture(scope="module")
def inter_hub(migrated: str, listening: socket.socket) -> Iterator[InterHub]:
    settings = Settings(
        database=migrated,
        rate_limit=1e6,
        rate_burst=1_000_000,
        webhooks=WebhookSettings(enabled=False, allow_private=True),
    )
    with serving(migrated, settings, listening) as running:
        yield running


@pytest.mark.parametrize("side", ["framework:", "hub:"])
def test_every_operation_keeps_its_word(side: str, inter_hub: InterHub, listening: socket.socket) -> None:
    hub = inter_hub.hub()
    client: Client = inter_hub.operator if side == "framework:" else hub.client
    for name, make in examples.POSTS.items():  # so that there is something of everything
        assert examples.doer(hub, name).post(*make(hub)).is_success
    address, port = listening.getsockname()
    chosen = [f"--include-operation-id={name}" for name, scope in SCOPES.items() if scope.startswith(side)]
    found = subprocess.run(
        [
            *(sys.executable, "-m", "schemathesis.cli", f"--config-file={CONFIG}", "run"),
            f"http://{address}:{port}/api/v2/openapi.json",
            *("--header", f"Authorization: {client.http.headers['authorization']}"),
            *chosen,
        ],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONWARNINGS": "ignore"},
        cwd=tempfile.gettempdir(),
        timeout=280,
        check=False,
    )
    assert found.returncode == 0, found.stdout[-20_000:] + found.stderr[-2000:]
