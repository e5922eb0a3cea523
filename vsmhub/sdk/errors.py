"""How a hub's client fails.

    SdkError
    ├── NotRegistered      the hub, its widget or its key is not there yet
    └── BadReport          an event or annotation that Inter-Hub would not take

What the target or a secret store refuses is an InterHubError or a SecretError.
"""

from vsmhub.errors import VsmhubError


class SdkError(VsmhubError):
    """A hub's client cannot do what it was asked to."""


class NotRegistered(SdkError):
    """The hub, its widget or its key is not there yet."""


class BadReport(SdkError):
    """An event or annotation that Inter-Hub would not take."""
