"""The type checker takes a program that is right, and refuses each mistake about what the hub declares."""

import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]

RIGHT = """\
from uuid import UUID

from ops_hub import AnnotationCategory, EventType, OpsHub, Widget

with OpsHub(target="local") as hub:
    changed: tuple[str, ...] = hub.bootstrap().changed
    event = hub.emit(EventType.ENDPOINT_VERIFIED, Widget.READINESS_GITEA_REGISTRY, metadata={"expectedStatus": 401})
    hub.emit(EventType.RISK_RAISED, UUID(int=1))
    hub.annotate(AnnotationCategory.ROUTING_GAP, Widget.SERVICE_GITEA, "Said by a person.")
    identity: UUID = event.id
"""

MISTAKES = (
    "hub.emit(EventType.ENDPOINT_VERFIED, Widget.SERVICE_GITEA)",
    'hub.emit("ops-endpoint-verified", Widget.SERVICE_GITEA)',
    "hub.emit(AnnotationCategory.DRIFT, Widget.SERVICE_GITEA)",
    "hub.emit(EventType.RISK_RAISED, Widget.SERVICE_GITHUB)",
    'hub.emit(EventType.RISK_RAISED, "ops-service-gitea")',
    'hub.annotate(EventType.RISK_RAISED, Widget.SERVICE_GITEA, "text")',
    "hub.annotate(AnnotationCategory.DRIFT, Widget.SERVICE_GITEA)",
    "hub.emit(EventType.RISK_RAISED, Widget.SERVICE_GITEA, metdata={})",
)
WRONG = "from ops_hub import AnnotationCategory, EventType, OpsHub, Widget\n\nhub = OpsHub()\n" + "\n".join(MISTAKES)


def test_a_typo_is_a_type_error(tmp_path: Path) -> None:
    (tmp_path / "right.py").write_text(RIGHT)
    (tmp_path / "wrong.py").write_text(WRONG)
    # The project's own settings, and so what its own check has cached already.
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--no-error-summary", tmp_path / "right.py", tmp_path / "wrong.py"],
        cwd=REPOSITORY,
        env={"PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=250,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    complaints = [line for line in done.stdout.splitlines() if ": error: " in line]
    places = [tuple(Path(complaint).name.split(":")[:2]) for complaint in complaints]
    assert places == [("wrong.py", str(line)) for line in range(4, 4 + len(MISTAKES))], done.stdout
