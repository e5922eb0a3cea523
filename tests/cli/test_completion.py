"""What the shell is offered where a name is due: in the words that bash's script sends."""

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
