"""The registry probe against a real docker-registry, and against ones that do wrong things."""

from pathlib import Path

import pytest

from tests.evidence import services
from tests.evidence.looking import look
from tests.evidence.services import PASSWORD, USER
from tests.evidence.speaking import answering, http
from vsmhub.evidence.probes.challenge import Challenge, challenges
from vsmhub.evidence.probes.observation import Reason

PAIR = {"key": f"{USER}:{PASSWORD}"}


def test_the_challenge_is_observed(registry: str) -> None:
    found = look("registry", url=registry)
    assert found.reason is None
    assert found.facts["status"] == 401
    assert found.facts["challenge"] == "basic"
    assert dict(found.facts["header"])["docker-distribution-api-version"] == "registry/2.0"  # type: ignore[arg-type]
    assert "login" not in found.facts


def test_the_challenge_is_what_the_http_probe_sees_as_well(registry: str) -> None:
    assert look("http", url=f"{registry}/v2/").facts["status"] == 401


@pytest.mark.parametrize(("username", "secret"), [(None, f"{USER}:{PASSWORD}"), (USER, PASSWORD)])
def test_login_push_and_pull(registry: str, username: str | None, secret: str) -> None:
    for _ in range(2):  # what is there already is pushed again
        found = look(
            "registry",
            url=registry,
            credential={"secret": "key", "username": username},
            repository="coulomb/probe",
            secrets={"key": secret},
        )
        assert found.reason is None, found.message
        assert [found.facts[name] for name in ("login", "pushed", "pulled")] == [True, True, True]
        assert str(found.facts["digest"]).startswith("sha256:")
        assert found.facts["status"] == 401


def test_a_wrong_password_is_a_login_refused(registry: str) -> None:
    found = look("registry", url=registry, credential={"secret": "key"}, repository="a", secrets={"key": "prober:no"})
    assert found.facts["login"] is False
    assert "pushed" not in found.facts


def test_a_registry_that_stops_is_a_failure_to_connect(tmp_path: Path) -> None:
    with services.registry(tmp_path) as port:
        assert look("registry", url=f"http://127.0.0.1:{port}").reason is None
    assert look("registry", url=f"http://127.0.0.1:{port}").reason is Reason.CONNECT


def bearer(realm: str) -> bytes:
    return http(401, WWW_Authenticate=f'Bearer realm="{realm}",service="tests"')


def test_a_token_is_fetched_where_the_challenge_says() -> None:
    with (
        answering(http(200, b'{"token": "a-token"}')) as tokens,
        answering(bearer(tokens.url("/token")), http(200)) as server,
    ):
        found = look("registry", url=server.url(), credential={"secret": "key"}, secrets=PAIR, repository=None)
    assert found.facts["login"] is True
    assert tokens.requests[0].startswith(b"GET /token?service=tests")
    assert b"Authorization: Basic " in tokens.requests[0]
    assert b"Authorization: Bearer a-token" in server.requests[1]


WRONG = [
    ("http://169.254.169.254/token", Reason.REDIRECT),
    ("https://tokens.example.invalid/token", Reason.REDIRECT),
    ("nonsense", Reason.REDIRECT),
]


@pytest.mark.parametrize(("realm", "reason"), WRONG)
def test_a_challenge_cannot_send_the_secret_elsewhere(realm: str, reason: Reason) -> None:
    with answering(bearer(realm)) as server:
        found = look("registry", url=server.url(), credential={"secret": "key"}, secrets=PAIR)
    assert found.reason is reason
    assert len(server.requests) == 1


def test_an_upload_is_not_sent_to_another_host() -> None:
    answers = [http(401, WWW_Authenticate="Basic realm=x"), http(200), http(202, Location="http://192.0.2.1/upload")]
    with answering(*answers) as server:
        found = look("registry", url=server.url(), credential={"secret": "key"}, secrets=PAIR, repository="a")
    assert found.reason is Reason.REDIRECT
    assert found.facts["login"] is True


def test_a_push_that_is_refused_is_observed() -> None:
    answers = [http(401, WWW_Authenticate="Basic realm=x"), http(200), http(403)]
    with answering(*answers) as server:
        found = look("registry", url=server.url(), credential={"secret": "key"}, secrets=PAIR, repository="a")
    assert (found.reason, found.facts["pushed"]) == (None, False)
    assert "pulled" not in found.facts


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ("", ()),
        ("Basic", (Challenge("basic", {}),)),
        (
            'Basic realm="a, b", Bearer realm="c"',
            (Challenge("basic", {"realm": "a, b"}), Challenge("bearer", {"realm": "c"})),
        ),
        (r'Bearer realm="a\"b",service=c', (Challenge("bearer", {"realm": 'a"b', "service": "c"}),)),
        ('="', ()),
    ],
)
def test_challenges_are_read(header: str, found: tuple[Challenge, ...]) -> None:
    assert challenges(header) == found
