"""Flapping: when a verdict counts, and when it has to come again first."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vsmhub.evidence.judgement import Outcome
from vsmhub.evidence.settling import Standing, counts, settle

LETTERS = {"p": Outcome.PASS, "f": Outcome.FAIL, "e": Outcome.ERROR}


def standings(verdicts: str, fail_after: int, pass_after: int) -> str:
    """Where the signal stands after each verdict; in capitals where the verdict counts as evidence."""
    found, standing = "", Standing()
    for letter in verdicts:
        standing = settle(standing, LETTERS[letter], fail_after=fail_after, pass_after=pass_after)
        settled = standing.settled.value[0] if standing.settled else "-"
        found += settled.upper() if counts(standing, LETTERS[letter]) else settled
    return found


@pytest.mark.parametrize(
    ("verdicts", "fail_after", "pass_after", "after"),
    [
        ("pfp", 1, 1, "PFP"),
        ("pffp", 2, 1, "PpFP"),
        ("pfpfpf", 2, 1, "PpPpPp"),
        ("fppp", 1, 3, "FffP"),
        ("fpfpp", 1, 2, "FfFfP"),
        ("pfffff", 3, 1, "PppFFF"),
        ("f", 5, 5, "F"),
        ("pfeff", 3, 1, "PpPpF"),
        ("ee", 1, 1, "--"),
    ],
)
def test_a_verdict_has_to_come_so_often(verdicts: str, fail_after: int, pass_after: int, after: str) -> None:
    assert standings(verdicts, fail_after, pass_after) == after


@given(st.text("pfe", max_size=40), st.integers(1, 5), st.integers(1, 5))
def test_evidence_never_says_more_than_was_seen(verdicts: str, fail_after: int, pass_after: int) -> None:
    standing = Standing()
    for letter in verdicts:
        outcome = LETTERS[letter]
        standing = settle(standing, outcome, fail_after=fail_after, pass_after=pass_after)
        if counts(standing, outcome) and outcome is not Outcome.ERROR:
            assert standing == Standing(outcome)
        assert standing.streak < max(fail_after, pass_after)
