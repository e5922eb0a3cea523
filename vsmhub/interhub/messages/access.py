"""API consumers, their keys, and the tokens that keys are exchanged for."""

from enum import StrEnum
from typing import Literal
from uuid import UUID

from pydantic import Field

from vsmhub.interhub.messages.wire import Answer, KeyScope, Line, Moment, Request, Resource, Timestamp


class ConsumerStatus(StrEnum):
    ACTIVE = "active"
    SUSPENDED = "suspended"


class ConsumerCreate(Request):
    hub_id: UUID
    manifest_id: UUID
    name: Line


class ConsumerUpdate(Request):
    """What is not named stays as it is."""

    manifest_id: UUID | None = None
    name: Line | None = None
    status: ConsumerStatus | None = None


class Consumer(Resource):
    """Hub and manifest are null for the operator's own consumer alone."""

    hub_id: UUID | None = None
    manifest_id: UUID | None = None
    name: str
    status: ConsumerStatus


class KeyCreate(Request):
    name: Line
    scopes: list[KeyScope] = Field(min_length=1, max_length=100)
    expires_at: Moment | None = None
    claim_within: int | None = Field(
        default=None,
        strict=True,
        ge=1,
        le=86_400,
        description="Seconds in which the key must first be exchanged for a token; after that it can no longer be. "
        "A key whose answer was lost on the way then opens nothing.",
    )


class Key(Resource):
    """A key without its secret. `prefix` is the secret's public beginning, by which a holder knows it."""

    consumer_id: UUID
    name: str
    prefix: str
    scopes: list[str]
    expires_at: Timestamp | None = None
    claim_by: Timestamp | None = Field(
        default=None, description="Null once the key has been exchanged, or need not be."
    )
    revoked_at: Timestamp | None = None
    last_used_at: Timestamp | None = None


class KeyCreated(Key):
    """The answer to the creation of a key, and the only place its secret is ever shown."""

    key: str | None = Field(
        default=None, repr=False, description="The secret; null in a replay, which never shows it again."
    )
    secret_already_shown: bool = False


class TokenRequest(Request):
    api_key: str = Field(min_length=1, max_length=200, repr=False)


class Token(Answer):
    access_token: str = Field(repr=False)
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105 - a scheme, not a secret
    expires_in: int = Field(description="Seconds.")
    scopes: list[str]
