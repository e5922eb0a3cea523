"""How long a new hub takes, against copier with the same template."""

import shutil
import tempfile
from pathlib import Path

from benchmarks.finding import Finding, missing, ratio
from benchmarks.machine import program_path
from benchmarks.programs import ROOT, vsmhub
from benchmarks.timing import Command, in_turn

AIM = 1.0
TIMES = 15
FORMS: dict[str, list[str]] = {"hub": [], "standalone": ["--standalone"]}


def measure() -> list[Finding]:
    """`vsmhub new` against `copier copy`, for both forms; both write the same files, ours the record of bases too."""
    return [_measured(form, options) for form, options in FORMS.items()]


def _measured(form: str, options: list[str]) -> Finding:
    name, what, against = f"new-{form}", f"`vsmhub new`, {form}", "`copier copy` of the same template"
    how = f"Both run {TIMES} times in turn, into a folder that is not there, after two rounds that do not count."
    copier = program_path("copier")
    if copier is None:
        return missing(name, what, against, AIM, "copier", how=how)
    folder = Path(tempfile.mkdtemp(prefix="vsmhub-bench-"))
    try:
        ours, theirs = folder / "ours", folder / "theirs"
        template = str(ROOT / "templates" / form)
        copy = [str(copier), "copy", "--defaults", "--quiet", "--data", "slug=syn-hub", template, str(theirs)]
        new = vsmhub("new", "syn-hub", "--into", str(ours), *options)
        commands = {
            "vsmhub": Command(new, prepare=lambda: _away(ours)),
            "copier": Command(copy, prepare=lambda: _away(theirs)),
        }
        taken = in_turn(commands, times=TIMES, warm=2)
        return ratio(name, what, against, AIM, taken["vsmhub"], taken["copier"], how=how)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _away(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
