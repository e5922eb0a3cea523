"""What a client knows of the way its target wants to be asked."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from vsmhub.interhub.errors import Forbidden, NotFound, NotOffered, Unauthorized
from vsmhub.interhub.messages.wire import member
from vsmhub.interhub.surface.model import Offer, Surface
from vsmhub.interhub.surface.operations import NEEDS, Operation
from vsmhub.interhub.surface.reference import reference


@dataclass(slots=True)
class Dialect:
    """Gives each operation as the target has it; without `read`, as the contract has it.

    `read` is asked when something is first needed. A target that does not describe itself is taken to be as the
    contract has it.
    """

    label: str
    read: Callable[[], Surface] | None = None
    _found: Surface | None = None

    @property
    def surface(self) -> Surface:
        """What the target can do; InterHubError when it does not answer."""
        if self._found is None:
            try:
                self._found = self.read() if self.read else reference()
            except (NotFound, Unauthorized, Forbidden):
                self._found = reference()
        return self._found

    def offer(self, operation: Operation) -> Offer:
        """The operation as the target has it. NotOffered where it does not, or where that cannot be told."""
        offer = self.surface.offered.get(operation)
        if offer is None:
            need = NEEDS[operation]
            raise NotOffered(
                f"{need.method} {need.path} at {self.label}: {self.surface.lacking(operation)}",
                hint="vsmhub gate shows what this target can do, and what is left where it cannot",
            )
        return offer


def located(offer: Offer, *ids: UUID) -> str:
    """The path of an operation on the objects with these ids."""
    path = offer.path
    for one in ids:
        path = path.replace("{}", str(one), 1)
    return path


def lacking(offer: Offer) -> tuple[str, ...]:
    """The members, by the contract's names on the wire, that the target does not take."""
    return tuple(member(name) for name in offer.lacks)
