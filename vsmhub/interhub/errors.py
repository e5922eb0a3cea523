"""How a target fails.

    InterHubError
    ├── BadAddress           the target's URL cannot be used
    ├── Unreachable          no answer: not resolved, refused, timed out, cut off
    ├── Nonsense             an answer that is not Inter-Hub's
    ├── NotOffered           the target's API does not have the operation
    └── Refused              an answer with a status of 400 or more
        ├── Unauthorized         401
        ├── Forbidden            403
        ├── NotFound             404
        ├── Conflict             409
        ├── PreconditionFailed   412
        ├── Invalid              400, 413, 415, 422
        ├── RateLimited          429, after all retries
        └── ServerFault          500 and above, after all retries

No message of any of them holds a key, a token or a request's body.
"""

from vsmhub.errors import VsmhubError
from vsmhub.interhub.messages.wire import Problem


class InterHubError(VsmhubError):
    """The target refused, failed, or could not be reached."""


class BadAddress(InterHubError):
    """What was given as the target's URL is none, or not a safe one."""


class Unreachable(InterHubError):
    """No answer came."""


class Nonsense(InterHubError):
    """An answer came that is not one of Inter-Hub's; `too_big` when it was only larger than what is read."""

    def __init__(self, message: str, *, hint: str = "", too_big: bool = False) -> None:
        super().__init__(message, hint=hint)
        self.too_big = too_big


class NotOffered(InterHubError):
    """The target's API does not have this, as far as its OpenAPI document says; nothing was asked."""


class Refused(InterHubError):
    """The target answered that it will not or cannot; `problem` is what it said.

    `unsure` says that an earlier attempt of the same call got no answer, so that it may have been done already: a
    PATCH whose answer was lost is answered with PreconditionFailed when it is sent again. Read the object, then decide.
    """

    def __init__(self, message: str, *, problem: Problem, hint: str = "", unsure: bool = False) -> None:
        super().__init__(message, hint=hint)
        self.problem = problem
        self.unsure = unsure


class Unauthorized(Refused):
    """The credentials are missing, wrong, expired or revoked."""


class Forbidden(Refused):
    """The credentials do not cover this."""


class NotFound(Refused):
    """There is nothing there, or nothing that these credentials may know of."""


class Conflict(Refused):
    """It would contradict what exists."""


class PreconditionFailed(Refused):
    """The object moved since it was read."""


class Invalid(Refused):
    """The request itself is wrong."""


class RateLimited(Refused):
    """Too many requests, also after waiting as long as was asked."""


class ServerFault(Refused):
    """The target failed, also when asked again."""
