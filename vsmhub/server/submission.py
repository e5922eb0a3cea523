"""Events as they came, and the one statement that takes any number of them.

It does for each event what the ordinary way does in several steps: it looks up the token, holds the scope, the widget
and the event type against it, claims the idempotency key, and writes event, audit row, webhook deliveries, the
kept answer and what is current. It takes an event whole or not at all; why it did not take one is for the ordinary way
to say.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    DateTime,
    Integer,
    LargeBinary,
    SmallInteger,
    Text,
    Uuid,
    and_,
    bindparam,
    cast,
    column,
    func,
    insert,
    literal,
    literal_column,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql import insert as upsert

from vsmhub.interhub.messages.evidence import Event, EventCreate
from vsmhub.interhub.messages.standing import Standing
from vsmhub.interhub.messages.wire import member
from vsmhub.interhub.tables import (
    access_tokens,
    api_consumers,
    api_keys,
    audit_records,
    declared_names,
    hubs,
    idempotency_records,
    webhook_deliveries,
    webhook_subscriptions,
    widgets,
)
from vsmhub.interhub.tables import interaction_events as events
from vsmhub.server.caller import OPENS
from vsmhub.server.current import advance
from vsmhub.server.statements import Statement
from vsmhub.server.vocabulary import Kind
from vsmhub.server.webhooks.matching import wants
from vsmhub.server.writes import image, kind_of


@dataclass(frozen=True, slots=True)
class Submission:
    """An event as it came, and whose token it came with. `mark` is an idempotent request's fingerprint."""

    token_hash: bytes
    id: UUID
    now: datetime
    event: EventCreate
    idempotency_key: str | None
    mark: bytes

    def row(self, place: int) -> Mapping[str, object]:
        event = self.event
        return {
            "place": place,
            "token": f"\\x{self.token_hash.hex()}",
            "idempotency_key": self.idempotency_key,
            "mark": f"\\x{self.mark.hex()}",
            "id": self.id,
            "created_at": self.now,
            "widget_id": event.widget_id,
            "event_type": event.event_type,
            "view_context": event.view_context,
            "occurred_at": event.occurred_at or self.now,
            "metadata": event.metadata,
            "actor": event.actor,
            **Standing.of(event.metadata, event.occurred_at or self.now)._asdict(),
        }


_MOMENT = DateTime(timezone=True)
_given = (
    func.jsonb_to_recordset(bindparam("items", type_=JSONB))
    .table_valued(
        column("place", Integer),
        column("token", LargeBinary),
        column("idempotency_key", Text),
        column("mark", LargeBinary),
        column("id", Uuid),
        column("created_at", _MOMENT),
        column("widget_id", Uuid),
        column("event_type", Text),
        column("view_context", Text),
        column("occurred_at", _MOMENT),
        column("metadata", JSONB),
        column("actor", Text),
        column("series", Text),
        column("collected_at", _MOMENT),
        column("weight", SmallInteger),
        name="given",
    )
    .render_derived(with_types=True)
)
_taken = (
    select(
        _given.c.place,
        _given.c.idempotency_key,
        _given.c.mark,
        api_keys.c.id.label("key_id"),
        api_consumers.c.id.label("consumer_id"),
        api_consumers.c.name.label("consumer_name"),
        _given.c.id,
        widgets.c.hub_id,
        _given.c.widget_id,
        _given.c.event_type,
        func.coalesce(_given.c.view_context, widgets.c.view_context).label("view_context"),
        _given.c.occurred_at,
        _given.c.metadata,
        func.coalesce(_given.c.actor, api_consumers.c.name).label("actor"),
        _given.c.created_at,
        _given.c.series,
        _given.c.collected_at,
        _given.c.weight,
    )
    .select_from(
        _given.join(access_tokens, access_tokens.c.token_hash == _given.c.token)
        .join(api_keys, api_keys.c.id == access_tokens.c.key_id)
        .join(api_consumers, api_consumers.c.id == api_keys.c.consumer_id)
        .join(hubs, hubs.c.id == api_consumers.c.hub_id)
        .join(widgets, and_(widgets.c.id == _given.c.widget_id, widgets.c.hub_id == hubs.c.id))
        .join(
            declared_names,
            and_(
                declared_names.c.kind == literal_column(f"'{Kind.EVENT_TYPE}'"),
                declared_names.c.name == _given.c.event_type,
                declared_names.c.hub_id == hubs.c.id,
                declared_names.c.status == literal_column("'active'"),
            ),
        )
    )
    .where(
        *OPENS,
        widgets.c.status == literal_column("'active'"),
        literal("hub:").op("||")(hubs.c.slug).op("||")(":write") == func.any(api_keys.c.scopes),
    )
    .cte("taken")
)


def _shown(moment: ColumnElement[Any]) -> ColumnElement[Any]:
    """A time as answers have it, which is how pydantic writes it."""
    spelt = func.to_char(moment.op("AT TIME ZONE")(literal_column("'UTC'")), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
    return func.replace(spelt, ".000000Z", "Z")


_members = (
    select(
        *(
            (_shown(_taken.c[name]) if isinstance(_taken.c[name].type, DateTime) else _taken.c[name]).label(
                member(name)
            )
            for name in Event.model_fields
        )
    )
    .correlate(_taken)
    .lateral("shown")
)
_answer = cast(func.row_to_json(literal_column("shown")), Text)
_answered = (
    select(_taken, _answer.label("answer")).select_from(_taken.join(_members, literal_column("true"))).cte("answered")
)
_claimed = (
    upsert(idempotency_records)
    .from_select(
        ["key_id", "idempotency_key", "fingerprint", "status", "headers", "body"],
        select(
            _answered.c.key_id,
            _answered.c.idempotency_key,
            _answered.c.mark,
            cast(literal_column("201"), SmallInteger),
            func.jsonb_build_object(
                literal_column("'etag'"),
                literal_column("'\"1\"'"),
                literal_column("'location'"),
                bindparam("location", type_=Text).op("||")(cast(_answered.c.id, Text)),
            ),
            func.convert_to(_answered.c.answer, literal_column("'UTF8'")),
        )
        .where(_answered.c.idempotency_key.is_not(None))
        .order_by(_answered.c.idempotency_key),
    )
    .on_conflict_do_nothing()
    .returning(idempotency_records.c.key_id, idempotency_records.c.idempotency_key)
    .cte("claimed")
)
_made = (
    insert(events)
    .from_select(
        [one.name for one in events.c],
        select(*(_answered.c[one.name] for one in events.c))
        .select_from(
            _answered.outerjoin(
                _claimed,
                and_(
                    _claimed.c.key_id == _answered.c.key_id,
                    _claimed.c.idempotency_key == _answered.c.idempotency_key,
                ),
            )
        )
        .where(or_(_answered.c.idempotency_key.is_(None), _claimed.c.key_id.is_not(None))),
    )
    .returning(events)
    .cte("made")
)
_trail = insert(audit_records).from_select(
    ["key_id", "consumer_id", "actor", "action", "kind", "object_id", "hub_id", "after"],
    select(
        _answered.c.key_id,
        _answered.c.consumer_id,
        _answered.c.consumer_name,
        literal_column("'create'"),
        literal_column(f"'{kind_of(events)}'"),
        _made.c.id,
        _made.c.hub_id,
        image("made"),
    ).select_from(_made.join(_answered, _answered.c.id == _made.c.id)),
)
_queued = insert(webhook_deliveries).from_select(
    ["id", "subscription_id", "interaction_event_id", "status"],
    select(func.gen_random_uuid(), webhook_subscriptions.c.id, _made.c.id, literal_column("'pending'")).select_from(
        webhook_subscriptions.join(_made, wants(_made))
    ),
)
SUBMIT = Statement(
    select(_answered.c.place, _answered.c.answer)
    .select_from(_answered.join(_made, _made.c.id == _answered.c.id))
    .add_cte(_trail.cte("trail"), _queued.cte("queued"), advance(_made).cte("advanced"))
)
"""Takes `items` (rows of submissions) and `location` (what an id is put behind); answers with `place` and `answer`."""
