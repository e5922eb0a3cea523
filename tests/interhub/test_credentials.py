"""Keys, and the tokens they are exchanged for."""

import pytest

from tests.interhub.asking import KEY, Time, client
from tests.interhub.examples import HUB
from tests.interhub.scripted import Say, page, problem, scripted
from vsmhub.interhub.client import InterHub
from vsmhub.interhub.errors import (
    InterHubError,
    Nonsense,
    Unauthorized,
)


def token(number: int, life: int = 900) -> Say:
    return Say(200, {"accessToken": f"iht_{number}", "expiresIn": life, "scopes": []})


def test_a_token_is_renewed_before_it_ends(time: Time) -> None:
    with (
        scripted(token(1, 100), page(), page(), token(2, 100), page(), exchanges=False) as server,
        client(server, time) as target,
    ):
        list(target.hubs())
        time.at = 74
        list(target.hubs())
        time.at = 76
        list(target.hubs())
        assert [seen.headers.get("authorization") for seen in server.seen] == [
            None,
            "Bearer iht_1",
            "Bearer iht_1",
            None,
            "Bearer iht_2",
        ]


def test_a_token_that_ended_early_is_renewed_once(time: Time) -> None:
    with (
        scripted(token(1), page(), problem(401), token(2), page(HUB), exchanges=False) as server,
        client(server, time) as target,
    ):
        list(target.hubs())
        assert len(list(target.hubs())) == 1
        assert server.seen[-1].headers["authorization"] == "Bearer iht_2"


def test_a_new_token_that_is_refused_is_not_renewed(time: Time) -> None:
    with (
        scripted(token(1), problem(401), exchanges=False) as server,
        client(server, time) as target,
        pytest.raises(Unauthorized, match="GET /hubs"),
    ):
        list(target.hubs())


def test_a_token_refused_twice_is_given_up(time: Time) -> None:
    script = [token(1), page(), problem(401), token(2), problem(401)]
    with scripted(*script, exchanges=False) as server, client(server, time) as target:
        list(target.hubs())
        with pytest.raises(Unauthorized, match="GET /hubs"):
            list(target.hubs())
        assert server.left == 0


def test_a_key_that_opens_nothing_is_told_as_such(time: Time) -> None:
    with scripted(problem(401, f"{KEY} is revoked"), exchanges=False) as server, client(server, time) as target:
        with pytest.raises(Unauthorized, match=r"POST /token at .*\[hidden\] is revoked") as caught:
            list(target.hubs())
        assert "key" in caught.value.hint


@pytest.mark.parametrize("value", ["", "two words", "line\nbreak", "ümlaut"])
def test_a_token_that_no_header_can_carry_is_nonsense(value: str, time: Time) -> None:
    bad = Say(200, {"accessToken": value, "expiresIn": 900, "scopes": []})
    with (
        scripted(bad, exchanges=False) as server,
        client(server, time) as target,
        pytest.raises(Nonsense, match=r"POST /token at http"),
    ):
        list(target.hubs())


@pytest.mark.parametrize("value", ["", "k" * 300])
def test_a_key_that_cannot_be_one_is_not_sent(value: str, time: Time) -> None:
    class Odd:
        def reveal(self) -> str:
            return value

    with scripted() as server, InterHub(server.base, Odd()) as target:
        with pytest.raises(InterHubError, match="empty or far too long"):
            list(target.hubs())
        assert server.seen == server.exchanged == []
