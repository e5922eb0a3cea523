"""Whether a document fulfils a contract."""

import functools
import json
from collections.abc import Iterator

from jsonschema import ValidationError
from jsonschema.protocols import Validator
from pydantic import JsonValue

from vsmhub.interhub.contracts.errors import ContractError, Fault
from vsmhub.interhub.contracts.keywords import contract_validator
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
    # That it is a schema itself, a test has seen: it is the same every time.
    return contract_validator(CONTRACTS[contract]())


def _pointer(error: ValidationError) -> str:
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in error.absolute_path)


def _message(error: ValidationError) -> str:
    return error.message if len(error.message) <= 300 else f"{error.message[:300]} …"
