"""What the wheel brings: from an empty folder and an installed vsmhub to hubs that check, test and apply."""

import base64
import hashlib
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import venv
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from vsmhub.render.record import RECORD

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Installed:
    """An environment with the wheel in it; the wheel's dependencies are those of this environment."""

    environment: Path
    home: Path
    wheel: Path

    def run(self, *command: str | Path, cwd: Path, path: str = os.defpath) -> str:
        variables = {
            "HOME": str(self.home),
            "VSMHUB_HOME": str(self.home / "vsmhub"),
            "PATH": f"{self.environment / 'bin'}:{Path(sys.executable).parent}:{path}",
            "LANG": "C.UTF-8",
        }
        done = subprocess.run(
            command, cwd=cwd, env=variables, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
        return done.stdout

    def python(self, *arguments: str | Path, cwd: Path) -> str:
        return self.run(self.environment / "bin" / "python", *arguments, cwd=cwd)

    def vsmhub(self, *arguments: str | Path, cwd: Path) -> str:
        return self.run(self.environment / "bin" / "vsmhub", *arguments, cwd=cwd)


@pytest.fixture(scope="module")
def installed() -> Iterator[Installed]:
    folder = Path(tempfile.mkdtemp(prefix="vsmhub-test-", dir="/tmp"))
    folder.chmod(0o755)
    try:
        # The sources are copied, so that nothing is built into the checkout.
        shutil.copytree(ROOT / "vsmhub", folder / "source" / "vsmhub", ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copytree(ROOT / "templates", folder / "source" / "templates")
        for name in ("pyproject.toml", "README.md", "LICENSE"):
            shutil.copy(ROOT / name, folder / "source" / name)
        build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder / "dist")]
        subprocess.run(build, cwd=folder / "source", check=True, capture_output=True)
        shutil.rmtree(folder / "source")
        (wheel,) = (folder / "dist").glob("*.whl")
        environment = folder / "environment"
        venv.create(environment, with_pip=False, symlinks=True)
        pip = [sys.executable, "-m", "pip", "--python", str(environment / "bin" / "python")]
        install = [*pip, "install", "--quiet", "--no-deps", "--no-index", str(wheel)]
        subprocess.run(install, check=True, capture_output=True)
        (own,) = environment.glob("lib/python*/site-packages")
        (own / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
        yield Installed(environment, folder / "home", wheel)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def empty(folder: Path) -> Path:
    return folder


def test_the_wheel_holds_all_templates(installed: Installed) -> None:
    templates = {path.relative_to(ROOT).as_posix() for path in (ROOT / "templates").rglob("*") if path.is_file()}
    with zipfile.ZipFile(installed.wheel) as wheel:
        assert {f"vsmhub/{name}" for name in templates} <= set(wheel.namelist())


def test_it_is_the_wheel_that_runs(installed: Installed, empty: Path) -> None:
    where = installed.python("-c", "import vsmhub; print(vsmhub.__file__)", cwd=empty)
    assert Path(where).is_relative_to(installed.environment)


@pytest.mark.server
def test_a_folder_in_a_constellation(installed: Installed, empty: Path) -> None:
    installed.vsmhub("new", "xyz-hub", "--function", "SYN", cwd=empty)
    assert "1 hub checked: all in order" in installed.vsmhub("check", cwd=empty)
    installed.vsmhub("generate", "hubs/xyz", cwd=empty)
    installed.vsmhub("generate", "hubs/xyz", "--check", cwd=empty)
    assert "2 passed" in installed.python("-m", "pytest", "-q", "hubs/xyz", cwd=empty)
    assert "hubs/xyz: nothing to do" in installed.vsmhub("update", cwd=empty)
    assert "xyz-hub is in Inter-Hub" in installed.vsmhub("apply", "hubs/xyz", "--yes", cwd=empty)
    assert "no changes" in installed.vsmhub("apply", "hubs/xyz", "--yes", cwd=empty).lower()


def test_a_repository_of_its_own(installed: Installed, empty: Path) -> None:
    installed.vsmhub("new", "night-watch", "--function", "AUD", "--standalone", cwd=empty)
    hub = empty / "night-watch"
    installed.vsmhub("generate", ".", cwd=hub)
    installed.run("make", "check", cwd=hub)
    installed.run("ruff", "check", ".", cwd=hub)
    installed.run("ruff", "format", "--check", ".", cwd=hub)
    assert "2 passed" in installed.python("-m", "pytest", "-q", cwd=hub)
    installed.python("-m", "mypy", cwd=hub)
    installed.run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", empty / "dist", cwd=hub)
    (wheel,) = (empty / "dist").glob("*.whl")
    with zipfile.ZipFile(wheel) as collectors:
        assert "night_watch_collectors/py.typed" in collectors.namelist()


def test_an_update_needs_neither_git_nor_older_templates(installed: Installed, empty: Path) -> None:
    """The hub is made to be one of an older template, whose README had a line more, and edited by hand."""
    installed.vsmhub("new", "syn-hub", cwd=empty)
    readme, record = empty / "hubs" / "syn" / "README.md", empty / "hubs" / "syn" / RECORD
    newest = readme.read_text()
    older = (newest + "Of the older template.\n").encode()
    told = json.loads(record.read_text())
    told["files"]["README.md"]["base"] = base64.b64encode(zlib.compress(older)).decode()
    told["files"]["README.md"]["sha256"] = hashlib.sha256(older).hexdigest()
    record.write_text(json.dumps(told))
    readme.write_text("Mine.\n" + older.decode())
    update = (installed.environment / "bin" / "vsmhub", "update")
    assert "merged           README.md" in installed.run(*update, cwd=empty, path="")
    assert readme.read_text() == "Mine.\n" + newest


def test_copier_takes_the_templates_of_the_wheel(installed: Installed, empty: Path) -> None:
    templates = next(installed.environment.glob("lib/python*/site-packages/vsmhub/templates"))
    copier = Path(sys.executable).parent / "copier"
    installed.run(copier, "copy", "--defaults", "--quiet", templates / "hub", empty / "syn", cwd=empty)
    assert "1 hub checked: all in order" in installed.vsmhub("check", "syn", cwd=empty)
    assert "syn: nothing to do" not in installed.vsmhub("update", "syn", cwd=empty)
    assert "syn: nothing to do" in installed.vsmhub("update", "syn", cwd=empty)
