"""Older formats become the newest, with every comment kept."""

import json
import re
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from vsmhub.spec.errors import SpecError
from vsmhub.spec.load import parse_hub
from vsmhub.spec.migrate import V0, Migrated, Step, format_of, migrated
from vsmhub.spec.model import SPEC_FORMAT, HubSpec

FILE = Path("hubs/ops/hub.yaml")
DRAFT = """\
# Draft of the first hub.
# Handed over in May.

# Never changes.
slug: ops-hub   # the one
name: "Ops Hub"  # with a # in it: no
domain: ops.coulomb.social

# Where it stands.
vsmFunction: OPS
vsmSystem: S1  # System 1
scope: >-
  operational truth
  # not a comment, but text

# What it owns.
widgetTypes:  # things
  # places
  - ops-environment
  - "ops-host"  # machines

  # what runs
  - ops-service
eventTypes: [ops-inventory-registered, ops-health-checked]  # two will do
annotationCategories: []
policyScopes:
  - ops-local
  # the last one is missing

# What is there.
widgets:
  # the workstation
  - slug: ops-env-local
    name: Local # here
    widgetType: ops-environment
    policyScope: ops-local
    viewContext: wiki/Inventory.md
    metadata:
      # nested
      role: 'runtime'
      widgetType: not a key of ours
# the end
"""
EXPECTED = """\
# Draft of the first hub.
# Handed over in May.

spec: vsmhub/hub/v1

hub:
  # Never changes.
  slug: ops-hub   # the one
  name: "Ops Hub"  # with a # in it: no
  prefix: ops
  domain: ops.coulomb.social
  kind: domain

vsm:
  hub_family: vsm

  # Where it stands.
  vsm_function: OPS
  vsm_system: S1  # System 1

scope:
  purpose: >-
    operational truth
    # not a comment, but text

manifest:
  version: 0.1.0

vocabulary:
  # What it owns.
  widget_types:  # things
    # places
    ops-environment: Environment
    ops-host: Host  # machines

    # what runs
    ops-service: Service
  event_types:
    ops-inventory-registered: Inventory registered  # two will do
    ops-health-checked: Health checked
  annotation_categories: {}
  policy_scopes:
    ops-local: Local
    # the last one is missing

consumer:
  name: ops-hub
  key:
    name: ops-hub
    scopes: [framework:read, hub:ops-hub:read, hub:ops-hub:write]

# What is there.
widgets:
  # the workstation
  - slug: ops-env-local
    name: Local # here
    type: ops-environment
    policy_scope: ops-local
    view_context: wiki/Inventory.md
    metadata:
      # nested
      role: 'runtime'
      widgetType: not a key of ours

# The first event and the first widget; look whether they are what says that the hub exists.
registration:
  event_type: ops-inventory-registered
  widget: ops-env-local
# the end
"""


def migrate(text: str) -> str:
    outcome = migrated(text, FILE)
    assert outcome is not None
    assert outcome.formats == (V0, SPEC_FORMAT)
    return outcome.text


def test_a_draft_becomes_a_spec() -> None:
    text = migrate(DRAFT)
    assert text == EXPECTED
    spec = parse_hub(text)
    assert spec.hub.name == "Ops Hub"
    assert spec.scope.purpose == "operational truth # not a comment, but text"


def test_however_it_was_written() -> None:
    """Quotes with a `#` in them, escapes, and a dash on a line of its own."""
    draft = DRAFT.replace('"Ops Hub"  # with', '"Ops \\" # Hub \\\\"  # with').replace(
        '  - "ops-host"  # machines', "  - # a\n    'ops-host' # machines"
    )
    assert draft.count("'ops-host' # machines") == 1
    text = migrate(draft)
    assert parse_hub(text).hub.name == 'Ops " # Hub \\'
    assert "# with a # in it: no\n" in text
    assert "    # a\n    ops-host: Host  # machines\n" in text


def test_line_endings_stay() -> None:
    assert migrate(DRAFT.replace("\n", "\r\n")) == EXPECTED.replace("\n", "\r\n")


def test_a_draft_in_json() -> None:
    text = migrate(json.dumps(yaml.safe_load(DRAFT), indent=2))
    assert as_data(text) == as_data(EXPECTED)


def as_data(text: str) -> dict[str, object]:
    spec: HubSpec = parse_hub(text)
    return spec.model_dump(mode="json")


FORMATS = {
    "spec: vsmhub/hub/v1\n": SPEC_FORMAT,
    "# spec: other\nspec: 'vsmhub/hub/v0' # old\n": V0,
    '{"spec": "vsmhub/hub/v0", "slug": "x"}': V0,
    "slug: x\nvsmFunction: OPS\n": V0,
    '{\n  "slug": "x",\n  "vsmFunction": "OPS"\n}': V0,
    "slug: x\n": "",
    "": "",
    "hub:\n  slug: x\n": "",
}


@pytest.mark.parametrize("text", FORMATS)
def test_what_a_file_says_of_its_format(text: str) -> None:
    assert format_of(text) == FORMATS[text]


@pytest.mark.parametrize("text", ["spec: vsmhub/hub/v1\n", "spec: vsmhub/hub/v99\n", "", "spec: [\n", "]: {"])
def test_nothing_to_do(text: str) -> None:
    assert migrated(text, FILE) is None


@pytest.mark.parametrize(
    "text",
    ["spec: vsmhub/hub/v0\nslug: [", "spec: vsmhub/hub/v0\n", "spec: vsmhub/hub/v0\nslug: x\nwidgetTypes: {a: 1\n"],
)
def test_what_cannot_be_taken_apart_is_told(text: str) -> None:
    with pytest.raises(SpecError, match=r"hubs/ops/hub.yaml:1:1: this file of the format vsmhub/hub/v0 cannot be"):
        migrated(text, FILE)


def test_steps_follow_each_other() -> None:
    steps = {
        "a": Step("b", lambda text: text + "b"),
        "b": Step("c", lambda text: text + "c"),
    }
    assert migrated("spec: a\n", FILE, steps) == Migrated("spec: a\nbc", ("a", "b", "c"))


def test_what_a_draft_had_beside_is_kept() -> None:
    text = migrate(DRAFT + "\n# mine\nstranger: [1, 2]\n")
    assert text.endswith("\n# mine\nstranger: [1, 2]\n")
    with pytest.raises(SpecError, match="stranger"):
        parse_hub(text)


LINES = [number for number, line in enumerate(DRAFT.splitlines()) if not line.startswith(("  # not", "  operational"))]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(LINES), st.booleans()), max_size=12, unique_by=lambda one: one[0]))
def test_comments_anywhere_are_kept(places: list[tuple[int, bool]]) -> None:
    """A comment over a line, or behind it, wherever a person may put one; and what the file says stays the same."""
    lines = DRAFT.splitlines()
    for number, behind in places:
        if behind and lines[number].strip() and "#" not in lines[number] and ">-" not in lines[number]:
            lines[number] += f"  # c{number}"
        else:
            indent = re.match(" *", lines[number])
            lines[number] = f"{indent[0] if indent else ''}# c{number}\n{lines[number]}"
    text = migrate("\n".join(lines) + "\n")
    assert as_data(text) == as_data(EXPECTED)
    written = re.findall(r"# c\d+", "\n".join(lines))
    assert sorted(re.findall(r"# c\d+", text)) == sorted(written)
    assert len(re.findall("#", text)) == len(re.findall("#", EXPECTED)) + len(written)
