"""`vsmhub serve` as others meet it, by HTTP; what `vsmhub apply` brings to it, and how it ends."""

import signal
from pathlib import Path

import httpx
import pytest

from tests.cli.commands import ROOT, Home
from tests.cli.serving import served
from tests.cli.typed import Typed
from vsmhub.secrets.file import FileStore
from vsmhub.secrets.place import Place
from vsmhub.spec.load import load_hub

pytestmark = pytest.mark.server
OPS = ROOT / "hubs" / "ops"


def client(base: str, home: Home, name: str) -> httpx.Client:
    """A client with the key that is kept under this name."""
    record = FileStore(home.folder / "vsmhub" / "keys").get(Place("local", name))
    assert record is not None
    given = httpx.post(f"{base}/token", json={"apiKey": record.secret.reveal()}, trust_env=False).json()
    return httpx.Client(
        base_url=base, headers={"Authorization": f"Bearer {given['accessToken']}"}, trust_env=False, timeout=30
    )


def test_what_others_see_of_ops_hub(folder: Path) -> None:
    home = Home(folder, {})
    with served(home, ended_by=signal.SIGINT) as base:
        # Target local, from a process of its own: on the same data.
        applied = home.run("apply", OPS, "--yes")
        assert applied.code == 0, applied.text
        unknown = httpx.get(f"{base}/hubs", trust_env=False)
        assert (unknown.status_code, unknown.headers["WWW-Authenticate"].split()[0]) == (401, "Bearer")
        with client(base, home, "operator") as operator:
            (entry,) = operator.get("/hub-registry").json()["data"]
            assert entry["hub"]["slug"] == "ops-hub"
            assert [entry["hub"][name] for name in ("hubFamily", "vsmFunction", "vsmSystem")] == ["vsm", "OPS", "S1"]
            for kind, terms in load_hub(OPS).vocabulary:
                listed = operator.get(f"/{kind.replace('_', '-')}").json()["data"]
                assert {one["name"] for one in listed} == set(terms)
        with client(base, home, "ops-hub") as hub:
            (widget,) = hub.get("/widgets", params={"slug": "ops-readiness-gitea-registry"}).json()["data"]
            event = {
                "widgetId": widget["id"],
                "eventType": "ops-endpoint-verified",
                "viewContext": widget["viewContext"],
                "metadata": {"status": 401, "realm": "gitea", "tags": ["registry", "v2"], "tls": {"days": 61}},
            }
            made = hub.post("/interaction-events", json=event)
            assert made.status_code == 201, made.text
            again = hub.get(f"/interaction-events/{made.json()['id']}").json()
            assert (again["eventType"], again["metadata"]) == (event["eventType"], event["metadata"])
            wrong = hub.post("/interaction-events", json={**event, "eventType": "ops-endpoint-verifed"})
            assert wrong.status_code == 422
            assert wrong.headers["Content-Type"] == "application/problem+json"
            (problem,) = wrong.json()["errors"]
            assert (problem["pointer"], problem["suggestions"][0]) == ("/eventType", "ops-endpoint-verified")
        # By its address it is a target like any other, with the same keys.
        (folder / "vsmhub.toml").write_text(f'[targets.local]\nbase = "{base}"\n')
        assert home.run("apply", OPS).out.startswith("ok  ops-hub is in Inter-Hub at local (")
        (folder / "vsmhub.toml").unlink()
    assert home.run("plan", OPS).code == 0


def test_interrupted_while_it_starts(folder: Path) -> None:
    home = Home(folder, {})
    process = home.start("serve", "--port", "0")
    state = folder / "vsmhub" / "data"
    while not state.exists():
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, "")
    assert err == "error: interrupted; the next run continues from here\n"
    assert home.run("apply", OPS, "--yes").code == 0


@pytest.mark.parametrize(
    ("host", "warned"),
    [("192.0.2.1", True), ("here.invalid", True), ("127.0.0.1", False), ("localhost", False), ("::1", False)],
)
def test_whoever_lets_others_in_is_told_how_keys_travel(typed: Typed, host: str, warned: bool) -> None:
    done = typed.run("serve", "--host", host, "--port", "70000")  # there is no such port, so that nothing listens
    assert done.code == 1
    assert "70000 is no port" in done.err
    assert ("keys travel readable" in done.err) is warned
