"""What a condition says, as a frozen tree. Each node knows its column in the line, counting from 1."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

Step: TypeAlias = str | int


class Sort(StrEnum):
    """What kind of value something is; the words are those of messages."""

    NUMBER = "a number"
    SPAN = "a span of time"
    AMOUNT = "an amount of bytes"
    TEXT = "a text"
    TRUTH = "true or false"
    LIST = "a list of texts"
    JSON = "a JSON value"


@dataclass(frozen=True, slots=True)
class Literal:
    """A value written out. Spans are seconds, amounts are bytes; `None` is JSON's null."""

    value: float | str | bool | tuple["Literal", ...] | None
    sort: Sort
    column: int


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that was observed: `status`, `header["Server"]`, `json.$.status`.

    `steps` lead into it: the name in brackets of a header, or the path below `$` in a JSON document.
    """

    name: str
    steps: tuple[Step, ...]
    column: int

    def __str__(self) -> str:
        if self.name == "json":
            return "json.$" + "".join(_step(step) for step in self.steps)
        return self.name + "".join(f'["{step}"]' for step in self.steps)


@dataclass(frozen=True, slots=True)
class Call:
    """A function of an operand: `age(json.$.time)`."""

    function: str
    operand: "Operand"
    column: int

    def __str__(self) -> str:
        return f"{self.function}({self.operand})"


Operand: TypeAlias = Literal | Fact | Call


@dataclass(frozen=True, slots=True)
class Comparison:
    left: Operand
    operator: str
    right: Operand
    column: int


@dataclass(frozen=True, slots=True)
class Exists:
    fact: Fact
    column: int


@dataclass(frozen=True, slots=True)
class Holds:
    """An operand that is true or false by itself."""

    operand: Operand
    column: int


@dataclass(frozen=True, slots=True)
class Not:
    condition: "Condition"
    column: int


@dataclass(frozen=True, slots=True)
class Both:
    """`and` when `every`, otherwise `or`."""

    every: bool
    parts: tuple["Condition", ...]
    column: int


Condition: TypeAlias = Comparison | Exists | Holds | Not | Both


def facts_in(part: Condition | Operand) -> tuple[Fact, ...]:
    """The facts that a condition looks at, in its order."""
    match part:
        case Fact():
            return (part,)
        case Literal():
            return ()
        case Call(operand=inner) | Holds(operand=inner):
            return facts_in(inner)
        case Comparison():
            return facts_in(part.left) + facts_in(part.right)
        case Exists():
            return (part.fact,)
        case Not():
            return facts_in(part.condition)
        case Both():
            return tuple(fact for one in part.parts for fact in facts_in(one))


def _step(step: Step) -> str:
    if isinstance(step, int):
        return f"[{step}]"
    return f".{step}" if step.replace("_", "a").replace("-", "a").isalnum() else f'["{step}"]'
