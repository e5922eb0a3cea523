"""How a document fails a contract."""

from collections.abc import Sequence
from dataclasses import dataclass

from vsmhub.errors import VsmhubError


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing in a document that the contract does not allow; `pointer` is a JSON Pointer, empty for the whole."""

    pointer: str
    message: str

    def __str__(self) -> str:
        return f"{self.pointer or '/'}: {self.message}"


class ContractError(VsmhubError):
    """A document does not fulfil a contract; `faults` holds everything that is wrong with it."""

    def __init__(self, document: str, contract: str, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        said = "\n".join(f"  {fault}" for fault in self.faults)
        super().__init__(
            f"{document} does not fulfil the contract {contract}:\n{said}",
            hint=f"docs/contracts/{contract}.schema.json says what is allowed",
        )
