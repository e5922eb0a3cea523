"""Which subscriptions an event goes to."""

from typing import Any

from sqlalchemy import ColumnElement, FromClause, and_, func, or_

from vsmhub.interhub.tables import webhook_subscriptions as subscriptions


def wants(events: FromClause) -> ColumnElement[Any]:
    """Those of the event's hub that name its type, or name none."""
    return and_(
        events.c.hub_id == subscriptions.c.hub_id,
        or_(
            func.cardinality(subscriptions.c.event_types) == 0,
            events.c.event_type == func.any(subscriptions.c.event_types),
        ),
    )
