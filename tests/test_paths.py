"""Where things are kept, for each kind of user and home."""

from pathlib import Path

import pytest

from vsmhub.paths import Paths, PathsError, enterable


def test_home_overrides_everything(tmp_path: Path) -> None:
    found = Paths.from_environment({"VSMHUB_HOME": str(tmp_path)}, root=False)
    assert found == Paths(tmp_path, tmp_path / "state", tmp_path / "keys", tmp_path / "data")


def test_home_is_made_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert Paths.from_environment({"VSMHUB_HOME": "here"}, root=False).state == tmp_path / "here" / "state"


def test_platform_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CONFIG", "STATE", "DATA"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    found = Paths.from_environment({}, root=False)
    assert all(path.is_relative_to(tmp_path) for path in (found.config, found.state, found.keys, found.data))
    assert not found.keys.is_relative_to(found.config), "settings are put under version control, keys must not be"
    assert not any(tmp_path.iterdir()), "asking where things are makes nothing"


def test_no_home_directory(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("os.path.expanduser", lambda path: path)  # an account that the password file does not know
    with pytest.raises(PathsError) as caught:
        Paths.from_environment({}, root=False)
    assert "VSMHUB_HOME" in caught.value.hint


def test_root_keeps_the_database_of_a_closed_home_elsewhere(folder: Path) -> None:
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    one, two = (
        Paths.from_environment({"VSMHUB_HOME": str(closed / name)}, root=True, system=folder / "system")
        for name in ("one", "two")
    )
    assert one.data.parent == two.data.parent == folder / "system"
    assert one.data != two.data, "two homes do not share a database"
    assert one.state == closed / "one" / "state"
    assert not (folder / "system").exists()


def test_root_keeps_the_database_of_an_open_home_there(folder: Path) -> None:
    found = Paths.from_environment({"VSMHUB_HOME": str(folder / "home")}, root=True, system=folder / "system")
    assert found.data == folder / "home" / "data"


@pytest.mark.parametrize("first_open", [True, False])
def test_root_stays_with_the_database_that_exists(folder: Path, first_open: bool) -> None:
    """A home that is opened or closed later must not start an empty database beside the full one."""
    home = folder / "home"
    home.mkdir(mode=0o755 if first_open else 0o700)

    def where() -> Path:
        return Paths.from_environment({"VSMHUB_HOME": str(home)}, root=True, system=folder / "system").data

    first = where()
    (first / "cluster").mkdir(parents=True)
    home.chmod(0o700 if first_open else 0o755)
    assert where() == first


def test_enterable_follows_links(folder: Path) -> None:
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    (folder / "link").symlink_to(closed)
    assert enterable(folder / "data")
    assert not enterable(folder / "link" / "data")
