"""The programs that are measured, as command lines, and places for them to work in."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.machine import program_path

ROOT = Path(__file__).parents[1]
# Terraform neither asks for newer versions nor reads the user's settings.
TERRAFORM_ENVIRONMENT = {"CHECKPOINT_DISABLE": "1", "TF_CLI_CONFIG_FILE": "/dev/null", "TF_IN_AUTOMATION": "1"}


def vsmhub(*arguments: str) -> list[str]:
    """The command `vsmhub`: the installed one, or the module where there is none."""
    beside = Path(sys.executable).with_name("vsmhub")
    return [*([str(beside)] if beside.exists() else [sys.executable, "-m", "vsmhub"]), *arguments]


def terraform(*arguments: str) -> list[str] | None:
    """The command `terraform`, None where it is not installed."""
    path = program_path("terraform")
    return [str(path), *arguments] if path else None


class Home:
    """A home for vsmhub, with a short name that PostgreSQL's account may enter; made anew as often as one likes."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="vsmhub-bench-", dir="/tmp"))
        self.environment = {"VSMHUB_HOME": str(self.folder)}
        self.renew()

    def renew(self) -> None:
        """Forget everything in it."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir()
        self.folder.chmod(0o755)

    def remove(self) -> None:
        """The end of it."""
        shutil.rmtree(self.folder, ignore_errors=True)


class Served:
    """`vsmhub serve` over a home of its own; `environment` names it to other commands and changes with each start."""

    def __init__(self, *options: str, **settings: str) -> None:
        """`options` are more for `vsmhub serve`, `settings` variables of its environment."""
        self.home = Home()
        self._options = options
        self._settings = settings
        self.url = ""
        self.environment: dict[str, str] = {}
        self._process: subprocess.Popen[str] | None = None

    def start_empty(self) -> None:
        """Stop it if it runs, and start with an empty database."""
        self.stop()
        self.home.renew()
        self._process = subprocess.Popen(
            vsmhub("serve", "--port", "0", *self._options),
            env={**os.environ, **self.home.environment, **self._settings},
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._process.stdout
        self.url = self._process.stdout.readline().split()[-1]
        key = json.loads((self.home.folder / "keys" / "local" / "operator.json").read_text())["secret"]
        self.environment.clear()
        self.environment.update(self.home.environment, IHUB_BASE=self.url, IHUB_OPERATOR_KEY=key)

    def stop(self) -> None:
        """Stop it, if it runs."""
        if self._process is not None:
            self._process.terminate()
            self._process.communicate()
            self._process = None

    def remove(self) -> None:
        """Stop it and remove its home."""
        self.stop()
        self.home.remove()
