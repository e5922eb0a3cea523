"""A file as Git has it in another version."""

import shutil
import subprocess
from pathlib import Path

from vsmhub.vocabulary.errors import HistoryError

_PATIENCE = 30  # seconds; Git may have to fetch an object that a partial clone lacks


def text_at(file: Path, ref: str) -> str | None:
    """The text of `file` in the commit, branch or tag `ref`, or None when it was not there; raises HistoryError."""
    git = shutil.which("git")
    if git is None:
        raise HistoryError("git is not installed", hint="install it, or compare with a target instead")
    folder = file.resolve().parent
    if not folder.is_dir():
        raise HistoryError(f"{folder} is no folder")
    _run(git, folder, "rev-parse", "--git-dir", wrong=f"{folder} is in no Git work tree")
    commit = _run(
        git, folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}",
        wrong=f"Git knows no commit `{ref}`",
        hint="name a branch, a tag, a commit or a target; in a shallow clone, fetch it first",
    ).strip()  # fmt: skip
    # `./` makes the path one from the folder rather than from the top of the work tree.
    name = f"./{file.name}"
    if not _run(git, folder, "ls-tree", "--name-only", commit, "--", name, wrong=f"Git cannot list {ref}").strip():
        return None
    return _run(git, folder, "show", f"{commit}:{name}", wrong=f"Git cannot show {file} in {ref}")


def _run(git: str, folder: Path, *arguments: str, wrong: str, hint: str = "") -> str:
    try:
        done = subprocess.run([git, "-C", str(folder), *arguments], capture_output=True, check=False, timeout=_PATIENCE)
        if done.returncode:
            raise HistoryError(wrong, hint=hint or done.stderr.decode(errors="replace").strip())
        return done.stdout.decode()
    except UnicodeDecodeError as error:
        raise HistoryError(f"{wrong}: it is not UTF-8") from error
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        raise HistoryError(f"git cannot be run: {error}") from error
