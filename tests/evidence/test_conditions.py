"""Conditions on facts: met, not met, or not to be told, and what is said of it."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vsmhub.evidence.conditions import evaluate, moment
from vsmhub.spec.conditions.grammar import parse

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
FACTS: dict[str, Any] = {
    "status": 401,
    "header": {"docker-distribution-api-version": "registry/2.0", "content-length": "12", "x": ""},
    "latency": 0.25,
    "certificate.expires_in": 9 * 86400.0,
    "certificate.trusted": True,
    "certificate.names": ("b.example.org", "a.example.org"),
    "body": '{"status": "ok"}',
    "body.size": 2048,
    "json": {
        "status": "ok",
        "n": 3,
        "up": True,
        "none": None,
        "items": [{"name": "a"}, {"name": "b"}],
        "at": "2026-11-23T10:00:00.123456789Z",
        "stamp": 1795428000,
        "odd key": 1,
        "local": "2026-11-23T10:00:00",
    },
}

MET = [
    "status == 401",
    "status != 200",
    "status in [200, 401]",
    "not status == 200",
    'header["Docker-Distribution-Api-Version"] == "registry/2.0"',
    'header["docker-distribution-api-version"] startswith "registry/"',
    'header["x"] exists',
    'number(header["Content-Length"]) == 12',
    "latency < 500ms",
    "certificate.expires_in > 7d",
    "certificate.trusted",
    'certificate.names contains "a.example.org"',
    'certificate.names == ["a.example.org", "b.example.org"]',
    "count(certificate.names) == 2",
    "body.size <= 2KiB",
    'body contains "ok"',
    'json.$.status == "ok"',
    "json.$.n >= 3",
    "json.$.up == true",
    "json.$.none == null",
    "json.$.none exists",
    'json.$.items[-1].name == "b"',
    "count(json.$.items) == 2",
    'json.$["odd key"] == 1',
    "age(json.$.at) < 3h and age(json.$.at) > 1h",
    "age(json.$.stamp) > 0s",
    'lower("OK") == json.$.status',
    "status == 200 or json.$.nothing == 1 or status == 401",
]
# With what is said of it.
NOT_MET = [
    ("status == 200", "status is 401"),
    ("status in [200, 204]", "status is 401"),
    ("latency < 100ms", "latency is 250ms"),
    ("certificate.expires_in > 14d", "certificate.expires_in is 9d"),
    ("body.size < 1KiB", "body.size is 2KiB"),
    ("not certificate.trusted", "what must not hold does"),
    ('header["Server"] exists', 'header["Server"] is missing'),
    ('json.$.status == "bad"', 'json.$.status is "ok"'),
    ("json.$.up == 1", "json.$.up is true"),
    ("json.$.n == true", "json.$.n is 3"),
    ('certificate.names == ["a.example.org"]', 'certificate.names is ["b.example.org", "a.example.org"]'),
    ("status == 401 and status == 402", "status is 401"),
    ("age(json.$.at) < 1h", "age(json.$.at) is 2h"),
]
# Nothing can be told; negation does not make it told.
UNSURE = [
    'header["Server"] == "x"',
    'header["Server"] != "x"',
    'not header["Server"] == "x"',
    "json.$.nothing == 1",
    "json.$.items[7].name == null",
    "json.$.status < 3",
    "age(json.$.status) < 1h",
    "age(json.$.local) < 1h",
    "count(json.$.n) == 1",
    "number(body) == 1",
    "lower(json.$.n) == 'x'",
    "json.$.n contains 'x'",
    "redirects == 0",
    "redirects == 0 or status == 200",
    "redirects == 0 and status == 401",
]


@pytest.mark.parametrize("text", MET)
def test_met(text: str) -> None:
    found = evaluate(parse(text), FACTS, NOW)
    assert found.met is True, found.said


@pytest.mark.parametrize(("text", "said"), NOT_MET)
def test_not_met_and_what_is_said_of_it(text: str, said: str) -> None:
    found = evaluate(parse(text), FACTS, NOW)
    assert (found.met, found.said) == (False, said)


@pytest.mark.parametrize("text", UNSURE)
def test_what_was_not_observed_meets_nothing(text: str) -> None:
    found = evaluate(parse(text), FACTS, NOW)
    assert found.met is None
    assert found.said


ATOMS = {"status == 401": True, "status == 200": False, "redirects == 0": None}


def trees() -> st.SearchStrategy[tuple[str, bool | None]]:
    """Conditions with the truth that Kleene's tables give them."""

    def either(pair: tuple[tuple[str, bool | None], tuple[str, bool | None]]) -> st.SearchStrategy[Any]:
        (left, one), (right, other) = pair
        both = False if False in (one, other) else None if None in (one, other) else True
        any_of = True if True in (one, other) else None if None in (one, other) else False
        return st.sampled_from([(f"({left}) and ({right})", both), (f"({left}) or ({right})", any_of)])

    def denied(one: tuple[str, bool | None]) -> tuple[str, bool | None]:
        return f"not ({one[0]})", None if one[1] is None else not one[1]

    return st.recursive(
        st.sampled_from(sorted(ATOMS.items())),
        lambda inner: st.one_of(inner.map(denied), st.tuples(inner, inner).flatmap(either)),
        max_leaves=8,
    )


@given(trees())
def test_truth_is_three_valued(tree: tuple[str, bool | None]) -> None:
    text, truth = tree
    assert evaluate(parse(text), FACTS, NOW).met is truth


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=5), lambda x: st.lists(x, max_size=3)))
def test_any_json_can_be_asked_about(value: Any) -> None:
    for text in ("json.$ == 1", "json.$ < 1", "json.$ contains 'a'", "age(json.$) < 1d", "count(json.$) > 0"):
        assert evaluate(parse(text), {"json": value}, NOW).met in (True, False, None)


@pytest.mark.parametrize(
    ("value", "there"),
    [
        ("2026-05-16T10:00:00Z", True),
        ("2026-05-16T10:00:00+02:00", True),
        (0, True),
        (1e300, False),
        (True, False),
        ("2026-05-16", False),
        ("yesterday", False),
        (None, False),
        ([], False),
    ],
)
def test_moments(value: object, there: bool) -> None:
    assert (moment(value) is not None) == there
