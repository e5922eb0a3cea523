"""What came of a probe, as a line for people or for programs."""

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vsmhub.cli.output import Style
    from vsmhub.evidence.observations import Recorded

_STYLES: "dict[str, Style]" = {"pass": "good", "fail": "bad", "error": "warn"}


def as_text(recorded: "Recorded") -> None:
    """One line about a result, and what to do where it failed."""
    from vsmhub.cli.output import say, styled

    result = recorded.result
    outcome = result.judgement.outcome.value
    took = f"{result.observation.seconds * 1000:.0f} ms"
    reason = f"{result.judgement.reason}: " if result.judgement.reason else ""
    settled = "" if recorded.evidence else "  (not settled yet)"
    said = reason + (result.judgement.said or result.signal.probe.address) + settled
    say(f"{styled(f'{outcome:5}', _STYLES[outcome])}  {result.signal.name:30}  {took:>8}  {said}")
    if outcome == "fail":
        say("       " + result.signal.fix.strip().replace("\n", "\n       "), "dim")


def as_line(recorded: "Recorded") -> None:
    """One line of JSON about a result."""
    from vsmhub.cli.output import json_text
    from vsmhub.evidence.claim import rfc3339

    result = recorded.result
    judgement = result.judgement
    facts = {
        "signal": result.signal.name,
        "slot": rfc3339(result.slot),
        "outcome": judgement.outcome.value,
        "reason": judgement.reason,
        "said": judgement.said,
        "settled": recorded.standing.settled,
        "attempts": len(result.attempts),
        "seconds": round(result.observation.seconds, 6),
        "times": {
            name.removeprefix("time."): value
            for name, value in result.observation.facts.items()
            if name.startswith("time.")
        },
        "envelopes": [one.id for one in recorded.evidence],
    }
    sys.stdout.write(json_text(facts) + "\n")
    sys.stdout.flush()
