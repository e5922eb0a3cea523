"""Inter-Hub's tables on PostgreSQL, in SQLAlchemy Core: the wire's resources and members in snake_case.

The embedded Inter-Hub runs on them and statements for other databases are compiled from them, so that both always
mean the same columns. Importing this module imports sqlalchemy; nothing else in `vsmhub.interhub` but its columns does.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from vsmhub.interhub.columns import identifier, members, moment, names, one_of, record, resource, to, words

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

hubs = Table(
    "hubs",
    metadata,
    identifier(),
    words("slug", unique=True),
    words("name"),
    words("domain"),
    words("hub_kind"),
    words("hub_family", nullable=True),
    words("vsm_function", nullable=True),
    words("vsm_system", nullable=True),
    words("description"),
    *resource(),
)

hub_capability_manifests = Table(
    "hub_capability_manifests",
    metadata,
    identifier(),
    to("hubs", "hub_id"),
    words("version"),
    words("status"),
    names("widget_types"),
    names("event_types"),
    names("annotation_categories"),
    names("policy_scopes"),
    members("capability"),
    moment("activated_at", nullable=True),
    *resource(),
    UniqueConstraint("hub_id", "version"),
    one_of("status", "draft", "active", "superseded"),
    Index("uq_hub_capability_manifests_active", "hub_id", unique=True, postgresql_where=text("status = 'active'")),
)

# The four registries in one: a name belongs to the hub that first declared it, also after that hub dropped it.
declared_names = Table(
    "declared_names",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    to("hubs", "hub_id"),
    to("hub_capability_manifests", "manifest_id"),
    words("status"),
    one_of("kind", "widget_types", "event_types", "annotation_categories", "policy_scopes"),
    one_of("status", "active", "retired"),
    Index(None, "hub_id"),
)

api_consumers = Table(
    "api_consumers",
    metadata,
    identifier(),
    to("hubs", "hub_id", nullable=True),
    to("hub_capability_manifests", "manifest_id", nullable=True),
    words("name"),
    words("status"),
    *resource(),
    UniqueConstraint("hub_id", "name", postgresql_nulls_not_distinct=True),
    one_of("status", "active", "suspended"),
)

api_keys = Table(
    "api_keys",
    metadata,
    identifier(),
    to("api_consumers", "consumer_id"),
    words("name"),
    words("prefix", unique=True),
    Column("secret_hash", LargeBinary, nullable=False),
    names("scopes"),
    moment("expires_at", nullable=True),
    moment("claim_by", nullable=True),
    moment("revoked_at", nullable=True),
    moment("last_used_at", nullable=True),
    *resource(),
    Index(None, "consumer_id"),
)

access_tokens = Table(
    "access_tokens",
    metadata,
    Column("token_hash", LargeBinary, primary_key=True),
    to("api_keys", "key_id"),
    moment("expires_at"),
    Index(None, "expires_at"),
)

widgets = Table(
    "widgets",
    metadata,
    identifier(),
    to("hubs", "hub_id"),
    words("slug"),
    words("name"),
    words("widget_type"),
    words("policy_scope"),
    words("view_context"),
    members("metadata"),
    words("status"),
    *resource(),
    UniqueConstraint("hub_id", "slug"),
    one_of("status", "active", "retired"),
)

# `hub_id` repeats the widget's, so that a hub's events are found without a join. `series`, `collected_at` and `weight`
# are what `vsmhub.interhub.messages.standing` says; the index on them finds the newest of a series at any time.
interaction_events = Table(
    "interaction_events",
    metadata,
    identifier(),
    Column("hub_id", Uuid, nullable=False),
    to("widgets", "widget_id"),
    words("event_type"),
    words("view_context"),
    moment("occurred_at"),
    words("series"),
    moment("collected_at"),
    Column("weight", SmallInteger, nullable=False),
    *record(),
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
    moment("collected_at"),
    Column("weight", SmallInteger, nullable=False),
    Column("event_id", Uuid, nullable=False),
    moment("occurred_at"),
    postgresql_with={"fillfactor": 50},
)

annotations = Table(
    "annotations",
    metadata,
    identifier(),
    Column("hub_id", Uuid, nullable=False),
    to("widgets", "widget_id"),
    words("category"),
    words("body"),
    *record(),
    Index(None, "widget_id", "id"),
)

requirement_candidates = Table(
    "requirement_candidates",
    metadata,
    identifier(),
    to("hubs", "hub_id"),
    words("title"),
    words("description"),
    to("interaction_events", "interaction_event_id", nullable=True),
    to("annotations", "annotation_id", nullable=True),
    *record(),
    Index(None, "interaction_event_id"),
)

decision_records = Table(
    "decision_records",
    metadata,
    identifier(),
    to("hubs", "hub_id"),
    to("requirement_candidates", "requirement_candidate_id"),
    words("verdict"),
    words("rationale"),
    *record(),
    one_of("verdict", "accepted", "rejected", "deferred"),
    Index(None, "requirement_candidate_id"),
)

deployment_records = Table(
    "deployment_records",
    metadata,
    identifier(),
    to("hubs", "hub_id"),
    to("decision_records", "decision_record_id"),
    words("version"),
    words("environment"),
    moment("deployed_at"),
    *record(),
    Index(None, "decision_record_id"),
)

outcome_signals = Table(
    "outcome_signals",
    metadata,
    identifier(),
    to("hubs", "hub_id"),
    to("deployment_records", "deployment_record_id"),
    words("effect"),
    words("description"),
    moment("observed_at"),
    *record(),
    one_of("effect", "improved", "unchanged", "worsened"),
    Index(None, "deployment_record_id"),
)

widget_patterns = Table(
    "widget_patterns",
    metadata,
    identifier(),
    to("hubs", "hub_id"),
    words("slug"),
    words("name"),
    words("description"),
    words("view_context"),
    members("metadata"),
    *resource(),
    UniqueConstraint("hub_id", "slug"),
)

# The secret signs, so it cannot be hashed; it leaves this table for the signature alone.
webhook_subscriptions = Table(
    "webhook_subscriptions",
    metadata,
    identifier(),
    to("hubs", "hub_id"),
    words("url"),
    names("event_types"),
    words("secret"),
    moment("created_at", now=True),
    Index(None, "hub_id"),
)

webhook_deliveries = Table(
    "webhook_deliveries",
    metadata,
    identifier(),
    Column("subscription_id", Uuid, ForeignKey("webhook_subscriptions.id", ondelete="CASCADE"), nullable=False),
    to("interaction_events", "interaction_event_id"),
    words("status"),
    Column("attempts", SmallInteger, nullable=False, server_default=text("0")),
    moment("next_attempt_at", now=True),
    words("last_error", nullable=True),
    moment("delivered_at", nullable=True),
    one_of("status", "pending", "delivered", "failed"),
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
    moment("created_at", now=True),
    Index(None, "created_at"),
)

# No foreign keys: a trail outlives what it tells of.
audit_records = Table(
    "audit_records",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    moment("at", now=True),
    Column("key_id", Uuid),
    Column("consumer_id", Uuid),
    words("actor"),
    words("action"),
    words("kind"),
    Column("object_id", Uuid, nullable=False),
    Column("hub_id", Uuid),
    Column("before", JSONB),
    Column("after", JSONB),
    Index(None, "object_id"),
    Index(None, "hub_id", "id"),
)
