"""How a condition is wrong."""

from vsmhub.errors import VsmhubError


class ConditionError(VsmhubError):
    """A condition is not one; `column` is where in it, counting characters from 1."""

    def __init__(self, message: str, column: int, *, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.column = column
