"""What refers to an event is found by it, so that old events can be forgotten."""

from alembic import op

revision = "0004"
down_revision = "0003"

_TABLES = ("requirement_candidates", "webhook_deliveries")


def upgrade() -> None:
    for table in _TABLES:
        op.create_index(op.f(f"ix_{table}_interaction_event_id"), table, ["interaction_event_id"])


def downgrade() -> None:
    for table in _TABLES:
        op.drop_index(op.f(f"ix_{table}_interaction_event_id"), table)
