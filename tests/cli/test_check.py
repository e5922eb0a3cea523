"""`vsmhub check` tells everything at once, in the form that was asked for, and its exit code says whether to go on."""

import json
import re
from pathlib import Path

import pytest
import yaml

from tests.spec.examples import HUB, hub_text
from vsmhub.cli.app import run
from vsmhub.spec.file_names import BESIDE_HUB, HUB_FILE

ROOT = Path(__file__).parents[2]


@pytest.fixture
def hubs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of two hubs that are in order, as the working directory."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    write("hubs/xyz", HUB)
    write("hubs/abc", HUB.replace("xyz", "abc").replace("to: abc-hub", "to: xyz-hub"))
    return tmp_path / "hubs"


def write(folder: str, text: str) -> None:
    Path(folder).mkdir(parents=True, exist_ok=True)
    Path(folder, "hub.yaml").write_text(text)


def test_all_hubs_are_meant_when_none_is_named(hubs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check"]) == 0
    assert capsys.readouterr().out == "2 hubs checked: all in order\n"


def test_hubs_are_named_by_folder_by_file_or_by_the_folder_around_them(
    hubs: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(["check", "hubs/xyz", "hubs/xyz/hub.yaml"]) == 0
    assert capsys.readouterr().out == "1 hub checked: all in order\n"
    assert run(["check", "hubs"]) == 0
    assert capsys.readouterr().out == "2 hubs checked: all in order\n"
    monkeypatch.chdir(hubs / "xyz")
    assert run(["check"]) == run(["check", "."]) == 0
    assert capsys.readouterr().out == "1 hub checked: all in order\n" * 2


def test_structure_references_and_names_are_told_together(hubs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(
        "hubs/xyz",
        hub_text(("  name: Xyz Hub\n", ""), ("type: xyz-board", "type: xyz-bord"), ("xyz-claim: {", "claim: {")),
    )
    write("hubs/abc", HUB.replace("xyz", "abc").replace("abc-pairwise", "xyz-pairwise").replace("to: abc-hub", "to: a"))
    assert run(["check", "hubs/xyz", "hubs/abc"]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "hubs/xyz/hub.yaml:3:3: error: `hub.name` is missing [missing-key]",
        (
            "hubs/xyz/hub.yaml:16:5: error: the widget type `claim` does not begin with `xyz-` "
            "(call it `xyz-claim`) [name-prefix]"
        ),
        (
            "hubs/xyz/hub.yaml:31:11: error: `xyz-bord` is not declared in `vocabulary.widget_types` "
            "(did you mean `xyz-board`?) [widget-type]"
        ),
        (
            "hubs/abc/hub.yaml:23:5: error: the policy scope `xyz-pairwise` does not begin with `abc-` "
            "(call it `abc-xyz-pairwise`) [name-prefix]"
        ),
        "hubs/abc/hub.yaml:23:5: error: `xyz-pairwise` belongs to xyz-hub (hubs/xyz/hub.yaml:22) [name-owner]",
        "2 hubs checked: 5 errors, 0 warnings",
    ]


def test_forms_for_machines_hold_nothing_else(hubs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write("hubs/xyz", "nonsense")
    assert run(["check", "--format", "json"]) == 1
    told = capsys.readouterr().out
    assert json.loads(told)["errors"] == 1
    assert run(["check", "--json"]) == 1
    assert capsys.readouterr().out == told
    assert run(["check", "--format", "github"]) == 1
    assert capsys.readouterr().out.startswith("::error file=hubs/xyz/hub.yaml,line=1,col=1,title=wrong-kind::")
    assert run(["check", "--format", "sarif"]) == 1
    rules = json.loads(capsys.readouterr().out)["runs"][0]["tool"]["driver"]["rules"]
    assert rules == [{"id": "wrong-kind", "shortDescription": {"text": "A value is of the kind its key takes"}}]


def test_artifacts_are_what_the_spec_gives_once_there_are_any(hubs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["generate", "hubs/xyz"]) == 0
    assert run(["check"]) == 0
    capsys.readouterr()
    assert run(["vocab", "add", "hubs/xyz", "event-type", "xyz-new", "New"]) == 0
    manifest = Path("hubs/xyz/generated/manifest.json")
    seeds = Path("hubs/xyz/generated/widgets.seed.json")
    seeds.unlink()
    capsys.readouterr()
    assert run(["check"]) == 1
    said = capsys.readouterr().out.splitlines()
    assert f"{manifest}: error: not what the spec gives (run vsmhub generate hubs/xyz) [artifact]" in said
    assert f"{seeds}: error: missing (run vsmhub generate hubs/xyz) [artifact]" in said
    assert run(["generate", "hubs/xyz"]) == run(["check"]) == 0


def test_what_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["check"]) == 64
    assert "there is no hub.yaml here" in capsys.readouterr().err
    assert run(["check", "none"]) == 64
    assert "there is no hub at none" in capsys.readouterr().err
    (tmp_path / "hubs" / "xyz").mkdir(parents=True)
    assert run(["check", "xyz"]) == 1
    assert capsys.readouterr().out.splitlines()[0] == "hubs/xyz/hub.yaml: error: there is no such file [file]"
    assert run(["check", "--format", "xml"]) == 64


def test_the_hubs_of_this_repository(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)
    assert run(["check"]) == 0
    assert "all in order" in capsys.readouterr().out


def test_the_pre_commit_hook_runs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    assert hook["id"] == "vsmhub-check"
    program, *arguments = hook["entry"].split()
    assert program == "vsmhub"
    monkeypatch.chdir(ROOT)
    assert run(arguments) == 0
    looked_at = (HUB_FILE, *BESIDE_HUB, "generated/manifest.json", "client/README.md")
    assert all(re.search(hook["files"], path) for name in looked_at for path in (name, f"hubs/ops/{name}"))
    assert not re.search(hook["files"], "docs/hubs.yaml")
    own = yaml.safe_load((ROOT / "templates/standalone/.pre-commit-config.yaml.jinja").read_text())
    hooks = [one for one in own["repos"][0]["hooks"] if one["entry"].startswith("vsmhub")]
    assert all(re.search(one["files"], name) for one in hooks for name in looked_at)
