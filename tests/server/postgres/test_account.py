"""Root gives PostgreSQL to an account without rights."""

from pathlib import Path

import pytest

from tests.server.postgres.using import as_root
from vsmhub.server.errors import PostgresError
from vsmhub.server.postgres import account as accounts
from vsmhub.server.postgres import embedded


@as_root
def test_root_gives_postgresql_to_an_account_without_rights(data: Path) -> None:
    hold = embedded.start(data)
    try:
        account = accounts.for_postgres(data / "cluster")
        owner = (data / "cluster").stat()
        assert account == accounts.Account(owner.st_uid, owner.st_gid)
        assert owner.st_uid != 0
        status = Path(f"/proc/{hold.pid}/status").read_text()
        assert f"Uid:\t{owner.st_uid}\t{owner.st_uid}\t{owner.st_uid}\t{owner.st_uid}\n" in status
        assert "Groups:\t \n" in status or "Groups:\t\n" in status
    finally:
        hold.stop()


@as_root
def test_an_account_that_cannot_be_made(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accounts, "NAME", "no-such-user")
    assert accounts.for_postgres(folder / "cluster", useradd="/nonexistent/useradd")
    monkeypatch.setattr(accounts, "STAND_INS", ())
    with pytest.raises(PostgresError, match="does not run as root") as caught:
        accounts.for_postgres(folder / "cluster", useradd="/nonexistent/useradd")
    assert "VSMHUB_DATABASE_URL" in caught.value.hint
