"""What YAML's parser complains of, in words that say what to do."""

import re
from pathlib import Path
from typing import Protocol

import yaml

from vsmhub.spec.complaint import Complaint, quoted


class Mark(Protocol):
    """A point in a text as YAML's parsers give it, counting from 0."""

    line: int
    column: int


# What the two parsers of PyYAML say, as patterns over "context; problem"; the first that fits counts. `{found}` is the
# character at the place; an entry that points at its start is about something that was never closed.
_SAYINGS: tuple[tuple[str, str, str, bool], ...] = (
    (r"quoted scalar.*(unexpected end|document separator)", "a quotation is not closed", "add the quote", True),
    (r"flow (sequence|mapping)", "a bracket is not closed, or a comma is missing", "", True),
    (
        r"sequence entries are not allowed",
        "a list item cannot stand here",
        "begin the list on a line of its own",
        False,
    ),
    (
        r"mapping values are not allowed",
        "a second `: ` cannot stand here",
        "put the text in quotes, or check how far the line is indented",
        False,
    ),
    (
        r"cannot start any token.*\t",
        "a tab cannot indent a line",
        "use spaces",
        False,
    ),
    (r"cannot start any token", "a text without quotes cannot begin with {found}", "put it in quotes", False),
    (
        r"scanning an? (alias|anchor|tag)",
        "{found} is not a name",
        "put a text that begins with *, & or ! in quotes",
        True,
    ),
    (r"(escape|hexad|Unicode character)", "this escape is not known", "inside double quotes, write \\\\ for \\", False),
    (r"simple key|expected ':'", "a `:` is missing after a key, or a line is indented too little", "", True),
    (r"incompatible YAML document|%YAML|directive", "the YAML directive is not taken", "leave it out", False),
    (r"block (mapping|collection|sequence|end)", "the line is not indented like its neighbours", "", False),
)


def syntax_complaint(file: Path, text: str, error: yaml.YAMLError) -> Complaint:
    """The one complaint that a text is no YAML."""
    mark: Mark | None = getattr(error, "problem_mark", None)
    start: Mark | None = getattr(error, "context_mark", None)
    said = "; ".join(part for part in (getattr(error, "context", None), getattr(error, "problem", None)) if part)
    found = _character(text, mark)
    looked_at = f"{said} {found}"
    for pattern, message, hint, at_start in _SAYINGS:
        if re.search(pattern, looked_at, re.DOTALL):
            place = start if at_start and start else mark
            return _complaint(file, message.replace("{found}", quoted(_character(text, place))), place, hint)
    return _complaint(file, f"this is not YAML: {said or error}", mark, "")


def _character(text: str, mark: Mark | None) -> str:
    lines = text.splitlines()
    if mark is None or mark.line >= len(lines):
        return ""
    return lines[mark.line][mark.column : mark.column + 1]


def _complaint(file: Path, message: str, mark: Mark | None, hint: str) -> Complaint:
    line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
    return Complaint(rule="yaml-syntax", message=message, file=file, line=line, column=column, hint=hint)
