"""YAML is read by the 1.2 core schema; what means something else than it shows is refused at its place."""

from pathlib import Path

import pytest
import yaml

from vsmhub.spec import reader
from vsmhub.spec.complaint import Pointer
from vsmhub.spec.errors import SpecError
from vsmhub.spec.reader import parse_document

FILE = Path("x.yaml")

VALUES = [
    ("a: on", {"a": "on"}),
    ("a: No", {"a": "No"}),
    ("a: 2026-05-16", {"a": "2026-05-16"}),
    ("a: 12:30:00", {"a": "12:30:00"}),
    ("a: 1_000", {"a": "1_000"}),
    ("a: 92.205.130.254", {"a": "92.205.130.254"}),
    ("a: =", {"a": "="}),
    ("a: <", {"a": "<"}),
    ("a: 0o17", {"a": 15}),
    ("a: 0x1F", {"a": 31}),
    ("a: -12", {"a": -12}),
    ("a: +1.5e3", {"a": 1500.0}),
    ("a: .5", {"a": 0.5}),
    ("a: 1.0", {"a": 1.0}),
    ("a: 0", {"a": 0}),
    ("a: True", {"a": True}),
    ("a: FALSE", {"a": False}),
    ("a: tRUE", {"a": "tRUE"}),
    ("a: ~\nb:\nc: NULL", {"a": None, "b": None, "c": None}),
    ("a: '1'\nb: \"true\"", {"a": "1", "b": "true"}),
    ("a: >-\n  two\n  lines", {"a": "two lines"}),
    ('"on": 1\nno: 2', {"on": 1, "no": 2}),
    ('"404": x', {"404": "x"}),
    ("%YAML 1.2\n---\na: 1\n...\n", {"a": 1}),
    ("- [a, {b: c}]\n- d", [["a", {"b": "c"}], "d"]),
    ("9223372036854775807", 2**63 - 1),
]


@pytest.fixture(params=["C", "Python"])
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both of PyYAML's parsers: the one in C may not have been built."""
    kind = str(request.param)
    monkeypatch.setattr(reader, "_Parser", yaml.CSafeLoader if kind == "C" else yaml.SafeLoader)
    return kind


@pytest.mark.parametrize(("text", "data"), VALUES)
def test_values(parser: str, text: str, data: object) -> None:
    document = parse_document(FILE, text)
    assert document.complaints == ()
    assert document.data == data
    assert repr(document.data) == repr(data)  # 1, 1.0 and True are equal


REFUSED = [
    ("a: 1\nb: 2\na: 3", "3:1 yaml-duplicate", "`a` is here twice; it is on line 1 already"),
    ("a: &x 1", "1:4 yaml-anchor", "anchors are not taken (`&x`)"),
    ("a: *x", "1:4 yaml-alias", "aliases are not taken (`*x`)"),
    ("*x : 1", "1:1 yaml-alias", "aliases are not taken"),
    ("a: !!str 1", "1:4 yaml-tag", "tags are not taken"),
    ("a: !!python/object:os.system []", "1:4 yaml-tag", "tags are not taken"),
    ("<<: {a: 1}", "1:1 yaml-merge", "merge keys"),
    ("404: x", "1:1 yaml-key", "the key `404` is no text"),
    ("~: x", "1:1 yaml-key", "the key `~` is no text"),
    ("? [a]\n: b", "1:3 yaml-key", "a key is a text, not a list or a mapping"),
    ("a: 1\n---\nb: 2", "2:1 yaml-documents", "a second document begins here"),
    ("a: .inf", "1:4 yaml-number", "numbers are finite"),
    ("a: .NaN", "1:4 yaml-number", "numbers are finite"),
    ("a: 1e999", "1:4 yaml-number", "the number is too large"),
    ("a: 9223372036854775808", "1:4 yaml-number", "a whole number has at most 64 bits"),
    ("a: " + "9" * 5000, "1:4 yaml-number", "a whole number has at most 64 bits"),
    ("a: 0123", "1:4 yaml-number", "a number does not begin with 0"),
    ("a: 01.5", "1:4 yaml-number", "a number does not begin with 0"),
    ("01: x", "1:1 yaml-key", "the key `01` is no text"),
    ("a: 3.10", "1:4 yaml-number", "`3.10` is not taken: as a number it is 3.1"),
    ("[" * 40 + "]" * 40, "1:33 yaml-depth", "more than 32 levels are not taken"),
    ("a: " + "{a: " * 5000, "1:128 yaml-depth", "more than 32 levels are not taken"),
]


@pytest.mark.parametrize(("text", "where", "message"), REFUSED, ids=[case[0][:20] for case in REFUSED])
def test_refusals(parser: str, text: str, where: str, message: str) -> None:
    (complaint,) = parse_document(FILE, text).complaints
    assert f"{complaint.line}:{complaint.column} {complaint.rule}" == where
    assert message in complaint.message


BROKEN = [
    ("a: 'x\n", "1:4", "a quotation is not closed"),
    ("a: [1,\n2\n", "1:4", "a bracket is not closed"),
    ("a: b: c", "1:5", "a second `: ` cannot stand here"),
    ("a:\n\tb: 1", "2:1", "a tab cannot indent a line"),
    ("a: @b", "1:4", "cannot begin with `@`"),
    ("a: `b`", "1:4", "cannot begin with ```"),
    ("a: *", "1:4", "`*` is not a name"),
    ('a: "\\q"', "1:5", "this escape is not known"),
    ("a: 1\nb", "2:1", "a `:` is missing after a key"),
    ("%YAML 3.0\n---\na: 1", "1:1", "the YAML directive is not taken"),
    ("- a\nb: c", "2:1", "the line is not indented like its neighbours"),
    ("a: - b", "1:4", "a list item cannot stand here"),
]


@pytest.mark.parametrize(("text", "where", "message"), BROKEN, ids=[case[0] for case in BROKEN])
def test_no_yaml(text: str, where: str, message: str) -> None:
    with pytest.raises(SpecError) as caught:
        parse_document(FILE, text)
    (complaint,) = caught.value.complaints
    assert (complaint.rule, f"{complaint.line}:{complaint.column}") == ("yaml-syntax", where)
    assert message in complaint.message


@pytest.mark.parametrize(("text", "where", "message"), BROKEN, ids=[case[0] for case in BROKEN])
def test_no_yaml_in_python_either(text: str, where: str, message: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "_Parser", yaml.SafeLoader)
    with pytest.raises(SpecError) as caught:
        parse_document(FILE, text)
    assert caught.value.complaints[0].line == int(where.split(":", maxsplit=1)[0]) or "not closed" in message


PLACES: list[tuple[Pointer, tuple[int, int], tuple[int, int]]] = [
    ((), (2, 1), (2, 1)),
    (("a",), (2, 4), (2, 1)),
    (("b",), (4, 3), (3, 1)),
    (("b", "ü"), (4, 6), (4, 3)),
    (("b", "list", 1), (7, 7), (7, 7)),
    (("b", "list", 1, "k"), (7, 10), (7, 7)),
    (("b", "flow", 2, "d"), (8, 22), (8, 19)),
    (("b", "none"), (4, 3), (3, 1)),
    (("b", "list", 9, "x"), (6, 5), (5, 3)),
]


@pytest.mark.parametrize(("pointer", "value", "key"), PLACES, ids=[str(case[0]) for case in PLACES])
def test_places(parser: str, pointer: Pointer, value: tuple[int, int], key: tuple[int, int]) -> None:
    text = "# first\na: 1\nb:\n  ü: x\n  list:\n    - 1\n    - k: 2\n  flow: [a, 'b', {d: e}]\n"
    places = parse_document(FILE, text).places
    assert places.value(pointer) == value
    assert places.key(pointer) == key
