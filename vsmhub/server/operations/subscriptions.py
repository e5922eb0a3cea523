"""Webhook subscriptions: where a hub's events are delivered to."""

from typing import Annotated
from uuid import UUID

from fastapi import Query
from sqlalchemy import func, select
from starlette.responses import Response

from vsmhub.interhub.messages.limits import SUBSCRIPTION_LIMIT
from vsmhub.interhub.messages.webhooks import Subscription, SubscriptionCreate, SubscriptionCreated
from vsmhub.interhub.messages.wire import Page
from vsmhub.interhub.tables import webhook_subscriptions as subscriptions
from vsmhub.server.answers import Made, document, etag, one
from vsmhub.server.call import Calling
from vsmhub.server.caller import Needs
from vsmhub.server.credentials import new_webhook_secret
from vsmhub.server.identifiers import new_id
from vsmhub.server.lookups import find
from vsmhub.server.operation import PREFIX, Operation
from vsmhub.server.pages import Listing, PageQuery, equal
from vsmhub.server.paths import Id
from vsmhub.server.problems import conflict, field, invalid, pointer
from vsmhub.server.statements import Statement
from vsmhub.server.vocabulary import Kind, Use, undeclared
from vsmhub.server.webhooks.addresses import complaint_about
from vsmhub.server.writes import insertion, removal


class SubscriptionQuery(PageQuery):
    hub_id: UUID | None = None


SUBSCRIPTIONS = Listing(
    Subscription,
    select(subscriptions),
    subscriptions.c.id,
    equal(subscriptions.c.hub_id),
    owner=subscriptions.c.hub_id,
    written=True,
)


_COUNT = Statement(
    select(func.count().label("count")).select_from(subscriptions).where(*equal(subscriptions.c.hub_id).values())
)


async def list_webhook_subscriptions(call: Calling, query: Annotated[SubscriptionQuery, Query()]) -> Response:
    """The subscriptions of the hub that the key may write to, without their secrets."""
    return await SUBSCRIPTIONS.page(call, query)


async def create_webhook_subscription(call: Calling, body: SubscriptionCreate) -> Response:
    """Have a hub's events delivered to a URL, signed with the secret that this answer shows and none ever again.

    Deliveries follow Standard Webhooks, come at least once and in no certain order, and are repeated until the URL
    answers 2xx. Redirects are not followed.
    """
    call.caller.require_write(body.hub_id)
    complaint = complaint_about(body.url, allow_private=call.settings.webhooks.allow_private)
    if complaint:
        raise invalid(field("/url", complaint, value=body.url))
    uses = [Use(Kind.EVENT_TYPE, name, pointer("eventTypes", place)) for place, name in enumerate(body.event_types)]
    problems = await undeclared(call.connection, body.hub_id, uses) if uses else []
    if problems:
        raise invalid(*problems)
    counted = await _COUNT.row(call.connection, hub_id=body.hub_id)
    if counted is not None and counted["count"] >= SUBSCRIPTION_LIMIT:
        raise conflict(f"The hub has {SUBSCRIPTION_LIMIT} webhook subscriptions, which is the most; end one first.")
    secret = new_webhook_secret()
    row = {"id": new_id(), **body.model_dump(), "secret": secret}
    made = await insertion(call.author, subscriptions, [row]).row(call.connection)
    public = document(Subscription, made)
    return Made(
        {**public, "secret": secret, "secretAlreadyShown": False},
        status=201,
        headers={
            "ETag": etag(made),
            "Location": f"{PREFIX}/webhook-subscriptions/{made['id']}",
            "Cache-Control": "no-store",
        },
        kept={**public, "secret": None, "secretAlreadyShown": True},
    )


async def get_webhook_subscription(call: Calling, subscription_id: Id) -> Response:
    """One subscription, without its secret."""
    row = call.caller.require_write_of(await find(call.connection, subscriptions, subscription_id))
    return one(Subscription, row)


async def delete_webhook_subscription(call: Calling, subscription_id: Id) -> Response:
    """End a subscription, and forget what was not delivered yet."""
    call.caller.require_write_of(await find(call.connection, subscriptions, subscription_id, lock=True))
    await removal(call.author, subscriptions, subscription_id).rows(call.connection)
    return Response(status_code=204)


_TAG = "Webhooks"
_PATH = "/webhook-subscriptions"
_ONE = _PATH + "/{id}"
_WRITE = Needs.HUB_WRITE
OPERATIONS = (
    Operation("GET", _PATH, list_webhook_subscriptions, _WRITE, Page[Subscription], _TAG),
    Operation("POST", _PATH, create_webhook_subscription, _WRITE, SubscriptionCreated, _TAG, status=201, tagged=True),
    Operation("GET", _ONE, get_webhook_subscription, _WRITE, Subscription, _TAG, tagged=True),
    Operation("DELETE", _ONE, delete_webhook_subscription, _WRITE, None, _TAG, status=204),
)
