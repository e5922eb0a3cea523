"""Inter-Hub's tables on PostgreSQL, in SQLAlchemy Core: the wire's resources and members in snake_case.

The embedded Inter-Hub runs on them and statements for other databases are compiled from them, so that both always
mean the same columns. Importing this module imports sqlalchemy; nothing else in `vsmhub.interhub` does.
"""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.schema import SchemaItem

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

ACTIVATION_LOCK = 7_645_310_246
"""The advisory lock that whoever activates a manifest holds until the end of the transaction.

Activations are rare and claim many names at once; one after the other they cannot wait for each other in a circle.
"""

Columns = list[SchemaItem]


def _id() -> Column[object]:
    return Column("id", Uuid, primary_key=True)


def _moment(name: str, *, nullable: bool = False, now: bool = False) -> Column[object]:
    return Column(name, DateTime(timezone=True), nullable=nullable, server_default=text("now()") if now else None)


def _text(name: str, *, nullable: bool = False, unique: bool = False) -> Column[object]:
    return Column(name, Text, nullable=nullable, unique=unique)


def _names(name: str) -> Column[object]:
    return Column(name, ARRAY(Text), nullable=False, server_default=text("'{}'"))


def _object(name: str) -> Column[object]:
    return Column(name, JSONB, nullable=False, server_default=text("'{}'"))


def _to(table: str, name: str, *, nullable: bool = False) -> Column[object]:
    return Column(name, Uuid, ForeignKey(f"{table}.id"), nullable=nullable)


def _one_of(column: str, *values: str) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


def _resource() -> Columns:
    """The columns of what can change; `revision` counts the writes."""
    return [
        _moment("created_at", now=True),
        _moment("updated_at", now=True),
        Column("revision", Integer, nullable=False, server_default=text("1")),
    ]


def _record() -> Columns:
    """What is written once has these, besides the hub it belongs to."""
    return [
        _object("metadata"),
        _text("actor"),
        _moment("created_at", now=True),
        Index(None, "hub_id", "id"),
    ]


hubs = Table(
    "hubs",
    metadata,
    _id(),
    _text("slug", unique=True),
    _text("name"),
    _text("domain"),
    _text("hub_kind"),
    _text("hub_family", nullable=True),
    _text("vsm_function", nullable=True),
    _text("vsm_system", nullable=True),
    _text("description"),
    *_resource(),
)

hub_capability_manifests = Table(
    "hub_capability_manifests",
    metadata,
    _id(),
    _to("hubs", "hub_id"),
    _text("version"),
    _text("status"),
    _names("widget_types"),
    _names("event_types"),
    _names("annotation_categories"),
    _names("policy_scopes"),
    _object("capability"),
    _moment("activated_at", nullable=True),
    *_resource(),
    UniqueConstraint("hub_id", "version"),
    _one_of("status", "draft", "active", "superseded"),
    Index("uq_hub_capability_manifests_active", "hub_id", unique=True, postgresql_where=text("status = 'active'")),
)

# The four registries in one: a name belongs to the hub that first declared it, also after that hub dropped it.
declared_names = Table(
    "declared_names",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    _to("hubs", "hub_id"),
    _to("hub_capability_manifests", "manifest_id"),
    _text("status"),
    _one_of("kind", "widget_types", "event_types", "annotation_categories", "policy_scopes"),
    _one_of("status", "active", "retired"),
    Index(None, "hub_id"),
)

api_consumers = Table(
    "api_consumers",
    metadata,
    _id(),
    _to("hubs", "hub_id", nullable=True),
    _to("hub_capability_manifests", "manifest_id", nullable=True),
    _text("name"),
    _text("status"),
    *_resource(),
    UniqueConstraint("hub_id", "name", postgresql_nulls_not_distinct=True),
    _one_of("status", "active", "suspended"),
)

api_keys = Table(
    "api_keys",
    metadata,
    _id(),
    _to("api_consumers", "consumer_id"),
    _text("name"),
    _text("prefix", unique=True),
    Column("secret_hash", LargeBinary, nullable=False),
    _names("scopes"),
    _moment("expires_at", nullable=True),
    _moment("claim_by", nullable=True),
    _moment("revoked_at", nullable=True),
    _moment("last_used_at", nullable=True),
    *_resource(),
    Index(None, "consumer_id"),
)

access_tokens = Table(
    "access_tokens",
    metadata,
    Column("token_hash", LargeBinary, primary_key=True),
    _to("api_keys", "key_id"),
    _moment("expires_at"),
    Index(None, "expires_at"),
)

widgets = Table(
    "widgets",
    metadata,
    _id(),
    _to("hubs", "hub_id"),
    _text("slug"),
    _text("name"),
    _text("widget_type"),
    _text("policy_scope"),
    _text("view_context"),
    _object("metadata"),
    _text("status"),
    *_resource(),
    UniqueConstraint("hub_id", "slug"),
    _one_of("status", "active", "retired"),
)

# `hub_id` repeats the widget's, so that a hub's events are found without a join. `series`, `collected_at` and `weight`
# are what `vsmhub.interhub.messages.standing` says; the index on them finds the newest of a series at any time.
interaction_events = Table(
    "interaction_events",
    metadata,
    _id(),
    Column("hub_id", Uuid, nullable=False),
    _to("widgets", "widget_id"),
    _text("event_type"),
    _text("view_context"),
    _moment("occurred_at"),
    _text("series"),
    _moment("collected_at"),
    Column("weight", SmallInteger, nullable=False),
    *_record(),
    Index(None, "widget_id", "id"),
    Index("ix_interaction_events_series", "widget_id", "event_type", "series", "collected_at"),
)

# The newest event of each series: one row, however many events there were. It is written with each event, so a page
# has room for new versions of its rows. No foreign key: looking up what is just being written costs each event.
current_events = Table(
    "current_events",
    metadata,
    Column("hub_id", Uuid, primary_key=True),
    Column("widget_id", Uuid, primary_key=True),
    Column("event_type", Text, primary_key=True),
    Column("series", Text, primary_key=True),
    _moment("collected_at"),
    Column("weight", SmallInteger, nullable=False),
    Column("event_id", Uuid, nullable=False),
    _moment("occurred_at"),
    postgresql_with={"fillfactor": 50},
)

annotations = Table(
    "annotations",
    metadata,
    _id(),
    Column("hub_id", Uuid, nullable=False),
    _to("widgets", "widget_id"),
    _text("category"),
    _text("body"),
    *_record(),
    Index(None, "widget_id", "id"),
)

requirement_candidates = Table(
    "requirement_candidates",
    metadata,
    _id(),
    _to("hubs", "hub_id"),
    _text("title"),
    _text("description"),
    _to("interaction_events", "interaction_event_id", nullable=True),
    _to("annotations", "annotation_id", nullable=True),
    *_record(),
    Index(None, "interaction_event_id"),
)

decision_records = Table(
    "decision_records",
    metadata,
    _id(),
    _to("hubs", "hub_id"),
    _to("requirement_candidates", "requirement_candidate_id"),
    _text("verdict"),
    _text("rationale"),
    *_record(),
    _one_of("verdict", "accepted", "rejected", "deferred"),
    Index(None, "requirement_candidate_id"),
)

deployment_records = Table(
    "deployment_records",
    metadata,
    _id(),
    _to("hubs", "hub_id"),
    _to("decision_records", "decision_record_id"),
    _text("version"),
    _text("environment"),
    _moment("deployed_at"),
    *_record(),
    Index(None, "decision_record_id"),
)

outcome_signals = Table(
    "outcome_signals",
    metadata,
    _id(),
    _to("hubs", "hub_id"),
    _to("deployment_records", "deployment_record_id"),
    _text("effect"),
    _text("description"),
    _moment("observed_at"),
    *_record(),
    _one_of("effect", "improved", "unchanged", "worsened"),
    Index(None, "deployment_record_id"),
)

widget_patterns = Table(
    "widget_patterns",
    metadata,
    _id(),
    _to("hubs", "hub_id"),
    _text("slug"),
    _text("name"),
    _text("description"),
    _text("view_context"),
    _object("metadata"),
    *_resource(),
    UniqueConstraint("hub_id", "slug"),
)

# The secret signs, so it cannot be hashed; it leaves this table for the signature alone.
webhook_subscriptions = Table(
    "webhook_subscriptions",
    metadata,
    _id(),
    _to("hubs", "hub_id"),
    _text("url"),
    _names("event_types"),
    _text("secret"),
    _moment("created_at", now=True),
    Index(None, "hub_id"),
)

webhook_deliveries = Table(
    "webhook_deliveries",
    metadata,
    _id(),
    Column("subscription_id", Uuid, ForeignKey("webhook_subscriptions.id", ondelete="CASCADE"), nullable=False),
    _to("interaction_events", "interaction_event_id"),
    _text("status"),
    Column("attempts", SmallInteger, nullable=False, server_default=text("0")),
    _moment("next_attempt_at", now=True),
    _text("last_error", nullable=True),
    _moment("delivered_at", nullable=True),
    _one_of("status", "pending", "delivered", "failed"),
    Index(None, "subscription_id"),
    Index(None, "interaction_event_id"),
    Index("ix_webhook_deliveries_due", "next_attempt_at", postgresql_where=text("status = 'pending'")),
)

idempotency_records = Table(
    "idempotency_records",
    metadata,
    Column("key_id", Uuid, ForeignKey("api_keys.id"), primary_key=True),
    Column("idempotency_key", Text, primary_key=True),
    Column("fingerprint", LargeBinary, nullable=False),
    Column("status", SmallInteger),
    Column("headers", JSONB),
    Column("body", LargeBinary),
    _moment("created_at", now=True),
    Index(None, "created_at"),
)

# No foreign keys: a trail outlives what it tells of.
audit_records = Table(
    "audit_records",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    _moment("at", now=True),
    Column("key_id", Uuid),
    Column("consumer_id", Uuid),
    _text("actor"),
    _text("action"),
    _text("kind"),
    Column("object_id", Uuid, nullable=False),
    Column("hub_id", Uuid),
    Column("before", JSONB),
    Column("after", JSONB),
    Index(None, "object_id"),
    Index(None, "hub_id", "id"),
)
