"""An operator: a client with the operator's key, and keys of hubs kept in memory."""

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self
from uuid import UUID, uuid4

from tests.plan.world import Shown, spec
from vsmhub.interhub.client import InterHub
from vsmhub.interhub.credentials import Revealing
from vsmhub.interhub.messages.access import KeyCreated
from vsmhub.plan.bootstrap import Seen, carry_out, look
from vsmhub.plan.desired import Desired, desired
from vsmhub.plan.routes.means import Means
from vsmhub.spec.model import HubSpec


class KeptKey:
    """The key of one hub, in memory."""

    def __init__(self, keys: dict[str, Shown], hub: str) -> None:
        self._keys = keys
        self._hub = hub

    def held(self) -> Shown | None:
        return self._keys.get(self._hub)

    def replaced(self) -> frozenset[UUID]:
        return self._keys[self._hub].replaces if self._hub in self._keys else frozenset()

    def keep(self, created: KeyCreated, replacing: Sequence[UUID] = ()) -> None:
        assert created.key
        self._keys[self._hub] = Shown(created.key, frozenset(replacing))

    def check_writable(self) -> None:
        pass


class Operator:
    """A target as `vsmhub.plan.bootstrap` takes it."""

    def __init__(self, socket: Path, key: str) -> None:
        self.socket = socket
        self.keys: dict[str, Shown] = {}
        self.name = "test"
        self.means = Means()
        self.operator_key = Shown(key)
        self.operator = InterHub("http://inter-hub", self.operator_key, socket=socket)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.operator.close()

    def as_hub(self, key: Revealing) -> InterHub:
        return InterHub("http://inter-hub", key, socket=self.socket)

    def key_of(self, hub: str) -> KeptKey:
        return KeptKey(self.keys, hub)

    def apply(self, wanted: Desired, *, replace_key: bool = False) -> list[str]:
        """Plan and carry out; the ids of what was done."""
        done: list[str] = []
        seen = look(wanted, self, replace_key=replace_key)
        carry_out(wanted, self, seen.plan, progress=lambda change: done.append(change.id), again=lambda *_: None)
        return done

    def look(self, wanted: Desired) -> Seen:
        return look(wanted, self)


def fresh_spec() -> HubSpec:
    """A hub that no other test knows: slug, prefix and names of its own."""
    prefix = f"h{uuid4().hex[:10]}"
    text = spec().model_dump_json().replace("syn-", f"{prefix}-").replace('"syn"', f'"{prefix}"')
    return HubSpec.model_validate_json(text)


def fresh_hub() -> Desired:
    """What such a hub declares."""
    return desired(fresh_spec())
