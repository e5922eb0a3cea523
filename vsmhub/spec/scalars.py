"""What an unquoted YAML scalar means, by the core schema of YAML 1.2.

PyYAML resolves by YAML 1.1, where `no` is false, `12:30` is 750 and `2026-05-16` is a date. Here they are texts.
Numbers that would come out as something else than what stands there are refused. Source: yaml.org/spec/1.2.2, 10.3.2.
"""

import math
import re

NULLS = frozenset({"", "~", "null", "Null", "NULL"})
BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_DECIMAL = re.compile(r"[-+]?[0-9]+", re.ASCII)
_OCTAL = re.compile(r"0o[0-7]+", re.ASCII)
_HEXADECIMAL = re.compile(r"0x[0-9a-fA-F]+", re.ASCII)
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", re.ASCII)
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
# Beyond these, programs that read JSON numbers as 64-bit integers or as floats disagree on the value.
_LARGEST = 2**63 - 1
_SMALLEST = -(2**63)
_MAY_BE_MORE = frozenset("~ntfNTF0123456789+-.")


class NotTakenError(ValueError):
    """The scalar is a number that cannot be taken as it stands; the text says why."""


def resolve(text: str) -> str | int | float | bool | None:
    """The value of a plain scalar; NotTakenError for a number that would not come out as it stands."""
    if text and text[0] not in _MAY_BE_MORE:
        return text
    if text in NULLS:
        return None
    if text in BOOLEANS:
        return BOOLEANS[text]
    if _DECIMAL.fullmatch(text):
        return _whole(text, 10)
    if _OCTAL.fullmatch(text):
        return _whole(text[2:], 8)
    if _HEXADECIMAL.fullmatch(text):
        return _whole(text[2:], 16)
    if _FLOAT.fullmatch(text):
        return _fraction(text)
    if _NOT_FINITE.fullmatch(text):
        raise NotTakenError("numbers are finite")
    return text


def _whole(digits: str, base: int) -> int:
    number = digits.lstrip("+-")
    if base == 10 and len(number) > 1 and number[0] == "0":
        raise NotTakenError("a number does not begin with 0")
    if len(number) > 22 or not _SMALLEST <= (value := int(digits, base)) <= _LARGEST:
        raise NotTakenError("a whole number has at most 64 bits")
    return value


def _fraction(text: str) -> float:
    whole = text.lstrip("+-").partition(".")[0]
    if len(whole) > 1 and whole[0] == "0":
        raise NotTakenError("a number does not begin with 0")
    value = float(text)
    if not math.isfinite(value):
        raise NotTakenError("the number is too large")
    if "." in text and text[-1] == "0" and "e" not in text.lower() and not text.endswith(".0"):
        raise NotTakenError(f"as a number it is {value!r}")
    return value
