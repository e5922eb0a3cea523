"""The contracts say what the messages say: whatever one takes, the other takes, and the same for what they refuse."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from pydantic import BaseModel, JsonValue, ValidationError

from vsmhub.interhub.contracts.capability import Capability
from vsmhub.interhub.contracts.schemas import CONTRACTS, schema_text
from vsmhub.interhub.contracts.validation import faults
from vsmhub.interhub.messages.evidence import AnnotationCreate, EventCreate
from vsmhub.interhub.messages.framework import ManifestCreate
from vsmhub.interhub.messages.widgets import WidgetCreate

PUBLISHED = Path(__file__).parents[3] / "docs" / "contracts"

IDS = st.sampled_from(["0197f0a0-0000-7000-8000-000000000001", "F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6"])
BAD_IDS = st.sampled_from(["", "0197f0a0", "not-an-id", None, 7, ["x"]])
NAMES = st.sampled_from(["ops-host", "a", "x9-y", "a" * 63])
BAD_NAMES = st.sampled_from(["", "Ops", "ops_host", "-a", "a-", "a\n", "a" * 64, "ä", None, 3])
LINES = st.sampled_from(["one line", "x", "railiance-apps/workplans/RAIL-AP-WP-0001", "ü" * 500])
BAD_LINES = st.sampled_from(["", "two\nlines", "end\n", "a\x00b", "x" * 501, 1, ["x"]])
TEXTS = st.sampled_from(["text", "two\nlines", "x" * 20_000])
BAD_TEXTS = st.sampled_from(["", "a\x00b", "x" * 20_001, None, 2])
VERSIONS = st.sampled_from(["1.0.0", "0.0.0", "1.2.3-rc.1"])
BAD_VERSIONS = st.sampled_from(["1", "1.0", "01.0.0", "1.0.0+build", "1.0.0\n", "", None, 1.0])
MOMENTS = st.sampled_from([None, "2026-06-14T09:30:00Z", "2026-06-14T09:30:00.123456+02:00"])
BAD_MOMENTS = st.sampled_from(["2026-06-14T09:30:00", "yesterday", "", [], "2026-06-14"])
OBJECTS = st.sampled_from([{}, {"a": {"b": [1, None, True]}}, {"": "ü"}])
BAD_OBJECTS: st.SearchStrategy[object] = st.sampled_from([None, [], "x", 1])
NAME_LISTS = st.lists(NAMES, unique=True, max_size=3)
BAD_NAME_LISTS = st.sampled_from([["ops-host", "ops-host"], ["Ops"], [None], "ops-host", None, ["a\n"]])
SCOPE = {"purpose": "truth", "includes": ["evidence"], "excludes": [{"matter": "control", "owner": "ctl-hub"}]}
CAPABILITY = {"hub_family": "vsm", "vsm_function": "AUD", "vsm_system": "S3*", "scope": SCOPE}
CAPABILITIES = st.sampled_from(
    [
        CAPABILITY,
        CAPABILITY | {"more": [1]},
        CAPABILITY | {"descriptions": {"event_types": {"ops-seen": "It was seen"}}},
        CAPABILITY | {"deprecated": {"event_types": {"ops-seen": {"since": "1.0.0", "replaced_by": "ops-found"}}}},
    ]
)
BAD_CAPABILITIES = st.sampled_from(
    [
        None,
        {},
        CAPABILITY | {"vsm_function": "ops"},
        CAPABILITY | {"vsm_system": "S6"},
        CAPABILITY | {"scope": {}},
        CAPABILITY | {"scope": {"purpose": "truth", "excludes": [{"owner": "ctl-hub"}]}},
        CAPABILITY | {"descriptions": {"event_types": {"Ops": "not a name"}}},
        CAPABILITY | {"descriptions": {"event_types": ["ops-seen"]}},
        CAPABILITY | {"deprecated": {"event_types": {"ops-seen": {}}}},
    ]
)

Member = tuple[st.SearchStrategy[object], st.SearchStrategy[object]]
FREE: Member = (OBJECTS, BAD_OBJECTS)
OPTIONAL_LINE: Member = (LINES | st.none(), BAD_LINES)
CASES: dict[str, tuple[type[BaseModel], dict[str, Member], set[str]]] = {
    "hub-capability-manifest-v1": (
        ManifestCreate,
        {
            "hubId": (IDS, BAD_IDS),
            "version": (VERSIONS, BAD_VERSIONS),
            "widgetTypes": (NAME_LISTS, BAD_NAME_LISTS),
            "eventTypes": (NAME_LISTS, BAD_NAME_LISTS),
            "annotationCategories": (NAME_LISTS, BAD_NAME_LISTS),
            "policyScopes": (NAME_LISTS, BAD_NAME_LISTS),
            "capability": (CAPABILITIES, BAD_CAPABILITIES),
        },
        {"hubId", "version", "capability"},
    ),
    "interaction-event-v1": (
        EventCreate,
        {
            "widgetId": (IDS, BAD_IDS),
            "eventType": (NAMES, BAD_NAMES),
            "viewContext": OPTIONAL_LINE,
            "occurredAt": (MOMENTS, BAD_MOMENTS),
            "metadata": FREE,
            "actor": OPTIONAL_LINE,
        },
        {"widgetId", "eventType"},
    ),
    "annotation-v1": (
        AnnotationCreate,
        {
            "widgetId": (IDS, BAD_IDS),
            "category": (NAMES, BAD_NAMES),
            "body": (TEXTS, BAD_TEXTS),
            "metadata": FREE,
            "actor": OPTIONAL_LINE,
        },
        {"widgetId", "category", "body"},
    ),
}
SEED: dict[str, Member] = {
    "slug": (NAMES, BAD_NAMES),
    "name": (LINES, BAD_LINES),
    "widgetType": (NAMES, BAD_NAMES),
    "policyScope": (NAMES, BAD_NAMES),
    "viewContext": (LINES, BAD_LINES),
    "metadata": FREE,
}


@st.composite
def documents(draw: st.DrawFn, members: dict[str, Member], required: set[str]) -> dict[str, JsonValue]:
    """A document with at most one thing wrong: a bad value, a member left out, or one that nobody knows."""
    wrong = draw(st.sampled_from(["nothing", "value", "missing", "unknown"]))
    chosen = draw(st.sampled_from(sorted(members)))
    document = {}
    for name, (good, bad) in members.items():
        if name == chosen and wrong == "missing":
            continue
        if name == chosen and wrong == "value":
            document[name] = draw(bad)
        elif name in required or draw(st.booleans()):
            document[name] = draw(good)
    if wrong == "unknown":
        document["unknown"] = 1
    found: dict[str, JsonValue] = json.loads(json.dumps(document))
    return found


def message_takes(message: type[BaseModel], document: dict[str, JsonValue]) -> bool:
    try:
        message.model_validate_json(json.dumps(document))
        if message is ManifestCreate:
            Capability.model_validate(document.get("capability"))
    except ValidationError:
        return False
    lists = [value for value in document.values() if isinstance(value, list)]
    return all(len(one) == len({str(item) for item in one}) for one in lists)


@pytest.mark.parametrize("contract", CASES)
@given(data=st.data())
def test_contract_and_message_agree(contract: str, data: st.DataObject) -> None:
    message, members, required = CASES[contract]
    document = data.draw(documents(members, required))
    # A file in a hub's repository has no id of the hub: that is the one member the contract is easier on.
    complete = {"hubId": "0197f0a0-0000-7000-8000-000000000001", **document} if "hubId" in members else document
    assert (not faults(contract, document)) == message_takes(message, complete)


@given(document=documents(SEED, set(SEED) - {"metadata"}))
def test_seeds_and_widgets_agree(document: dict[str, JsonValue]) -> None:
    seeds: JsonValue = {"hub": "ops-hub", "items": [document]}
    taken = message_takes(WidgetCreate, {"hubId": "0197f0a0-0000-7000-8000-000000000001", **document})
    assert (not faults("widget-seeds-v1", seeds)) == taken


@pytest.mark.parametrize("contract", CONTRACTS)
def test_a_contract_is_a_schema_of_2020_12(contract: str) -> None:
    schema = CONTRACTS[contract]()
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"].endswith(contract)


def test_the_published_schemas_are_current() -> None:
    published = {path.name.removesuffix(".schema.json"): path.read_text() for path in PUBLISHED.glob("*.schema.json")}
    assert published == {name: schema_text(name) for name in CONTRACTS}
