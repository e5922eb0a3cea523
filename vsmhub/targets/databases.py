"""Where the connection string of Inter-Hub's own database comes from. It is a secret, and is never kept."""

import subprocess
from collections.abc import Mapping

from vsmhub.secrets.errors import SecretError
from vsmhub.secrets.secret import Secret
from vsmhub.targets.secrecy import learn_dsn
from vsmhub.targets.settings import DatabaseSettings, TargetSettings

VARIABLE = "VSMHUB_DSN"
_SECONDS = 120


def dsn_of(given: str | None, settings: TargetSettings, environ: Mapping[str, str]) -> Secret | None:
    """The connection string: as given, then from VSMHUB_DSN, then where `vsmhub.toml` says; None without any of them.

    It is hidden from all messages from then on. Raises SecretError where it should be and is not.
    """
    text = given or environ.get(VARIABLE, "")
    if not text.strip() and settings.database is not None:
        text = _told(settings.database, environ)
    text = text.strip()
    if not text:
        return None
    learn_dsn(text)
    return Secret(text)


def _told(settings: DatabaseSettings, environ: Mapping[str, str]) -> str:
    if settings.environment:
        text = environ.get(settings.environment, "")
        if not text.strip():
            raise SecretError(
                f"vsmhub.toml has the database's connection string in {settings.environment}, which is not set",
                hint=f"set {settings.environment}, or {VARIABLE}, or take it out of vsmhub.toml",
            )
        return text
    if not settings.command:
        return ""
    program = settings.command[0]
    try:
        done = subprocess.run(settings.command, capture_output=True, text=True, timeout=_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise SecretError(
            f"{program} cannot be asked for the database's connection string: "
            + (
                error.strerror or "it cannot be started" if isinstance(error, OSError) else f"no answer in {_SECONDS} s"
            ),
            hint="it is named in vsmhub.toml, under database.command: run it yourself to see why",
        ) from None
    if done.returncode != 0 or not done.stdout.strip():
        raise SecretError(
            f"{program} gave no connection string for the database (exit code {done.returncode})",
            hint="run the command of vsmhub.toml yourself to see why",
        )
    return done.stdout.strip().splitlines()[0]
