"""What the shell is offered where a name is due: in the words that bash's script sends."""

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.commands import Home

HUBS = Path(__file__).parents[2] / "hubs"
TARGETS = '[targets.live]\nbase = "https://hub.example.org"\n'


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("emit OPS ops-end", ["ops-endpoint-verified"]),
        ("attest OPS ops-restore-tested ops-service-g", ["ops-service-gitea"]),
        ("annotate OPS ops-backup-", ["ops-backup-gap"]),
        ("observe OPS gitea-c", ["gitea-certificate"]),
        ("catalog OPS wh", ["where"]),
        ("catalog OPS where gitea-co", ["gitea-coulombcore"]),
        ("vocab rename OPS ops-ho", ["ops-host"]),
        ("vocab add OPS ev", ["event-type"]),
        ("plan OPS --target l", ["local", "live"]),
        ("emit nowhere ops", []),
        ("plan OPS --target broken", []),
    ],
)
def test_names_are_offered(tmp_path: Path, typed: str, offered: list[str]) -> None:
    (tmp_path / "vsmhub.toml").write_text("=" if "broken" in typed else TARGETS)
    words = f"vsmhub {typed}".replace("OPS", str(HUBS / "ops"))
    place = str(len(words.split()) - 1)
    done = Home(tmp_path, {"_VSMHUB_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": place}).run()
    assert (done.out.split(), done.err) == (offered, "")


@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_nothing_that_a_shell_would_run_is_offered(tmp_path: Path, shell: str) -> None:
    """zsh evaluates what it is offered; bash puts it on the line. Both in the folder of whoever wrote it."""
    runs = ["$(touch ran)", "\\$(touch ran)", "`touch ran`", "\\`touch ran\\`", "'; touch ran; '", '"; touch ran; "']
    named = "".join(f"[targets.{json.dumps(f'live{one}')}]\nbase = {json.dumps(one)}\n" for one in runs)
    (tmp_path / "vsmhub.toml").write_text(f"{named}[targets.live]\nbase = {json.dumps(' '.join(runs))}\n")
    shutil.copytree(HUBS / "syn", tmp_path / "hub")
    spec = tmp_path / "hub" / "hub.yaml"
    described = "A unit offered work or responsibility to another"
    assert described in spec.read_text()
    spec.write_text(spec.read_text().replace(described, json.dumps(" ".join(runs))))
    for typed, offered in (("plan hub --target l", "live"), ("emit hub syn-handoff-p", "syn-handoff-proposed")):
        words = f"vsmhub {typed}"
        told = {"COMP_WORDS": words, "COMP_CWORD": str(len(words.split()) - 1), "_TYPER_COMPLETE_ARGS": words}
        done = Home(tmp_path, {"_VSMHUB_COMPLETE": f"complete_{shell}", **told}).run()
        assert offered in done.out
        assert not set(done.out) & set("$`\\;" if shell == "bash" else "$`\\"), done.out
