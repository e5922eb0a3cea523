"""A hub's key stored, rotated and revoked; a rotation that is killed at any request is finished by the next one."""

import io
import json
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.cli.commands import Done, Home
from tests.cli.killing import NEVER, Killer, exposed, written
from tests.cli.reaching import NAME, name_target
from tests.cli.typed import Typed
from tests.faults import Boundary, faulty, undisturbed
from tests.plan.operators import Operator
from tests.plan.world import Shown
from vsmhub.interhub.errors import Unauthorized
from vsmhub.interhub.messages.access import Key, KeyCreate
from vsmhub.plan.desired import Desired
from vsmhub.plan.live import usable

pytestmark = pytest.mark.server


@dataclass
class Hub:
    """A hub that exists, and the commands that reach it."""

    typed: Typed
    operator: Operator
    folder: Path
    wanted: Desired

    def run(self, *arguments: str, stdin: str = "") -> Done:
        self.typed.patch.setattr("sys.stdin", io.StringIO(stdin))
        return self.typed.run(*(str(self.folder) if one == "HUB" else one for one in arguments))

    @property
    def file(self) -> Path:
        return self.typed.keys / NAME / f"{self.wanted.hub}.json"

    @property
    def secret(self) -> str:
        secret: str = json.loads(self.file.read_text())["secret"]
        return secret

    def all_keys(self) -> list[Key]:
        (hub,) = self.operator.operator.hubs(slug=self.wanted.hub)
        (consumer,) = self.operator.operator.consumers(hub=hub.id)
        return list(self.operator.operator.keys(consumer.id))

    def by_hand(self, *scopes: str, expires_at: datetime | None = None) -> str:
        """A key as a person makes one in the pages."""
        (hub,) = self.operator.operator.hubs(slug=self.wanted.hub)
        (consumer,) = self.operator.operator.consumers(hub=hub.id)
        wanted = list(scopes or self.wanted.key_scopes)
        made = self.operator.operator.create_key(
            consumer.id, KeyCreate(name=self.wanted.key, scopes=wanted, expires_at=expires_at)
        )
        return made.key or ""


@pytest.fixture
def hub(operator: Operator, typed: Typed, tmp_path: Path) -> Iterator[Hub]:
    folder, wanted = written(tmp_path)
    with faulty(operator.socket, undisturbed) as proxy:
        name_target(tmp_path, proxy.base)
        typed.set(IHUB_OPERATOR_KEY=operator.operator_key.reveal())
        hub = Hub(typed, operator, folder, wanted)
        assert hub.run("apply", "HUB", "--yes").code == 0
        yield hub


def test_rotating(hub: Hub) -> None:
    before = hub.secret
    assert hub.run("key", "rotate", "HUB").code == 64  # nobody can be asked
    done = hub.run("key", "rotate", "HUB", "--yes")
    assert done.code == 0, done.text
    assert "has a new key, and the old one opens nothing" in done.out
    assert hub.secret != before
    assert before not in done.text
    assert hub.secret not in done.text
    with pytest.raises(Unauthorized):
        hub.operator.operator.exchange(Shown(before))
    assert [key.prefix for key in hub.all_keys() if usable(key)] == [hub.secret[:16]]
    assert hub.run("plan", "HUB").code == 0
    assert json.loads(hub.run("key", "rotate", "HUB", "--yes", "--json").out)["finished"] is False
    assert hub.run("key", "revoke", "HUB", "--yes").code == 0
    assert hub.run("key", "rotate", "HUB", "--yes").out.splitlines()[-3].endswith(" has a new key")


def test_a_key_made_by_hand_is_proven_before_it_is_stored(hub: Hub) -> None:
    kept = hub.secret
    for typed, said in (
        ("", "no key came"),
        ("ihk_0000000000000_planted" + "x" * 40, "does not take it"),
        ("two\nlines", "one line"),
        (hub.by_hand("framework:read"), "does not open"),
        (hub.operator.operator_key.reveal(), "does not open"),
    ):
        done = hub.run("key", "store", "HUB", stdin=typed)
        assert done.code in {1, 64}, done.text
        assert said in done.err
        assert not typed or typed not in done.text
        assert hub.secret == kept
    brought = hub.by_hand()
    done = hub.run("key", "store", "HUB", stdin=f"  {brought}\n")
    assert (done.code, hub.secret) == (0, brought), done.text
    assert "it works" in done.out
    assert brought not in done.text


def test_a_key_that_cannot_be_tried_is_not_lost(hub: Hub) -> None:
    """A page shows it once; but what is kept and works is not given up for it."""
    name_target(hub.typed.folder, "http://127.0.0.1:9")
    kept = hub.secret
    done = hub.run("key", "store", "HUB", stdin="ihk_planted")
    assert (done.code, hub.secret) == (1, kept)
    assert "not stored" in done.err
    hub.file.unlink()
    done = hub.run("key", "store", "HUB", stdin="ihk_planted")
    assert (done.code, hub.secret) == (1, "ihk_planted")
    assert "not proven" in done.err


def test_revoking(hub: Hub) -> None:
    prefix = hub.secret[:16]
    other = hub.by_hand()
    assert hub.run("key", "revoke", "HUB", "--prefix", "ihk_none", "--yes").code == 1
    done = hub.run("key", "revoke", "HUB", "--yes")
    assert done.code == 0, done.text
    assert f"The key {prefix}" in done.out
    assert "last used" in done.out
    assert not hub.file.exists()
    assert [key.prefix for key in hub.all_keys() if usable(key)] == [other[:16]]
    done = hub.run("key", "revoke", "HUB", "--yes")
    assert done.code == 1
    assert other[:16] in done.err
    assert hub.run("key", "revoke", "HUB", "--prefix", other[:16], "--yes", "--json").code == 0
    assert not any(map(usable, hub.all_keys()))


def test_a_wrong_key_is_told_from_a_wrong_operators_key(hub: Hub) -> None:
    held = hub.file.read_text()
    hub.file.write_text(held.replace(hub.secret, "ihk_000000000000_" + "x" * 43))
    done = hub.run("apply", "HUB", "--yes", "--target", NAME)
    assert done.code == 1
    assert f"the key of {hub.wanted.hub} that is held here opens nothing at {NAME}\n" in done.err
    assert "--replace-key" in done.err
    assert hub.run("apply", "HUB", "--yes", "--target", NAME, "--replace-key").code == 0


def test_status_warns_of_a_key_that_ends_soon(hub: Hub) -> None:
    assert json.loads(hub.run("status", "HUB", "--json").out)["keysEnding"] == []
    assert "warning" not in hub.run("status", "HUB").out
    brought = hub.by_hand(expires_at=datetime.now(UTC) + timedelta(days=12, hours=1))
    assert hub.run("key", "store", "HUB", stdin=brought).code == 0
    done = hub.run("status", "HUB")
    assert f"the key {brought[:16]} ends" in done.out
    assert "in 12 days; vsmhub key rotate" in done.out
    (ending,) = json.loads(hub.run("status", "HUB", "--json").out)["keysEnding"]
    assert (ending["prefix"], ending["days"]) == (brought[:16], 12)


def requests_of_a_rotation(home: Home, folder: Path, operator: Operator) -> list[Boundary]:
    """From the first one that writes."""
    seen: list[Boundary] = []
    with faulty(operator.socket, undisturbed, on_boundary=seen.append) as proxy:
        name_target(folder, proxy.base)
        assert home.run("key", "rotate", folder / "hub", "--yes").code == 0
    first = next(one.number for one in seen if one.method == "POST" and one.path.endswith("/api-keys"))
    # What comes after the revocation reads only.
    last = next(one.number for one in seen if one.path.endswith("/revoke"))
    return [one for one in seen if first <= one.number <= last + 1]


def test_killed_at_every_request_of_a_rotation(operator: Operator, tmp_path: Path) -> None:
    folder, wanted = written(tmp_path)
    home = Home(tmp_path, {"IHUB_OPERATOR_KEY": operator.operator_key.reveal()})
    with exposed(operator, tmp_path, NEVER):
        assert home.run("apply", folder, "--yes").code == 0
    boundaries = requests_of_a_rotation(home, tmp_path, operator)
    assert len(boundaries) == 8
    hub = Hub(None, operator, folder, wanted)  # type: ignore[arg-type] # only its keys are asked for
    kept = tmp_path / "vsmhub" / "keys" / NAME / f"{wanted.hub}.json"
    for boundary in boundaries:
        killer = Killer(boundary.number, boundary.moment)
        before = {key.prefix for key in hub.all_keys()}
        with exposed(operator, tmp_path, killer):
            killer.process = home.start("key", "rotate", folder, "--yes")
            out, err = killer.process.communicate(timeout=60)
            assert killer.process.returncode == -signal.SIGKILL, (boundary, out, err)
            killer.process = None
            # Whatever is usable now and claimed is what the store holds, or what it held until just now.
            again = home.run("key", "rotate", folder, "--yes")
            assert again.code == 0, (boundary, again.text)
        (key,) = [one for one in hub.all_keys() if usable(one)]
        secret = json.loads(kept.read_text())["secret"]
        assert secret.startswith(key.prefix), boundary
        assert key.claim_by is None, boundary
        assert key.prefix not in before, boundary
