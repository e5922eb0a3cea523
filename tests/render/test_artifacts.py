"""What the artifacts of a hub hold, for the real hub and for texts that templates trip over."""

import json
import tomllib
import uuid
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.render.specs import FEW, ops, spec_of, specs
from tests.spec.examples import hub_data
from vsmhub.interhub.contracts.validation import faults
from vsmhub.interhub.messages.evidence import EventCreate
from vsmhub.interhub.messages.framework import ManifestCreate
from vsmhub.interhub.messages.widgets import WidgetCreate
from vsmhub.render.artifacts import artifacts
from vsmhub.render.client_package import member_names
from vsmhub.render.documents import registration_event
from vsmhub.render.notice import NOTICE
from vsmhub.spec.model import HubSpec

SQL = "-- for a test\n"


def made(spec: HubSpec) -> dict[str, str]:
    return artifacts(spec, sql=SQL)


def test_the_files_of_ops_hub() -> None:
    assert list(made(ops())) == [
        "client/README.md",
        "client/pyproject.toml",
        "client/src/ops_hub/__init__.py",
        "client/src/ops_hub/hub.json",
        "client/src/ops_hub/py.typed",
        "client/src/ops_hub/vocabulary.py",
        "generated/RUNBOOK.md",
        "generated/VOCABULARY.md",
        "generated/bootstrap.sql",
        "generated/manifest.json",
        "generated/widgets.seed.json",
    ]


@given(specs())
@FEW
def test_each_says_that_it_is_generated(spec: HubSpec) -> None:
    for name, text in made(spec).items():
        if not name.endswith(("py.typed", "bootstrap.sql")):
            assert NOTICE in text, name
            assert text.endswith("\n"), name


@given(specs())
@FEW
def test_equal_specs_give_equal_bytes(spec: HubSpec) -> None:
    again = HubSpec.model_validate_json(spec.model_dump_json())
    assert made(spec) == made(again)


@given(specs())
@FEW
def test_the_manifest_is_what_inter_hub_takes(spec: HubSpec) -> None:
    document = json.loads(made(spec)["generated/manifest.json"])
    assert faults("hub-capability-manifest-v1", document) == ()
    del document["$comment"]
    message = ManifestCreate.model_validate_json(json.dumps({"hubId": str(uuid.UUID(int=1)), **document}))
    assert message.event_types == list(spec.vocabulary.event_types)
    assert message.capability["vsm_function"] == spec.vsm.vsm_function


@given(specs())
@FEW
def test_the_seeds_are_what_inter_hub_takes(spec: HubSpec) -> None:
    document = json.loads(made(spec)["generated/widgets.seed.json"])
    assert faults("widget-seeds-v1", document) == ()
    assert document["hub"] == spec.hub.slug
    (message,) = (
        WidgetCreate.model_validate_json(json.dumps({"hubId": str(uuid.UUID(int=1)), **item}))
        for item in document["items"]
    )
    assert (message.name, message.metadata) == (spec.widgets[0].name, spec.widgets[0].metadata)


@given(specs())
@FEW
def test_the_first_event_is_what_inter_hub_takes(spec: HubSpec) -> None:
    event = {"widgetId": str(uuid.UUID(int=1)), **registration_event(spec)}
    assert faults("interaction-event-v1", event) == ()
    EventCreate.model_validate_json(json.dumps(event))


@given(specs())
@FEW
def test_the_client_says_the_vocabulary_to_the_letter(spec: HubSpec) -> None:
    files = made(spec)
    module: dict[str, Any] = {"__name__": "vocabulary"}
    exec(compile(files["client/src/xyz_hub/vocabulary.py"], "vocabulary.py", "exec"), module)
    assert list(module["EventType"]) == list(spec.vocabulary.event_types)
    assert module["EventType"]._3D_SEEN == "xyz-3d-seen"
    assert list(module["AnnotationCategory"]) == list(spec.vocabulary.annotation_categories)
    assert list(module["Widget"]) == [widget.slug for widget in spec.widgets]
    compile(files["client/src/xyz_hub/__init__.py"], "__init__.py", "exec")
    project = tomllib.loads(files["client/pyproject.toml"])["project"]
    assert spec.hub.name in project["description"]
    packaged = json.loads(files["client/src/xyz_hub/hub.json"])
    del packaged["$comment"]
    assert spec_of(packaged) == spec


def test_versions_are_those_of_python_packages() -> None:
    expected = {
        "1.0.0": "1.0.0",
        "2.1.3-rc.1": "2.1.3rc1",
        "1.0.0-alpha": "1.0.0a0",
        "1.0.0-beta.12": "1.0.0b12",
        "0.0.1-x.7": "0.0.1.dev0",
    }
    for version, package in expected.items():
        data = {**hub_data(), "manifest": {"version": version}}
        project = tomllib.loads(made(spec_of(data))["client/pyproject.toml"])["project"]
        assert project["version"] == package


def test_a_slug_that_is_a_word_of_python_is_no_package() -> None:
    data = hub_data()
    data["hub"]["slug"] = "import"
    assert "client/src/import_hub/__init__.py" in made(spec_of(data))
    assert "class ImportHub(" in made(spec_of(data))["client/src/import_hub/__init__.py"]


@given(
    st.lists(st.from_regex(r"xyz(-[a-z0-9]{1,3}){1,3}", fullmatch=True), unique=True)
    | st.lists(st.from_regex(r"[a-z]{1,3}(-[a-z0-9]{1,3}){0,3}", fullmatch=True), unique=True)
)
def test_members_are_identifiers_and_never_meet(names: list[str]) -> None:
    members = member_names(names, "xyz")
    assert list(members) == names
    assert len(set(members.values())) == len(names)
    assert all(member.isidentifier() for member in members.values())
