"""A small file of gates to take apart; it fits the example hub and its inventory."""

from tests.spec.examples import changed, hub_text
from tests.spec.inventory.examples import INVENTORY

HUB = hub_text(
    (
        "    xyz-claim: {description: Who has what}",
        "    xyz-readiness-gate: A gate\n    xyz-service: A service\n    xyz-migration-wave: A wave",
    ),
    (
        "    xyz-claimed: Somebody took something",
        """\
    xyz-claimed: Somebody took something
    xyz-readiness-gate-updated: A gate changed
    xyz-migration-gate-passed: A wave may go
    xyz-migration-gate-failed: A wave may not go""",
    ),
)
WITH_WAVE = f"""\
{INVENTORY.replace("sources:", "widgets: {policy_scope: xyz-pairwise}" + chr(10) + "sources:", 1)}\
risks:
  loss:
    {{name: Loss, source: book, owner: tools, severity: high, status: open, statement: It may be lost, affects: [],
     treatment: none, review_date: unknown}}
migration_waves:
  move:
    {{name: Move, source: book, owner: unknown, state: planned, sequence: 1, origin: prod, destination: next,
     services: [web], cutover: unknown, rollback: unknown}}
"""
GATES = """\
spec: vsmhub/gates/v1
policy_scope: xyz-pairwise
gates:
  well:
    name: All is well
    owner: tools
    owner_is: stated
    source: book
    waves: [move]
    requirement: It is well
    why: Otherwise it is not
    fix: Make it well
    max_age: 1d
    condition:
      all_of:
        - {event: xyz-claimed, widget: xyz-service-web, shows: The web is well}
        - any_of:
            - {event: xyz-claimed, widget: xyz-main, attested: true, shows: Somebody says so}
            - at_least: 1
              of:
                - {event: xyz-registered, widget: xyz-main, where: {ok: true}, shows: It was seen}
  nice:
    name: It is nice
    owner: tools
    owner_is: proposed
    source: call
    waves: [move]
    requirement: It is nice
    why: One likes it
    fix: Make it nice
    enforcement: advisory
    max_age: 1h
    condition: {event: xyz-claimed, widget: xyz-readiness-well, shows: It is nice}
waivers:
  - gate: well
    reason: It can wait
    requested_by: tools
    approved_by: somebody else
    granted: 2026-03-01
    expires: 2026-04-01
    risk: loss
not_applicable: []
"""


def gates_text(*changes: tuple[str, str]) -> str:
    """The example, changed."""
    return changed(GATES, *changes)
