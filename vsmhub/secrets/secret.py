"""Values that show themselves only when asked."""

import hmac
from typing import NoReturn, Self

from vsmhub.redaction import HIDDEN
from vsmhub.secrets.errors import BadSecret

LONGEST = 4096


class Sealed:
    """Any text. Its representation and its own text are `[hidden]`; it can be neither pickled nor put into JSON.

    Copies are the object itself, so that `dataclasses.asdict` and `copy.deepcopy` make no second one. What is being
    read or written travels in it, so that a traceback which shows variables does not show secrets.
    """

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The value itself."""
        return self._value

    def __repr__(self) -> str:
        return f"{type(self).__name__}({HIDDEN})"

    def __str__(self) -> str:
        return HIDDEN

    def __format__(self, form: str) -> str:
        return HIDDEN

    def __eq__(self, other: object) -> bool:
        # In constant time, so that comparing tells nothing about how much of it is right.
        return type(self) is type(other) and hmac.compare_digest(_bytes(self), _bytes(other))

    def __hash__(self) -> int:
        return hash((type(self), self._value))

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: dict[int, object]) -> Self:
        return self

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a secret is not pickled")


class Secret(Sealed):
    """One line of printable ASCII, such as a key."""

    __slots__ = ()

    def __init__(self, value: str) -> None:
        """Raises BadSecret, without showing it, when `value` is empty, too long, or not one line of printable ASCII."""
        good = 0 < len(value) <= LONGEST and value.isascii() and value.isprintable()
        if not good:
            del value
            raise BadSecret(f"a secret is one line of at most {LONGEST} printable ASCII characters; this is none")
        super().__init__(value)


def _bytes(sealed: object) -> bytes:
    return sealed.reveal().encode("utf-8", "surrogatepass") if isinstance(sealed, Sealed) else b""
