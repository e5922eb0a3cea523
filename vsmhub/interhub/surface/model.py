"""A surface as data: for each operation, whether the target offers it, and how it wants to be spoken to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from vsmhub.interhub.messages.limits import BATCH_LIMIT, PAGE_LIMIT
from vsmhub.interhub.surface.operations import Operation


@dataclass(frozen=True, slots=True)
class Renamed:
    """A member that the target calls otherwise, or that holds such members. Both names are as on the wire."""

    ours: str
    theirs: str
    inside: "Shape | None" = None


@dataclass(frozen=True, slots=True)
class Shape:
    """How a message of the target differs from the contract's.

    `counted` is False where the target keeps no revision; the time of the last write then stands for it.
    """

    members: tuple[Renamed, ...] = ()
    counted: bool = True

    @property
    def is_plain(self) -> bool:
        """Whether nothing differs."""
        return self.counted and not self.members


PLAIN = Shape()


class Paging(StrEnum):
    """How a list goes on."""

    CURSOR = "cursor"
    OFFSET = "offset"
    PAGE = "page"
    WHOLE = "whole"


@dataclass(frozen=True, slots=True)
class Listing:
    """How a list is asked for and wrapped; `items` is empty where the answer is a bare array.

    `filters` are the query parameters by the contract's names (`hubId`); what is missing there, the client filters
    itself. `size` is the parameter that says how many are wanted, empty where there is none; `most` the largest page,
    and `first` the number of the first where they are numbered.
    """

    items: str = "data"
    following: str = "nextCursor"
    paging: Paging = Paging.CURSOR
    place: str = "cursor"
    size: str = "limit"
    most: int = PAGE_LIMIT
    first: int = 1
    filters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Batching:
    """How many at once are sent and come back; `made` is empty where the answer is a bare array."""

    items: str = "items"
    made: str = "data"
    most: int = BATCH_LIMIT


@dataclass(frozen=True, slots=True)
class Offer:
    """An operation as the target has it.

    `path` is below the API's root, as the target spells it, with `{}` where an id goes. `takes` are the request fields
    it takes, by the names that messages have in Python; `lacks` are those it does not, none of them essential; `tells`
    are the fields of its answer.
    `idempotent` and `matched` say whether it heeds `Idempotency-Key` and `If-Match`. `notes` tell people what was
    adapted to, and what the document leaves open.
    """

    method: str
    path: str
    takes: frozenset[str] = frozenset()
    lacks: tuple[str, ...] = ()
    tells: frozenset[str] = frozenset()
    request: Shape = PLAIN
    answer: Shape = PLAIN
    listing: Listing | None = None
    batching: Batching | None = None
    idempotent: bool = False
    matched: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Surface:
    """What a target's API can do.

    `offered` has the operations it offers, `gaps` for each other one the reason, for people; `paths` is all that it
    serves, below the API's root and with `{}` where an id goes. `title` and `version` are what it calls itself.
    """

    offered: Mapping[Operation, Offer]
    gaps: Mapping[Operation, str]
    paths: frozenset[str] = frozenset()
    title: str = ""
    version: str = ""

    def offers(self, operation: Operation) -> bool:
        """Whether the target does this."""
        return operation in self.offered

    def lacking(self, operation: Operation) -> str:
        """Why the target does not do this, for people; empty where it does."""
        return self.gaps.get(operation, "")

    def tells(self, operation: Operation) -> frozenset[str]:
        """The fields that the operation's answer has, by their names in Python; empty where it is not offered."""
        offer = self.offered.get(operation)
        return offer.tells if offer else frozenset()

    def takes(self, operation: Operation) -> frozenset[str]:
        """The request fields that the operation takes, by their names in Python; empty where it is not offered."""
        offer = self.offered.get(operation)
        return offer.takes if offer else frozenset()
