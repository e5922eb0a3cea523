"""`vsmhub` in this process, for the many cases that need no process of their own."""

import os
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cli.commands import Done
from vsmhub.cli.app import run


@dataclass(frozen=True)
class Typed:
    """A home that commands run in, as `tests.cli.commands.Home` is for processes."""

    folder: Path
    captured: pytest.CaptureFixture[str]
    patch: pytest.MonkeyPatch

    @property
    def keys(self) -> Path:
        return self.folder / "vsmhub" / "keys"

    def enter(self) -> None:
        for name in list(os.environ):
            if name.startswith(("VSMHUB_", "IHUB_")):
                self.patch.delenv(name)
        self.set(HOME=str(self.folder), VSMHUB_HOME=str(self.folder / "vsmhub"))
        self.patch.chdir(self.folder)

    def set(self, **variables: str) -> None:
        for name, value in variables.items():
            self.patch.setenv(name, value)

    def run(self, *arguments: str | Path) -> Done:
        self.patch.delenv("VSMHUB_DEBUG", raising=False)
        self.captured.readouterr()
        code = run([str(one) for one in arguments])
        out, err = self.captured.readouterr()
        return Done(code, out, err)
