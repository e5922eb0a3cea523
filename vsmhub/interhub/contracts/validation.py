"""Whether a document fulfils a contract."""

import functools
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from jsonschema import Draft202012Validator, ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import extend
from pydantic import JsonValue

from vsmhub.interhub.contracts.errors import ContractError, Fault
from vsmhub.interhub.contracts.schemas import CONTRACTS
from vsmhub.interhub.messages.limits import METADATA_LIMIT


def faults(contract: str, document: JsonValue) -> tuple[Fault, ...]:
    """Everything that the contract of this name (see `CONTRACTS`) does not allow in `document`, in document order."""
    found = sorted(_validator(contract).iter_errors(document), key=lambda error: list(map(str, error.absolute_path)))
    return (*(Fault(_pointer(error), _message(error)) for error in found), *_too_large(document))


def demand(contract: str, document: JsonValue, *, called: str) -> None:
    """ContractError with all faults unless `document`, which messages call `called`, fulfils the contract."""
    found = faults(contract, document)
    if found:
        raise ContractError(called, contract, found)


def _too_large(document: JsonValue, at: str = "") -> Iterator[Fault]:
    """Objects that Inter-Hub would refuse for their size, which a schema cannot tell."""
    if isinstance(document, dict):
        for name in _SIZED & document.keys():
            size = len(json.dumps(document[name], ensure_ascii=False, separators=(",", ":")).encode())
            if size > METADATA_LIMIT:
                yield Fault(f"{at}/{name}", f"holds {size} bytes as JSON; at most {METADATA_LIMIT} are taken")
        for place, item in enumerate(_items(document.get("items"))):
            yield from _too_large(item, f"{at}/items/{place}")


def _items(value: JsonValue) -> list[JsonValue]:
    return value if isinstance(value, list) else []


_SIZED = {"metadata", "capability"}


@functools.cache
def _validator(contract: str) -> Validator:
    schema = CONTRACTS[contract]()
    Draft202012Validator.check_schema(schema)
    return _Ecma(schema)


def _pattern(
    _validator: Validator, pattern: str, instance: object, _schema: Mapping[str, Any]
) -> Iterator[ValidationError]:
    # In a JSON Schema, `$` is the end of the text; Python's would allow a line break after it.
    if isinstance(instance, str) and not re.search(re.sub(r"(?<!\\)\$$", r"\\Z", pattern), instance):
        yield ValidationError(f"{instance!r} does not match {pattern}")


_Ecma: type[Validator] = extend(Draft202012Validator, {"pattern": _pattern})  # type: ignore[no-untyped-call] # it has no types


def _pointer(error: ValidationError) -> str:
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in error.absolute_path)


def _message(error: ValidationError) -> str:
    return error.message if len(error.message) <= 300 else f"{error.message[:300]} …"
