"""The generated client of ops-hub against a real embedded Inter-Hub: its README's lines, as they stand there."""

import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import cast
from uuid import UUID, uuid4

import pytest
from pydantic import JsonValue

from vsmhub.errors import VsmhubError
from vsmhub.interhub.messages.framework import HubCreate, HubUpdate
from vsmhub.plan.desired import desired
from vsmhub.plan.errors import NotAdopted
from vsmhub.sdk.errors import BadReport, NotRegistered
from vsmhub.targets.opening import opened

REPOSITORY = Path(__file__).parents[2]
CLIENT = REPOSITORY / "hubs" / "ops" / "client"


def environment(home: Path) -> dict[str, str]:
    """A bare machine's, whose Python finds vsmhub and the client."""
    return {
        "PATH": "/usr/bin:/bin",
        "HOME": str(home),
        "VSMHUB_HOME": str(home),
        "PYTHONPATH": f"{REPOSITORY}:{CLIENT / 'src'}",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def run(code: str, environ: Mapping[str, str], folder: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], env=environ, cwd=folder, capture_output=True, text=True, timeout=200, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.server
def test_the_readme_works_as_it_stands(folder: Path) -> None:
    (example,) = re.findall(r"```python\n(.*?)```", (CLIENT / "README.md").read_text(), re.DOTALL)
    assert 5 <= len(example.splitlines()) <= 12
    environ = environment(folder)
    first = run(example, environ, folder).splitlines()
    assert re.fullmatch(r"[0-9a-f-]{36} ops-inventory-registered 2.*", first[0])
    assert re.fullmatch(r"[0-9a-f-]{36} ops-drift", first[1])
    again = run(f"{example}    print(hub.bootstrap())\n", environ, folder).splitlines()
    assert again[0] != first[0]
    assert again[2] == "Bootstrapped(hub='ops-hub', changed=())"


def test_the_package_depends_on_vsmhub_alone() -> None:
    project = tomllib.loads((CLIENT / "pyproject.toml").read_text())["project"]
    assert project["dependencies"] == ["vsmhub"]


@pytest.fixture
def home(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of this test's own for whatever the client does in this process."""
    for name in [name for name in os.environ if name.startswith(("IHUB_", "VSMHUB_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("VSMHUB_HOME", str(folder))
    monkeypatch.syspath_prepend(str(CLIENT / "src"))
    monkeypatch.chdir(folder)
    return folder


@pytest.mark.server
def test_reports_are_kept_as_they_were_made(home: Path) -> None:
    from ops_hub import AnnotationCategory, EventType, OpsHub, Widget

    key = str(uuid4())
    with OpsHub() as hub:
        with pytest.raises(NotRegistered, match="no key of ops-hub"):
            hub.emit(EventType.RISK_RAISED, Widget.SERVICE_GITEA)
        # What somebody made by hand is not taken over unasked, here as little as by `vsmhub apply`.
        declared = desired(hub.spec).hub_fields
        with opened(None, None) as at:
            made = at.operator.create_hub(HubCreate.model_validate({"slug": "ops-hub", **declared, "name": "By hand"}))
            with pytest.raises(NotAdopted, match="ops-hub has what no apply of it has made"):
                hub.bootstrap()
            at.operator.update_hub(made.id, HubUpdate.model_validate(declared), revision=made.revision)
        assert hub.bootstrap().changed[0] == "create manifest/ops-hub@1.0.0"
        metadata: dict[str, JsonValue] = {
            "endpoint": "https://gitea.coulomb.social/v2/",
            "expectedStatus": 401,
            "ok": [True, None],
        }
        event = hub.emit(
            EventType.ENDPOINT_VERIFIED, Widget.READINESS_GITEA_REGISTRY, metadata=metadata, idempotency_key=key
        )
        assert (event.event_type, event.metadata) == ("ops-endpoint-verified", metadata)
        same = hub.emit(
            EventType.ENDPOINT_VERIFIED, Widget.READINESS_GITEA_REGISTRY, metadata=metadata, idempotency_key=key
        )
        assert same.id == event.id
        by_id = hub.emit(EventType.RISK_RAISED, event.widget_id, actor="probe")
        assert (by_id.widget_id, by_id.actor) == (event.widget_id, "probe")
        remark = hub.annotate(
            AnnotationCategory.ROUTING_GAP, Widget.SERVICE_GITEA, "No route.\nNone.", metadata={"a": 1}
        )
        assert (remark.category, remark.body, remark.metadata) == ("ops-routing-gap", "No route.\nNone.", {"a": 1})
        with pytest.raises(VsmhubError):
            hub.emit(EventType.RISK_RAISED, UUID(int=1))
        # Where no type checker looks, names may come as texts: they are told to be wrong, not to lack an attribute.
        for named, slug, said in (
            ("ops-nix", "ops-service-gitea", "ops-nix"),
            ("ops-drift", "nowhere", "no widget nowhere"),
        ):
            with pytest.raises(VsmhubError, match=said):
                hub.emit(cast("EventType", named), cast("Widget", slug))
        with pytest.raises(BadReport, match="body"):
            hub.annotate(AnnotationCategory.DRIFT, Widget.SERVICE_GITEA, "")
        hub.close()
        assert hub.emit(EventType.RISK_RAISED, Widget.SERVICE_GITEA).event_type == "ops-risk-raised"


def test_it_can_be_installed(tmp_path: Path) -> None:
    """As `pip install` does it, but with the build backend that is here already."""
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--no-index", "--no-deps"]
    done = subprocess.run(
        [*pip, "--no-build-isolation", "--target", str(tmp_path), str(CLIENT)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    installed = {path.name for path in (tmp_path / "ops_hub").iterdir()} - {"__pycache__"}
    assert installed == {"__init__.py", "hub.json", "py.typed", "vocabulary.py"}
