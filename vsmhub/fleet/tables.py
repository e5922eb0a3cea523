"""What workers share in the database, besides the queue."""

SCHEMA = "vsmhub_observation"

TABLES = """
CREATE TABLE IF NOT EXISTS about (name text PRIMARY KEY, value text NOT NULL);

-- A scheduled time of a signal. Its row is claimed before anybody looks; only who holds the claim may note a result.
CREATE TABLE IF NOT EXISTS slots (
    hub text NOT NULL,
    signal text NOT NULL,
    slot timestamptz NOT NULL,
    shard uuid NOT NULL,
    closes_at timestamptz NOT NULL,
    lapses_at timestamptz NOT NULL,
    state text NOT NULL DEFAULT 'due' CHECK (state IN ('due', 'claimed', 'observed', 'missed')),
    claim uuid,
    claims integer NOT NULL DEFAULT 0,
    worker text,
    ended_at timestamptz,
    PRIMARY KEY (hub, signal, slot)
);
CREATE INDEX IF NOT EXISTS slots_by_shard ON slots (shard);
CREATE INDEX IF NOT EXISTS slots_open ON slots (hub, closes_at) WHERE state IN ('due', 'claimed');
CREATE INDEX IF NOT EXISTS slots_by_end ON slots (closes_at);

-- Up to which of its slots a signal is planned, and how many of them nobody observed.
CREATE TABLE IF NOT EXISTS plans (
    hub text NOT NULL,
    signal text NOT NULL,
    planned timestamptz NOT NULL,
    missed bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (hub, signal)
);

-- Where a signal stands, whoever of the workers observed it.
CREATE TABLE IF NOT EXISTS standings (
    hub text NOT NULL,
    signal text NOT NULL,
    settled text,
    streak integer NOT NULL,
    outcome text NOT NULL,
    slot timestamptz NOT NULL,
    worker text NOT NULL,
    PRIMARY KEY (hub, signal)
);

-- When somebody planned last.
CREATE TABLE IF NOT EXISTS schedules (hub text PRIMARY KEY, planned_at timestamptz NOT NULL, planned_by text NOT NULL);

-- Times in which nobody planned, and what was missed then, by signal.
CREATE TABLE IF NOT EXISTS silences (
    hub text NOT NULL,
    since timestamptz NOT NULL,
    until timestamptz NOT NULL,
    last_by text NOT NULL,
    noticed_by text NOT NULL,
    missed jsonb NOT NULL,
    told boolean NOT NULL DEFAULT false,
    PRIMARY KEY (hub, since)
);

CREATE TABLE IF NOT EXISTS workers (
    name text PRIMARY KEY,
    hubs text[] NOT NULL,
    started_at timestamptz NOT NULL DEFAULT now(),
    seen_at timestamptz NOT NULL DEFAULT now(),
    ended_at timestamptz
);

-- The last thing that each writer of evidence has committed.
CREATE TABLE IF NOT EXISTS receipts (
    writer uuid PRIMARY KEY,
    token uuid NOT NULL,
    at timestamptz NOT NULL DEFAULT now()
);
"""
