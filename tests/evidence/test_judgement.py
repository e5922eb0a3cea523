"""Verdicts on observations, with their reasons."""

from datetime import UTC, datetime
from typing import Any

import pytest

from vsmhub.evidence.judgement import Outcome, expectations, judge, looked_at
from vsmhub.evidence.probes.observation import Observation, Reason

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
EXPECTED = expectations(["status == 401", 'header["A"] == "b"', "latency < 1s", "certificate.expires_in > 1d"])


def seen(reason: Reason | None = None, message: str = "", **facts: Any) -> Observation:
    good: dict[str, Any] = {"status": 401, "header": {"a": "b"}, "latency": 0.1, "certificate.expires_in": 1e6}
    return Observation(at=NOW, seconds=0.1, facts={**good, **facts}, reason=reason, message=message)


def test_all_met_is_a_pass() -> None:
    found = judge(EXPECTED, seen(), NOW)
    assert (found.outcome, found.reason, found.said) == (Outcome.PASS, None, "")


@pytest.mark.parametrize(
    ("facts", "reason", "said"),
    [
        ({"status": 200}, Reason.STATUS, "status == 401: status is 200"),
        ({"header": {}}, Reason.HEADER, 'header["A"] == "b": there is no header["A"]'),
        ({"latency": 2.0}, Reason.LATENCY, "latency < 1s: latency is 2s"),
        (
            {"certificate.expires_in": -5.0},
            Reason.CERTIFICATE,
            "certificate.expires_in > 1d: certificate.expires_in is -5s",
        ),
    ],
)
def test_the_first_that_is_not_met_gives_the_reason(facts: dict[str, Any], reason: Reason, said: str) -> None:
    found = judge(EXPECTED, seen(**facts), NOW)
    assert (found.outcome, found.reason, found.said) == (Outcome.FAIL, reason, said)


def test_trouble_comes_before_conditions() -> None:
    assert judge(EXPECTED, seen(Reason.TIMEOUT, "late"), NOW).outcome is Outcome.FAIL


@pytest.mark.parametrize("reason", [Reason.PROBER, Reason.FORBIDDEN])
def test_the_probers_own_trouble_proves_nothing(reason: Reason) -> None:
    found = judge(EXPECTED, seen(reason, "no secret"), NOW)
    assert (found.outcome, found.reason) == (Outcome.ERROR, reason)


def test_what_conditions_look_at_is_known_beforehand() -> None:
    assert looked_at(EXPECTED) == {"status", "header", "latency", "certificate.expires_in"}
