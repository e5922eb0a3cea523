"""Inter-Hubs for the tests: one for each module, over a migrated database of its own."""

from collections.abc import Iterator

import pytest

from tests.databases import Databases
from tests.server.serving import HubUnderTest, InterHub, serving
from vsmhub.server.settings import Settings, WebhookSettings


@pytest.fixture(scope="module")
def migrated(databases: Databases) -> Iterator[str]:
    """The DSN of a database at head, of this module's own."""
    with databases.migrated() as dsn:
        yield dsn


@pytest.fixture(scope="module")
def inter_hub(migrated: str) -> Iterator[InterHub]:
    """A running Inter-Hub that delivers no webhooks."""
    settings = Settings(database=migrated, webhooks=WebhookSettings(enabled=False, allow_private=True))
    with serving(migrated, settings) as running:
        yield running


@pytest.fixture(scope="module")
def hub(inter_hub: InterHub) -> HubUnderTest:
    """A hub with everything it takes to write to it."""
    return inter_hub.hub()
