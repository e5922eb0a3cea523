"""The application: what it is built of."""

import contextlib
from collections.abc import AsyncIterator

from fastapi import FastAPI

import vsmhub
from vsmhub.server import openapi
from vsmhub.server.boundary import Boundary
from vsmhub.server.database import Database
from vsmhub.server.guard import GuardedRoute, Services
from vsmhub.server.handlers import HANDLERS
from vsmhub.server.limiter import Limiter
from vsmhub.server.operation import PREFIX, add
from vsmhub.server.operations import consumers, events, hubs, keys, manifests, registry, service, tokens, widgets
from vsmhub.server.settings import Settings

# Events first: routes are tried in turn, and events are what comes all day.
OPERATIONS = (
    *events.OPERATIONS,
    *tokens.OPERATIONS,
    *hubs.OPERATIONS,
    *manifests.OPERATIONS,
    *registry.OPERATIONS,
    *consumers.OPERATIONS,
    *keys.OPERATIONS,
    *widgets.OPERATIONS,
)


def create_app(settings: Settings) -> FastAPI:
    """The Inter-Hub on a migrated database. It connects when it starts, and raises a ServerError when it cannot."""
    database = Database(settings.database, connections=settings.connections)
    services = Services(database, Limiter(settings.rate_limit, settings.rate_burst), settings)

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await database.open()
        try:
            yield
        finally:
            await database.close()

    app = FastAPI(
        title="Inter-Hub",
        version=vsmhub.__version__,
        description=openapi.DESCRIPTION,
        openapi_url=f"{PREFIX}/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        exception_handlers=HANDLERS,
        lifespan=lifespan,
    )
    app.router.route_class = GuardedRoute
    app.state.services = services
    add(app.router, OPERATIONS)
    app.router.routes.extend(service.ROUTES)
    app.add_middleware(Boundary)
    openapi.install(app)
    return app
