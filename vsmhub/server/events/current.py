"""The newest event of each series, kept beside the events: written with them, and asked for in their place.

What the state is at some time is then found in as many steps as there are series, however many events there were.
"""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    DateTime,
    FromClause,
    Insert,
    Select,
    Text,
    bindparam,
    cast,
    exists,
    func,
    lateral,
    select,
    true,
    tuple_,
    union_all,
)
from sqlalchemy.dialects.postgresql import JSONB, distinct_on
from sqlalchemy.dialects.postgresql import insert as upsert

from vsmhub.interhub.messages.evidence import Event
from vsmhub.interhub.tables import current_events as current
from vsmhub.interhub.tables import interaction_events as events
from vsmhub.server.pages import Listing, equal

_KEY = ("hub_id", "widget_id", "event_type", "series")
_PLACE = ("collected_at", "weight", "event_id")


def advance(made: FromClause) -> Insert:
    """Let the state go on with events that were just written; `made` has their columns.

    Rows are locked in the order of the key, so that two who write at once wait for each other in no circle.
    """
    newest = (
        select(*(made.c[name] for name in (*_KEY, "collected_at", "weight", "id", "occurred_at")))
        .ext(distinct_on(*(made.c[name] for name in _KEY)))
        .order_by(*(made.c[name] for name in _KEY), *(made.c[name].desc() for name in ("collected_at", "weight", "id")))
    )
    statement = upsert(current).from_select([*_KEY, *_PLACE, "occurred_at"], newest)
    given = statement.excluded
    return statement.on_conflict_do_update(
        index_elements=list(_KEY),
        set_={name: given[name] for name in (*_PLACE, "occurred_at")},
        where=tuple_(*(given[name] for name in _PLACE)) > tuple_(*(current.c[name] for name in _PLACE)),
    )


def listing(*, dated: bool, holding: bool) -> Listing:
    """The newest event of each series that had occurred at a time, or without `dated` by now.

    With `holding`, the newest of those whose metadata hold the values given. Its order comes of the series' names, so
    that what is written between two pages hides nothing; as hashes they fit into a cursor.
    """
    when = bindparam("as_of", type_=_MOMENT) if dated else func.now()
    earlier = (
        select(_EARLIER)
        .where(
            *(_EARLIER.c[name] == current.c[name] for name in ("widget_id", "event_type", "series")),
            _EARLIER.c.occurred_at <= when,
            # Follows from the line above, since nothing is collected after it occurred; the index begins with it.
            _EARLIER.c.collected_at <= when,
        )
        .order_by(_EARLIER.c.collected_at.desc(), _EARLIER.c.weight.desc(), _EARLIER.c.id.desc())
        .limit(1)
        .correlate(current)
    )
    if holding:
        found = lateral(earlier.where(_holds(_EARLIER.c.metadata)), "found")
    else:
        kept = select(events).where(events.c.id == current.c.event_id, current.c.occurred_at <= when)
        before = earlier.where(current.c.occurred_at > when).subquery("before")
        found = lateral(union_all(kept.correlate(current), select(before)), "found")
    name = cast(current.c.widget_id, Text) + " " + current.c.event_type + " " + current.c.series
    key = func.encode(func.sha256(func.convert_to(name, "UTF8")), "hex", type_=Text).collate("C")
    filters: dict[str, ColumnElement[bool]] = equal(current.c.hub_id, current.c.widget_id, current.c.event_type)
    if dated:
        filters["as_of"] = true()
    if holding:
        filters["metadata"] = true()
    source: Select[Any] = select(found).select_from(current.join(found, true()))
    return Listing(Event, source, key, filters, owner=current.c.hub_id)


_MOMENT = DateTime(timezone=True)
_EARLIER = events.alias("earlier")


def _holds(metadata: ColumnElement[Any]) -> ColumnElement[bool]:
    """Each value given is there and equal as JSON."""
    wanted = func.jsonb_each(bindparam("metadata", type_=JSONB)).table_valued("key", "value", name="wanted")
    return ~exists(select(wanted).where((metadata.op("->")(wanted.c.key)).is_distinct_from(wanted.c.value)))
