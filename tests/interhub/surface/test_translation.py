"""Messages put into the contract's words, where that takes more than renaming."""

import json
from typing import Any

import pytest

from vsmhub.interhub.surface import translation
from vsmhub.interhub.surface.model import Batching, Listing, Offer, Paging, Renamed, Shape

OFFER = Offer("GET", "/hubs", answer=Shape((Renamed("id", "uuid"),)))


def page(document: Any, listing: Listing, cursor: str | None = None) -> Any:
    return json.loads(translation.page(json.dumps(document).encode(), OFFER, listing, cursor))


@pytest.mark.parametrize(
    ("given", "cursor"),
    [
        ("abc", "abc"),
        (None, None),
        ("", None),
        ("https://hub.example.org/api/v2/hubs?limit=2&cursor=a%3Db", "a=b"),
        ("/api/v2/hubs?cursor=c", "c"),
        ("/api/v2/hubs?limit=2", None),
    ],
)
def test_a_cursor_may_come_as_a_link(given: str | None, cursor: str | None) -> None:
    assert page({"data": [], "next": given}, Listing(following="next"))["nextCursor"] == cursor


def test_a_list_by_numbers_ends_with_an_empty_page() -> None:
    offset = Listing(items="", paging=Paging.OFFSET, place="offset")
    assert page([{"uuid": 1}, {"uuid": 2}], offset, "4") == {"data": [{"id": 1}, {"id": 2}], "nextCursor": "6"}
    assert page([], offset, "6") == {"data": [], "nextCursor": None}
    numbered = Listing(items="", paging=Paging.PAGE, place="page", first=0)
    assert page([{"uuid": 1}], numbered)["nextCursor"] == "1"


@pytest.mark.parametrize("wrong", [{}, {"data": None}, {"data": {}}, [], "text", None])
def test_what_is_no_list_is_said_to_be_none(wrong: object) -> None:
    with pytest.raises(ValueError, match="no list"):
        page(wrong, Listing(items="data"))


def test_where_nothing_is_counted_the_time_of_the_last_write_stands_for_it() -> None:
    shape = Shape(counted=False)
    first, second = (
        translation.told({"updatedAt": written}, shape)
        for written in ("2026-05-16T08:00:00.000001Z", "2026-05-16T08:00:00.000002Z")
    )
    assert isinstance(first, dict)
    assert isinstance(second, dict)
    assert int(str(second["revision"])) - int(str(first["revision"])) == 1
    assert translation.told({}, shape) == {"revision": 1}


def test_what_a_target_does_not_take_is_not_sent_and_the_rest_has_its_names() -> None:
    offer = Offer("POST", "/hubs", request=Shape((Renamed("name", "title"), Renamed("slug", "key"))))
    hub = {"slug": "ops-hub", "name": "Ops", "hubFamily": "vsm", "vsmFunction": None}
    sent = {"key": "ops-hub", "title": "Ops", "vsmFunction": None}
    assert json.loads(translation.request(json.dumps(hub).encode(), offer, ["hubFamily"])) == sent
    two = json.dumps({"items": [hub, {"slug": "syn-hub"}]}).encode()
    for under, body in (("hubs", {"hubs": [sent, {"key": "syn-hub"}]}), ("", [sent, {"key": "syn-hub"}])):
        batching = Batching(items=under)
        assert json.loads(translation.batch(two, offer, batching, ["hubFamily"])) == body


def test_members_that_change_places_are_not_mixed_up() -> None:
    shape = Shape((Renamed("id", "name"), Renamed("name", "title")))
    assert translation.told({"name": "1", "title": "One", "more": {"name": 2}}, shape) == {
        "id": "1",
        "name": "One",
        "more": {"name": 2},
    }
