"""`signals.yaml`: what is taken, and every mistake at its place."""

from pathlib import Path

import pytest
import yaml

from tests.spec.schemas import fits_schema
from vsmhub.spec.conditions.checking import check
from vsmhub.spec.conditions.grammar import parse
from vsmhub.spec.errors import SpecError
from vsmhub.spec.load import load_hub
from vsmhub.spec.observables import observables
from vsmhub.spec.signals_file import SIGNALS, load_signals, read_signals
from vsmhub.spec.targets import KINDS

OPS = Path(__file__).parents[2] / "hubs" / "ops"

SIGNAL = """\
spec: vsmhub/signals/v1
signals:
  - name: web
    why: Somebody uses it
    fix: Start it again
    probe:
      http:
        url: https://example.org/
    expect:
      - status == 200
    emits:
      - event: ops-health-checked
        widget: ops-service-gitea
        metadata: {seen: "{status}"}
"""


def complaints(folder: Path, text: str) -> list[str]:
    (folder / "signals.yaml").write_text(text)
    found = read_signals(folder, load_hub(OPS))
    return [f"{one.line}:{one.column} {one.rule}: {one.message} {one.hint}".strip() for one in found.complaints]


def test_what_is_good_is_taken_with_its_defaults(tmp_path: Path) -> None:
    assert complaints(tmp_path, SIGNAL) == []
    signal = load_signals(tmp_path).signals[0]
    assert (signal.probe.kind, signal.probe.address) == ("http", "https://example.org/")
    assert (signal.every, signal.timeout, signal.retries, signal.fail_after) == ("5m", "10s", 1, 1)


# What stands there, what is put in its place, and the complaint.
MISTAKES = [
    ("status == 200", "statsu == 200", "10:9 condition: `signals[0].expect[0]`, character 1: nothing named `statsu`"),
    ("status == 200", "latency < 500", "10:9 condition: `signals[0].expect[0]`, character 9:"),
    ("{status}", "{snapshots}", "14:26 placeholder: `signals[0].emits[0].metadata.seen`, character 2:"),
    ("{status}", "{status", None),
    ("{status}", "{{status}}", None),
    ("ops-health-checked", "ops-health-check", "12:16 event-type: `ops-health-check` is not"),
    ("ops-service-gitea", "ops-service-gite", "13:17 widget: `ops-service-gite` is not"),
    ("http:", "htpp:", "7:7 unknown-key: unknown key `htpp`"),
    ("    probe:\n", "    probe:\n      tcp: {host: a, port: 1}\n", "7:7 probe: a signal probes one thing, not"),
    ("https://example.org/", "ftp://example.org/", "8:14 wrong-text:"),
    ("https://example.org/", "https://user:pw@example.org/", "8:14 wrong-text:"),
    (
        "url: https://example.org/",
        "url: http://127.example.org/\n        credential: {secret: key}",
        "9:21 credential: a secret is not sent over http",
    ),
    ("url: https://example.org/", "url: http://127.0.0.2:80/\n        credential: {secret: key}", None),
    ("        url", "        allow: [300.1.1.1]\n        url", "8:17 network: `300.1.1.1` is no network"),
    (
        "url: https://example.org/",
        "url: http://example.org/\n        credential: {secret: key}",
        "9:21 credential: a secret is not sent over http",
    ),
    ("    probe:", "    every: 100ms\n    probe:", "6:12 interval:"),
    ("    probe:", "    every: 5s\n    timeout: 10s\n    probe:", "7:14 timeout: one attempt may take longer"),
    ("    probe:", "    timeout: 1d\n    probe:", "6:14 timeout: a timeout is"),
    ("    probe:", "    every: often\n    probe:", "6:12 wrong-text:"),
    ("    probe:", "    retries: 9\n    probe:", "6:14 wrong-value:"),
    ("why: Somebody uses it", "", "3:5 missing-key: `signals[0].why` is missing"),
]


@pytest.mark.parametrize(("there", "instead", "complaint"), MISTAKES)
def test_each_mistake_is_told_at_its_place(tmp_path: Path, there: str, instead: str, complaint: str | None) -> None:
    assert there in SIGNAL
    found = complaints(tmp_path, SIGNAL.replace(there, instead))
    if complaint is None:
        assert found == []
    else:
        assert len(found) == 1
        assert found[0].startswith(complaint)


def test_names_are_there_once_and_so_are_emissions(tmp_path: Path) -> None:
    data = yaml.safe_load(SIGNAL)
    data["signals"] *= 2
    data["signals"][0]["emits"] = data["signals"][0]["emits"] * 2
    found = complaints(tmp_path, yaml.dump(data, Dumper=_Plain))
    assert sorted(one.split(" ")[1] for one in found) == ["duplicate:"] * 3


def test_without_a_file_there_is_one_complaint(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="there is no such file"):
        load_signals(tmp_path)


def test_the_published_schema_takes_what_the_model_takes() -> None:
    assert fits_schema(yaml.safe_load(SIGNAL), SIGNALS)
    assert not fits_schema(yaml.safe_load(SIGNAL.replace("http:", "htpp:")), SIGNALS)


@pytest.mark.parametrize("file", sorted(OPS.parent.glob("*/signals.yaml")), ids=lambda file: file.parent.name)
def test_every_file_in_the_repository_is_right(file: Path) -> None:
    load_signals(file, load_hub(file.parent))


def test_the_first_signal_is_the_challenge_of_the_registry() -> None:
    signal = load_signals(OPS, load_hub(OPS)).signals[0]
    (emission,) = signal.emits
    assert signal.probe.address == "https://gitea.coulomb.social/v2/"
    assert signal.expect == (
        "status == 401",
        'header["Docker-Distribution-Api-Version"] == "registry/2.0"',
    )
    assert (emission.event, emission.widget, emission.view_context) == (
        "ops-endpoint-verified",
        "ops-readiness-gitea-registry",
        "railiance-apps/workplans/RAIL-AP-WP-0001",
    )
    assert emission.metadata["endpoint"] == "https://gitea.coulomb.social/v2/"
    assert emission.metadata["expectedStatus"] == 401


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_probe_says_what_it_observes(kind: str) -> None:
    known = observables(kind)
    assert known
    for name, one in known.items():
        assert one.meaning
        fact = f'{name}["x"]' if one.keyed else name.replace("json", "json.$")
        check(parse(f"{fact} exists"), known)


class _Plain(yaml.SafeDumper):
    def ignore_aliases(self, data: object) -> bool:
        return True
