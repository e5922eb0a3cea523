"""The words of a condition: names, texts, numbers with their units, and signs."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from vsmhub.spec.conditions.errors import ConditionError

LENGTH_LIMIT = 500
"""Characters of one condition."""


class Kind(StrEnum):
    """What a token is."""

    NAME = "name"
    TEXT = "text"
    NUMBER = "number"
    SIGN = "sign"
    END = "end"


@dataclass(frozen=True, slots=True)
class Token:
    """One word; `text` is as written, without a text's quotes. `unit` follows a number without a space."""

    kind: Kind
    text: str
    column: int
    unit: str = ""


# In the order they are tried. A hyphen is part of a name, as in `ref["refs/heads/x"].some-key`; there is no minus sign
# but before a number.
_WORDS = re.compile(
    r"""(?P<space>[ \t]+)
    |(?P<number>-?[0-9]+(?:\.[0-9]+)?)(?P<unit>[A-Za-z]*)
    |(?P<name>[A-Za-z_][A-Za-z0-9_-]*)
    |(?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
    |(?P<sign>==|!=|<=|>=|[<>().,$]|\[|\])""",
    re.VERBOSE | re.ASCII,
)
_ESCAPE = re.compile(r"\\(.)")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\", '"': '"', "'": "'"}


def tokens(text: str) -> tuple[Token, ...]:
    """The words of a condition, ended by one of kind END; ConditionError at the first that is none."""
    if len(text) > LENGTH_LIMIT:
        raise ConditionError(f"the condition is longer than {LENGTH_LIMIT} characters", 1)
    return (*_words(text), Token(Kind.END, "", len(text) + 1))


def _words(text: str) -> Iterator[Token]:
    at = 0
    while at < len(text):
        found = _WORDS.match(text, at)
        if found is None:
            raise _unknown(text, at)
        column, at = at + 1, found.end()
        if found["number"]:
            yield Token(Kind.NUMBER, found["number"], column, found["unit"])
        elif found["name"]:
            yield Token(Kind.NAME, found["name"], column)
        elif found["text"]:
            yield Token(Kind.TEXT, _unescaped(found["text"], column), column)
        elif found["sign"]:
            yield Token(Kind.SIGN, found["sign"], column)


def _unescaped(quoted: str, column: int) -> str:
    def meant(found: "re.Match[str]") -> str:
        if found[1] not in _ESCAPES:
            raise ConditionError(f"the escape \\{found[1]} is not known", column + 1 + found.start(), hint="write \\\\")
        return _ESCAPES[found[1]]

    return _ESCAPE.sub(meant, quoted[1:-1])


def _unknown(text: str, at: int) -> ConditionError:
    letter = text[at]
    if letter in "\"'":
        return ConditionError("a text is not closed", at + 1, hint=f"add {letter}")
    hints = {"=": "a comparison is written ==", "&": "write `and`", "|": "write `or`", "!": "write `not`"}
    shown = letter if letter.isprintable() else ascii(letter)[1:-1]
    return ConditionError(f"`{shown}` cannot stand here", at + 1, hint=hints.get(letter, ""))
