"""Files that are wrong: each ends in one message that says where and what to do, before any target is asked."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cli.commands import ROOT
from tests.cli.typed import Typed
from vsmhub.secrets.place import Place

OPS = ROOT / "hubs" / "ops" / "hub.yaml"
COMMANDS = ("plan", "apply", "status")


@dataclass(frozen=True)
class Wrong:
    """Replacements in a hub that is right, and the lines they are answered with, without the file's name."""

    changes: dict[str, str]
    lines: tuple[str, ...]


SPECS = {
    "several at once": Wrong(
        {"vsm_function: OPS": "vsm_funktion: OPS", "type: ops-readiness-gate": "type: ops-readines-gate"},
        ("(did you mean `vsm_function`?)", "(did you mean `ops-readiness-gate`?)"),
    ),
    "not YAML": Wrong({"hub:\n": "hub: [\n"}, ("a bracket is not closed",)),
    "a tab": Wrong({"hub:\n": "hub:\n\t"}, ("tab",)),
}


@pytest.mark.parametrize("name", SPECS)
def test_a_broken_spec(typed: Typed, name: str) -> None:
    wrong = SPECS[name]
    text = OPS.read_text()
    for old, new in wrong.changes.items():
        assert old in text
        text = text.replace(old, new)
    Path("hub").mkdir()
    Path("hub/hub.yaml").write_text(text)
    for command in COMMANDS:
        done = typed.run(command, "hub")
        assert (done.code, done.out) == (1, "")
        for line in wrong.lines:
            assert line in done.err
        complaints = done.err.removeprefix("error: ").splitlines()
        assert all(one.startswith(("hub/hub.yaml:", "hint: ")) for one in complaints), done.err
        first = complaints[0].split(":")
        assert all(part.isdigit() for part in first[1:3])
        assert not typed.keys.exists()


def test_two_broken_hubs_are_told_of_together(typed: Typed) -> None:
    for name in ("one", "two"):
        Path(name).mkdir()
        Path(name, "hub.yaml").write_text("spec: vsmhub/hub/v1\n")
    said = typed.run("plan", "one", "two").err
    assert "one/hub.yaml:" in said
    assert "two/hub.yaml:" in said


def test_a_folder_without_a_hub(typed: Typed) -> None:
    Path("empty").mkdir()
    done = typed.run("apply", "empty")
    assert done.code == 1
    assert "empty/hub.yaml: there is no such file" in done.err


SETTINGS = {
    "target = [": (1, "vsmhub.toml: "),
    "target = 'local'\nsame = = 1\n": (1, "vsmhub.toml:2:8: invalid value"),
    "targt = 'local'": (1, "targt: unknown key (did you mean target?)"),
    "targets = 3": (1, "targets: must be a table"),
    "[targets.local]\nbase = 3": (1, "targets.local.base: must be a text"),
    "[targets.local.command]\nread = 'pass show x'": (1, "targets.local.command.read: must be a list of texts"),
    "[targets.local]\nbse = 'x'": (1, "targets.local.bse: unknown key (did you mean base?)"),
    "[targets.local]\nsecrets = 'vault'": (1, "'file', 'environment', 'keyring' or 'command'"),
    "[targets.local.command]\nwrite = ['x']": (1, "targets.local.command.read: field required"),
    "target = 'prod'": (64, "there is no target prod"),
    "target = 'prod'\n[targets.prod]\nsecrets = 'file'": (64, "target prod has no base"),
    "target = 'prod'\n[targets.prod]\nbase = 'http://hub.example'": (1, "plain http to another machine"),
    "target = 'prod'\n[targets.prod]\nbase = 'https://me:planted@hub.example'": (1, "holds credentials"),
}


@pytest.mark.parametrize("text", SETTINGS)
def test_broken_settings(typed: Typed, text: str) -> None:
    code, said = SETTINGS[text]
    Path("vsmhub.toml").write_text(text)
    done = typed.run("status", OPS)
    assert (done.code, done.out) == (code, "")
    assert said in done.err
    assert "planted" not in done.err
    assert "\nhint: " in done.err


def _file(keys: Path, text: str = '{"secret": "planted"}') -> Path:
    file = keys / Place.of_operator("prod").target / "operator.json"
    file.parent.mkdir(parents=True)
    for folder in (keys, file.parent):
        folder.chmod(0o700)
    file.write_text(text)
    file.chmod(0o600)
    return file


def _wide(keys: Path) -> None:
    _file(keys).chmod(0o644)


def _wide_folder(keys: Path) -> None:
    _file(keys).parent.chmod(0o755)


def _torn(keys: Path) -> None:
    _file(keys, '{"secret": "plan')


def _linked(keys: Path) -> None:
    file = _file(keys)
    file.rename(file.with_name("real.json"))
    file.symlink_to("real.json")


KEYS: dict[str, tuple[Callable[[Path], None], str]] = {
    "no key": (lambda _: None, "set IHUB_OPERATOR_KEY, or keep it in file"),
    "others may read it": (_wide, "Run: chmod 0600 "),
    "others may enter its folder": (_wide_folder, "Run: chmod 0700 "),
    "torn": (_torn, "operator.json"),
    "a symbolic link": (_linked, "is a symbolic link"),
}


@pytest.mark.parametrize("name", KEYS)
def test_operators_keys_that_cannot_be_used(typed: Typed, name: str) -> None:
    Path("vsmhub.toml").write_text("target = 'prod'\n[targets.prod]\nbase = 'http://127.0.0.1:9'\n")
    make, said = KEYS[name]
    make(typed.keys)
    for command in COMMANDS:
        done = typed.run(command, OPS)
        assert (done.code, done.out) == (1, "")
        assert said in done.err
        assert "plan\n" not in done.err
        assert "planted" not in done.err
