"""How rendering fails.

    RenderError
    ├── TemplateBroken       a template cannot be read or rendered
    ├── BadAnswer            an answer to a template's question is missing or refused
    ├── DestinationTaken     there is something where a scaffold should go
    └── UpdateRefused        a scaffold cannot be brought to the newest template as it is

Whichever it is, the files that were there are as they were.
"""

from vsmhub.errors import VsmhubError


class RenderError(VsmhubError):
    """Files cannot be made from a spec or a template."""


class TemplateBroken(RenderError):
    """A template cannot be read or rendered."""


class BadAnswer(RenderError):
    """An answer to a template's question is missing or refused; `question` is its name."""

    def __init__(self, message: str, *, question: str, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.question = question


class DestinationTaken(RenderError):
    """There is something where a scaffold should go."""


class UpdateRefused(RenderError):
    """A scaffold cannot be brought to the newest template as it is."""
