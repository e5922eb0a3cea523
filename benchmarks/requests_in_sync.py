"""How many requests an apply makes when there is nothing to do."""

from benchmarks.counting import counting
from benchmarks.finding import Finding
from benchmarks.programs import ROOT, Served, vsmhub
from benchmarks.timing import Command, timed

AIM = 10


def measure() -> list[Finding]:
    """Counted by a proxy between the command and the server, exchanges of keys included."""
    served = Served()
    try:
        served.start_empty()
        with counting(served.url) as counter:
            apply = Command(
                vsmhub("apply", "hubs/ops", "--yes"), {**served.environment, "IHUB_BASE": counter.url}, ROOT
            )
            timed(apply)
            first = len(counter.requests)
            timed(apply)
            second = counter.requests[first:]
    finally:
        served.remove()
    return [
        Finding(
            "requests in sync",
            "requests of `vsmhub apply hubs/ops` in sync",
            "a number fixed beforehand",
            AIM,
            float(len(second)),
            f"Counted by a proxy between command and server; the first apply made {first}. In sync: "
            + ", ".join(f"`{request}`" for request in second)
            + ".",
            unit="requests",
        )
    ]
