"""What is a condition, what is none, and where it stops being one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vsmhub.spec.conditions.checking import check
from vsmhub.spec.conditions.errors import ConditionError
from vsmhub.spec.conditions.grammar import parse, parse_operand
from vsmhub.spec.conditions.tree import (
    Both,
    Call,
    Comparison,
    Condition,
    Exists,
    Fact,
    Holds,
    Literal,
    Not,
    Sort,
    facts_in,
)
from vsmhub.spec.observables import observables

GOOD = [
    "status == 401",
    'header["Docker-Distribution-Api-Version"] == "registry/2.0"',
    "latency < 500ms",
    "certificate.expires_in > 14d",
    'json.$.status == "ok"',
    'json.$["a b"][0].c-d[-1] exists',
    "status in [200, 204]",
    'not (status == 500 or body contains "error") and certificate.trusted',
    "age(json.$.time) < 26h",
    "count(json.$.items) >= 1",
    'number(header["Content-Length"]) > 10',
    'lower(header["Server"]) startswith "nginx"',
    'certificate.names contains "example.org"',
    'certificate.names == ["b", "a"]',
    "body.size <= 1MiB",
    "json.$.x == null",
    "json.$.up == true",
    "json.$ exists",
    "json.$.n in [1, 2]",
    r'body contains "a \"quoted\" word\n"',
    "status != 500 and status != 502 and status != 503",
]


@pytest.mark.parametrize("text", GOOD)
def test_conditions_are_taken(text: str) -> None:
    check(parse(text), observables("http"))


# Text, the column of the mistake, a word of the message, a word of the hint.
BAD = [
    ("", 1, "missing", ""),
    ("statsu == 401", 1, "`statsu`", "`status`"),
    ("status = 401", 8, "`=`", "=="),
    ("status == ", 11, "missing", ""),
    ('status == "401"', 8, "a number with a text", "quotes"),
    ("latency < 500", 9, "span", "unit"),
    ("latency < 5weeks", 12, "`weeks`", "units"),
    ("body.size < 10", 11, "amount", "unit"),
    ("header == 1", 1, "brackets", ""),
    ("header[1] == 1", 8, "name in quotes", ""),
    ('status["x"] == 1', 1, "no parts", ""),
    ("status", 1, "not a condition", "compare"),
    ("1 == 1", 3, "nothing that is observed", ""),
    ("1 < status < 3", 12, "chained", "and"),
    ("status == 401 status", 15, "follow", "and"),
    ("status == 401 adn certificate.trusted", 15, "`adn`", "`and`"),
    ('body contains "x', 15, "not closed", ""),
    (r'body contains "\x"', 16, "escape", ""),
    ('status in ["a"]', 12, "never", "quotes"),
    ("status in 200", 11, "list", "such as"),
    ("status in []", 11, "empty", ""),
    ("certificate.names == [1]", 23, "texts", ""),
    ('certificate.issuer < "x"', 20, "does not compare", ""),
    ("cuont(json.$.x) < 1", 1, "`cuont`", "`count`"),
    ("age(status) < 1h", 5, "takes", ""),
    ("age(json.$.x < 1h", 14, "`)`", ""),
    ("json.status == 1", 6, "`$`", ""),
    ("json.$.[0] == 1", 8, "name is missing", "…"),
    ("json.$[1.5] == 1", 8, "whole number", ""),
    ('"a" exists', 1, "observed", ""),
    ("status && 1", 8, "`&`", "`and`"),
    ("not", 4, "missing", ""),
    ("(status == 1", 13, "`)`", ""),
    ("snapshot.age < 1d", 1, "`snapshot.age`", "observes"),
    ("(" * 40 + "status == 1" + ")" * 40, 34, "levels", ""),
    ("x" * 501, 1, "longer", ""),
    ("__import__('os')", 1, "`__import__`", "age"),
    ("status == 1; body", 12, "`;`", ""),
]


@pytest.mark.parametrize(("text", "column", "message", "hint"), BAD)
def test_mistakes_are_told_with_their_place(text: str, column: int, message: str, hint: str) -> None:
    with pytest.raises(ConditionError) as caught:
        check(parse(text), observables("http"))
    assert caught.value.column == column
    assert message in caught.value.message
    assert hint in caught.value.hint


def test_and_binds_more_than_or_and_not_more_than_both() -> None:
    found = parse("not status == 1 or status == 2 and status == 3")
    assert isinstance(found, Both)
    assert not found.every
    first, second = found.parts
    assert isinstance(first, Not)
    assert isinstance(second, Both)
    assert second.every


def test_literals_have_their_units() -> None:
    cases = {
        "1.5h": (5400.0, Sort.SPAN),
        "500ms": (0.5, Sort.SPAN),
        "2KiB": (2048, Sort.AMOUNT),
        "-3": (-3, Sort.NUMBER),
        "true": (True, Sort.TRUTH),
        "'a'": ("a", Sort.TEXT),
    }
    for text, (value, sort) in cases.items():
        found = parse_operand(text)
        assert isinstance(found, Literal)
        assert (found.value, found.sort) == (value, sort)


def test_facts_are_said_as_they_are_written() -> None:
    for text in ("status", 'header["X-A"]', "json.$", 'json.$.a-b[0]["c d"]', "certificate.expires_in"):
        assert str(parse_operand(text)) == text


def test_facts_in_finds_each() -> None:
    found = parse('age(json.$.a) < 1h and (status exists or not header["B"] == "c")')
    assert [fact.name for fact in facts_in(found)] == ["json", "status", "header"]


def condition_or_mistake(text: str) -> Condition | ConditionError:
    try:
        found = parse(text)
        check(found, observables("http"))
    except ConditionError as error:
        return error
    return found


@given(st.text(max_size=80))
def test_any_text_is_a_condition_or_a_mistake(text: str) -> None:
    found = condition_or_mistake(text)
    if isinstance(found, ConditionError):
        assert 1 <= found.column <= len(text) + 1
    else:
        assert isinstance(found, Comparison | Exists | Holds | Not | Both)


WORDS = ["status", "json.$.a", '"x"', "1", "5s", "==", "<", "in", "[", "]", "(", ")", "not", "and", "or", "exists", ","]


@given(st.lists(st.sampled_from([*WORDS, "age", "contains", "true", 'header["a"]']), max_size=12))
def test_words_in_any_order_are_a_condition_or_a_mistake(words: list[str]) -> None:
    found = condition_or_mistake(" ".join(words))
    if isinstance(found, ConditionError):
        assert found.message
    else:
        assert facts_in(found)


def test_a_call_is_an_operand() -> None:
    found = parse_operand("lower(body)")
    assert isinstance(found, Call)
    assert isinstance(found.operand, Fact)
