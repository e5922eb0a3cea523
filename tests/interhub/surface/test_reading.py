"""What is read from OpenAPI documents: offered, adapted to, or reported as being in doubt."""

import pytest

from tests.interhub.surface import documents as make
from tests.interhub.surface.documents import Edit, document
from vsmhub.interhub.errors import Nonsense
from vsmhub.interhub.surface.model import Paging, Renamed
from vsmhub.interhub.surface.operations import Operation
from vsmhub.interhub.surface.reading import read_surface
from vsmhub.interhub.surface.reference import reference


def test_the_reference_is_what_its_own_document_says() -> None:
    read = read_surface(document())
    assert dict(read.offered) == dict(reference().offered)
    assert not read.gaps
    assert (read.title, read.version) == (reference().title, reference().version)


GAPS: dict[str, tuple[Edit, Operation, str]] = {
    "no path": (make.without_path("/hubs"), Operation.HUBS_CREATE, "/hubs is not served"),
    "no method": (
        make.without_method("/widgets", "post"),
        Operation.WIDGETS_CREATE,
        "/widgets takes GET only, not POST",
    ),
    "no essential field": (
        make.without_members("WidgetCreate", "metadata"),
        Operation.WIDGETS_CREATE,
        "its request has no metadata",
    ),
    "no member that the plan needs": (
        make.without_members("Manifest", "status"),
        Operation.MANIFESTS_LIST,
        "its answer has no status",
    ),
    "no secret in the answer": (
        make.without_members("KeyCreated", "key"),
        Operation.KEYS_CREATE,
        "its answer has no key",
    ),
    "a required field that is not known": (
        make.with_members("HubCreate", {"tenant": {"type": "string"}}, required=True),
        Operation.HUBS_CREATE,
        "its request requires tenant, which the contract does not know",
    ),
    "two names for one": (
        make.renamed("EventCreate", "eventType", "event_type"),
        Operation.EVENTS_CREATE,
        "",
    ),
    "two that may be meant": (
        make.both(
            make.renamed("EventCreate", "eventType", "event_type"),
            make.with_members("EventCreate", {"event-type": {"type": "string"}}),
        ),
        Operation.EVENTS_CREATE,
        "its request may mean event-type or event_type by eventType",
    ),
    "two ids": (
        make.both(
            make.renamed("Hub", "id", "uuid"),
            make.with_members("Hub", {"hubId": {"type": "string", "format": "uuid"}}),
        ),
        Operation.HUBS_LIST,
        "its answer may mean hubId or uuid by id",
    ),
    "two spellings of a path": (
        lambda made: made["paths"].update({"/api/v2/hub_registry": made["paths"]["/api/v2/hub-registry"]}),
        Operation.REGISTRY_LIST,
        "GET /hub-registry may be /hub-registry or /hub_registry",
    ),
    "pages by numbers that begin nobody knows where": (
        make.paged_by("/hubs", "page"),
        Operation.HUBS_LIST,
        "is paged by numbers, and does not say whether they begin with 0 or 1",
    ),
    "a cursor that no answer gives": (
        make.without_members("HubPage", "nextCursor"),
        Operation.HUBS_LIST,
        "goes on by cursor, but does not say what it answers for that",
    ),
    "two lists in one answer": (
        make.both(
            make.renamed("HubPage", "data", "hubs"),
            make.with_members("HubPage", {"archived": {"type": "array", "items": {}}}),
        ),
        Operation.HUBS_LIST,
        "has more than one list in it: archived, hubs",
    ),
}


@pytest.mark.parametrize("case", GAPS)
def test_what_is_missing_or_in_doubt_is_not_offered(case: str) -> None:
    edit, operation, reason = GAPS[case]
    surface = read_surface(document(edit))
    assert surface.lacking(operation) == reason
    assert surface.offers(operation) is (not reason)


def test_fields_that_are_not_essential_are_told_of() -> None:
    without = make.without_members("HubCreate", "hubFamily", "vsmFunction", "vsmSystem")
    surface = read_surface(document(without))
    offer = surface.offered[Operation.HUBS_CREATE]
    assert offer.lacks == ("hub_family", "vsm_function", "vsm_system")
    assert "vsm_function" not in surface.takes(Operation.HUBS_CREATE)
    assert "does not take hub family, vsm function, vsm system" in offer.notes


def test_another_id_and_other_spellings_are_adapted_to() -> None:
    surface = read_surface(
        document(
            make.renamed("Hub", "id", "hubId"),
            make.renamed("Hub", "createdAt", "created_at"),
            make.moved("/hubs", "/Hubs"),
            make.without_members("Widget", "revision"),
        )
    )
    offer = surface.offered[Operation.HUBS_LIST]
    assert offer.path == "/Hubs"
    assert offer.answer.members == (Renamed("createdAt", "created_at"), Renamed("id", "hubId"))
    entry = surface.offered[Operation.REGISTRY_LIST].answer
    assert [one.ours for one in entry.members] == ["hub"]
    assert not surface.offered[Operation.WIDGETS_LIST].answer.counted


def test_lists_are_read_as_they_are_wrapped_and_paged() -> None:
    surface = read_surface(
        document(
            make.bare("/hubs", "Hub"),
            make.paged_by("/hubs", "offset"),
            make.without_parameters("/hubs", "get", "slug"),
            make.renamed("WidgetPage", "data", "items"),
            make.renamed("WidgetPage", "nextCursor", "next"),
            make.without_parameters("/annotations", "get", "cursor", "limit"),
        )
    )
    hubs = surface.offered[Operation.HUBS_LIST].listing
    assert hubs is not None
    assert (hubs.items, hubs.paging, hubs.place, dict(hubs.filters)) == ("", Paging.OFFSET, "offset", {})
    widgets = surface.offered[Operation.WIDGETS_LIST].listing
    assert widgets is not None
    assert (widgets.items, widgets.following, widgets.paging) == ("items", "next", Paging.CURSOR)
    annotations = surface.offered[Operation.ANNOTATIONS_LIST].listing
    assert annotations is not None
    assert (annotations.paging, annotations.size) == (Paging.WHOLE, "")
    # And people are told in which way they differ from the contract's.
    for operation, notes in {
        Operation.HUBS_LIST: {"lists come as a bare array", "lists are paged by offset"},
        Operation.WIDGETS_LIST: {"lists come under items", "lists are paged by other names"},
        Operation.ANNOTATIONS_LIST: {"lists are paged not at all: all at once"},
        Operation.EVENTS_LIST: set(),
    }.items():
        assert {one for one in surface.offered[operation].notes if one.startswith("lists")} == notes


def test_what_a_document_calls_things_does_not_reach_a_terminal_as_it_is() -> None:
    evil = "x\x1b[2J\n" + "y" * 2000
    surface = read_surface(
        document(
            make.with_members("HubCreate", {evil: {"type": "string"}}, required=True),
            lambda made: made["info"].update({"title": evil, "version": evil}),
        )
    )
    for text in (surface.lacking(Operation.HUBS_CREATE), surface.title, surface.version):
        assert text.isprintable()
        assert len(text) <= 500


def test_a_document_that_refers_to_itself_without_end_is_read_to_an_end() -> None:
    endless = {"HubCreate": {"$ref": "#/components/schemas/HubCreate"}}
    surface = read_surface(document(lambda made: made["components"]["schemas"].update(endless)))
    assert surface.offered[Operation.HUBS_CREATE].notes == (
        "the document does not say what it takes; what the contract has is expected",
    )


def test_parts_that_refer_to_each_other_are_not_gone_through_in_every_order() -> None:
    told = document()
    circle = {"$ref": "#/components/schemas/Circle"}
    told["components"]["schemas"]["Circle"] = {"allOf": [circle] * 1000, "required": ["name"] * 1000}
    create = told["components"]["schemas"]["HubCreate"]
    told["components"]["schemas"]["HubCreate"] = {"allOf": [create, *[circle] * 1000]}
    assert Operation.HUBS_CREATE in read_surface(told).offered


@pytest.mark.parametrize("wrong", [{}, {"openapi": "3.1.0"}, {"openapi": 3, "paths": {}}, {"swagger": "2.0"}])
def test_what_is_no_openapi_document_is_said_to_be_none(wrong: dict[str, object]) -> None:
    with pytest.raises(Nonsense, match="is no OpenAPI document"):
        read_surface(wrong)  # type: ignore[arg-type]
