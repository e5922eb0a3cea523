"""The application: what it is built of, and what runs beside it as long as it serves."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Coroutine, Iterator

from fastapi import FastAPI

import vsmhub
from vsmhub.server import openapi
from vsmhub.server.boundary import Boundary
from vsmhub.server.database import Database
from vsmhub.server.events.express import Express
from vsmhub.server.guard import GuardedRoute
from vsmhub.server.handlers import HANDLERS
from vsmhub.server.housekeeping import keep_house
from vsmhub.server.limiter import Limiter
from vsmhub.server.metrics import Metrics
from vsmhub.server.operation import PREFIX, add
from vsmhub.server.operations import (
    annotations,
    audit,
    consumers,
    events,
    governance,
    hubs,
    keys,
    manifests,
    patterns,
    registry,
    service,
    subscriptions,
    tokens,
    widgets,
)
from vsmhub.server.served import Served
from vsmhub.server.services import Services
from vsmhub.server.settings import Settings
from vsmhub.server.surface import Surface
from vsmhub.server.webhooks.sender import Sender
from vsmhub.server.webhooks.worker import Worker

_LOG = logging.getLogger(__name__)

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
    *annotations.OPERATIONS,
    *governance.OPERATIONS,
    *patterns.OPERATIONS,
    *subscriptions.OPERATIONS,
    *audit.OPERATIONS,
)

_CANCEL_AGAIN_SECONDS = 0.2


def create_app(settings: Settings, surface: Surface = Surface.REFERENCE) -> FastAPI:
    """The Inter-Hub on a database that is migrated and laid out for `surface`.

    It connects when it starts, and raises a ServerError when it cannot.
    """
    if surface is Surface.OF_2026_05:
        from vsmhub.server.surface_2026_05.serving import SERVED, with_faults

        return _app(with_faults(settings), SERVED)
    return _app(settings, Served(OPERATIONS, service.ROUTES, vsmhub.__version__, openapi.DESCRIPTION))


def _app(settings: Settings, served: Served) -> FastAPI:
    metrics = Metrics(vsmhub.__version__)
    services = Services(
        database=Database(settings.database, connections=settings.connections, patience=settings.patience),
        limiter=Limiter(settings.rate_limit, settings.rate_burst),
        metrics=metrics,
        settings=settings,
    )

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await services.database.open()
        try:
            async with _beside(*_works(services)):
                yield
        finally:
            await services.database.close()

    app = FastAPI(
        title="Inter-Hub",
        version=served.version,
        description=served.description,
        openapi_url=f"{PREFIX}/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        exception_handlers=HANDLERS,
        lifespan=lifespan,
    )
    app.router.route_class = GuardedRoute
    app.state.services = services
    add(app.router, served.operations)
    app.router.routes.extend(served.routes)
    if served.express:
        app.add_middleware(Express, services=services)
    app.add_middleware(Boundary)
    openapi.install(app, served.edit)
    return app


def _works(services: Services) -> Iterator[Coroutine[None, None, None]]:
    lifetime = services.settings.idempotency_lifetime
    yield keep_house(services.database, lifetime, services.metrics.count_forgotten)
    if services.settings.webhooks.enabled:
        yield _deliver(services)


async def _deliver(services: Services) -> None:
    webhooks = services.settings.webhooks
    sender = Sender(webhooks)
    try:
        await Worker(services.database, sender, webhooks, services.metrics.count_delivery).run()
    finally:
        await sender.close()


@contextlib.asynccontextmanager
async def _beside(*works: Coroutine[None, None, None]) -> AsyncIterator[None]:
    """Everything that goes on without being asked for, until the block ends."""
    tasks = [asyncio.create_task(work) for work in works]
    for task in tasks:
        task.add_done_callback(_ended)
    try:
        yield
    finally:
        pending = set(tasks)
        # Again and again: before Python 3.12, `asyncio.wait_for` loses a cancellation that comes in the moment in which
        # it has got what it waited for, such as a connection of the pool.
        while pending:
            for task in pending:
                task.cancel()
            _, pending = await asyncio.wait(pending, timeout=_CANCEL_AGAIN_SECONDS)


def _ended(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and task.exception() is not None:
        _LOG.critical("webhooks or housekeeping have ended; restart the server", exc_info=task.exception())


def openapi_text() -> str:
    """The OpenAPI document as the file `docs/openapi.json` has it. No database is needed."""
    return openapi.text(create_app(Settings(database="postgresql://")).openapi())
