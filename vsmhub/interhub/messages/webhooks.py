"""Subscriptions to a hub's events, delivered by signed webhooks (Standard Webhooks)."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from vsmhub.interhub.messages.wire import Answer, Name, Record, Request, Timestamp

Url = Annotated[str, StringConstraints(pattern=r"^https?://[!-~]+$", max_length=2000)]


class SubscriptionCreate(Request):
    hub_id: UUID
    url: Url
    event_types: list[Name] = Field(
        default_factory=list, max_length=1000, description="All of them where none is named."
    )


class Subscription(Record):
    hub_id: UUID
    url: str
    event_types: list[str]


class SubscriptionCreated(Subscription):
    """The answer to the creation, and the only place the signing secret is ever shown."""

    secret: str | None = Field(
        default=None, repr=False, description="`whsec_…`; null in a replay, which never shows it again."
    )
    secret_already_shown: bool = False


class WebhookPayload(Answer):
    """The body of a delivery; the headers are `webhook-id`, `webhook-timestamp` and `webhook-signature`."""

    type: str = Field(description="The event type that was submitted.")
    timestamp: Timestamp
    data: dict[str, object]
