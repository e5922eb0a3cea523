"""The published schemas are current, are schemas, and take exactly what the models take."""

import copy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from tests.spec.examples import hub_data
from tests.spec.schemas import fits_model, fits_schema, pointers
from vsmhub.spec.kinds import KINDS
from vsmhub.spec.parts import value_at
from vsmhub.spec.reader import read_document
from vsmhub.spec.reading import Kind
from vsmhub.spec.schema import schema, schema_file, schema_text

SCHEMAS = Path(__file__).parents[2] / "docs" / "schemas"


@pytest.mark.parametrize("name", KINDS)
def test_the_published_file_is_current(name: str) -> None:
    file = SCHEMAS / schema_file(KINDS[name])
    assert file.read_text() == schema_text(KINDS[name]), f"run `vsmhub schema {name} --out {file}`"


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_it_is_a_schema_that_says_what_everything_is(kind: Kind[Any]) -> None:
    made = schema(kind)
    Draft202012Validator.check_schema(made)
    assert made["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    for name, part in {"": made, **made["$defs"]}.items():
        assert "description" in part or "properties" not in part, name
        for key, value in part.get("properties", {}).items():
            assert "description" in value or "$ref" in value, f"{name}.{key}"


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_every_file_in_the_repository_fits_and_points_editors_at_it(hubs: Path, kind: Kind[Any]) -> None:
    files = sorted(hubs.glob(f"*/{kind.file_name}"))
    assert files
    for file in files:
        assert fits_schema(read_document(file).data, kind), file
        pointer = file.read_text().splitlines()[0].partition("$schema=")[2]
        assert (file.parent / pointer).resolve() == SCHEMAS / schema_file(kind)


WRONG_NAMES = ["xyz-a\n", "Xyz", "xyz--a", "-x", "x-", "1x", "", "xyz-é", "x" * 64, "xyz-٣", "x y"]


@pytest.mark.parametrize("name", WRONG_NAMES)
@pytest.mark.parametrize("place", ["widgets", "key"])
def test_wrong_names_fit_neither(name: str, place: str) -> None:
    data = hub_data()
    if place == "key":
        data["vocabulary"]["event_types"][name] = "x"
    else:
        data["widgets"][0]["slug"] = name
    assert not fits_model(data)
    assert not fits_schema(data)


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
    assert fits_model(data) == fits_schema(data)
