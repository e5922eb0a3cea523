"""Whether a condition makes sense for what a probe can observe: its facts exist, and their sorts fit each other."""

from collections.abc import Mapping
from dataclasses import dataclass

from vsmhub.spec.conditions.errors import ConditionError
from vsmhub.spec.conditions.tree import (
    Both,
    Call,
    Comparison,
    Condition,
    Exists,
    Fact,
    Holds,
    Literal,
    Not,
    Operand,
    Sort,
    facts_in,
)
from vsmhub.spec.near import did_you_mean

ORDERED = frozenset({Sort.NUMBER, Sort.SPAN, Sort.AMOUNT})
IN_JSON = frozenset({Sort.NUMBER, Sort.TEXT, Sort.TRUTH, Sort.JSON})

# What each function takes and gives.
FUNCTION_SORTS: Mapping[str, tuple[frozenset[Sort], Sort]] = {
    "age": (frozenset({Sort.TEXT, Sort.JSON}), Sort.SPAN),
    "count": (frozenset({Sort.LIST, Sort.JSON}), Sort.NUMBER),
    "number": (frozenset({Sort.TEXT, Sort.JSON}), Sort.NUMBER),
    "lower": (frozenset({Sort.TEXT, Sort.JSON}), Sort.TEXT),
}


@dataclass(frozen=True, slots=True)
class Observable:
    """A fact that a probe can observe: its sort, what it is, and whether a name in brackets picks one of many."""

    sort: Sort
    meaning: str
    keyed: bool = False


def check(condition: Condition, facts: Mapping[str, Observable]) -> None:
    """ConditionError for the first thing in the condition that makes no sense for these facts."""
    _check(condition, facts)
    if not facts_in(condition):
        raise ConditionError("the condition looks at nothing that is observed", condition.column)


def sort_of(operand: Operand, facts: Mapping[str, Observable]) -> Sort:
    """The sort of an operand; ConditionError where it cannot be."""
    match operand:
        case Literal():
            return operand.sort
        case Fact():
            return _observable(operand, facts).sort
        case Call():
            takes, gives = FUNCTION_SORTS[operand.function]
            given = sort_of(operand.operand, facts)
            if given not in takes:
                wanted = " or ".join(sorted(takes))
                raise ConditionError(f"`{operand.function}` takes {wanted}, not {given}", operand.operand.column)
            return gives


def _check(condition: Condition, facts: Mapping[str, Observable]) -> None:
    match condition:
        case Both():
            for part in condition.parts:
                _check(part, facts)
        case Not():
            _check(condition.condition, facts)
        case Exists():
            _observable(condition.fact, facts)
        case Holds():
            sort = sort_of(condition.operand, facts)
            if sort is not Sort.TRUTH:
                hint = "compare it with something"
                raise ConditionError(f"this is {sort}, not a condition", condition.column, hint=hint)
        case Comparison():
            _comparison(condition, facts)


def _comparison(condition: Comparison, facts: Mapping[str, Observable]) -> None:
    left, right = sort_of(condition.left, facts), sort_of(condition.right, facts)
    match condition.operator:
        case "==" | "!=":
            fits = left == right or _json_with(left, right) or _json_with(right, left)
            _all_texts(condition, fits=fits and Sort.LIST in (left, right))
        case "<" | "<=" | ">" | ">=":
            fits = (left == right and left in ORDERED) or {left, right} == {Sort.JSON, Sort.NUMBER}
        case "contains":
            fits = left in (Sort.TEXT, Sort.LIST, Sort.JSON) and right is Sort.TEXT
            fits = fits or (left is Sort.JSON and right is Sort.NUMBER)
        case "in":
            _in_list(condition, left)
            return
        case _:
            fits = left in (Sort.TEXT, Sort.JSON) and right is Sort.TEXT
    if not fits:
        message = f"`{condition.operator}` does not compare {left} with {right}"
        raise ConditionError(message, condition.column, hint=_hint(left, right))


def _json_with(one: Sort, other: Sort) -> bool:
    return one is Sort.JSON and other in IN_JSON


def _all_texts(condition: Comparison, *, fits: bool) -> None:
    for side in (condition.left, condition.right) if fits else ():
        if isinstance(side, Literal) and isinstance(side.value, tuple):
            wrong = next((item for item in side.value if item.sort is not Sort.TEXT), None)
            if wrong:
                raise ConditionError(f"the list holds texts, not {wrong.sort}", wrong.column, hint="put it in quotes")


def _in_list(condition: Comparison, left: Sort) -> None:
    right = condition.right
    if not (isinstance(right, Literal) and isinstance(right.value, tuple)):
        raise ConditionError("`in` takes a list", right.column, hint='such as [200, 204] or ["a", "b"]')
    for item in right.value:
        if item.sort is not left and not _json_with(left, item.sort):
            raise ConditionError(f"{left} is never {item.sort}", item.column, hint=_hint(left, item.sort))


def _hint(one: Sort, other: Sort) -> str:
    pair = {one, other}
    if pair == {Sort.SPAN, Sort.NUMBER}:
        return "a span has a unit, such as 500ms or 14d"
    if pair == {Sort.AMOUNT, Sort.NUMBER}:
        return "an amount has a unit, such as 16MiB"
    if pair == {Sort.TEXT, Sort.NUMBER}:
        return "a text stands in quotes; number(…) makes a number of one"
    return ""


def _observable(fact: Fact, facts: Mapping[str, Observable]) -> Observable:
    found = facts.get(fact.name)
    if found is None:
        hint = did_you_mean(fact.name, facts) or f"this probe observes {', '.join(sorted(facts))}"
        raise ConditionError(f"nothing named `{fact.name}` is observed", fact.column, hint=hint)
    if found.keyed and not fact.steps:
        raise ConditionError(f'`{fact.name}` needs a name in brackets, as in {fact.name}["…"]', fact.column)
    if not found.keyed and fact.steps and found.sort is not Sort.JSON:
        raise ConditionError(f"`{fact.name}` has no parts", fact.column)
    return found
