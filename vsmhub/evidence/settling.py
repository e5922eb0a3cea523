"""Whether a signal has failed, or only flaps: verdicts in a row against the signal's thresholds. No I/O."""

from dataclasses import dataclass

from vsmhub.evidence.judgement import Outcome


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a signal stands. `settled` is pass, fail, or None before its first verdict.

    `streak` counts the verdicts in a row that contradict `settled`.
    """

    settled: Outcome | None = None
    streak: int = 0


def settle(standing: Standing, outcome: Outcome, *, fail_after: int, pass_after: int) -> Standing:
    """Where the signal stands after one more verdict.

    The first verdict settles at once, since nothing that was known is overturned by it. An error says nothing about the
    target and changes nothing.
    """
    if outcome is Outcome.ERROR:
        return standing
    if standing.settled is None or outcome is standing.settled:
        return Standing(outcome)
    streak = standing.streak + 1
    needed = fail_after if outcome is Outcome.FAIL else pass_after
    return Standing(outcome) if streak >= needed else Standing(standing.settled, streak)


def counts(standing: Standing, outcome: Outcome) -> bool:
    """Whether a verdict is evidence: it agrees with where the signal then stands, or says that nobody could look.

    A verdict that is not settled yet is neither: the evidence before it goes on counting until it expires.
    """
    return outcome in (standing.settled, Outcome.ERROR)
