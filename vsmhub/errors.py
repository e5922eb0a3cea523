"""The one error tree: what a user may see, and the exit code each part of it ends a command with.

    VsmhubError                     1
    ├── UsageError                 64   the command line itself is wrong
    ├── spec.SpecError                  a hub's files do not say what a hub needs
    ├── interhub.InterHubError          the target refused, failed, or could not be reached
    ├── render.RenderError              files cannot be made from a spec or a template
    ├── secrets.SecretError             a secret cannot be read or kept
    ├── plan.PlanError                  what should be done cannot be done
    ├── evidence.EvidenceError          evidence cannot be gathered, kept or handed on
    ├── fleet.FleetError                observing on many machines is not possible
    └── server.ServerError              the embedded Inter-Hub or its PostgreSQL cannot run

Each package defines its own branch in a module named `errors`; foreign errors are translated where they enter, with
`raise … from`. Only `vsmhub.cli` catches the root.
"""

from typing import ClassVar


class VsmhubError(Exception):
    """Something a user can understand and act on.

    `message` says what is wrong and where; `hint` says what to do about it, and is empty where there is nothing to say.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(VsmhubError):
    """The command was called in a way it cannot be."""

    exit_code = 64
