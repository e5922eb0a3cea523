"""What gates and the catalog come to with a million events behind it, against ten thousand."""

import psycopg

from benchmarks.finding import Finding, ratio
from benchmarks.programs import ROOT, vsmhub
from benchmarks.submitting import Submitting, submitting
from benchmarks.timing import Command, in_turn

FEW, MANY = 10_000, 1_000_000
TIMES = 5
AIM = 1.5
FILL = """
WITH places AS (
  SELECT id, hub_id, row_number() OVER (ORDER BY slug) - 1 AS place, count(*) OVER () AS many FROM widgets
), types AS (
  SELECT array_agg(name ORDER BY name) AS names, count(*) AS many FROM declared_names WHERE kind = 'event_types'
), made AS (
  SELECT places.id, hub_id, n, n * interval '90 days' / %(count)s AS ago,
    types.names[1 + n / places.many %% types.many] AS type,
    CASE WHEN n %% 10 = 0 THEN NULL ELSE 'signal-' || n / places.many / types.many %% 3 END AS signal,
    n %% 97 = 96 AS bad
  FROM generate_series(1, %(count)s) n CROSS JOIN types JOIN places ON place = n %% places.many
), dated AS (
  SELECT *, (now() - ago)::timestamptz(3) AS at FROM made
)
INSERT INTO interaction_events (
  id, hub_id, widget_id, event_type, view_context, occurred_at, series, collected_at, weight, metadata, actor,
  created_at
)
SELECT uuidv7(-ago - interval '1 minute'), hub_id, id, type, 'bench', at, coalesce('-:' || signal, ''), at,
  CASE WHEN signal IS NULL THEN 1 WHEN bad THEN 2 ELSE 0 END,
  jsonb_build_object('number', n) || CASE WHEN signal IS NULL THEN '{}' ELSE jsonb_build_object('evidence',
    jsonb_build_object('outcome', CASE WHEN bad THEN 'fail' ELSE 'pass' END, 'by', 'prober', 'signal', signal,
      'collectedAt', to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))) END,
  'prober', at
FROM dated
"""
STAND = """
INSERT INTO current_events
SELECT DISTINCT ON (hub_id, widget_id, event_type, series)
  hub_id, widget_id, event_type, series, collected_at, weight, id, occurred_at
FROM interaction_events
ORDER BY hub_id, widget_id, event_type, series, collected_at DESC, weight DESC, id DESC
ON CONFLICT (hub_id, widget_id, event_type, series) DO UPDATE SET collected_at = excluded.collected_at,
  weight = excluded.weight, event_id = excluded.event_id, occurred_at = excluded.occurred_at
"""
QUESTIONS = {"gates": ("gates", "hubs/ops"), "catalog": ("catalog", "hubs/ops", "proof")}


def measure() -> list[Finding]:
    """`vsmhub gates` and `vsmhub catalog` as whole processes over HTTP, of two running Inter-Hubs."""
    with submitting() as few, submitting() as many:
        _fill(few, FEW)
        _fill(many, MANY)
        commands = {
            f"{name}, {count:,} events": Command(vsmhub(*words), to.environment, ROOT, codes=(0, 2))
            for name, words in QUESTIONS.items()
            for count, to in ((FEW, few), (MANY, many))
        }
        taken = in_turn(commands, times=TIMES, warm=1)
    return [
        ratio(
            f"{name} of a million",
            f"`vsmhub {' '.join(words)}` with {MANY:,} events",
            f"the same with {FEW:,}",
            AIM,
            taken[f"{name}, {MANY:,} events"],
            taken[f"{name}, {FEW:,} events"],
            how="Whole processes, which ask a running `vsmhub serve`. The events are of 90 days, about all widgets "
            "of ops-hub, of all its types and three signals for each; one in ten is without evidence.",
        )
        for name, words in QUESTIONS.items()
    ]


def _fill(to: Submitting, count: int) -> None:
    with psycopg.connect(to.dsn, autocommit=True) as connection:
        connection.execute(FILL, {"count": count})
        connection.execute(STAND)
        connection.execute("VACUUM ANALYZE interaction_events")
