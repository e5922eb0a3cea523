"""The published schema of an inventory takes what the model takes."""

import copy
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.spec.inventory.examples import INVENTORY
from tests.spec.schemas import fits_model, fits_schema, pointers
from vsmhub.spec.inventory.document import SECTIONS, Inventory, Ref
from vsmhub.spec.inventory.entry import EntryKind
from vsmhub.spec.inventory.load import INVENTORY as KIND
from vsmhub.spec.parts import value_at
from vsmhub.spec.reader import parse_document


def test_every_kind_has_its_section() -> None:
    assert set(SECTIONS) == set(EntryKind)
    assert set(SECTIONS.values()) < set(Inventory.model_fields)
    assert Ref.parse("secret-set/keys") == Ref(EntryKind.SECRET_SET, "keys")
    assert str(Ref(EntryKind.SECRET_SET, "keys")) == "secret-set/keys"


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
    assert fits_model(data, KIND) == fits_schema(data, KIND)
