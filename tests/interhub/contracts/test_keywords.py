"""What is wrong with a document is what jsonschema itself says of it, though texts are looked at without it."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, ValidationError
from jsonschema.protocols import Validator
from pydantic import JsonValue

from vsmhub.interhub.contracts.keywords import contract_validator
from vsmhub.interhub.contracts.schemas import CONTRACTS

GENERATED = Path(__file__).parents[3] / "hubs" / "ops" / "generated"
MANIFEST, SEEDS = (json.loads((GENERATED / name).read_text()) for name in ("manifest.json", "widgets.seed.json"))
WRONG: tuple[JsonValue, ...] = (None, True, 7, "", "A b", "x" * 30_000, "a\u0000b", [], ["a", 7], {}, {"A b": 7})


def said(validator: Validator, document: JsonValue) -> list[tuple[str, str, str]]:
    def facts(error: ValidationError) -> tuple[str, str, str]:
        return error.json_path, error.message, "/".join(map(str, error.absolute_schema_path))

    # Texts that break a pattern are told of in words of our own, since Python's patterns mean something else.
    return sorted(facts(error) for error in validator.iter_errors(document) if error.validator != "pattern")


def broken(document: Any, at: str = "") -> list[tuple[str, JsonValue]]:
    """The document with each of its parts in turn (of a list, the first three) replaced by each wrong value."""
    found = [(at, wrong) for wrong in WRONG]
    if isinstance(document, dict):
        found += [
            (place, {**document, key: new})
            for key, one in document.items()
            for place, new in broken(one, f"{at}/{key}")
        ]
        found += [(f"{at}/Not A Name", {**document, "Not A Name": wrong}) for wrong in WRONG]
        found += [(f"{at} without {key}", {k: one for k, one in document.items() if k != key}) for key in document]
    elif isinstance(document, list):
        for index in range(min(3, len(document))):
            found += [
                (place, [*document[:index], new, *document[index + 1 :]])
                for place, new in broken(document[index], f"{at}/{index}")
            ]
    return found


@pytest.mark.parametrize(
    ("contract", "document"),
    [
        (
            "hub-capability-manifest-v1",
            {**MANIFEST, "eventTypes": MANIFEST["eventTypes"][:2]},
        ),
        ("widget-seeds-v1", {**SEEDS, "items": SEEDS["items"][:2]}),
    ],
)
def test_faults_are_those_of_jsonschema(contract: str, document: JsonValue) -> None:
    schema = CONTRACTS[contract]()
    ours, theirs = contract_validator(schema), Draft202012Validator(schema)
    assert said(ours, document) == []
    cases = broken(document)
    assert len(cases) > 200
    for place, wrong in cases:
        assert said(ours, wrong) == said(theirs, wrong), place
