"""`vsmhub observe`: from a real registry, over probes and the outbox, to events in a real Inter-Hub."""

import itertools
import json
import re
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.commands import ROOT
from tests.cli.reaching import applied
from tests.cli.typed import Typed
from tests.evidence import services
from tests.evidence.services import PASSWORD, USER
from tests.evidence.speaking import answering, http
from tests.plan.conftest import operator
from tests.plan.operators import Operator

__all__ = ["operator"]

NOWHERE = ("--base", "http://127.0.0.1:9")
GITEA = "https://gitea.coulomb.social"


def ops(folder: Path, registry: str) -> Path:
    """A copy of ops-hub whose Gitea registry is at `registry`, without the signals that go elsewhere."""
    hub = folder / "ops"
    hub.mkdir()
    for name in ("hub.yaml", "inventory.yaml"):
        shutil.copy(ROOT / "hubs" / "ops" / name, hub)
    text = (ROOT / "hubs" / "ops" / "signals.yaml").read_text().replace(GITEA, registry)
    kept = text[: text.index("  - name: gitea-certificate")]
    for key, value in {"every": "1s", "timeout": "1s", "retries": "0"}.items():
        kept = re.sub(rf"{key}: \w+", f"{key}: {value}", kept)
    (hub / "signals.yaml").write_text(kept)
    return hub


def lines(text: str) -> dict[str, dict[str, Any]]:
    """What `--json` says, by signal; the last of each."""
    return {one["signal"]: one for one in map(json.loads, text.splitlines())}


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[str]:
    folder = tmp_path / "registry"
    folder.mkdir()
    with services.registry(folder) as port:
        yield f"http://127.0.0.1:{port}"


def test_the_challenge_of_a_real_registry_passes_and_publishing_needs_a_secret(
    typed: Typed, tmp_path: Path, registry: str
) -> None:
    hub = ops(tmp_path, registry)
    done = typed.run("observe", hub, "--json", "--queue", *NOWHERE)
    found = lines(done.out)
    assert done.code == 1  # what could not be looked at does not pass
    assert found["gitea-registry-challenge"]["outcome"] == "pass", done.text
    assert (found["gitea-registry-publish"]["outcome"], found["gitea-registry-publish"]["reason"]) == (
        "error",
        "prober",
    )
    typed.set(VSMHUB_KEY_PROBE_GITEA_REGISTRY_TOKEN=f"{USER}:{PASSWORD}")
    done = typed.run("observe", hub, "--queue", *NOWHERE)
    assert done.code == 0, done.text
    assert PASSWORD not in done.text
    for file in (typed.folder / "vsmhub").rglob("*.sqlite3*"):
        assert PASSWORD.encode() not in file.read_bytes()


def test_a_failure_says_why_and_what_to_do(typed: Typed, tmp_path: Path) -> None:
    with answering(http(200)) as server:
        hub = ops(tmp_path, server.url(""))
        done = typed.run("observe", hub, "gitea-registry-challenge", "--queue", *NOWHERE)
    assert done.code == 1
    assert "status == 401: status is 200" in done.out
    assert "NodePort 32166" in done.out


def test_mistakes_have_one_message(typed: Typed, tmp_path: Path) -> None:
    hub = ops(tmp_path, GITEA)
    done = typed.run("observe", hub, "gitea-registry-chalenge", *NOWHERE)
    assert (done.code, "did you mean `gitea-registry-challenge`" in done.err) == (64, True)
    assert typed.run("observe", hub, "--trust", tmp_path / "none.pem", *NOWHERE).code == 64
    text = (hub / "signals.yaml").read_text()
    (hub / "signals.yaml").write_text(text.replace("status == 401", "statsu == 401"))
    done = typed.run("observe", hub, *NOWHERE)
    assert done.code == 1
    assert "signals.yaml:" in done.err
    assert "did you mean `status`" in done.err
    (hub / "signals.yaml").unlink()
    assert "has no signals" in typed.run("observe", hub, *NOWHERE).err


@pytest.mark.server
def test_the_first_signal_of_ops_hub_is_visible_in_inter_hub(operator: Operator, tmp_path: Path, registry: str) -> None:
    hub = ops(tmp_path, registry)
    variables = {"VSMHUB_KEY_PROBE_GITEA_REGISTRY_TOKEN": f"{USER}:{PASSWORD}"}
    with applied(operator, tmp_path, hub, variables) as (home, _):
        done = home.run("observe", hub)
        assert done.code == 0, done.text
        assert "evidence: 2 delivered" in done.err

        watching = home.start("observe", hub, "--watch", "--json")
        try:
            assert watching.stdout
            assert watching.stderr
            # Each line comes when its signal was observed; without them this waits for the test's own end.
            lines = list(itertools.islice(watching.stdout, 3))
            watching.send_signal(signal.SIGINT)
            lines += watching.stdout
            err = watching.stderr.read()
            watching.wait(60)
        finally:
            watching.kill()
            watching.communicate()
        assert watching.returncode == 0, err
        watched = [json.loads(line) for line in lines]
        envelopes = {one for line in watched for one in line["envelopes"]}
        assert "0 waiting" in home.run("outbox", "list").out

    found = next(iter(operator.operator.hubs(slug="ops-hub")))
    events = list(operator.operator.events(hub=found.id, event_type="ops-endpoint-verified"))
    (widget,) = operator.operator.widgets(hub=found.id, slug="ops-readiness-gitea-registry")
    challenges = [one for one in events if one.metadata["evidence"]["signal"] == "gitea-registry-challenge"]  # type: ignore[index,call-overload]
    first = challenges[0]
    assert (first.widget_id, first.view_context) == (widget.id, "railiance-apps/workplans/RAIL-AP-WP-0001")
    assert (
        first.metadata.items()
        >= {
            "vsmFunction": "OPS",
            "vsmSystem": "S1",
            "endpoint": f"{registry}/v2/",
            "expectedStatus": 401,
            "observedHeader": "Docker-Distribution-Api-Version: registry/2.0",
        }.items()
    )
    arrived = [one.metadata["evidence"]["id"] for one in events]  # type: ignore[index,call-overload]
    assert len(set(arrived)) == len(arrived)
    assert envelopes <= set(arrived)
