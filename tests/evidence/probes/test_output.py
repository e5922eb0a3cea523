"""The file and command probes, and the formats that they read."""

import json
import os
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.evidence.looking import look
from vsmhub.evidence.probes.observation import Observation, Reason


def ago(**span: float) -> str:
    return (datetime.now(UTC) - timedelta(**span)).isoformat().replace("+00:00", "Z")


def reading(folder: Path, content: Any, form: str = "json") -> Observation:
    (folder / "it").write_text(content if isinstance(content, str) else json.dumps(content))
    return look("file", path="it", format=form, folder=folder)


def test_a_file_has_an_age_a_size_and_a_text(tmp_path: Path) -> None:
    (tmp_path / "log").write_text("done")
    os.utime(tmp_path / "log", (time.time() - 3600, time.time() - 3600))
    found = look("file", path="log", folder=tmp_path)
    assert (found.facts["size"], found.facts["body"]) == (4, "done")
    age = found.facts["age"]
    assert isinstance(age, float)
    assert 3600 <= age < 3700


def test_what_is_no_file_is_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert look("file", path="nothing", folder=tmp_path).reason is Reason.VALUE
    assert look("file", path="pipe", folder=tmp_path, timeout=2).reason is Reason.PROBER
    assert look("file", path=".", folder=tmp_path).reason is Reason.PROBER
    (tmp_path / "large").write_bytes(b"1" * (17 * 1024 * 1024))
    assert look("file", path="large", folder=tmp_path).reason is Reason.BODY
    assert reading(tmp_path, "{nonsense").reason is Reason.BODY


def test_restic(tmp_path: Path) -> None:
    one = {"time": ago(hours=30), "paths": ["/a"], "hostname": "old", "id": "11", "short_id": "1"}
    two = {"time": ago(hours=3).replace("Z", "123+00:00"), "paths": ["/a", "/b"], "hostname": "h", "short_id": "2"}
    facts = reading(tmp_path, [two, one, {"nonsense": 1}], "restic-snapshots").facts
    assert (facts["snapshots"], facts["snapshot.host"], facts["snapshot.id"]) == (2, "h", "2")
    assert facts["snapshot.age"] == pytest.approx(3 * 3600, abs=60)
    assert (facts["snapshot.paths"], facts["snapshot.tags"]) == (("/a", "/b"), ())
    empty = reading(tmp_path, [], "restic-snapshots").facts
    assert empty["snapshots"] == 0
    assert "snapshot.age" not in empty
    assert reading(tmp_path, {"message_type": "error"}, "restic-snapshots").reason is Reason.BODY


def backup(name: str, phase: str, started: str, completed: str | None, **more: Any) -> dict[str, Any]:
    status = {"phase": phase, "startTimestamp": started, "completionTimestamp": completed, **more}
    return {"kind": "Backup", "metadata": {"name": name}, "status": status}


def test_velero_backups(tmp_path: Path) -> None:
    listed = {
        "kind": "List",
        "items": [
            backup("good", "Completed", ago(hours=26), ago(hours=25), expiration=ago(hours=-100)),
            backup("bad", "PartiallyFailed", ago(hours=2), ago(hours=1), errors=3),
        ],
    }
    facts = reading(tmp_path, listed, "velero-backups").facts
    assert (facts["backups"], facts["backups.completed"]) == (2, 1)
    assert (facts["backup.name"], facts["backup.phase"], facts["backup.errors"]) == ("bad", "PartiallyFailed", 3)
    assert facts["backup.age"] == pytest.approx(25 * 3600, abs=60)
    assert facts["backup.expires_in"] == pytest.approx(100 * 3600, abs=60)
    single = reading(tmp_path, listed["items"][0], "velero-backups").facts
    assert (single["backups"], single["backup.warnings"]) == (1, 0)
    assert reading(tmp_path, {"kind": "Restore"}, "velero-backups").reason is Reason.BODY
    none = reading(tmp_path, {"items": []}, "velero-backups").facts
    assert none["backups"] == 0
    assert "backup.age" not in none


def test_velero_restores(tmp_path: Path) -> None:
    restore = backup("r", "Completed", ago(hours=3), ago(hours=2), warnings=1)
    facts = reading(tmp_path, {**restore, "kind": "Restore", "spec": {"backupName": "b"}}, "velero-restores").facts
    assert (facts["restore.phase"], facts["restore.backup"], facts["restore.warnings"]) == ("Completed", "b", 1)
    assert facts["restore.age"] == pytest.approx(2 * 3600, abs=60)


def test_cnpg_cluster(tmp_path: Path) -> None:
    cluster = {
        "kind": "Cluster",
        "metadata": {"name": "net-kingdom-pg"},
        "spec": {"instances": 3},
        "status": {
            "phase": "Cluster in healthy state",
            "readyInstances": 2,
            "currentPrimary": "net-kingdom-pg-1",
            "conditions": [
                {"type": "Ready", "status": "False"},
                {"type": "ContinuousArchiving", "status": "True"},
            ],
        },
    }
    facts = reading(tmp_path, cluster, "cnpg-cluster").facts
    assert (facts["instances"], facts["instances.ready"], facts["cluster.ready"]) == (3, 2, False)
    assert (facts["archiving"], facts["cluster.primary"]) == (True, "net-kingdom-pg-1")
    cluster["status"] = {}
    assert "cluster.ready" not in reading(tmp_path, cluster, "cnpg-cluster").facts
    assert reading(tmp_path, {"items": []}, "cnpg-cluster").reason is Reason.BODY


def test_cnpg_backups(tmp_path: Path) -> None:
    good = {"kind": "Backup", "metadata": {"name": "b1"}, "spec": {"method": "plugin"}}
    good["status"] = {"phase": "completed", "startedAt": ago(hours=5), "stoppedAt": ago(hours=4), "method": "plugin"}
    failed = {"kind": "Backup", "metadata": {"name": "b2"}, "status": {"phase": "failed", "startedAt": ago(hours=1)}}
    failed["status"]["error"] = "no space"  # type: ignore[index]
    facts = reading(tmp_path, {"items": [good, failed]}, "cnpg-backups").facts
    assert (facts["backups"], facts["backups.completed"], facts["backup.phase"]) == (2, 1, "failed")
    assert facts["backup.error"] == "no space"
    assert facts["backup.age"] == pytest.approx(4 * 3600, abs=60)


def python(code: str, **more: Any) -> Observation:
    return look("command", run=(sys.executable, "-c", code), commands=True, **more)


def test_a_program_is_started_only_where_that_is_allowed(tmp_path: Path) -> None:
    found = look("command", run=("touch", str(tmp_path / "started")))
    assert (found.reason, found.probers_own) == (Reason.FORBIDDEN, True)
    assert not (tmp_path / "started").exists()


def test_its_output_is_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("IHUB_KEY", "secret")
    code = "import json, os; print(json.dumps({'cwd': os.getcwd(), 'keys': [k for k in os.environ if 'IHUB' in k]}))"
    found = python(code, format="json", folder=tmp_path)
    assert found.facts["json"] == {"cwd": str(tmp_path.resolve()), "keys": []}
    assert found.facts["exit"] == 0


def test_a_status_other_than_0_fails_unless_a_condition_looks_at_it() -> None:
    code = "import sys; sys.exit('no repository here')"
    found = python(code)
    assert found.reason is Reason.VALUE
    assert "no repository here" in found.message
    assert python(code, wanted="exit").reason is None


def test_no_shell_no_program_no_end(tmp_path: Path) -> None:
    assert look("command", run=("echo", "$HOME; ls"), commands=True).facts["body"] == "$HOME; ls\n"
    assert look("command", run=("no-such-program",), commands=True).reason is Reason.PROBER
    before = time.perf_counter()
    forking = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'import time; time.sleep(30)'])"
    assert python(forking, timeout=1.0).reason is Reason.TIMEOUT
    assert time.perf_counter() - before < 10
    assert python("print('x' * 20_000_000)").reason is Reason.BODY
