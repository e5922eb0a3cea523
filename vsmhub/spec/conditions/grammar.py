"""Reading a condition into its tree.

condition  = all { "or" all }
all        = denial { "and" denial }
denial     = "not" denial | "(" condition ")" | statement
statement  = operand [ operator operand | "exists" ]
operator   = "==" "!=" "<" "<=" ">" ">=" "contains" "startswith" "endswith" "in"
operand    = text | number [unit] | "true" | "false" | "null" | list | function "(" operand ")" | fact
list       = "[" operand { "," operand } "]"
fact       = name { "." name } [ "[" text "]" ]  |  "json" "." "$" { "." name | "[" text or whole number "]" }
"""

from vsmhub.spec.conditions.errors import ConditionError
from vsmhub.spec.conditions.tokens import Kind, Token, tokens
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
    Step,
)
from vsmhub.spec.near import did_you_mean
from vsmhub.spec.spans import BYTES, SECONDS

SIGNS = ("==", "!=", "<", "<=", ">", ">=")
WORDS = ("contains", "startswith", "endswith", "in")
FUNCTIONS = ("age", "count", "number", "lower")
RESERVED = frozenset({*WORDS, "and", "or", "not", "exists", "true", "false", "null"})
DEPTH_LIMIT = 32
CONSTANTS = {"true": (True, Sort.TRUTH), "false": (False, Sort.TRUTH), "null": (None, Sort.JSON)}


def parse(text: str) -> Condition:
    """The tree of one condition; ConditionError with the column where it stops being one."""
    reader = _Reader(tokens(text))
    found = reader.condition(0)
    reader.end()
    return found


def parse_operand(text: str) -> Operand:
    """The tree of what stands by itself, such as a fact whose value is wanted."""
    reader = _Reader(tokens(text))
    found = reader.operand(0)
    reader.end()
    return found


class _Reader:
    """Recursive descent over the tokens, one ahead."""

    def __init__(self, words: tuple[Token, ...]) -> None:
        self._words = words
        self._at = 0

    @property
    def _next(self) -> Token:
        return self._words[self._at]

    def condition(self, depth: int) -> Condition:
        return self._joined("or", depth)

    def end(self) -> None:
        token = self._next
        if token.kind is Kind.END:
            return
        hint = did_you_mean(token.text, [*WORDS, "and", "or", "exists"]) if token.kind is Kind.NAME else ""
        raise ConditionError(f"{_shown(token)} cannot follow here", token.column, hint=hint or "join two with `and`")

    def _joined(self, word: str, depth: int) -> Condition:
        column = self._next.column
        parts = [self._joined("and", depth) if word == "or" else self._denial(depth)]
        while self._taken(word):
            parts.append(self._joined("and", depth) if word == "or" else self._denial(depth))
        return parts[0] if len(parts) == 1 else Both(word == "and", tuple(parts), column)

    def _denial(self, depth: int) -> Condition:
        token = self._next
        if depth > DEPTH_LIMIT:
            raise ConditionError(f"more than {DEPTH_LIMIT} levels are not taken", token.column)
        if self._taken("not"):
            return Not(self._denial(depth + 1), token.column)
        if self._taken("("):
            found = self.condition(depth + 1)
            self._demand(")")
            return found
        return self._statement(depth)

    def _statement(self, depth: int) -> Condition:
        left = self.operand(depth)
        token = self._next
        if self._taken("exists"):
            if not isinstance(left, Fact):
                raise ConditionError("only something observed can exist", left.column)
            return Exists(left, token.column)
        if (token.kind is Kind.SIGN and token.text in SIGNS) or (token.kind is Kind.NAME and token.text in WORDS):
            self._at += 1
            found = Comparison(left, token.text, self.operand(depth), token.column)
            if self._next.kind is Kind.SIGN and self._next.text in SIGNS:
                raise ConditionError("comparisons are not chained", self._next.column, hint="join two with `and`")
            return found
        return Holds(left, left.column)

    def operand(self, depth: int) -> Operand:
        token = self._next
        if depth > DEPTH_LIMIT:
            raise ConditionError(f"more than {DEPTH_LIMIT} levels are not taken", token.column)
        self._at += 1
        if token.kind is Kind.TEXT:
            return Literal(token.text, Sort.TEXT, token.column)
        if token.kind is Kind.NUMBER:
            return _number(token)
        if token.kind is Kind.SIGN and token.text == "[":
            return self._list(token, depth)
        if token.kind is Kind.NAME and token.text in CONSTANTS:
            return Literal(*CONSTANTS[token.text], token.column)
        if token.kind is Kind.NAME and token.text not in RESERVED:
            if self._next.text == "(" and self._next.kind is Kind.SIGN:
                return self._call(token, depth)
            return self._fact(token)
        self._at -= 1
        what = "something is missing here" if token.kind is Kind.END else f"{_shown(token)} cannot stand here"
        raise ConditionError(what, token.column, hint="a fact, a text in quotes or a number can")

    def _list(self, start: Token, depth: int) -> Literal:
        items: list[Literal] = []
        while not self._taken("]"):
            item = self.operand(depth + 1)
            if not isinstance(item, Literal) or isinstance(item.value, tuple):
                raise ConditionError("a list holds texts and numbers", item.column)
            items.append(item)
            if not self._taken(","):
                self._demand("]")
                break
        if not items:
            raise ConditionError("the list is empty", start.column)
        return Literal(tuple(items), Sort.LIST, start.column)

    def _call(self, name: Token, depth: int) -> Call:
        if name.text not in FUNCTIONS:
            hint = did_you_mean(name.text, FUNCTIONS) or f"there are {', '.join(FUNCTIONS)}"
            raise ConditionError(f"there is no function `{name.text}`", name.column, hint=hint)
        self._demand("(")
        operand = self.operand(depth + 1)
        self._demand(")")
        return Call(name.text, operand, name.column)

    def _fact(self, first: Token) -> Fact:
        name = first.text
        if name == "json":
            self._demand(".")
            self._demand("$")
            return Fact(name, tuple(self._path()), first.column)
        while self._taken("."):
            name += f".{self._word('a name')}"
        if self._taken("["):
            token = self._next
            if token.kind is not Kind.TEXT:
                raise ConditionError("in the brackets stands a name in quotes", token.column)
            self._at += 1
            self._demand("]")
            return Fact(name, (token.text,), first.column)
        return Fact(name, (), first.column)

    def _path(self) -> list[Step]:
        steps: list[Step] = []
        while True:
            if self._taken("."):
                steps.append(self._word("a member's name"))
            elif self._taken("["):
                token = self._next
                self._at += 1
                if token.kind is Kind.TEXT:
                    steps.append(token.text)
                elif token.kind is Kind.NUMBER and not token.unit and "." not in token.text and len(token.text) < 10:
                    steps.append(int(token.text))
                else:
                    raise ConditionError("in the brackets stands a text in quotes or a whole number", token.column)
                self._demand("]")
            else:
                return steps

    def _word(self, what: str) -> str:
        token = self._next
        if token.kind is not Kind.NAME:
            raise ConditionError(f"{what} is missing here", token.column, hint='other names stand in ["…"]')
        self._at += 1
        return token.text

    def _taken(self, text: str) -> bool:
        token = self._next
        if token.text == text and token.kind in (Kind.SIGN, Kind.NAME):
            self._at += 1
            return True
        return False

    def _demand(self, text: str) -> None:
        if not self._taken(text):
            token = self._next
            found = "the end" if token.kind is Kind.END else _shown(token)
            raise ConditionError(f"`{text}` is missing before {found}", token.column)


def _number(token: Token) -> Literal:
    value = float(token.text) if "." in token.text else int(token.text)
    if not token.unit:
        return Literal(value, Sort.NUMBER, token.column)
    if token.unit in SECONDS:
        return Literal(value * SECONDS[token.unit], Sort.SPAN, token.column)
    if token.unit in BYTES:
        return Literal(value * BYTES[token.unit], Sort.AMOUNT, token.column)
    hint = did_you_mean(token.unit, [*SECONDS, *BYTES]) or f"units are {', '.join([*SECONDS, *BYTES])}"
    raise ConditionError(f"`{token.unit}` is no unit", token.column + len(token.text), hint=hint)


def _shown(token: Token) -> str:
    if token.kind is Kind.TEXT:
        return f"the text `{token.text[:40]}`"
    return f"`{token.text[:40]}{token.unit}`"
