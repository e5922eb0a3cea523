"""Whether a file would end up in somebody's Git repository."""

import os
import subprocess
from pathlib import Path

from vsmhub.secrets.errors import Unsafe

SECONDS = 10


def refuse_if_tracked(path: Path) -> None:
    """Raise Unsafe when `path`, which need not exist, lies in a Git work tree that does not ignore it.

    Without git at hand nobody can tell what is ignored, and the path is refused as well.
    """
    top = _work_tree(path)
    if top is None:
        return
    reason = _not_ignored(top, path)
    if reason:
        raise Unsafe(
            f"{path} lies in the Git work tree {top} {reason}: the secret could be committed",
            hint=f"Keep secrets outside, or add the folder to {top / '.gitignore'}.",
        )


def _work_tree(path: Path) -> Path | None:
    for folder in path.resolve().parents:
        if (folder / ".git").exists():
            return folder
    return None


def _not_ignored(top: Path, path: Path) -> str:
    """Why it does not count as ignored; empty when it is."""
    # Variables such as GIT_DIR would make git look at another repository than the one that was found.
    environ = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    command = ["git", "-C", str(top), "check-ignore", "--quiet", "--", str(path.resolve())]
    try:
        status = subprocess.run(command, env=environ, capture_output=True, timeout=SECONDS, check=False).returncode
    except FileNotFoundError:
        return "and git is not installed, which could tell whether it is ignored there"
    except (OSError, subprocess.TimeoutExpired):
        return "and git does not tell whether it is ignored there"
    return {0: "", 1: "and is not ignored there"}.get(status, "and git does not tell whether it is ignored there")
