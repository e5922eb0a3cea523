"""What the embedded Inter-Hub is told by whoever starts it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from vsmhub.server.errors import SettingError


@dataclass(frozen=True, slots=True)
class WebhookSettings:
    """How webhooks are delivered.

    `allow_private` lets subscriptions name loopback and private addresses; link-local ones are never allowed.
    `says` is the event type that every delivery claims, empty for the one that was submitted.
    A delivery is tried `attempts` times; the waiting time starts at `first_delay` and doubles up to `longest_delay`.
    """

    enabled: bool = True
    allow_private: bool = False
    timeout: timedelta = timedelta(seconds=10)
    attempts: int = 12
    first_delay: timedelta = timedelta(seconds=5)
    longest_delay: timedelta = timedelta(hours=6)
    poll: timedelta = timedelta(seconds=1)
    says: str = ""


@dataclass(frozen=True, slots=True)
class Settings:
    """All of it. `database` is a libpq connection string or URL; it may hold a password and is not shown.

    `rate_limit` is in requests per second for each API key, `rate_burst` the requests it may save up. A request waits
    for one of the database's `connections` for as long as `patience`, also when the database is being restarted.
    """

    database: str = field(repr=False)
    token_lifetime: timedelta = timedelta(minutes=15)
    idempotency_lifetime: timedelta = timedelta(hours=24)
    rate_limit: float = 200.0
    rate_burst: int = 2000
    connections: int = 10
    patience: timedelta = timedelta(seconds=5)
    webhooks: WebhookSettings = WebhookSettings()

    @classmethod
    def from_environment(cls, environment: Mapping[str, str], *, database: str | None = None) -> "Settings":
        """Read `VSMHUB_*` variables; `database` is used where `VSMHUB_DATABASE_URL` is not set.

        Raises SettingError for a value that cannot be understood, or when no database is named at all.
        """
        dsn = environment.get("VSMHUB_DATABASE_URL") or database
        if not dsn:
            raise SettingError("no database is named", hint="Set VSMHUB_DATABASE_URL to a PostgreSQL URL.")
        default = cls(database=dsn)
        return cls(
            database=dsn,
            token_lifetime=_seconds(environment, "VSMHUB_TOKEN_LIFETIME", default.token_lifetime),
            idempotency_lifetime=_seconds(environment, "VSMHUB_IDEMPOTENCY_LIFETIME", default.idempotency_lifetime),
            rate_limit=_number(environment, "VSMHUB_RATE_LIMIT", default.rate_limit),
            rate_burst=int(_number(environment, "VSMHUB_RATE_BURST", default.rate_burst)),
            connections=int(_number(environment, "VSMHUB_DATABASE_CONNECTIONS", default.connections)),
            webhooks=WebhookSettings(
                enabled=_flag(environment, "VSMHUB_WEBHOOKS", default=True),
                allow_private=_flag(environment, "VSMHUB_WEBHOOKS_ALLOW_PRIVATE", default=False),
            ),
        )


def _number(environment: Mapping[str, str], name: str, default: float) -> float:
    text = environment.get(name)
    if not text:
        return default
    try:
        number = float(text)
    except ValueError as error:
        raise SettingError(f"{name} is {text!r}, which is no number") from error
    if not 1 <= number <= 1e9:
        raise SettingError(f"{name} is {text}; it must lie between 1 and 1000000000")
    return number


def _seconds(environment: Mapping[str, str], name: str, default: timedelta) -> timedelta:
    return timedelta(seconds=_number(environment, name, default.total_seconds()))


def _flag(environment: Mapping[str, str], name: str, *, default: bool) -> bool:
    text = environment.get(name, "").lower()
    if not text:
        return default
    if text not in {"1", "true", "yes", "on", "0", "false", "no", "off"}:
        raise SettingError(f"{name} is {text!r}; say yes or no")
    return text in {"1", "true", "yes", "on"}
