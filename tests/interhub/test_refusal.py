"""What the client tells of an answer that is not a success."""

import pytest

from tests.interhub.asking import KEY, WANTED, Time, client
from tests.interhub.examples import HUB, HUB_ID
from tests.interhub.scripted import Say, problem, scripted
from vsmhub.interhub.errors import (
    Conflict,
    Forbidden,
    InterHubError,
    Invalid,
    Nonsense,
    NotFound,
    PreconditionFailed,
    ServerFault,
    Unauthorized,
)

HTML = Say(200, b"<!doctype html><title>Sign in</title>", headers={"Content-Type": "text/html"})


FINAL: dict[str, tuple[Say, type[InterHubError], str]] = {
    "400": (problem(400, "no"), Invalid, "400 A problem: no"),
    "403": (problem(403), Forbidden, "403 A problem"),
    "404": (problem(404), NotFound, "404 A problem"),
    "404 page": (
        Say(404, b"<h1>Not found</h1>"),
        NotFound,
        "404 Not Found (no reason given; the answer was an HTML page)",
    ),
    "405": (Say(405, b"{}"), Invalid, "405 Method Not Allowed (no reason given; the answer was JSON of 2 bytes)"),
    "409": (problem(409, "taken"), Conflict, "409 A problem: taken"),
    "412": (problem(412), PreconditionFailed, "412 A problem"),
    "413": (problem(413), Invalid, "413 A problem"),
    "422": (problem(422), Invalid, "422 A problem"),
    "501": (problem(501), ServerFault, "501 A problem"),
    "302": (
        Say(302, b"", headers={"Location": "https://hub.example.org/NewSession?back=ihk_secret"}),
        Nonsense,
        "302 to /NewSession; an API does not redirect, so this is a page for browsers",
    ),
    "HTML": (HTML, Nonsense, "200 with an HTML page, where Hub was expected"),
    "not JSON": (Say(200, b"it works!"), Nonsense, "200 with JSON of 9 bytes, where Hub was expected"),
    "not UTF-8": (Say(200, b'{"slug": "\xff"}'), Nonsense, "where Hub was expected"),
    "nothing": (Say(200, b""), Nonsense, "200 with nothing in it, where Hub was expected"),
    "another shape": (
        Say(200, {"id": "1", "slug": 3}),
        Nonsense,
        "where Hub was expected (wrong: createdAt",
    ),
    "a list": (Say(200, [HUB]), Nonsense, "where Hub was expected"),
    "content too short for its length": (
        Say(200, HUB, headers={"Content-Length": "20"}),
        Nonsense,
        "where Hub was expected",
    ),
    "broken compression": (
        Say(200, b"no gzip", headers={"Content-Encoding": "gzip"}),
        Nonsense,
        "whose compression is broken",
    ),
}


@pytest.mark.parametrize(("answer", "kind", "text"), FINAL.values(), ids=FINAL)
def test_what_cannot_get_better_is_told_at_once(answer: Say, kind: type[InterHubError], text: str, time: Time) -> None:
    with scripted(answer) as server, client(server, time) as target:
        with pytest.raises(kind) as caught:
            target.create_hub(WANTED)
        assert caught.value.message.startswith(f"POST /hubs at {server.base}/api/v2, hub ops-hub: ")
        assert text in caught.value.message
        assert "ihk_" not in caught.value.message
        assert ("no reason given" in text) <= ("Is the base URL that of an Inter-Hub" in caught.value.hint)
        assert time.slept == []


def test_every_wrong_field_is_told_with_what_would_be_right(time: Time) -> None:
    errors = [
        {"pointer": "/widgetType", "detail": "is not declared", "value": "ops-servce", "suggestions": ["ops-service"]},
        {"pointer": "/slug", "detail": "is\x1b[2J taken"},
        {"pointer": "", "detail": "is odd", "suggestions": ["a", "b"]},
    ]
    with (
        scripted(problem(422, "3 are wrong", errors=errors)) as server,
        client(server, time) as target,
        pytest.raises(Invalid) as caught,
    ):
        target.create_hub(WANTED)
    assert caught.value.message.splitlines()[1:] == [
        "  /widgetType ('ops-servce'): is not declared; did you mean ops-service?",
        "  /slug: is [2J taken",
        "  (the whole request): is odd; did you mean a or b?",
    ]
    assert caught.value.problem.errors[0].pointer == "/widgetType"


def test_what_the_fields_say_is_not_said_twice(time: Time) -> None:
    errors = [{"pointer": "/slug", "detail": "is taken", "existingId": HUB_ID}]
    with scripted(problem(409, "/slug is taken", errors=errors)) as server, client(server, time) as target:
        with pytest.raises(Conflict) as caught:
            target.create_hub(WANTED)
        told = f"409 A problem\n  /slug: is taken (it has the id {HUB_ID})"
        assert caught.value.message.partition("ops-hub: ")[2] == told
        assert str(caught.value.problem.errors[0].existing_id) == HUB_ID


def test_a_target_that_repeats_secrets_is_not_quoted(time: Time) -> None:
    def tattle(seen: object) -> Say:
        said = f"{KEY} and {seen.headers['authorization']}"  # type: ignore[attr-defined]
        return problem(
            409,
            said,
            title=said,
            instance=said,
            errors=[{"pointer": said, "detail": said, "value": said, "suggestions": [said]}],
        )

    with scripted(tattle) as server, client(server, time) as target, pytest.raises(Conflict) as caught:
        target.create_hub(WANTED)
    for text in (caught.value.message, caught.value.hint, repr(caught.value.problem)):
        assert KEY not in text
        assert "iht_" not in text


def test_another_key_that_is_tried_is_not_quoted_either(time: Time) -> None:
    class Other:
        def reveal(self) -> str:
            return "of-no-known-form"

    refused = problem(401, "of-no-known-form is unknown")
    with scripted(refused, exchanges=False) as server, client(server, time) as target:
        with pytest.raises(Unauthorized, match=r"401 A problem: \[hidden\] is unknown"):
            target.exchange(Other())
        assert server.left == 0


def test_an_answer_that_makes_no_sense_is_not_quoted(time: Time) -> None:
    with scripted(Say(201, {"key": KEY})) as server, client(server, time) as target, pytest.raises(Nonsense) as caught:
        target.create_hub(WANTED)
    assert KEY not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__
