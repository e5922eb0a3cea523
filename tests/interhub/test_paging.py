"""Lists and batches that are too big, have no end, or come back incomplete."""

from uuid import UUID

import pytest

from tests.interhub.asking import Time, client
from tests.interhub.examples import HUB, HUB_ID, WIDGET
from tests.interhub.scripted import Say, page, scripted
from vsmhub.interhub.errors import Nonsense
from vsmhub.interhub.messages.widgets import WidgetCreate


def test_a_page_too_big_to_read_is_asked_for_in_halves(time: Time) -> None:
    huge = Say(200, b" " * 200_000)
    with (
        scripted(huge, huge, page(HUB, cursor="c"), page(HUB)) as server,
        client(server, time, answer_limit=100_000) as target,
    ):
        assert len(list(target.hubs())) == 2
        assert [one.path.partition("?")[2] for one in server.seen] == [
            "limit=1000",
            "limit=500",
            "limit=250",
            "limit=250&cursor=c",
        ]


def test_a_list_without_an_end_is_noticed(time: Time) -> None:
    with (
        scripted(page(HUB, cursor="c"), page(HUB, cursor="c")) as server,
        client(server, time) as target,
        pytest.raises(Nonsense, match=r"GET /hubs at .* never end"),
    ):
        list(target.hubs())


def test_a_batch_of_which_less_comes_back_is_not_taken_for_done(time: Time) -> None:
    wanted = [
        WidgetCreate(hub_id=UUID(HUB_ID), slug=f"w-{n}", name="n", widget_type="t", policy_scope="p", view_context="v")
        for n in range(2)
    ]
    with (
        scripted(Say(201, {"data": [WIDGET]})) as server,
        client(server, time) as target,
        pytest.raises(Nonsense, match="2 widgets: 1 came back"),
    ):
        list(target.create_widgets(wanted))
