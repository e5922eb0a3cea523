"""Edits of a hub's file, and what they change in it."""

import difflib
from pathlib import Path

from vsmhub.vocabulary.edit import Edited, add_term
from vsmhub.vocabulary.kinds import Kind

FILE = Path("hub.yaml")
OPS = Path(__file__).parents[2] / "hubs" / "ops" / "hub.yaml"


def diff(before: str, after: str) -> list[str]:
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
    return [line for line in lines if not line.startswith(("---", "+++", "@@"))]


def add(text: str, kind: Kind, name: str, said: str = "A thing", **more: object) -> Edited:
    return add_term(text, FILE, kind, name, said, **more)  # type: ignore[arg-type]
