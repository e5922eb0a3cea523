"""Settings from the environment."""

from datetime import timedelta

import pytest

from vsmhub.server.errors import SettingError
from vsmhub.server.settings import Settings


def test_what_is_not_set() -> None:
    settings = Settings.from_environment({}, database="postgresql://here/db")
    assert settings == Settings(database="postgresql://here/db")
    assert settings.token_lifetime == timedelta(minutes=15)


def test_what_is_set() -> None:
    settings = Settings.from_environment(
        {
            "VSMHUB_DATABASE_URL": "postgresql://u:secret@there/db",
            "VSMHUB_TOKEN_LIFETIME": "60",
            "VSMHUB_IDEMPOTENCY_LIFETIME": "172800",
            "VSMHUB_RATE_LIMIT": "1.5",
            "VSMHUB_RATE_BURST": "3",
            "VSMHUB_DATABASE_CONNECTIONS": "4",
            "VSMHUB_WEBHOOKS": "no",
            "VSMHUB_WEBHOOKS_ALLOW_PRIVATE": "TRUE",
        },
        database="postgresql://here/db",
    )
    assert settings.database == "postgresql://u:secret@there/db"
    assert "secret" not in repr(settings)
    assert (settings.token_lifetime, settings.idempotency_lifetime) == (timedelta(minutes=1), timedelta(days=2))
    assert (settings.rate_limit, settings.rate_burst, settings.connections) == (1.5, 3, 4)
    assert (settings.webhooks.enabled, settings.webhooks.allow_private) == (False, True)


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({}, "no database"),
        ({"VSMHUB_DATABASE_URL": "x", "VSMHUB_RATE_LIMIT": "fast"}, "VSMHUB_RATE_LIMIT"),
        ({"VSMHUB_DATABASE_URL": "x", "VSMHUB_TOKEN_LIFETIME": "0"}, "VSMHUB_TOKEN_LIFETIME"),
        ({"VSMHUB_DATABASE_URL": "x", "VSMHUB_TOKEN_LIFETIME": "nan"}, "VSMHUB_TOKEN_LIFETIME"),
        ({"VSMHUB_DATABASE_URL": "x", "VSMHUB_WEBHOOKS": "maybe"}, "VSMHUB_WEBHOOKS"),
    ],
)
def test_what_cannot_be_understood(environment: dict[str, str], words: str) -> None:
    with pytest.raises(SettingError, match=words):
        Settings.from_environment(environment)
