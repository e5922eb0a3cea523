"""Indented JSON: the same to the byte as Python's own."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import JsonValue

from vsmhub.spec.indented import indented

SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
VALUES = st.recursive(SCALARS, lambda one: st.lists(one, max_size=4) | st.dictionaries(st.text(), one, max_size=4))


@given(VALUES)
@settings(max_examples=300)
def test_it_is_what_python_makes(value: JsonValue) -> None:
    assert indented(value) == json.dumps(value, indent=2, ensure_ascii=False)
