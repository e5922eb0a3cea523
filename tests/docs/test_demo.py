"""`make demo` shows what it says, and leaves nothing behind."""

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from tests.docs.documents import REPOSITORY, programs

pytestmark = pytest.mark.server


@pytest.mark.timeout(200)
def test_the_demo_goes_from_unknown_to_pass_to_fail_to_stale(tmp_path: Path) -> None:
    if shutil.which("docker-registry") is None:
        pytest.skip("docker-registry is not installed (Debian: apt-get install docker-registry)")
    # Short, for sockets, and open to PostgreSQL's account.
    root = Path(tempfile.mkdtemp(prefix="vsmhub-test-", dir="/tmp"))
    root.chmod(0o755)
    path = f"{programs(tmp_path / 'bin')}{os.pathsep}{os.environ['PATH']}"
    # Evidence that counts for less time than the demo's own makes for less waiting.
    environment = {**os.environ, "PATH": path, "DEMO_AGE": "12", "DEMO_ROOT": str(root), "PYTHONPATH": str(REPOSITORY)}
    done = subprocess.run(
        [REPOSITORY / "docs" / "demo" / "run"],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    statuses = re.findall(r"^(\w+) +Images can be published", done.stdout, re.MULTILINE)
    assert statuses == ["unknown", "pass", "fail", "stale"]
    # Evidence of two signals from before and after the registry was stopped, and a statement.
    assert len(set(re.findall(r"\[([0-9a-f-]{36})\]$", done.stdout, re.MULTILINE))) == 5
    assert "correct-horse" not in done.stdout + done.stderr
    root.rmdir()
