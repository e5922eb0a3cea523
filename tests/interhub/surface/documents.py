"""OpenAPI documents for the tests: the reference's, and what others make of it."""

import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

Document = dict[str, Any]
Edit = Callable[[Document], None]

_REFERENCE: Document = json.loads((Path(__file__).parents[3] / "docs" / "openapi.json").read_text())
API = "/api/v2"


def document(*edits: Edit) -> Document:
    """The reference document after some edits."""
    made = deepcopy(_REFERENCE)
    for edit in edits:
        edit(made)
    return made


def both(*edits: Edit) -> Edit:
    """One edit after the other."""

    def edit(made: Document) -> None:
        for one in edits:
            one(made)

    return edit


def without_path(path: str) -> Edit:
    return lambda made: made["paths"].pop(API + path)


def without_method(path: str, method: str) -> Edit:
    return lambda made: made["paths"][API + path].pop(method)


def without_members(message: str, *names: str) -> Edit:
    def edit(made: Document) -> None:
        schema = made["components"]["schemas"][message]
        for name in names:
            del schema["properties"][name]
        schema["required"] = [one for one in schema.get("required", []) if one not in names]

    return edit


def renamed(message: str, name: str, other: str) -> Edit:
    def edit(made: Document) -> None:
        schema = made["components"]["schemas"][message]
        schema["properties"] = {other if one == name else one: its for one, its in schema["properties"].items()}
        schema["required"] = [other if one == name else one for one in schema.get("required", [])]

    return edit


def with_members(message: str, members: Document, *, required: bool = False) -> Edit:
    def edit(made: Document) -> None:
        schema = made["components"]["schemas"][message]
        schema["properties"] |= members
        schema["required"] = [*schema.get("required", []), *(members if required else ())]

    return edit


def without_parameters(path: str, method: str, *names: str) -> Edit:
    def edit(made: Document) -> None:
        operation = made["paths"][API + path][method]
        operation["parameters"] = [one for one in operation["parameters"] if one["name"] not in names]

    return edit


def moved(path: str, other: str) -> Edit:
    def edit(made: Document) -> None:
        made["paths"][API + other] = made["paths"].pop(API + path)

    return edit


def bare(path: str, message: str) -> Edit:
    """A list that comes as a bare array."""

    def edit(made: Document) -> None:
        schema = {"type": "array", "items": {"$ref": f"#/components/schemas/{message}"}}
        made["paths"][API + path]["get"]["responses"]["200"]["content"]["application/json"]["schema"] = schema

    return edit


def paged_by(path: str, name: str) -> Edit:
    def edit(made: Document) -> None:
        for one in made["paths"][API + path]["get"]["parameters"]:
            if one["name"] == "cursor":
                one["name"] = name

    return edit
