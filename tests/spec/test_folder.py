"""A hub's folder is read as a whole: every file's complaints, and what the files say of each other."""

from pathlib import Path

import pytest

from tests.spec.examples import HUB, hub_text
from tests.spec.inventory.examples import INVENTORY, inventory_text
from vsmhub.spec.errors import SpecError
from vsmhub.spec.folder import load_folder, read_folder

WITH_HOSTS = hub_text(("    xyz-claim: {description: Who has what}", "    xyz-host: A machine"))
SCOPED = ("sources:\n", "widgets: {policy_scope: xyz-pairwise}\nsources:\n")


def write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text)
    return folder


def rules(folder: Path) -> list[str]:
    return [f"{one.file.name}: {one.rule}" for one in read_folder(folder).complaints]


def test_a_hub_alone_is_a_folder(tmp_path: Path) -> None:
    write(tmp_path, hub=HUB)
    for path in (tmp_path, tmp_path / "hub.yaml"):
        folder = load_folder(path)
        assert (folder.path, folder.inventory, folder.signals) == (tmp_path, None, None)
        assert folder.declared() == folder.hub


def test_the_inventory_adds_its_widgets(tmp_path: Path) -> None:
    folder = load_folder(write(tmp_path, hub=WITH_HOSTS, inventory=inventory_text(SCOPED)))
    assert [one.slug for one in folder.declared().widgets] == ["xyz-main", "xyz-host-one"]


SIGNAL = """\
spec: vsmhub/signals/v1
signals:
  - name: web
    why: Somebody uses it
    fix: Start it again
    probe: {http: {url: "https://example.org/"}}
    expect: [status == 200]
    emits: [{event: xyz-claimed, widget: xyz-host-one}]
"""


def test_signals_may_be_about_what_the_inventory_adds(tmp_path: Path) -> None:
    write(tmp_path, hub=WITH_HOSTS, signals=SIGNAL)
    assert rules(tmp_path) == ["signals.yaml: widget"]
    write(tmp_path, inventory=inventory_text(SCOPED))
    assert rules(tmp_path) == []
    assert load_folder(tmp_path).signals is not None


def test_all_complaints_come_together(tmp_path: Path) -> None:
    write(
        tmp_path, hub=HUB.replace("S2", "S3"), inventory=INVENTORY.replace("owner: tools", "owner: tool"), signals="[]"
    )
    assert rules(tmp_path) == ["hub.yaml: vsm-system", "inventory.yaml: reference", "signals.yaml: wrong-kind"]
    with pytest.raises(SpecError) as caught:
        load_folder(tmp_path)
    assert len(caught.value.complaints) == 3


def test_what_does_not_fit_the_hub_is_told_at_its_place(tmp_path: Path) -> None:
    write(tmp_path, hub=WITH_HOSTS, inventory=INVENTORY)
    (complaint,) = read_folder(tmp_path).complaints
    assert (complaint.file.name, complaint.line, complaint.rule) == ("inventory.yaml", 11, "widget")
    assert read_folder(tmp_path).folder is None


def test_a_folder_without_a_hub_is_none(tmp_path: Path) -> None:
    assert rules(write(tmp_path, inventory=INVENTORY)) == ["hub.yaml: file"]
