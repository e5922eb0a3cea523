"""What a fleet says of itself."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from vsmhub.fleet.silence import Silence, annotations
from vsmhub.spec.folder import load_folder

OPS = load_folder(Path(__file__).parents[2] / "hubs" / "ops")
SINCE = datetime(2026, 11, 23, 12, tzinfo=UTC)
SILENCE = Silence(SINCE, SINCE + timedelta(hours=1), "worker a", "worker b", {"gitea-registry-challenge": 12})


def test_it_is_told_about_the_widgets_that_it_concerns() -> None:
    (made,) = annotations(SILENCE, OPS)
    assert (made.type, made.subject) == ("ops-observability-gap", "ops-readiness-gitea-registry")
    body = made.data["body"]
    assert isinstance(body, str)
    assert "Nobody observed from 2026-11-23 12:00:00 to 2026-11-23 13:00:00 UTC: 12 scheduled times passed" in body
    assert "worker a" in body
    assert annotations(SILENCE, OPS) == (made,)  # whoever tells it: the same id


def test_a_hub_without_a_word_for_it_says_nothing() -> None:
    vocabulary = OPS.hub.vocabulary.model_copy(update={"annotation_categories": {}})
    assert annotations(SILENCE, replace(OPS, hub=OPS.hub.model_copy(update={"vocabulary": vocabulary}))) == ()
    assert annotations(SILENCE, replace(OPS, signals=None)) == ()
