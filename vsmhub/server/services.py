"""What the operations share, built by the application."""

from collections import OrderedDict
from dataclasses import dataclass, field
from uuid import UUID

from starlette.requests import Request

from vsmhub.server.database import Database
from vsmhub.server.limiter import Limiter
from vsmhub.server.metrics import Metrics
from vsmhub.server.settings import Settings

COUNTED = "interhub.counted"
"""Set in a request's scope when the rate limit has counted it already."""

_REMEMBERED = 10_000


class Holders:
    """Whose tokens were seen lately: the API key by the token's hash.

    A token is one key's for good, so this never goes stale; but whether it still opens anything is the database's to
    say, each time anew.
    """

    def __init__(self) -> None:
        self._keys: OrderedDict[bytes, UUID] = OrderedDict()

    def get(self, token_hash: bytes) -> UUID | None:
        return self._keys.get(token_hash)

    def remember(self, token_hash: bytes, key_id: UUID) -> None:
        self._keys[token_hash] = key_id
        if len(self._keys) > _REMEMBERED:
            self._keys.popitem(last=False)


@dataclass(frozen=True, slots=True)
class Services:
    """One of each for the whole application."""

    database: Database
    limiter: Limiter
    metrics: Metrics
    settings: Settings
    holders: Holders = field(default_factory=Holders)


def services_of(request: Request) -> Services:
    """The services of the application that a request came to."""
    services: Services = request.app.state.services
    return services
