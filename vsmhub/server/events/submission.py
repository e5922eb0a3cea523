"""Events as they came, and the one statement that takes any number of them.

It does for each event what the ordinary way does in several steps: it looks up the token, holds the scope, the widget
and the event type against it, claims the idempotency key, and writes event, audit row, webhook deliveries, the
kept answer and what is current. It takes an event whole or not at all; why it did not take one is for the ordinary way
to say.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic_core import to_json
from sqlalchemy import (
    ColumnElement,
    DateTime,
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
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.types import TypeEngine

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
from vsmhub.server.events.current import advance
from vsmhub.server.statements import Statement
from vsmhub.server.vocabulary import Kind
from vsmhub.server.webhooks.matching import wants
from vsmhub.server.writes import DERIVED, kind_of


@dataclass(frozen=True, slots=True)
class Submission:
    """An event as it came, and whose token it came with. `mark` is an idempotent request's fingerprint."""

    token_hash: bytes
    id: UUID
    now: datetime
    event: EventCreate
    idempotency_key: str | None
    mark: bytes


def columns(submissions: Sequence[Submission]) -> Mapping[str, str]:
    """What SUBMIT takes: each of its columns as one text, a line for each event, empty where there is nothing.

    None of these values can hold a line's end: not even the metadata, since JSON escapes it.
    """
    standings = [Standing.of(one.event.metadata, one.event.occurred_at or one.now) for one in submissions]
    return {
        "tokens": "\n".join(["\\x" + one.token_hash.hex() for one in submissions]),
        "idempotency_keys": "\n".join([one.idempotency_key or "" for one in submissions]),
        "marks": "\n".join(["\\x" + one.mark.hex() for one in submissions]),
        "ids": "\n".join([str(one.id) for one in submissions]),
        "created": "\n".join([one.now.isoformat() for one in submissions]),
        "widgets": "\n".join([str(one.event.widget_id) for one in submissions]),
        "event_types": "\n".join([one.event.event_type for one in submissions]),
        "view_contexts": "\n".join([one.event.view_context or "" for one in submissions]),
        "occurred": "\n".join([(one.event.occurred_at or one.now).isoformat() for one in submissions]),
        "metadata": "\n".join([to_json(one.event.metadata).decode() for one in submissions]),
        "actors": "\n".join([one.event.actor or "" for one in submissions]),
        "series": "\n".join([one.series for one in standings]),
        "collected": "\n".join([one.collected_at.isoformat() for one in standings]),
        "weights": "\n".join([str(one.weight) for one in standings]),
    }


_MOMENT = DateTime(timezone=True)
_COLUMNS = (
    ("tokens", column("token", LargeBinary)),
    ("idempotency_keys", column("idempotency_key", Text)),
    ("marks", column("mark", LargeBinary)),
    ("ids", column("id", Uuid)),
    ("created", column("created_at", _MOMENT)),
    ("widgets", column("widget_id", Uuid)),
    ("event_types", column("event_type", Text)),
    ("view_contexts", column("view_context", Text)),
    ("occurred", column("occurred_at", _MOMENT)),
    ("metadata", column("metadata", JSONB)),
    ("actors", column("actor", Text)),
    ("series", column("series", Text)),
    ("collected", column("collected_at", _MOMENT)),
    ("weights", column("weight", SmallInteger)),
)


def _lines(name: str, kind: TypeEngine[Any]) -> ColumnElement[Any]:
    lines = func.string_to_array(bindparam(name, type_=Text), literal_column("E'\\n'"), literal_column("''"))
    return cast(lines, ARRAY(kind))


# Texts rather than one JSON document, or arrays: together, making and reading them takes the least time.
_given = (
    func.unnest(*(_lines(name, one.type) for name, one in _COLUMNS))
    .table_valued(*(one for _, one in _COLUMNS), with_ordinality="place", name="given")
    .render_derived()
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
        func.coalesce(_given.c.series, literal_column("''")).label("series"),
        _given.c.collected_at,
        _given.c.weight,
    )
    .select_from(
        _given.join(access_tokens, access_tokens.c.token_hash == _given.c.token)
        .join(api_keys, api_keys.c.id == access_tokens.c.key_id)
        .join(api_consumers, api_consumers.c.id == api_keys.c.consumer_id)
        .join(hubs, hubs.c.id == api_consumers.c.hub_id)
        # By id and nothing else: where the tables' statistics are old, PostgreSQL would walk through all of a hub's.
        .join(widgets, and_(widgets.c.id == _given.c.widget_id, widgets.c.hub_id.is_not_distinct_from(hubs.c.id)))
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
_accepted = (
    select(_answered)
    .select_from(
        _answered.outerjoin(
            _claimed,
            and_(
                _claimed.c.key_id == _answered.c.key_id,
                _claimed.c.idempotency_key == _answered.c.idempotency_key,
            ),
        )
    )
    .where(or_(_answered.c.idempotency_key.is_(None), _claimed.c.key_id.is_not(None)))
    .cte("accepted")
)
_made = insert(events).from_select([one.name for one in events.c], select(*(_accepted.c[one.name] for one in events.c)))
_image = (
    select(*(_accepted.c[one.name] for one in events.c if one.name not in DERIVED))
    .correlate(_accepted)
    .lateral("image")
)
_trail = insert(audit_records).from_select(
    ["key_id", "consumer_id", "actor", "action", "kind", "object_id", "hub_id", "after"],
    select(
        _accepted.c.key_id,
        _accepted.c.consumer_id,
        _accepted.c.consumer_name,
        literal_column("'create'"),
        literal_column(f"'{kind_of(events)}'"),
        _accepted.c.id,
        _accepted.c.hub_id,
        func.to_jsonb(literal_column("image")),
    ).select_from(_accepted.join(_image, literal_column("true"))),
)
_queued = insert(webhook_deliveries).from_select(
    ["id", "subscription_id", "interaction_event_id", "status"],
    select(func.gen_random_uuid(), webhook_subscriptions.c.id, _accepted.c.id, literal_column("'pending'")).select_from(
        webhook_subscriptions.join(_accepted, wants(_accepted))
    ),
)
SUBMIT = Statement(
    select(_accepted.c.place, _accepted.c.answer).add_cte(
        _made.cte("made"), _trail.cte("trail"), _queued.cte("queued"), advance(_accepted).cte("advanced")
    )
)
"""Takes `columns` and `location` (what an id is put behind); answers with `place`, counted from 1, and `answer`."""
