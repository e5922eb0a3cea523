"""What is wrong with a spec, and where."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Severity = Literal["error", "warning"]
Pointer = tuple[str | int, ...]
"""Where a value stands in a document: its keys and indexes from the root."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong with a value, wherever that value was read from."""

    rule: str
    message: str
    pointer: Pointer = ()
    hint: str = ""
    severity: Severity = "error"
    at_key: bool = False
    """Whether the key is meant rather than what it holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """One thing that is wrong, said so that a person can mend it.

    `line` and `column` count from 1 and point at the value complained of, or where something is missing, at the
    mapping that should hold it. Both are 0 when the file as a whole is meant: it is missing, say.
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
        where = f"{self.file}:{self.line}:{self.column}" if self.line else str(self.file)
        said = f"{where}: {self.message}"
        return plain(f"{said} ({self.hint})" if self.hint else said)


def path_text(pointer: Pointer) -> str:
    """A pointer as people write it: `widgets[3].type`; keys that are no words are quoted."""
    text = ""
    for part in pointer:
        if isinstance(part, int):
            text += f"[{part}]"
        elif part and all(letter.isalnum() or letter in "-_" for letter in part):
            text += f".{part}" if text else part
        else:
            text += f"[{quoted(part)}]"
    return text


def quoted(value: str) -> str:
    """A text in backquotes, short, and with nothing in it that a terminal would act on."""
    return f"`{plain(value if len(value) <= 60 else f'{value[:57]}...')}`"


def plain(text: str) -> str:
    """A text in one line, with nothing in it that a terminal would act on, or whoever reads a log line by line."""
    return text if text.isprintable() else "".join(map(_plain, text))


def _plain(letter: str) -> str:
    return letter if letter.isprintable() else ascii(letter)[1:-1]
