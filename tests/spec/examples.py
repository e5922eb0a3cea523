"""A small hub to take apart: as text, with every line where the tests expect it, and as data."""

import json
from typing import Any

HUB = """\
spec: vsmhub/hub/v1
hub:
  slug: xyz-hub
  name: Xyz Hub
  prefix: xyz
  domain: xyz.example.org
vsm:
  vsm_function: SYN
  vsm_system: S2
scope:
  purpose: To be an example
manifest:
  version: 1.0.0
vocabulary:
  widget_types:
    xyz-board: Where work is seen
    xyz-claim: {description: Who has what}
  event_types:
    xyz-registered: The hub exists
    xyz-claimed: Somebody took something
  annotation_categories: {}
  policy_scopes:
    xyz-pairwise: Between two
consumer:
  name: xyz-hub
  key:
    name: first
    scopes: [framework:read, hub:xyz-hub:write]
widgets:
  - slug: xyz-main
    name: Main board
    type: xyz-board
    policy_scope: xyz-pairwise
    view_context: docs/boards
    metadata: {number: 1, since: 2026-05-16, on: yes}
registration:
  event_type: xyz-registered
  widget: xyz-main
channels:
  - kind: coordination
    to: abc-hub
    carries: [xyz-claimed]
"""


def changed(text: str, *changes: tuple[str, str]) -> str:
    """A text with each `(old, new)` put in; `old` must be there."""
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def hub_text(*changes: tuple[str, str]) -> str:
    """The example, changed."""
    return changed(HUB, *changes)


def hub_data() -> dict[str, Any]:
    """The example as plain data, each time a new copy."""
    from vsmhub.spec.load import parse_hub

    data: dict[str, Any] = json.loads(parse_hub(HUB).model_dump_json())
    return data
