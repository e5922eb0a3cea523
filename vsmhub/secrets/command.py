"""Secrets through programs of the operator's own: pass, sops, age, a vault's client, a script."""

import contextlib
import json
import re
import subprocess
from dataclasses import dataclass

from vsmhub.redaction import redact
from vsmhub.secrets.errors import ReadOnly, SecretError, StoreFailed
from vsmhub.secrets.place import Place
from vsmhub.secrets.record import KeyRecord, decode, encode
from vsmhub.secrets.secret import Sealed

PLACEHOLDERS = frozenset({"{target}", "{name}"})
SHOWN = 300
_BY_HAND = "Run it by hand: it may want something, or say more."


@dataclass(frozen=True, slots=True)
class Commands:
    """What to run, as arguments in which `{target}` and `{name}` stand for where the secret is; no shell is involved.

    `read` prints the secret, or ends with one of the statuses `missing` and prints nothing when there is none; `write`
    is given it on its standard input; `delete` removes it. Without `write` the store is read only. `timeout` in
    seconds includes the time that a person needs to type a passphrase.
    """

    read: tuple[str, ...]
    write: tuple[str, ...] = ()
    delete: tuple[str, ...] = ()
    missing: frozenset[int] = frozenset({1})
    timeout: float = 120.0


class CommandStore:
    """Runs one command for each thing it is asked."""

    def __init__(self, commands: Commands) -> None:
        """Raises SecretError when there is nothing to read with, or a template has a placeholder that is not known."""
        if not commands.read:
            raise SecretError(
                "the command store has no command to read with", hint='Give one: read = ["pass", "show", …].'
            )
        for argument in (*commands.read, *commands.write, *commands.delete):
            unknown = set(re.findall(r"\{[^{}]*\}", argument)) - PLACEHOLDERS
            if unknown:
                raise SecretError(
                    f"{argument!r} has a placeholder that is not known: {', '.join(sorted(unknown))}",
                    hint=f"Known are {' and '.join(sorted(PLACEHOLDERS))}.",
                )
        self._commands = commands

    @property
    def writable(self) -> bool:
        return bool(self._commands.write)

    def describe(self, place: Place) -> str:
        return f"command {_line(_filled(self._commands.read, place))}"

    def prepare(self, place: Place) -> None:
        self._template(self._commands.write, place, "keep")
        # Shows that the programs are there, and unlocks what they need before there is a key to keep.
        self.get(place)

    def get(self, place: Place) -> KeyRecord | None:
        command = _filled(self._commands.read, place)
        status, answer, complaint = self._run(command, None)
        if status in self._commands.missing and not answer.reveal().strip():
            return None
        if status != 0:
            raise _failed(command, status, complaint)
        return decode(answer, self.describe(place))

    def put(self, place: Place, record: KeyRecord) -> None:
        command = self._template(self._commands.write, place, "keep")
        status, _, complaint = self._run(command, encode(record))
        if status != 0:
            raise _failed(command, status, complaint, record.secret)
        if self.get(place) != record:
            raise StoreFailed(
                f"`{_line(command)}` ended well, yet what can be read is not what it was given",
                hint="Do read and write mean the same place?",
            )

    def delete(self, place: Place) -> bool:
        command = self._template(self._commands.delete, place, "remove")
        if self.get(place) is None:
            return False
        status, _, complaint = self._run(command, None)
        if status != 0:
            raise _failed(command, status, complaint)
        return True

    def _template(self, template: tuple[str, ...], place: Place, doing: str) -> list[str]:
        if not template:
            raise ReadOnly(
                f"the command store has no command to {doing} the key of {place} with",
                hint="Name one in the settings, or choose another store.",
            )
        return _filled(template, place)

    def _run(self, command: list[str], given: Sealed | None) -> tuple[int, Sealed, Sealed]:
        """Status, standard output and standard error."""
        try:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL if given is None else subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                encoding="utf-8",
                errors="replace",
            )
        except OSError as error:
            raise StoreFailed(
                f"`{command[0]}` cannot be run: {error.strerror or error}", hint="Is it installed, and on the PATH?"
            ) from error
        late = False
        answer = complaint = Sealed("")
        with process:
            try:
                answer, complaint = map(
                    Sealed, process.communicate(given.reveal() if given else None, timeout=self._commands.timeout)
                )
            except subprocess.TimeoutExpired:
                late = True
                process.kill()
                # What it started may still hold the pipes; nobody waits for that.
                for pipe in (process.stdin, process.stdout, process.stderr):
                    if pipe is not None:
                        with contextlib.suppress(OSError):
                            pipe.close()
            except BaseException:
                process.kill()
                raise
        # Not chained: that error holds what was printed until then.
        if late:
            raise StoreFailed(f"`{_line(command)}` did not end within {self._commands.timeout:g} s", hint=_BY_HAND)
        return process.returncode, answer, complaint


def _filled(template: tuple[str, ...], place: Place) -> list[str]:
    return [argument.replace("{target}", place.target).replace("{name}", place.name) for argument in template]


def _line(command: list[str]) -> str:
    return redact(" ".join(command))


def _failed(command: list[str], status: int, complaint: Sealed, secret: Sealed | None = None) -> StoreFailed:
    """The error with the last line of what the program complained about, cleaned of the secret it was given."""
    known = (secret.reveal(), json.dumps(secret.reveal())[1:-1]) if secret else ()
    lines = [line.strip() for line in redact(complaint.reveal(), known).splitlines() if line.strip()]
    said = "".join(letter if letter.isprintable() else " " for letter in lines[-1])[:SHOWN] if lines else ""
    how = f"ended with status {status}" if status >= 0 else f"was killed by signal {-status}"
    return StoreFailed(f"`{_line(command)}` {how}" + (f": {said}" if said else ""), hint=_BY_HAND)
