"""`vsmhub update`, as it is typed."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from vsmhub.cli.app import run
from vsmhub.render.destination import place
from vsmhub.render.questions import answers
from vsmhub.render.scaffold import scaffold
from vsmhub.render.template import Form, load_template, templates_root

Captured = pytest.CaptureFixture[str]
README = Path("hubs/syn/README.md")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A constellation with one hub, made when the README of the template was a line longer."""
    templates = tmp_path / "templates"
    shutil.copytree(templates_root(), templates)
    readme = templates / "hub" / "README.md.jinja"
    readme.write_text(readme.read_text() + "\nOf the older template.\n")
    of = load_template(Form.HUB, templates)
    here = tmp_path / "here"
    place(scaffold(of, answers(of.questions, {"slug": "syn-hub"}, "syn")).complete(), here / "hubs" / "syn")
    monkeypatch.chdir(here)
    return here


def test_a_dry_run_shows_a_diff_that_leads_to_the_same(here: Path, capsys: Captured) -> None:
    README.write_text("Mine, first.\n" + README.read_text())
    assert run(["update", "--dry-run"]) == 2
    diff = capsys.readouterr().out
    assert "-Of the older template.\n" in diff
    copy = here / "copy"
    shutil.copytree("hubs", copy / "hubs")
    subprocess.run(["git", "apply", "-p1", "-"], input=diff.encode(), cwd=copy, check=True)
    assert run(["update"]) == 0
    assert "hubs/syn:\n  merged           README.md\n" in capsys.readouterr().out
    assert README.read_text() == (copy / README).read_text()
    assert README.read_text().startswith("Mine, first.\n")
    assert run(["update", "--dry-run"]) == 0


def test_a_conflict_ends_with_a_failure(here: Path, capsys: Captured) -> None:
    README.write_text(README.read_text().replace("Of the older", "Of my own"))
    assert run(["update", "hubs/syn", "--dry-run"]) == 1
    assert "<<<<<<<" not in README.read_text()
    assert run(["update", "hubs/syn"]) == 1
    assert "conflict         README.md" in capsys.readouterr().out
    before = README.read_text()
    assert "Of my own template.\n" in before
    assert run(["update", "hubs/syn"]) == 1
    assert "conflict markers stand in hubs/syn/README.md" in capsys.readouterr().err
    assert README.read_text() == before


def test_facts_as_json(here: Path, capsys: Captured) -> None:
    assert run(["update", "--json"]) == 0
    (facts,) = json.loads(capsys.readouterr().out)
    assert (facts["hub"], facts["template"], facts["conflicts"]) == ("hubs/syn", "hub", 0)
    assert {file["path"] for file in facts["files"] if file["changes"]} == {"README.md"}


def test_one_hub_that_is_refused_holds_all_others(here: Path, capsys: Captured) -> None:
    assert run(["new", "zzz-hub", "--function", "OPS"]) == 0
    Path("hubs/zzz/README.md").write_text("<<<<<<< yours\n>>>>>>> theirs\n")
    before = README.read_text()
    assert run(["update"]) == 1
    assert "hubs/zzz/README.md" in capsys.readouterr().err
    assert README.read_text() == before


def test_a_hub_that_nobody_scaffolded(here: Path, capsys: Captured) -> None:
    hub = Path("hubs/night")
    hub.mkdir()
    text = Path("hubs/syn/hub.yaml").read_text()
    (hub / "hub.yaml").write_text(text.replace("syn", "nig").replace("SYN", "AUD").replace("S2", "S3*"))
    assert run(["update", "hubs/night"]) == 1
    assert "--adopt" in capsys.readouterr().err
    assert run(["update", "hubs/night", "--adopt"]) == 0
    assert "# Nig Hub" not in (hub / "hub.yaml").read_text()
    assert "`nig-hub` serves the function AUD" in (hub / "README.md").read_text()
    assert run(["update", "hubs/night", "--dry-run"]) == 0


DRAFT = """\
# A first draft.
slug: old-hub
domain: old.example.org
vsmFunction: AUD
vsmSystem: S3*  # independent
widgetTypes: [old-register]
eventTypes: [old-register-opened]
policyScopes: [old-internal]
widgets:
  - {slug: old-main, name: Main, widgetType: old-register, policyScope: old-internal, viewContext: old}
"""


@pytest.mark.parametrize("draft", [DRAFT, "spec: vsmhub/hub/v0\n" + DRAFT])
def test_an_old_spec_becomes_a_new_one(draft: str, here: Path, capsys: Captured) -> None:
    Path("hubs/old").mkdir()
    file = Path("hubs/old/hub.yaml")
    file.write_text(draft)
    assert run(["check", "hubs/old"]) == 1
    assert run(["update", "hubs/old", "--adopt", "--dry-run"]) == 2
    assert file.read_text() == draft
    capsys.readouterr()
    assert run(["update", "hubs/old", "--adopt"]) == 0
    assert "migrated         hub.yaml  (from vsmhub/hub/v0 to vsmhub/hub/v1)" in capsys.readouterr().out
    assert "# A first draft.\n" in file.read_text()
    assert "  vsm_system: S3*  # independent\n" in file.read_text()
    assert run(["check", "hubs/old"]) == 0
    assert run(["update", "hubs/old", "--dry-run"]) == 0


def test_used_wrongly(here: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(["update", "hubs/nowhere"]) == 64
    monkeypatch.chdir(here.parent)
    assert run(["update"]) == 64
    assert "there is no scaffold here" in capsys.readouterr().err
    (here.parent / "hub.yaml").touch()
    assert run(["update"]) == 64
    assert "vsmhub update --adopt . makes one of that hub" in capsys.readouterr().err
