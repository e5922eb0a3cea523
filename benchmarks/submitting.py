"""A running Inter-Hub with ops-hub in it, its PostgreSQL, and events to submit to both."""

import contextlib
import http.client
import json
import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit
from uuid import UUID

from benchmarks.programs import ROOT, Served, vsmhub
from benchmarks.timing import BenchmarkError, Command, timed
from vsmhub.interhub.client import InterHub
from vsmhub.paths import Paths
from vsmhub.secrets.secret import Secret
from vsmhub.server.postgres import embedded

EVENT = "ops-endpoint-verified"
# As a probe says it: about 400 bytes.
METADATA = {
    "vsmFunction": "OPS",
    "vsmSystem": "S1",
    "endpoint": "https://gitea.coulomb.social/v2/",
    "latencyMs": 12.3,
    "evidence": {
        "outcome": "pass",
        "by": "prober somewhere",
        "collectedAt": "2026-06-14T12:00:00.000Z",
        "expiresAt": "2026-06-14T12:15:00.000Z",
        "signal": "gitea-registry-challenge",
    },
}
UNLIMITED = {"VSMHUB_RATE_LIMIT": "1e9", "VSMHUB_RATE_BURST": "1e9"}


@dataclass(frozen=True)
class Submitting:
    """Where to submit: over HTTP with a token, or into the table itself; and the widgets that events are about."""

    url: str
    token: str
    dsn: str
    hub: UUID
    widgets: Sequence[UUID]
    environment: dict[str, str]

    def body(self, place: int) -> dict[str, object]:
        """One event's request."""
        widget = self.widgets[place % len(self.widgets)]
        return {"widgetId": str(widget), "eventType": EVENT, "metadata": METADATA}


def posted(url: str, token: str, batches: Sequence[bytes]) -> float:
    """The seconds that batches of events take, one after the other over one connection.

    BenchmarkError when one is refused.
    """
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
    connection = http.client.HTTPConnection(urlsplit(url).netloc)
    begin = time.perf_counter()
    for batch in batches:
        connection.request("POST", "/api/v2/interaction-events/batch", batch, headers)
        answer = connection.getresponse()
        said = answer.read()
        if answer.status != 201:
            raise BenchmarkError(f"a batch was refused with {answer.status}: {said[:500]!r}")
    seconds = time.perf_counter() - begin
    connection.close()
    return seconds


@contextlib.contextmanager
def submitting(*options: str) -> Iterator[Submitting]:
    """ops-hub applied to a `vsmhub serve` of its own, which limits nobody's rate."""
    served = Served(*options, **UNLIMITED)
    try:
        served.start_empty()
        timed(Command(vsmhub("apply", "hubs/ops", "--yes"), served.environment, ROOT))
        data = Paths.from_environment({**os.environ, **served.home.environment}).data
        secret = json.loads(next((served.home.folder / "keys").rglob("ops-hub*.json")).read_text())["secret"]
        with (
            embedded.running(data) as dsn,
            InterHub(served.url, Secret(served.environment["IHUB_OPERATOR_KEY"])) as operator,
        ):
            token = operator.exchange(Secret(secret))
            hub = next(operator.hubs(slug="ops-hub"))
            widgets = [one.id for one in operator.widgets(hub=hub.id)]
            yield Submitting(served.url, token.access_token, dsn, hub.id, widgets, served.environment)
    finally:
        served.remove()
