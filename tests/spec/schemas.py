"""What the published schemas take, and what the models that they are made from take."""

import json
from functools import cache
from typing import Any

from jsonschema.protocols import Validator
from pydantic import ValidationError

from vsmhub.interhub.contracts.keywords import contract_validator
from vsmhub.spec.load import HUB
from vsmhub.spec.reading import Kind
from vsmhub.spec.schema import schema


@cache
def _validator(kind: Kind[Any]) -> Validator:
    return contract_validator(schema(kind))


def fits_schema(data: Any, kind: Kind[Any] = HUB) -> bool:
    return _validator(kind).is_valid(data)


def fits_model(data: Any, kind: Kind[Any] = HUB) -> bool:
    try:
        kind.model.model_validate_json(json.dumps(data))
    except ValidationError:
        return False
    return True


def pointers(data: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where in a document something stands, the document itself first."""
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [at, *(found for key, value in items for found in pointers(value, (*at, key)))]
