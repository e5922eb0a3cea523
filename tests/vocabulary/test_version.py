"""Versions are ordered as Semantic Versioning orders them, and a step asks for the lowest version that keeps it."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vsmhub.vocabulary.version import SemanticVersion, Step

# The order of semver.org's own examples, with releases around them.
PRERELEASES = ["alpha", "alpha.1", "alpha.beta", "beta", "beta.2", "beta.11", "rc.1"]
ORDERED = ["0.9.0", *(f"1.0.0-{one}" for one in PRERELEASES), "1.0.0", "1.0.10", "1.2.0", "2.0.0", "10.0.0"]


def test_order() -> None:
    for (one, first), (two, second) in itertools.product(enumerate(ORDERED), repeat=2):
        assert (SemanticVersion(first) < SemanticVersion(second)) == (one < two)
        assert (SemanticVersion(first) == SemanticVersion(second)) == (one == two)


NEXT = [
    ("1.4.2", Step.NONE, "1.4.2"),
    ("1.4.2", Step.PATCH, "1.4.3"),
    ("1.4.2", Step.MINOR, "1.5.0"),
    ("1.4.2", Step.MAJOR, "2.0.0"),
    ("0.4.2", Step.PATCH, "0.4.3"),
    ("0.4.2", Step.MINOR, "0.4.3"),
    ("0.4.2", Step.MAJOR, "0.5.0"),
    ("2.0.0-rc.1", Step.MAJOR, "2.0.0"),
    ("2.0.0-rc.1", Step.NONE, "2.0.0-rc.1"),
]


@pytest.mark.parametrize(("before", "step", "after"), NEXT)
def test_next(before: str, step: Step, after: str) -> None:
    assert str(SemanticVersion(before).after(step)) == after


ALLOWED = [
    ("1.4.2", "1.4.2", Step.NONE, True),
    ("1.4.2", "1.4.1", Step.NONE, False),
    ("1.4.2", "1.4.2", Step.PATCH, False),
    ("1.4.2", "1.4.3", Step.PATCH, True),
    ("1.4.2", "1.4.3", Step.MINOR, False),
    ("1.4.2", "1.9.0", Step.MINOR, True),
    ("1.4.2", "1.9.0", Step.MAJOR, False),
    ("1.4.2", "2.0.0-rc.1", Step.MAJOR, True),
    ("1.4.2", "1.5.0-rc.1", Step.MAJOR, False),
    ("2.0.0-rc.1", "2.0.0-rc.2", Step.MAJOR, True),
    ("2.0.0-rc.1", "2.0.0-rc.1", Step.PATCH, False),
    ("0.4.2", "0.4.3", Step.MINOR, True),
    ("0.4.2", "0.4.3", Step.MAJOR, False),
]


@pytest.mark.parametrize(("before", "after", "step", "allowed"), ALLOWED)
def test_allows(before: str, after: str, step: Step, allowed: bool) -> None:
    assert SemanticVersion(before).allows(SemanticVersion(after), step) is allowed


NUMBER = st.integers(0, 99)


@given(st.tuples(NUMBER, NUMBER, NUMBER), st.sampled_from(Step), st.sampled_from(["", "-rc.1"]))
def test_the_next_version_is_always_allowed(core: tuple[int, int, int], step: Step, prerelease: str) -> None:
    version = SemanticVersion(".".join(map(str, core)) + prerelease)
    assert version.allows(version.after(step), step)
