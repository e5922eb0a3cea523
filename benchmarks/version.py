"""How long the shortest of commands takes: what every call of the command line pays."""

from benchmarks.finding import Finding, missing, ratio
from benchmarks.machine import program_path
from benchmarks.programs import vsmhub
from benchmarks.timing import Command, in_turn

AIM = 0.25
TIMES = 15


def measure() -> list[Finding]:
    """`vsmhub --version` against `copier --version`."""
    what, against = "`vsmhub --version`", "`copier --version`"
    how = f"Both run {TIMES} times in turn, after two rounds that do not count."
    copier = program_path("copier")
    if copier is None:
        return [missing("version", what, against, AIM, "copier", how=how)]
    commands = {"vsmhub": Command(vsmhub("--version")), "copier": Command([str(copier), "--version"])}
    taken = in_turn(commands, times=TIMES, warm=2)
    return [ratio("version", what, against, AIM, taken["vsmhub"], taken["copier"], how=how)]
