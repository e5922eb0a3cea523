"""What is wrong with a spec, and where."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Severity = Literal["error", "warning"]
Pointer = tuple[str | int, ...]
"""Where a value stands in a document: its keys and indexes from the root."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """One thing that is wrong, said so that a person can mend it.

    `line` and `column` count from 1 and point at the value complained of, or where something is missing, at the
    mapping that should hold it.
    """

    rule: str
    message: str
    file: Path
    line: int
    column: int
    pointer: Pointer = ()
    hint: str = ""
    severity: Severity = "error"

    def __str__(self) -> str:
        said = f"{self.file}:{self.line}:{self.column}: {self.message}"
        return f"{said} ({self.hint})" if self.hint else said
