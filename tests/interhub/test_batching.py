"""Bodies stay inside the contract's limits, and nothing gets lost or out of order."""

import json
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from vsmhub.interhub.batching import batches, body_of, change_of
from vsmhub.interhub.messages.evidence import EventCreate
from vsmhub.interhub.messages.widgets import WidgetUpdate

ID = UUID(int=1)


def event(number: int, size: int) -> EventCreate:
    return EventCreate(widget_id=ID, event_type="ops-seen", metadata={"number": number, "text": "é" * size})


@given(st.lists(st.integers(0, 400), max_size=30), st.integers(1, 8), st.integers(500, 3000))
def test_every_batch_keeps_to_both_limits(sizes: list[int], items: int, size: int) -> None:
    wanted = [event(number, length) for number, length in enumerate(sizes)]
    made = list(batches(wanted, items=items, size=size))
    found = []
    for body, count in made:
        parts = json.loads(body)["items"]
        assert len(parts) == count <= items
        assert len(body) <= size or count == 1
        found += [part["metadata"]["number"] for part in parts]
    assert found == list(range(len(sizes)))


def test_a_thousand_large_ones_take_more_than_one_request() -> None:
    made = list(batches(event(number, 1000) for number in range(1000)))
    assert len(made) > 1
    assert sum(count for _, count in made) == 1000
    assert all(len(body) <= 1024 * 1024 for body, _ in made)


def test_null_stays_where_it_means_something() -> None:
    assert json.loads(body_of(EventCreate(widget_id=ID, event_type="ops-seen", metadata={"why": None}))) == {
        "widgetId": str(ID),
        "eventType": "ops-seen",
        "metadata": {"why": None},
    }
    assert json.loads(change_of(WidgetUpdate(metadata={"why": None}, view_context=None))) == {
        "metadata": {"why": None},
        "viewContext": None,
    }
