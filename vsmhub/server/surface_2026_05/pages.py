"""What stood where the pages for people were: a redirection, and a page that says what it is."""

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from vsmhub.server.reference import HEADERS

_PAGE = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Inter-Hub</title></head><body><h1>Inter-Hub</h1>'
    "<p>People signed in here to make hubs, manifests, API consumers and keys. These pages are not part of the "
    'embedded Inter-Hub. Its API is at <a href="/api/v2/docs">/api/v2/docs</a>.</p></body></html>'
)


async def hubs(request: Request) -> Response:  # noqa: ARG001 - as routes are called
    """Nobody is signed in."""
    return RedirectResponse("/NewSession", 302)


async def new_session(request: Request) -> Response:  # noqa: ARG001 - as routes are called
    """Where one would sign in."""
    return HTMLResponse(_PAGE, headers=HEADERS)


ROUTES = (Route("/Hubs", hubs), Route("/NewSession", new_session))
