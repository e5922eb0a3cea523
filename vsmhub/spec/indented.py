"""JSON for people: what `json.dumps` makes with an indent of two, several times as fast.

Python's own encoder walks in C only where it does not indent. Artifacts are mostly such texts.
"""

import json
from json.encoder import encode_basestring

from pydantic import JsonValue


def indented(value: JsonValue) -> str:
    """The value as indented JSON, not limited to ASCII, its members in their own order."""
    return _text(value, "\n")


def _text(value: JsonValue, line: str) -> str:
    """A value whose lines after the first begin with `line`."""
    if isinstance(value, str):
        return encode_basestring(value)
    inner = f"{line}  "
    if isinstance(value, dict):
        members = (f"{encode_basestring(key)}: {_text(one, inner)}" for key, one in value.items())
        return f"{{{inner}{f',{inner}'.join(members)}{line}}}" if value else "{}"
    if isinstance(value, list):
        return f"[{inner}{f',{inner}'.join([_text(one, inner) for one in value])}{line}]" if value else "[]"
    return json.dumps(value, ensure_ascii=False)
