"""The files of the embedded PostgreSQL: made whole or not at all, and checked before they are used."""

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from vsmhub.server.errors import DataUnusable, DiskFull, PostgresError
from vsmhub.server.postgres.account import Account
from vsmhub.server.postgres.installation import MAJOR, Installation

SUPERUSER = "vsmhub"
OPTIONS = (
    "--no-instructions",
    "--encoding=UTF8",
    # The order of text is PostgreSQL's own, so it does not move with the system's C library.
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--locale=C",
    # Who reaches the socket, in a directory of this user's alone, has already been let in.
    "--auth=trust",
    f"--username={SUPERUSER}",
)
LAST_LINES = 5
LOG_PREFIX = re.compile(r"^\S+ \S+ \S+ \[\d+\] ")
LEAST_SPACE = 1 << 20
NO_SPACE = "No space left on device"


def prepare(data: Path, account: Account | None) -> None:
    """Make the folder `data`: this user's alone, except that `account` may pass through it.

    No folder that exists is opened to anyone. DataUnusable when `account` cannot get there.
    """
    missing = [folder for folder in (data, *data.parents) if not folder.exists()]
    for folder in reversed(missing):
        folder.mkdir(exist_ok=True)
        folder.chmod(0o755 if account and folder != data else 0o700)
    if account is None:
        return
    if data.stat().st_uid == 0 and not account.may_enter(data):
        os.chown(data, 0, account.group)
        data.chmod(0o710)
    if not account.may_enter(data):
        raise DataUnusable(
            f"PostgreSQL does not run as root, and its own account cannot reach {data}",
            hint="choose a VSMHUB_HOME that others may pass through, or set VSMHUB_DATABASE_URL",
        )


def check(cluster: Path) -> bool:
    """Whether there is a cluster; DataUnusable when it is another version's or is not whole."""
    if not cluster.exists():
        return False
    try:
        version = (cluster / "PG_VERSION").read_text().strip()
    except PermissionError as error:
        raise DataUnusable(f"{cluster} belongs to another user", hint="set VSMHUB_HOME to a folder of yours") from error
    except OSError:
        version = ""
    if not version:
        raise DataUnusable(
            f"{cluster} is damaged: PG_VERSION is missing or empty", hint="restore it, or move it away to start empty"
        )
    if version != str(MAJOR):
        raise DataUnusable(
            f"{cluster} was made by PostgreSQL {version}, and this vsmhub runs PostgreSQL {MAJOR}",
            hint=f"dump it with PostgreSQL {version}, or move it away to start empty",
        )
    return True


def clear(data: Path) -> None:
    """Remove what a run left that was killed while it made a cluster."""
    for left in data.glob("new-*"):
        shutil.rmtree(left, ignore_errors=True)


def make(cluster: Path, installation: Installation, account: Account | None) -> None:
    """Make an empty cluster: under another name first, so that one that is there is whole.

    DiskFull or PostgresError when that fails, with nothing left of it. The files are not yet forced to the disk; `sync`
    does that.
    """
    new = Path(tempfile.mkdtemp(dir=cluster.parent, prefix="new-"))
    try:
        if account is not None:
            account.take(new)
        with start([str(installation.initdb), "--no-sync", *OPTIONS, "-D", str(new)], account) as process:
            try:
                said = process.communicate()[0].decode(errors="replace")
            except BaseException:
                process.kill()
                raise
        if process.returncode != 0:
            raise failure("PostgreSQL's data directory cannot be made", said, cluster)
        unsynced(cluster).touch()
        new.rename(cluster)
    finally:
        shutil.rmtree(new, ignore_errors=True)


def unsynced(cluster: Path) -> Path:
    """The file that is there as long as a new cluster may not have reached the disk."""
    return cluster.parent / "unsynced"


def sync(cluster: Path, installation: Installation, account: Account | None) -> subprocess.Popen[bytes] | None:
    """Begin to force a new cluster to the disk; None when that has been done. `synced` waits for it.

    It takes a tenth of a second or more, and PostgreSQL can be used meanwhile.
    """
    if not unsynced(cluster).exists():
        return None
    return start([str(installation.initdb), "--sync-only", "-D", str(cluster)], account)


def synced(cluster: Path, process: subprocess.Popen[bytes] | None) -> None:
    """Wait for what `sync` began; when the waiting is interrupted, the next use of the cluster begins it again."""
    if process is None:
        return
    with process:
        try:
            process.communicate()
        except BaseException:
            process.kill()
            raise
    if process.returncode == 0:
        unsynced(cluster).unlink(missing_ok=True)


def start(command: list[str], account: Account | None, output: int | None = None) -> subprocess.Popen[bytes]:
    """Start one of PostgreSQL's programs as `account`, out of reach of the terminal's Ctrl-C.

    What it says goes to the descriptor `output`, or to a pipe.
    """
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE if output is None else output,
        stderr=subprocess.STDOUT,
        cwd="/",  # the account may not be able to enter the present one
        # Nothing of the user's PG… variables; English, because the text is searched; a time zone, because looking for
        # the system's takes time.
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"},
        start_new_session=True,
        user=account.user if account else None,
        group=account.group if account else None,
        extra_groups=[] if account else None,
    )


def failure(what: str, said: str, cluster: Path) -> PostgresError:
    """The error for what PostgreSQL said when it failed: its last lines are quoted."""
    # A log on a full disk says nothing.
    if NO_SPACE in said or shutil.disk_usage(cluster.parent).free < LEAST_SPACE:
        return DiskFull(f"{what}: the disk of {cluster.parent} is full", hint="make room there, then run this again")
    lines = [LOG_PREFIX.sub("", line).strip() for line in said.splitlines() if line.strip()]
    quoted = "; ".join(lines[-LAST_LINES:])
    return PostgresError(f"{what}: {quoted}" if quoted else what, hint=f"its folder is {cluster.parent}")
