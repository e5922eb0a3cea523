"""Whether a document fulfils a contract."""

import functools
import re
from collections.abc import Iterator, Mapping
from typing import Any

from jsonschema import Draft202012Validator, ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import extend
from pydantic import JsonValue

from vsmhub.interhub.contracts.errors import ContractError, Fault
from vsmhub.interhub.contracts.schemas import CONTRACTS


def faults(contract: str, document: JsonValue) -> tuple[Fault, ...]:
    """Everything that the contract of this name (see `CONTRACTS`) does not allow in `document`, in document order."""
    found = sorted(_validator(contract).iter_errors(document), key=lambda error: list(map(str, error.absolute_path)))
    return tuple(Fault(_pointer(error), _message(error)) for error in found)


def demand(contract: str, document: JsonValue, *, called: str) -> None:
    """ContractError with all faults unless `document`, which messages call `called`, fulfils the contract."""
    found = faults(contract, document)
    if found:
        raise ContractError(called, contract, found)


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
