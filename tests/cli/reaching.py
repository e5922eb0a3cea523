"""Homes and commands whose target is a running Inter-Hub, behind a proxy that can strike and tell."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.cli.commands import Done, Home
from tests.cli.typed import Typed
from tests.faults import Boundary, FaultProxy, Schedule, faulty, undisturbed
from tests.plan.operators import Operator
from vsmhub.spec.model import HubSpec

NAME = "target"


def name_target(folder: Path, base: str) -> None:
    """Let commands in `folder` mean the Inter-Hub at `base`."""
    (folder / "vsmhub.toml").write_text(f'target = "{NAME}"\n[targets.{NAME}]\nbase = "{base}"\n')


@contextmanager
def reaching(
    operator: Operator,
    folder: Path,
    schedule: Schedule = undisturbed,
    *,
    on_boundary: Callable[[Boundary], None] | None = None,
    variables: Mapping[str, str] | None = None,
) -> Iterator[tuple[Home, FaultProxy]]:
    """A home whose target is the operator's Inter-Hub."""
    with faulty(operator.socket, schedule, on_boundary=on_boundary) as proxy:
        name_target(folder, proxy.base)
        yield Home(folder, {"IHUB_OPERATOR_KEY": operator.operator_key.reveal(), **(variables or {})}), proxy


@contextmanager
def applied(
    operator: Operator, folder: Path, hub: Path, variables: Mapping[str, str] | None = None
) -> Iterator[tuple[Home, FaultProxy]]:
    """The same, where the hub exists."""
    with reaching(operator, folder, variables=variables) as (home, proxy):
        done = home.run("apply", hub, "--yes")
        assert done.code == 0, done.text
        yield home, proxy


@dataclass(frozen=True)
class Reached:
    """Commands on one running Inter-Hub, named `target`."""

    typed: Typed

    def run(self, *arguments: str | Path) -> Done:
        return self.typed.run(*arguments)

    def json(self, *arguments: str | Path, code: int = 0) -> Any:
        """What a command says as JSON, which is all that it says."""
        done = self.run(*arguments)
        assert (done.code, done.err) == (code, "")
        return json.loads(done.out)

    def kept(self, hub: str) -> str:
        return str(json.loads((self.typed.keys / NAME / f"{hub}.json").read_text())["secret"])


def written(folder: str, spec: HubSpec, **changes: str) -> Path:
    """A hub's folder with this spec, in which texts have been replaced."""
    text = json.dumps(spec.model_dump(mode="json", exclude_none=True))
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    Path(folder).mkdir(exist_ok=True)
    (Path(folder) / "hub.yaml").write_text(text)
    return Path(folder)
