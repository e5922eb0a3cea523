"""Widgets, what is observed on them, what followed from it, and who is told."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "widgets",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hub_id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("widget_type", sa.Text(), nullable=False),
        sa.Column("policy_scope", sa.Text(), nullable=False),
        sa.Column("view_context", sa.Text(), nullable=False),
        sa.Column("metadata", postgresql.JSONB(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("revision", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.CheckConstraint("status IN ('active', 'retired')", name=op.f("ck_widgets_status")),
        sa.ForeignKeyConstraint(["hub_id"], ["hubs.id"], name=op.f("fk_widgets_hub_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_widgets")),
        sa.UniqueConstraint("hub_id", "slug", name=op.f("uq_widgets_hub_id_slug")),
    )
    op.create_table(
        "widget_patterns",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hub_id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("view_context", sa.Text(), nullable=False),
        sa.Column("metadata", postgresql.JSONB(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("revision", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.ForeignKeyConstraint(["hub_id"], ["hubs.id"], name=op.f("fk_widget_patterns_hub_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_widget_patterns")),
        sa.UniqueConstraint("hub_id", "slug", name=op.f("uq_widget_patterns_hub_id_slug")),
    )
    op.create_table(
        "interaction_events",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hub_id", sa.Uuid(), nullable=False),
        sa.Column("widget_id", sa.Uuid(), nullable=False),
        sa.Column("event_type", sa.Text(), nullable=False),
        sa.Column("view_context", sa.Text(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("metadata", postgresql.JSONB(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["widget_id"], ["widgets.id"], name=op.f("fk_interaction_events_widget_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interaction_events")),
    )
    op.create_index(op.f("ix_interaction_events_hub_id_id"), "interaction_events", ["hub_id", "id"])
    op.create_index(op.f("ix_interaction_events_widget_id_id"), "interaction_events", ["widget_id", "id"])
    op.create_table(
        "annotations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hub_id", sa.Uuid(), nullable=False),
        sa.Column("widget_id", sa.Uuid(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("metadata", postgresql.JSONB(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["widget_id"], ["widgets.id"], name=op.f("fk_annotations_widget_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_annotations")),
    )
    op.create_index(op.f("ix_annotations_hub_id_id"), "annotations", ["hub_id", "id"])
    op.create_index(op.f("ix_annotations_widget_id_id"), "annotations", ["widget_id", "id"])
    op.create_table(
        "requirement_candidates",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hub_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("interaction_event_id", sa.Uuid()),
        sa.Column("annotation_id", sa.Uuid()),
        sa.Column("metadata", postgresql.JSONB(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["annotation_id"], ["annotations.id"], name=op.f("fk_requirement_candidates_annotation_id")
        ),
        sa.ForeignKeyConstraint(["hub_id"], ["hubs.id"], name=op.f("fk_requirement_candidates_hub_id")),
        sa.ForeignKeyConstraint(
            ["interaction_event_id"],
            ["interaction_events.id"],
            name=op.f("fk_requirement_candidates_interaction_event_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_requirement_candidates")),
    )
    op.create_index(op.f("ix_requirement_candidates_hub_id_id"), "requirement_candidates", ["hub_id", "id"])
    op.create_table(
        "decision_records",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hub_id", sa.Uuid(), nullable=False),
        sa.Column("requirement_candidate_id", sa.Uuid(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("rationale", sa.Text(), nullable=False),
        sa.Column("metadata", postgresql.JSONB(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("verdict IN ('accepted', 'rejected', 'deferred')", name=op.f("ck_decision_records_verdict")),
        sa.ForeignKeyConstraint(["hub_id"], ["hubs.id"], name=op.f("fk_decision_records_hub_id")),
        sa.ForeignKeyConstraint(
            ["requirement_candidate_id"],
            ["requirement_candidates.id"],
            name=op.f("fk_decision_records_requirement_candidate_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_records")),
    )
    op.create_index(op.f("ix_decision_records_hub_id_id"), "decision_records", ["hub_id", "id"])
    op.create_index(
        op.f("ix_decision_records_requirement_candidate_id"), "decision_records", ["requirement_candidate_id"]
    )
    op.create_table(
        "deployment_records",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hub_id", sa.Uuid(), nullable=False),
        sa.Column("decision_record_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("environment", sa.Text(), nullable=False),
        sa.Column("deployed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("metadata", postgresql.JSONB(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["decision_record_id"], ["decision_records.id"], name=op.f("fk_deployment_records_decision_record_id")
        ),
        sa.ForeignKeyConstraint(["hub_id"], ["hubs.id"], name=op.f("fk_deployment_records_hub_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deployment_records")),
    )
    op.create_index(op.f("ix_deployment_records_decision_record_id"), "deployment_records", ["decision_record_id"])
    op.create_index(op.f("ix_deployment_records_hub_id_id"), "deployment_records", ["hub_id", "id"])
    op.create_table(
        "outcome_signals",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hub_id", sa.Uuid(), nullable=False),
        sa.Column("deployment_record_id", sa.Uuid(), nullable=False),
        sa.Column("effect", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("observed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("metadata", postgresql.JSONB(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("effect IN ('improved', 'unchanged', 'worsened')", name=op.f("ck_outcome_signals_effect")),
        sa.ForeignKeyConstraint(
            ["deployment_record_id"], ["deployment_records.id"], name=op.f("fk_outcome_signals_deployment_record_id")
        ),
        sa.ForeignKeyConstraint(["hub_id"], ["hubs.id"], name=op.f("fk_outcome_signals_hub_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcome_signals")),
    )
    op.create_index(op.f("ix_outcome_signals_deployment_record_id"), "outcome_signals", ["deployment_record_id"])
    op.create_index(op.f("ix_outcome_signals_hub_id_id"), "outcome_signals", ["hub_id", "id"])
    op.create_table(
        "webhook_subscriptions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hub_id", sa.Uuid(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("event_types", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["hub_id"], ["hubs.id"], name=op.f("fk_webhook_subscriptions_hub_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_subscriptions")),
    )
    op.create_index(op.f("ix_webhook_subscriptions_hub_id"), "webhook_subscriptions", ["hub_id"])
    op.create_table(
        "webhook_deliveries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("subscription_id", sa.Uuid(), nullable=False),
        sa.Column("interaction_event_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("attempts", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("last_error", sa.Text()),
        sa.Column("delivered_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint("status IN ('pending', 'delivered', 'failed')", name=op.f("ck_webhook_deliveries_status")),
        sa.ForeignKeyConstraint(
            ["interaction_event_id"], ["interaction_events.id"], name=op.f("fk_webhook_deliveries_interaction_event_id")
        ),
        sa.ForeignKeyConstraint(
            ["subscription_id"],
            ["webhook_subscriptions.id"],
            name=op.f("fk_webhook_deliveries_subscription_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_deliveries")),
    )
    op.create_index(
        "ix_webhook_deliveries_due",
        "webhook_deliveries",
        ["next_attempt_at"],
        postgresql_where=sa.text("status = 'pending'"),
    )
    op.create_index(op.f("ix_webhook_deliveries_subscription_id"), "webhook_deliveries", ["subscription_id"])


def downgrade() -> None:
    op.drop_table("webhook_deliveries")
    op.drop_table("webhook_subscriptions")
    op.drop_table("outcome_signals")
    op.drop_table("deployment_records")
    op.drop_table("decision_records")
    op.drop_table("requirement_candidates")
    op.drop_table("annotations")
    op.drop_table("interaction_events")
    op.drop_table("widget_patterns")
    op.drop_table("widgets")
