"""The published schema is current, is a schema, and takes exactly what the model takes."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from pydantic import ValidationError

from tests.spec.examples import hub_data
from vsmhub.spec.model import HubSpec
from vsmhub.spec.parts import value_at
from vsmhub.spec.reader import read_document
from vsmhub.spec.schema import SCHEMA_FILE, hub_schema, hub_schema_text, validate_by_schema

SCHEMAS = Path(__file__).parents[2] / "docs" / "schemas"


def test_the_published_file_is_current() -> None:
    assert (SCHEMAS / SCHEMA_FILE).read_text() == hub_schema_text(), "run `vsmhub schema > docs/schemas/…`"


def test_it_is_a_schema_that_says_what_everything_is() -> None:
    schema = hub_schema()
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    for name, part in {"": schema, **schema["$defs"]}.items():
        assert "description" in part or name == "JsonValue", name
        for key, value in part.get("properties", {}).items():
            assert "description" in value or "$ref" in value, f"{name}.{key}"


def test_every_hub_in_the_repository_fits_and_points_editors_at_it(hubs: Path) -> None:
    files = sorted(hubs.glob("*/hub.yaml"))
    assert files
    for file in files:
        assert validate_by_schema(read_document(file).data) == ()
        pointer = file.read_text().splitlines()[0].partition("$schema=")[2]
        assert (file.parent / pointer).resolve() == SCHEMAS / SCHEMA_FILE


WRONG_NAMES = ["xyz-a\n", "Xyz", "xyz--a", "-x", "x-", "1x", "", "xyz-é", "x" * 64, "xyz-٣", "x y"]


@pytest.mark.parametrize("name", WRONG_NAMES)
@pytest.mark.parametrize("place", ["widgets", "key"])
def test_wrong_names_fit_neither(name: str, place: str) -> None:
    data = hub_data()
    if place == "key":
        data["vocabulary"]["event_types"][name] = "x"
    else:
        data["widgets"][0]["slug"] = name
    assert not by_model(data)
    assert validate_by_schema(data)


def by_model(data: Any) -> bool:
    try:
        HubSpec.model_validate_json(json.dumps(data))
    except ValidationError:
        return False
    return True


def pointers(data: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [at, *(found for key, value in items for found in pointers(value, (*at, key)))]


# Texts that names, versions, domains and scopes are made of, and what breaks them.
SMALL = ["a", "xyz", "0", "01", "9", "-", "--", ".", ":", "_", "A", " ", "\n", "\t", "\0", "\x85", "\u2028", "é", "😀"]
LARGE = ["hub:", "framework:", "read", "admin", "xyz-hub", "1.0.0", "-rc.1", "+b", "S1", "٣", "x" * 63, "x" * 199]
PIECES = st.lists(st.sampled_from(SMALL + LARGE), max_size=5).map("".join)
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | PIECES | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(PIECES, inner, max_size=3),
    max_leaves=5,
)


@st.composite
def mutations(draw: st.DrawFn) -> Any:
    """The example with everything in it that a spec can have, and up to three things changed."""
    data = hub_data()
    data["scope"]["excludes"] = [{"matter": "a", "owner": "abc-hub"}, {"matter": "b", "owner": None}]
    data["vocabulary"]["event_types"]["xyz-old"] = {
        "description": "x",
        "deprecated": {"since": "0.1.0", "replaced_by": "xyz-claimed", "reason": "because"},
    }
    data["vocabulary"]["event_types"]["xyz-short"] = "said in one line"
    for _ in range(draw(st.integers(0, 3))):
        pointer = draw(st.sampled_from(pointers(data)[1:]))
        parent: Any = value_at(data, pointer[:-1])
        match draw(st.sampled_from(["replace", "remove", "add", "rename", "twice"])):
            case "replace":
                parent[pointer[-1]] = draw(JSON)
            case "remove":
                del parent[pointer[-1]]
            case "add" if isinstance(parent, dict):
                parent[draw(PIECES | st.text())] = draw(JSON)
            case "rename" if isinstance(parent, dict):
                parent[draw(PIECES)] = parent.pop(pointer[-1])
            case "twice" if isinstance(parent, list):
                parent.append(copy.deepcopy(parent[pointer[-1]]))
    return data


@given(mutations())
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_model_and_schema_take_the_same(data: Any) -> None:
    assert by_model(data) == (validate_by_schema(data) == ())
