"""What a signal's conditions say of a real nginx that is made to fail in each way."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.evidence.authority import Authority
from tests.evidence.looking import verdict
from tests.evidence.services import PASSWORD, USER, nginx, registry

WELL = "location / { return 200; }"
ENDS = "certificate.expires_in > 14d"

# What it is given as a certificate (names, life, signed by itself), whether the authority is trusted, what is expected.
CERTIFICATES = [
    ("good", ("127.0.0.1",), 30, False, True, ("pass", None)),
    ("expiring", ("127.0.0.1",), 9, False, True, ("fail", "certificate")),
    ("expired", ("127.0.0.1",), -1, False, True, ("fail", "tls")),
    ("of another issuer", ("127.0.0.1",), 30, False, False, ("fail", "tls")),
    ("self-signed", ("127.0.0.1",), 30, True, True, ("fail", "tls")),
    ("of another host", ("example.org",), 30, False, True, ("fail", "tls")),
]


@pytest.mark.parametrize(
    ("names", "days", "itself", "trusted", "expected"),
    [one[1:] for one in CERTIFICATES],
    ids=[one[0] for one in CERTIFICATES],
)
def test_its_certificate(
    authority: Authority,
    short: Path,
    names: tuple[str, ...],
    days: int,
    itself: bool,
    trusted: bool,
    expected: tuple[str, str | None],
) -> None:
    issued = authority.issue(*names, lasts=timedelta(days=days), itself=itself)
    trust = authority.file if trusted else None
    with nginx(short, issued, WELL) as port:
        assert verdict("tls", ENDS, host="127.0.0.1", port=port, trust=trust) == expected
        assert verdict("http", "status == 200", ENDS, url=f"https://127.0.0.1:{port}/", trust=trust) == expected
    assert verdict("tls", ENDS, host="127.0.0.1", port=port, trust=trust) == ("fail", "connect")


def test_who_issued_its_certificate(authority: Authority, short: Path) -> None:
    with nginx(short, authority.issue("127.0.0.1"), WELL) as port:
        for issuer, expected in [("A test's", ("pass", None)), ("Let's Encrypt", ("fail", "certificate"))]:
            condition = f'certificate.issuer contains "{issuer}"'
            assert verdict("tls", condition, host="127.0.0.1", port=port, trust=authority.file) == expected


def test_a_tls_that_is_too_old(authority: Authority, short: Path) -> None:
    with nginx(short, authority.issue("127.0.0.1"), f"ssl_protocols TLSv1.2; {WELL}") as port:
        older = verdict("tls", 'tls.version == "TLSv1.3"', host="127.0.0.1", port=port, trust=authority.file)
    assert older == ("fail", "tls")
    with nginx(short, None, WELL) as port:
        none = verdict("tls", ENDS, host="127.0.0.1", port=port, trust=authority.file)
    assert none == ("fail", "tls")


# What it does at `/`, the condition that is set, and the verdict.
PAGES = [
    ("well", "return 200;", "status == 200", ("pass", None)),
    ("forbidden", "return 403;", "status == 200", ("fail", "status")),
    ("broken", "return 500;", "status in [200, 204]", ("fail", "status")),
    ("its own upstream is down", "proxy_pass http://127.0.0.1:9;", "status == 200", ("fail", "status")),
    ("silent", "return 444;", "status == 200", ("fail", "protocol")),
    ("another header", "add_header X-A b; return 200;", 'header["X-A"] == "a"', ("fail", "header")),
    ("no header", "return 200;", 'header["X-A"] exists', ("fail", "header")),
    ("a redirect", "return 302 /elsewhere;", "status == 200", ("fail", "status")),
    ("a redirect to where it should", "return 302 /elsewhere;", 'header["Location"] exists', ("pass", None)),
    ("a body", "return 200 'all is well';", 'body contains "well"', ("pass", None)),
    ("another body", "return 200 'nothing is';", 'body contains "well"', ("fail", "body")),
    ("JSON", """return 200 '{"db": {"up": true}}';""", "json.$.db.up == true", ("pass", None)),
    ("JSON that says no", """return 200 '{"db": {"up": false}}';""", "json.$.db.up == true", ("fail", "body")),
    ("JSON without it", "return 200 '{}';", "json.$.db.up == true", ("fail", "body")),
    ("no JSON", "return 200 'db up';", "json.$.db.up == true", ("fail", "body")),
    ("in time", "return 200;", "latency < 5s", ("pass", None)),
    ("slow", "limit_rate 200; root {folder};", "latency < 100ms", ("fail", "latency")),
    ("too slow", "limit_rate 20; root {folder};", "status == 200", ("fail", "timeout")),
]


@pytest.mark.parametrize(("does", "condition", "expected"), [one[1:] for one in PAGES], ids=[one[0] for one in PAGES])
def test_its_pages(short: Path, does: str, condition: str, expected: tuple[str, str | None]) -> None:
    (short / "index.html").write_text("x" * 300)
    with nginx(short, None, f"location / {{ {does.replace('{folder}', str(short))} }}") as port:
        assert verdict("http", condition, url=f"http://127.0.0.1:{port}/", timeout=2.5) == expected


def test_redirects_that_go_round_or_away(short: Path) -> None:
    page = "location /round { return 302 /round; } location /away { return 302 http://example.org/; }"
    with nginx(short, None, page) as port:
        for path, reason in [("round", "status"), ("away", "redirect")]:
            url = f"http://127.0.0.1:{port}/{path}"
            assert verdict("http", "status == 200", url=url, redirects=3) == ("fail", reason)


CHALLENGE = ("status == 401", 'header["Docker-Distribution-Api-Version"] == "registry/2.0"')
LOGIN = {"credential": {"secret": "key"}, "repository": "a", "secrets": {"key": f"{USER}:{PASSWORD}"}}


def test_a_route_to_a_registry_that_breaks_in_each_way(short: Path) -> None:
    """As between users and Gitea: the route can be wrong while the registry is well, and the other way round."""
    with registry(short) as port:
        routes = {
            "/well/": "",
            "/header/": "proxy_hide_header Docker-Distribution-Api-Version;",
            "/another/": "proxy_hide_header Docker-Distribution-Api-Version; add_header "
            "Docker-Distribution-Api-Version registry/1.0 always;",
            "/error/": "return 500;",
            "/open/": "return 200;",
        }
        page = "".join(f"location {at} {{ proxy_pass http://127.0.0.1:{port}/; {how} }}" for at, how in routes.items())
        expected = {
            "/well/": ("pass", None),
            "/header/": ("fail", "header"),
            "/another/": ("fail", "header"),
            "/error/": ("fail", "status"),
            "/open/": ("fail", "status"),
        }
        with nginx(short, None, page) as route:
            for at, found in expected.items():
                assert verdict("http", *CHALLENGE, url=f"http://127.0.0.1:{route}{at}v2/") == found, at
            # The registry's own probe sees the same where it is asked directly.
            assert verdict("registry", *CHALLENGE, url=f"http://127.0.0.1:{port}") == ("pass", None)
            registry_again = registry(short, port=port, read_only=True)
    with nginx(short, None, page) as route:
        assert verdict("http", *CHALLENGE, url=f"http://127.0.0.1:{route}/well/v2/") == ("fail", "status")
    with registry_again:
        url = f"http://127.0.0.1:{port}"
        assert verdict("registry", *CHALLENGE, "login", url=url, **LOGIN) == ("pass", None)
        assert verdict("registry", "login", "pushed", url=url, **LOGIN) == ("fail", "value")


def test_a_registry_that_lost_its_storage(short: Path) -> None:
    with registry(short) as port:
        url = f"http://127.0.0.1:{port}"
        assert verdict("registry", "login", "pushed", "pulled", url=url, **LOGIN) == ("pass", None)
        (short / "data" / "docker").rename(short / "lost")
        (short / "data" / "docker").write_text("no folder any more")
        assert verdict("registry", "login", url=url, **LOGIN) == ("pass", None)
        assert verdict("registry", "login", "pushed", url=url, **LOGIN) == ("fail", "value")
