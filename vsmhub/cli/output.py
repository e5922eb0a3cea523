"""What people and programs read: text on a terminal, JSON on request, complaints on standard error."""

import contextlib
import json
import logging
import os
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, TextIO

Style = Literal["good", "bad", "warn", "dim", "bold", "add", "change", "remove"]

_CODES: dict[Style, str] = {
    "good": "32",
    "bad": "31",
    "warn": "33",
    "dim": "2",
    "bold": "1",
    "add": "32",
    "change": "33",
    "remove": "31",
}


# All control characters but tab and line feed, all escapes but those of the colours, and what turns text round.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1a\x1c-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]|\x1b(?!\[(?:0|1|2|31|32|33)m)")


def coloured(stream: TextIO) -> bool:
    """Whether colours belong on `stream`: a terminal, unless NO_COLOR is set (no-color.org) or TERM is dumb."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def styled(text: str, style: Style, stream: TextIO | None = None) -> str:
    """`text` in a style where the stream shows styles, otherwise as it is."""
    return f"\x1b[{_CODES[style]}m{text}\x1b[0m" if coloured(stream or sys.stdout) else text


# What of these JSON leaves as it is inside of a text.
_UNESCAPED = re.compile(r"[\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def shown(text: str) -> str:
    """`text` without what could move a terminal's cursor or turn letters round; ends of lines and our colours stay.

    What is shown comes from targets as well, and from whoever wrote evidence into them.
    """
    return _CONTROL.sub(" ", text)


def in_one_line(text: str) -> str:
    """`text` as `shown`, without ends of lines: a value that stands within a line may not begin another."""
    return shown(text).replace("\n", " ")


def say(text: str = "", style: Style | None = None) -> None:
    """A line on standard output, or several."""
    text = shown(text)
    sys.stdout.write((styled(text, style) if style else text) + "\n")


def tell(text: str, style: Style | None = "dim") -> None:
    """A line on standard error about what goes on, without secrets; never part of a result."""
    from vsmhub.targets.secrecy import clean

    text = shown(clean(text))
    # What was said before this is to be read before this, also by a program that reads through a pipe.
    sys.stdout.flush()
    sys.stderr.write((styled(text, style, sys.stderr) if style else text) + "\n")
    sys.stderr.flush()


def complain(message: str, hint: str = "") -> None:
    """An error, without secrets: what is wrong, and what to do."""
    from vsmhub.targets.secrecy import clean

    with contextlib.suppress(OSError):  # who reads the results may have left; who reads the complaints has not
        sys.stdout.flush()
    sys.stderr.write(styled("error: ", "bad", sys.stderr) + shown(clean(message)) + "\n")
    if hint:
        sys.stderr.write(styled("hint: ", "warn", sys.stderr) + shown(clean(hint)) + "\n")
    sys.stderr.flush()


def say_json(facts: object) -> None:
    """Facts for programs, as indented JSON."""
    sys.stdout.write(json_text(facts, indent=2) + "\n")


def json_text(facts: object, *, indent: int | None = None) -> str:
    """`facts` as JSON for standard output, which may be a terminal: what would move its cursor is escaped."""
    # Where the stream cannot write every letter, JSON can still say it.
    plain = sys.stdout.encoding.lower() not in {"utf-8", "utf8"}
    text = json.dumps(facts, indent=indent, ensure_ascii=plain)
    return _UNESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def say_table(rows: Sequence[Sequence[str]], headings: Sequence[str]) -> None:
    """Columns aligned for a terminal; the last is not padded."""
    lines = [[in_one_line(str(cell)) for cell in row] for row in (headings, *rows)]
    widths = [max(len(row[column]) for row in lines) for column in range(len(headings))]
    for number, row in enumerate(lines):
        line = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        say(line, "bold" if number == 0 else None)


@contextlib.contextmanager
def heard() -> Iterator[None]:
    """Tell what the client logs while it waits, such as that it asks a silent target again."""

    class Told(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            tell(record.getMessage(), "warn")

    logger, handler = logging.getLogger("vsmhub.interhub"), Told(logging.INFO)
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)


def say_facts(facts: Mapping[str, str], indent: str = "  ") -> None:
    """Names and values, one a line, the values aligned."""
    width = max(map(len, facts), default=0)
    for name, value in facts.items():
        say(f"{indent}{name.ljust(width)}  {in_one_line(value)}")
