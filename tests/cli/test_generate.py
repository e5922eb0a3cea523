"""`vsmhub generate`, as it is typed."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from vsmhub.cli.app import run

Captured = pytest.CaptureFixture[str]
REPOSITORY = Path(__file__).parents[2]
HUBS = sorted(file.parent for file in (REPOSITORY / "hubs").glob("*/hub.yaml"))


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A constellation with ops-hub alone, as it is written by hand."""
    folder = tmp_path / "hubs" / "ops"
    folder.mkdir(parents=True)
    shutil.copy(REPOSITORY / "hubs/ops/hub.yaml", folder)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("hub", HUBS, ids=lambda hub: hub.name)
def test_the_artifacts_in_this_repository_are_current(hub: Path, capsys: Captured) -> None:
    code = run(["generate", "--check", str(hub)])
    assert code == 0, f"run `vsmhub generate hubs/{hub.name}`: {capsys.readouterr().out[:2000]}"


@pytest.mark.parametrize("hub", HUBS, ids=lambda hub: hub.name)
def test_the_clients_in_this_repository_are_formatted(hub: Path) -> None:
    ruff = [sys.executable, "-m", "ruff", "format", "--diff", "--no-cache", "--config", f"{REPOSITORY}/pyproject.toml"]
    done = subprocess.run([*ruff, str(hub / "client")], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("named", [["hubs/ops"], ["ops"], ["ops-hub"], ["hubs/ops/hub.yaml"], []])
def test_the_hub_may_be_named_or_found(here: Path, named: list[str], capsys: Captured) -> None:
    assert run(["generate", *named]) == 0
    made = len(files(here / "hubs/ops")) - 1  # hub.yaml is there before
    assert f"hubs/ops: {made} artifacts, {made} written" in capsys.readouterr().out
    assert run(["generate", *named]) == 0
    assert capsys.readouterr().out == f"hubs/ops: {made} artifacts, all as they were\n"
    assert run(["generate", *named, "--check"]) == 0


def test_the_hub_here(here: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    monkeypatch.chdir(here / "hubs/ops")
    assert run(["generate"]) == 0
    assert "made     generated/manifest.json\n" in capsys.readouterr().out


def test_where_it_is_generated_makes_no_difference(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(["generate", "hubs/ops"])
    once = files(here)
    shutil.rmtree(here / "hubs/ops/generated")
    monkeypatch.chdir(here / "hubs/ops")
    run(["generate", "."])
    assert files(here) == once


def test_check_shows_what_is_stale_and_writes_nothing(here: Path, capsys: Captured) -> None:
    run(["generate"])
    spec = here / "hubs/ops/hub.yaml"
    spec.write_text(spec.read_text().replace("name: Ops Hub", "name: Operations"))
    (here / "hubs/ops/generated/manifest.json").unlink()
    (here / "hubs/ops/generated/notes.md").write_text("mine\n")
    before = files(here)
    capsys.readouterr()
    assert run(["generate", "--check"]) == 1
    said = capsys.readouterr()
    assert "hubs/ops/generated/manifest.json: missing\n" in said.out
    assert "hubs/ops/generated/notes.md: not an artifact, in a folder of artifacts\n" in said.out
    assert "-# Vocabulary of Ops Hub\n+# Vocabulary of Operations\n" in said.out
    assert "not what the specs give" in said.err
    assert files(here) == before


def test_a_file_that_is_no_artifact_is_said_and_stays(here: Path, capsys: Captured) -> None:
    run(["generate"])
    (here / "hubs/ops/generated/notes.md").write_text("mine\n")
    assert run(["generate"]) == 1
    assert "hubs/ops/generated/notes.md is not an artifact" in capsys.readouterr().err
    assert (here / "hubs/ops/generated/notes.md").read_text() == "mine\n"


def test_facts_for_programs(here: Path, capsys: Captured) -> None:
    assert run(["generate", "--check", "--json"]) == 1
    facts = json.loads(capsys.readouterr().out)
    assert [hub["hub"] for hub in facts["hubs"]] == ["hubs/ops"]
    assert {one["state"] for one in facts["hubs"][0]["differences"]} == {"missing"}


def test_a_broken_spec_writes_nothing_anywhere(here: Path, capsys: Captured) -> None:
    broken = here / "hubs/syn/hub.yaml"
    broken.parent.mkdir()
    broken.write_text("spec: vsmhub/hub/v1\n")
    assert run(["generate"]) == 1
    assert "hubs/syn/hub.yaml:" in capsys.readouterr().err
    assert not (here / "hubs/ops/generated").exists()


def test_no_hub_is_wrong_usage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["generate"]) == 64
    assert run(["generate", "nowhere"]) == 64
    assert "there is no hub at nowhere" in capsys.readouterr().err


def test_a_capability_that_inter_hub_would_refuse_is_refused_here(here: Path, capsys: Captured) -> None:
    spec = here / "hubs/ops/hub.yaml"
    old = "{description: Old, deprecated: {since: 1.0.0, reason: " + "x" * 190 + "}}"
    many = "".join(f"    ops-old-{number}: {old}\n" for number in range(400))
    spec.write_text(spec.read_text().replace("  event_types:\n", f"  event_types:\n{many}"))
    assert run(["generate"]) == 1
    said = capsys.readouterr().err
    assert "generated/manifest.json of ops-hub does not fulfil the contract hub-capability-manifest-v1" in said
    assert "/capability: holds " in said
    assert not (here / "hubs/ops/generated").exists()
