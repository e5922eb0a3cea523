"""What a running Inter-Hub publishes of a hub, compared with its spec, and how much of it is in use there."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.plan.conftest import operator
from tests.plan.operators import Operator
from tests.spec.examples import HUB, hub_text
from vsmhub.cli.app import run
from vsmhub.cli.live_vocabulary import live_vocabulary
from vsmhub.interhub.messages.evidence import AnnotationCreate
from vsmhub.plan.desired import desired
from vsmhub.spec.load import parse_hub
from vsmhub.targets import opening
from vsmhub.vocabulary.changes import Uses, changes
from vsmhub.vocabulary.kinds import Kind
from vsmhub.vocabulary.published import published

__all__ = ["operator"]
pytestmark = pytest.mark.server

TEXT = HUB.replace("annotation_categories: {}", "annotation_categories: {xyz-doubt: Not sure}")
DEPRECATED = "{description: Who has what, deprecated: {since: 1.0.0, replaced_by: xyz-board}}"


@pytest.fixture(scope="module")
def applied(operator: Operator) -> Operator:
    """The example, applied, with one annotation."""
    operator.apply(desired(parse_hub(TEXT.replace("{description: Who has what}", DEPRECATED))))
    hub = next(iter(operator.operator.hubs(slug="xyz-hub")))
    (widget,) = operator.operator.widgets(hub=hub.id)
    with operator.as_hub(operator.keys["xyz-hub"]) as own:
        own.annotate(AnnotationCreate(widget_id=widget.id, category="xyz-doubt", body="Is it?"))
    return operator


def test_a_manifest_tells_all_that_its_spec_tells(applied: Operator) -> None:
    live = live_vocabulary(applied.operator, "xyz-hub")
    assert live is not None
    assert changes(live.published, published(parse_hub(TEXT.replace("{description: Who has what}", DEPRECATED)))) == ()
    (change,) = changes(live.published, published(parse_hub(TEXT)))
    assert (change.what, change.name) == ("restored", "xyz-claim")


def test_uses_are_counted(applied: Operator) -> None:
    live = live_vocabulary(applied.operator, "xyz-hub")
    assert live is not None
    assert live.uses(Kind.WIDGET_TYPE, "xyz-board") == Uses(widgets=1)
    assert live.uses(Kind.POLICY_SCOPE, "xyz-pairwise") == Uses(widgets=1)
    assert live.uses(Kind.EVENT_TYPE, "xyz-registered") == Uses(events=1)
    assert live.uses(Kind.ANNOTATION_CATEGORY, "xyz-doubt") == Uses(annotations=1)
    assert live.uses(Kind.EVENT_TYPE, "xyz-claimed") == Uses()


def test_a_hub_that_is_not_there(applied: Operator) -> None:
    assert live_vocabulary(applied.operator, "abc-hub") is None


def test_breaking_against_a_target(
    applied: Operator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    @contextmanager
    def opened(*_: object) -> Iterator[Operator]:
        yield applied

    monkeypatch.setattr(opening, "opened", opened)  # the server under test is reached by a socket of its own
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("VSMHUB_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    text = hub_text(
        ("xyz-registered: The", "xyz-known: The"),
        ("event_type: xyz-registered", "event_type: xyz-known"),
        ("version: 1.0.0", "version: 1.9.0"),
    )
    Path("hub.yaml").write_text(text.replace("{description: Who has what}", DEPRECATED))
    assert run(["breaking", ".", "--against", "local"]) == 1
    removed = "it was never deprecated; new rows of it are refused from now on"
    assert capsys.readouterr().out.splitlines() == [
        "xyz-hub 1.9.0, against local (the embedded Inter-Hub) (1.0.0)",
        f"  breaking     removed event type xyz-registered: {removed} [in use: 1 event]",
        f"  breaking     removed annotation category xyz-doubt: {removed} [in use: 1 annotation]",
        "  compatible   added event type xyz-known: a new name",
        "hub.yaml:13:12: the manifest's version is 1.9.0; after 1.0.0, these changes ask for 2.0.0 or later",
    ]
    assert run(["breaking", ".", "--against", "https://inter-hub.example.org", "--json"]) == 1
    facts = json.loads(capsys.readouterr().out)
    assert facts["against"] == "https://inter-hub.example.org"
    assert facts["changes"][0]["uses"] == {"widgets": 0, "events": 1, "annotations": 0, "more": False}
    Path("hub.yaml").write_text(text.replace("xyz", "abc").replace("to: abc-hub", "to: xyz-hub"))
    assert run(["breaking", ".", "--against", "local"]) == 0
    assert capsys.readouterr().out == "abc-hub is not in local (the embedded Inter-Hub): all of it is new.\n"
