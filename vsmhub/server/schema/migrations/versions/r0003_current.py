"""Where each event stands in its series, and the newest event of each series."""

import itertools

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from vsmhub.interhub.messages.standing import KEY, Standing

revision = "0003"
down_revision = "0002"

_TABLE = "interaction_events"
_PORTION = 5000
_SINGLES = """
UPDATE interaction_events SET series = '', collected_at = occurred_at, weight = 1 WHERE NOT metadata ? :key
"""
_PROOFS = "SELECT id, metadata, occurred_at FROM interaction_events WHERE metadata ? :key"
_STAND = """
UPDATE interaction_events SET series = given.series, collected_at = given.collected_at, weight = given.weight
FROM unnest(:ids, :series, :collected, :weights) AS given (id, series, collected_at, weight)
WHERE interaction_events.id = given.id
"""
_NEWEST = """
INSERT INTO current_events
SELECT DISTINCT ON (hub_id, widget_id, event_type, series)
  hub_id, widget_id, event_type, series, collected_at, weight, id, occurred_at
FROM interaction_events
ORDER BY hub_id, widget_id, event_type, series, collected_at DESC, weight DESC, id DESC
"""


def upgrade() -> None:
    for column in (
        sa.Column("series", sa.Text()),
        sa.Column("collected_at", sa.DateTime(timezone=True)),
        sa.Column("weight", sa.SmallInteger()),
    ):
        op.add_column(_TABLE, column)
    _fill()
    for name in ("series", "collected_at", "weight"):
        op.alter_column(_TABLE, name, nullable=False)
    op.create_index("ix_interaction_events_series", _TABLE, ["widget_id", "event_type", "series", "collected_at"])
    op.create_table(
        "current_events",
        sa.Column("hub_id", sa.Uuid(), nullable=False),
        sa.Column("widget_id", sa.Uuid(), nullable=False),
        sa.Column("event_type", sa.Text(), nullable=False),
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("collected_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("weight", sa.SmallInteger(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("hub_id", "widget_id", "event_type", "series", name=op.f("pk_current_events")),
        postgresql_with={"fillfactor": 50},
    )
    op.execute(_NEWEST)


def downgrade() -> None:
    op.drop_table("current_events")
    op.drop_index("ix_interaction_events_series", _TABLE)
    for name in ("weight", "collected_at", "series"):
        op.drop_column(_TABLE, name)


def _fill() -> None:
    """Say of the events that are there where they stand. What evidence means is not for SQL to read."""
    connection = op.get_bind()
    key = {"key": KEY}
    connection.execute(sa.text(_SINGLES), key)
    rows = iter(connection.execute(sa.text(_PROOFS), key, execution_options={"stream_results": True}))
    while portion := list(itertools.islice(rows, _PORTION)):
        standings = [Standing.of(row.metadata, row.occurred_at) for row in portion]
        connection.execute(
            sa.text(_STAND).bindparams(
                sa.bindparam("ids", type_=postgresql.ARRAY(sa.Uuid())),
                sa.bindparam("series", type_=postgresql.ARRAY(sa.Text())),
                sa.bindparam("collected", type_=postgresql.ARRAY(sa.DateTime(timezone=True))),
                sa.bindparam("weights", type_=postgresql.ARRAY(sa.SmallInteger())),
            ),
            {
                "ids": [row.id for row in portion],
                "series": [one.series for one in standings],
                "collected": [one.collected_at for one in standings],
                "weights": [one.weight for one in standings],
            },
        )
