"""Lines that other programs hand over, in a file or on standard input."""

import sys
from pathlib import Path

from vsmhub.errors import UsageError


def called(source: Path) -> str:
    """What messages call it; `-` is standard input."""
    return "standard input" if str(source) == "-" else str(source)


def lines_of(source: Path) -> list[str]:
    """All of its lines; UsageError where it cannot be read."""
    try:
        text = sys.stdin.read() if str(source) == "-" else source.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise unread(called(source), error) from error
    # Not by `splitlines`: a text in JSON may hold what else Python takes for the end of a line.
    return text.split("\n")


def unread(called: str, error: OSError | UnicodeDecodeError) -> UsageError:
    """What to say where reading has failed."""
    if isinstance(error, OSError):
        return UsageError(f"{called} cannot be read: {error.strerror or error}")
    return UsageError(f"{called} cannot be read: it is not UTF-8", hint="save it as UTF-8")
