"""Letting a person decide."""

import sys

import typer


def agree(question: str, *, yes: bool, quiet: bool = False, left: str = "nothing has been changed") -> None:
    """Return when a person says yes, or `yes` was said beforehand; typer.Exit(1) when they say no,
    which is told with what is `left`.

    Raises UsageError where nobody can be asked, or where a program reads the answer (`quiet`).
    """
    from vsmhub.cli.output import tell
    from vsmhub.errors import UsageError

    if yes:
        return
    if quiet or not sys.stdin.isatty():
        raise UsageError("this would change the target, and nobody can be asked", hint="add --yes to go ahead")
    if not typer.confirm(question):
        tell(f"stopped, as you said; {left}")
        raise typer.Exit(1)
