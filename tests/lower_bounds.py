"""Print the lower bound of every dependency as a constraint: `python tests/lower_bounds.py > lowest.txt`."""

import re
import sys
import tomllib
from pathlib import Path

# What the tests and the benchmarks themselves need is not what users get.
NOT_OURS = {"test", "bench"}


def lower_bounds(pyproject: Path) -> list[str]:
    """`name==bound` for each dependency; an error when one has none."""
    project = tomllib.loads(pyproject.read_text())["project"]
    extras = project["optional-dependencies"].items()
    wanted = [*project["dependencies"], *(one for extra, them in extras if extra not in NOT_OURS for one in them)]
    found = {}
    for requirement in wanted:
        match = re.fullmatch(r"([A-Za-z0-9._-]+)(?:\[[^]]*\])?(?:>=([0-9.]+))?(?:;.*)?", requirement)
        if match is None or (match[2] is None and match[1] != "vsmhub"):
            raise SystemExit(f"{requirement} has no lower bound")
        if match[2]:
            found[match[1]] = match[2]
    return [f"{name}=={bound}" for name, bound in sorted(found.items())]


if __name__ == "__main__":
    sys.stdout.write("\n".join(lower_bounds(Path(__file__).parents[1] / "pyproject.toml")) + "\n")
