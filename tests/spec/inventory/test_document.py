"""The published schema of an inventory is current and takes what the model takes."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from pydantic import ValidationError

from tests.spec.inventory.examples import INVENTORY
from vsmhub.spec.inventory.document import SECTIONS, Inventory, Ref
from vsmhub.spec.inventory.entry import EntryKind
from vsmhub.spec.inventory.load import INVENTORY as KIND
from vsmhub.spec.parts import value_at
from vsmhub.spec.reader import parse_document, read_document
from vsmhub.spec.schema import schema, schema_file, schema_text, validate_by_schema

ROOT = Path(__file__).parents[3]
SCHEMA = ROOT / "docs" / "schemas" / schema_file(KIND)


def test_the_published_file_is_current() -> None:
    assert SCHEMA.read_text() == schema_text(KIND), f"run `vsmhub schema inventory --out {SCHEMA}`"


def test_it_says_what_everything_is() -> None:
    made = schema(KIND)
    Draft202012Validator.check_schema(made)
    for name, part in {"": made, **made["$defs"]}.items():
        for key, value in part.get("properties", {}).items():
            assert "description" in value, f"{name}.{key}"


@pytest.mark.parametrize("file", sorted((ROOT / "hubs").glob("*/inventory.yaml")), ids=lambda file: file.parent.name)
def test_every_inventory_of_the_repository_fits_and_points_editors_at_it(file: Path) -> None:
    assert validate_by_schema(read_document(file).data, KIND) == ()
    pointer = file.read_text().splitlines()[0].partition("$schema=")[2]
    assert (file.parent / pointer).resolve() == SCHEMA


def test_every_kind_has_its_section() -> None:
    assert set(SECTIONS) == set(EntryKind)
    assert set(SECTIONS.values()) < set(Inventory.model_fields)
    assert Ref.parse("secret-set/keys") == Ref(EntryKind.SECRET_SET, "keys")
    assert str(Ref(EntryKind.SECRET_SET, "keys")) == "secret-set/keys"


def by_model(data: Any) -> bool:
    try:
        Inventory.model_validate_json(json.dumps(data))
    except ValidationError:
        return False
    return True


def pointers(data: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [at, *(found for key, value in items for found in pointers(value, (*at, key)))]


# What facts are made of, and what breaks them.
TEXTS = ["unknown", "", "x", "prod", "host/one", "192.0.2.1", "1h", "2026-01-02", "https://a.example/"]
STATED = [{"value": "x"}, {"value": "unknown"}, {"value": None}, {"value": ["x"]}, {"value": "x", "source": "a"}]
UNKNOWN = [{"unknown": "why"}, {"unknown": True}, {"unknown": "why", "value": "x"}, {"unknown": "y", "note": "n"}]
OTHERS = [None, True, 5, 1.5, [], ["x"], [5], {}, {"source": "a"}, {"value": {"value": "x"}}, "x" * 41, "x" * 201]
VALUES: list[Any] = [*TEXTS, *STATED, *UNKNOWN, *OTHERS]


@st.composite
def mutations(draw: st.DrawFn) -> Any:
    """The example with up to three things changed."""
    data: Any = parse_document(Path("x"), INVENTORY).data
    for _ in range(draw(st.integers(1, 3))):
        pointer = draw(st.sampled_from(pointers(data)[1:]))
        parent: Any = value_at(data, pointer[:-1])
        match draw(st.sampled_from(["replace", "replace", "remove", "rename"])):
            case "replace":
                parent[pointer[-1]] = copy.deepcopy(draw(st.sampled_from(VALUES)))
            case "remove":
                del parent[pointer[-1]]
            case _ if isinstance(parent, dict):
                parent[draw(st.sampled_from(["x", "value", "unknown", "X", "source"]))] = parent.pop(pointer[-1])
    return data


@given(mutations())
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_model_and_schema_take_the_same(data: Any) -> None:
    assert by_model(data) == (validate_by_schema(data, KIND) == ())
