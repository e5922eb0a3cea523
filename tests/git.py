"""Git work trees of the tests' own, whoever runs them."""

import subprocess
from pathlib import Path

AS_SOMEBODY = ("-c", "user.name=x", "-c", "user.email=x@example.org", "-c", "commit.gpgsign=false")


def git(folder: Path, *arguments: str) -> str:
    """What a command of Git says in a folder."""
    command = ["git", "-C", str(folder), *AS_SOMEBODY, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
