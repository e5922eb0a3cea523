"""Which URLs name a target, and which are refused."""

from pathlib import Path

import pytest

from vsmhub.interhub.address import address
from vsmhub.interhub.errors import BadAddress

GOOD = {
    "https://hub.example.org": "https://hub.example.org/api/v2",
    "https://hub.example.org/": "https://hub.example.org/api/v2",
    "https://hub.example.org/api/v2": "https://hub.example.org/api/v2",
    "https://hub.example.org/api/v2/": "https://hub.example.org/api/v2",
    " https://hub.example.org:8443/inter ": "https://hub.example.org:8443/inter/api/v2",
    "http://localhost:8000": "http://localhost:8000/api/v2",
    "http://127.0.0.2": "http://127.0.0.2/api/v2",
    "http://[::1]:80": "http://[::1]:80/api/v2",
    "http://vsmhub.localhost": "http://vsmhub.localhost/api/v2",
}
BAD = {
    "hub.example.org": "not an http or https URL",
    "": "not an http or https URL",
    "ftp://hub.example.org": "not an http or https URL",
    "https://": "not an http or https URL",
    "https://hub.example.org:many": "not a URL",
    "https://[::1": "not a URL",
    "https://hub.example.org?key=1": "a query",
    "https://hub.example.org#top": "a fragment",
    "http://hub.example.org": "keys would travel readable",
    "https://exa mple.org": "white space",
    "https://exa\x7fmple.org": "control characters",
    "http://10.0.0.1/api/v2": "keys would travel readable",
    "http://127.0.0.1.example.org": "keys would travel readable",
    "http://localhost.example.org": "keys would travel readable",
}


@pytest.mark.parametrize(("base", "url"), GOOD.items())
def test_a_service_or_its_api_will_do(base: str, url: str) -> None:
    found = address(base)
    assert (found.url, found.label) == (url, url)


@pytest.mark.parametrize(("base", "text"), BAD.items())
def test_what_is_refused_says_why(base: str, text: str) -> None:
    with pytest.raises(BadAddress, match=text) as caught:
        address(base)
    assert caught.value.message.isprintable()


def test_credentials_in_a_url_are_refused_unseen() -> None:
    with pytest.raises(BadAddress) as caught:
        address("https://operator:ihk_secret@hub.example.org")
    assert "ihk_secret" not in caught.value.message + caught.value.hint


def test_plain_http_to_another_machine_is_possible_when_asked_for() -> None:
    assert address("http://10.0.0.1", insecure=True).url == "http://10.0.0.1/api/v2"


def test_through_a_socket_nothing_leaves_the_machine() -> None:
    found = address("http://interhub", socket=Path("/run/hub.sock"), label="local")
    assert found.is_private
    assert found.label == "local"
