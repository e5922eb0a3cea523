"""Forgetting events that are older than their widget's policy scope keeps them.

How long that is, the hub's active manifest says: its capability's `retention_days` has days by policy scope. What still
counts stays, however old it is: the newest event of each series, what a requirement candidate rests on, and what is yet
to be delivered to a webhook. Of what is forgotten, the trail goes on saying who wrote it and when, but not what.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import (
    DateTime,
    Integer,
    Text,
    Uuid,
    bindparam,
    delete,
    exists,
    func,
    insert,
    literal_column,
    null,
    select,
    update,
)

from vsmhub.interhub.tables import (
    audit_records,
    current_events,
    hub_capability_manifests,
    requirement_candidates,
    webhook_deliveries,
    widgets,
)
from vsmhub.interhub.tables import interaction_events as events
from vsmhub.server.database import Database
from vsmhub.server.statements import Statement

AT_ONCE = 500
LONGEST_DAYS = 36_500


@dataclass(frozen=True, slots=True)
class Rule:
    """How long a hub keeps events about widgets of one policy scope."""

    hub_id: UUID
    policy_scope: str
    days: int


_MANIFESTS = Statement(
    select(
        hub_capability_manifests.c.hub_id,
        hub_capability_manifests.c.capability.op("->")(literal_column("'retention_days'")).label("said"),
    ).where(
        hub_capability_manifests.c.status == literal_column("'active'"),
        hub_capability_manifests.c.capability.op("?")(literal_column("'retention_days'")),
    )
)
_gone = (
    select(events.c.id)
    .where(
        events.c.widget_id.in_(
            select(widgets.c.id).where(
                widgets.c.hub_id == bindparam("hub_id", type_=Uuid),
                widgets.c.policy_scope == bindparam("policy_scope", type_=Text),
            )
        ),
        # An id tells when it was made, so an index finds the old ones; the time itself is for ids that do not.
        events.c.id < bindparam("first_kept", type_=Uuid),
        events.c.created_at < bindparam("before", type_=DateTime(timezone=True)),
        ~exists().where(
            *(current_events.c[name] == events.c[name] for name in ("hub_id", "widget_id", "event_type", "series")),
            current_events.c.event_id == events.c.id,
        ),
        ~exists().where(requirement_candidates.c.interaction_event_id == events.c.id),
        ~exists().where(
            webhook_deliveries.c.interaction_event_id == events.c.id,
            webhook_deliveries.c.status == literal_column("'pending'"),
        ),
    )
    .limit(bindparam("at_once", type_=Integer))
    .with_for_update(skip_locked=True)
    .cte("gone")
)
_told = (
    update(audit_records)
    .where(audit_records.c.object_id == _gone.c.id, audit_records.c.kind == literal_column("'interaction-events'"))
    .values(after=null())
)
_noted = insert(audit_records).from_select(
    ["actor", "action", "kind", "object_id", "hub_id", "after"],
    select(
        literal_column("'retention'"),
        literal_column("'expire'"),
        literal_column("'hubs'"),
        bindparam("hub_id", type_=Uuid),
        bindparam("hub_id", type_=Uuid),
        func.jsonb_build_object(
            literal_column("'policy_scope'"),
            bindparam("policy_scope", type_=Text),
            literal_column("'retention_days'"),
            bindparam("days", type_=Integer),
            literal_column("'interaction_events'"),
            func.count(),
        ),
    )
    .select_from(_gone)
    .having(func.count() > literal_column("0")),
)
_FORGET = Statement(
    select(func.count().label("count"))
    .select_from(_gone)
    .add_cte(
        delete(webhook_deliveries).where(webhook_deliveries.c.interaction_event_id == _gone.c.id).cte("deliveries"),
        _told.cte("told"),
        delete(events).where(events.c.id == _gone.c.id).cte("deleted"),
        _noted.cte("noted"),
    )
)


async def forget(database: Database, count: Callable[[int], None], *, at_once: int = AT_ONCE) -> None:
    """Forget all that is older than it is to be kept, so many at once; `count` is told how many each time."""
    async with database.connection() as connection:
        found = await _MANIFESTS.rows(connection)
    for rule in [rule for row in found for rule in rules(row["hub_id"], row["said"])]:
        before = datetime.now(UTC) - timedelta(days=rule.days)
        gone = at_once
        while gone == at_once:
            # A connection and a transaction for each portion: nobody waits for long.
            async with database.connection() as connection:
                row = await _FORGET.row(
                    connection,
                    hub_id=rule.hub_id,
                    policy_scope=rule.policy_scope,
                    days=rule.days,
                    before=before,
                    # Ids count from 1970 on.
                    first_kept=UUID(int=max(0, int(before.timestamp() * 1000)) << 80),
                    at_once=at_once,
                )
            gone = row["count"] if row else 0
            count(gone)


def rules(hub_id: UUID, said: object) -> Iterator[Rule]:
    """The rules that a manifest's `retention_days` come to; what is none is passed over, and everything is kept."""
    for scope, days in said.items() if isinstance(said, dict) else ():
        if isinstance(days, int) and not isinstance(days, bool) and 1 <= days <= LONGEST_DAYS:
            yield Rule(hub_id, scope, days)
