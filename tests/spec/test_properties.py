"""Whatever a file holds, reading ends in a spec or in complaints at places that exist, never in anything else."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.spec.examples import HUB
from vsmhub.spec.complaint import Complaint
from vsmhub.spec.errors import SpecError
from vsmhub.spec.load import load_hub, parse_hub, read_hub, read_hub_text
from vsmhub.spec.model import HubSpec
from vsmhub.spec.reader import parse_document

FILE = Path("x.yaml")


def assert_in_file_order(complaints: tuple[Complaint, ...], text: str) -> None:
    places = [(complaint.line, complaint.column) for complaint in complaints]
    assert places == sorted(places)
    # The end of the file counts as a line of its own: YAML's parser stands there when something is missing.
    lines = [*text.splitlines(), ""]
    for line, column in places:
        assert 0 <= line <= len(lines) + 1
        assert (line, column) == (0, 0) or column >= 1
    for complaint in complaints:
        assert "\n" not in str(complaint)
        assert "Error" not in str(complaint)


@given(st.binary(max_size=200))
def test_any_bytes(tmp_path_factory: Any, content: bytes) -> None:
    file = tmp_path_factory.getbasetemp() / "any.yaml"
    file.write_bytes(content)
    with pytest.raises(SpecError) as caught:
        load_hub(file)
    complaints = caught.value.complaints
    assert complaints
    assert_in_file_order(complaints, content.decode(errors="replace"))
    assert read_hub(file).complaints == complaints


MARKS = [*"ab0.: -?,[]{}#&*!|>'\"%@`\t\n\r\\~<=é\x85\ufeff", "\n  ", "- ", "---"]


@given(st.lists(st.sampled_from(MARKS), max_size=60).map("".join))
@settings(max_examples=500)
def test_any_marks(text: str) -> None:
    assert_in_file_order(read_hub_text(text).complaints, text)


@st.composite
def damaged(draw: st.DrawFn) -> str:
    """The example with pieces cut out, doubled and put in."""
    text = HUB
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = draw(st.integers(start, min(len(text), start + 40)))
        piece = draw(
            st.sampled_from(
                ["", text[start:end] * 2, "\t", "&a ", "*a", "!t ", "? ", "- ", ": ", "\n", "[", "{", "'", "~"]
            )
        )
        text = text[:start] + piece + text[end:]
    return text


@given(damaged())
@settings(max_examples=500, deadline=None)
def test_damaged_specs(text: str) -> None:
    reading = read_hub_text(text)
    assert reading.spec or reading.complaints
    assert_in_file_order(reading.complaints, text)


def json_values(letters: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    keys = st.text(letters, max_size=50)  # YAML takes keys of up to 1,024 characters, escapes included
    return st.recursive(
        st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text(letters),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
        max_leaves=12,
    )


JSON = json_values(st.characters(codec="utf-8"))


def as_yaml(data: Any, indent: int | None = None) -> str:
    """JSON that YAML 1.1's parser reads too: what lies outside ASCII is escaped as YAML has it."""
    text = json.dumps(data, ensure_ascii=False, indent=indent)
    return "".join(letter if letter < "\x7f" else f"\\U{ord(letter):08x}" for letter in text)


@given(JSON)
def test_json_is_read_as_what_it_is(data: Any) -> None:
    document = parse_document(FILE, as_yaml(data))
    assert document.complaints == ()
    assert document.data == data


@given(st.dictionaries(st.text("ab ", min_size=1, max_size=3), JSON, min_size=1, max_size=4))
def test_everything_has_its_place(data: dict[str, Any]) -> None:
    text = as_yaml(data, indent=1)
    lines = text.split("\n")
    places = parse_document(FILE, text).places

    def look(value: Any, pointer: tuple[str | int, ...]) -> None:
        line, column = places.value(pointer)
        shown = as_yaml(value)
        begins = shown if not isinstance(value, dict | list) else shown[0]
        assert lines[line - 1][column - 1 :].startswith(begins)
        for key, inner in value.items() if isinstance(value, dict) else ():
            line, column = places.key((*pointer, key))
            assert lines[line - 1][column - 1 :].startswith(as_yaml(key))
            look(inner, (*pointer, key))
        for index, inner in enumerate(value) if isinstance(value, list) else ():
            look(inner, (*pointer, index))

    look(data, ())


STORABLE = st.characters(codec="utf-8", exclude_characters="\0")
METADATA = st.dictionaries(st.text(STORABLE, max_size=9), json_values(STORABLE), max_size=4)
LINE = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), min_size=1, max_size=200)


@given(st.lists(st.tuples(LINE, METADATA), max_size=4), LINE)
@settings(deadline=None)
def test_a_spec_survives_its_own_text(widgets: list[tuple[str, dict[str, Any]]], purpose: str) -> None:
    data = json.loads(parse_hub(HUB).model_dump_json())
    data["scope"]["purpose"] = purpose
    for number, (name, metadata) in enumerate(widgets):
        data["widgets"].append({**data["widgets"][0], "slug": f"xyz-{number}", "name": name, "metadata": metadata})
    spec = HubSpec.model_validate_json(json.dumps(data))
    assert parse_hub(as_yaml(json.loads(spec.model_dump_json()))) == spec
