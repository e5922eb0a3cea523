"""What is asked of the service itself: is it up, can it work, how is it doing, and what is its API."""

import psycopg
from psycopg_pool import PoolTimeout
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from vsmhub.server.metrics import CONTENT_TYPE
from vsmhub.server.operation import PREFIX
from vsmhub.server.reference import HEADERS, page
from vsmhub.server.schema.migrate import HEAD
from vsmhub.server.services import services_of


async def healthz(request: Request) -> Response:  # noqa: ARG001 - as routes are called
    """The process is up."""
    return JSONResponse({"status": "up"})


async def readyz(request: Request) -> Response:
    """The database answers and has the schema that this version needs."""
    try:
        async with services_of(request).database.connection() as connection:
            row = await (await connection.execute("SELECT version_num FROM alembic_version")).fetchone()
    except (psycopg.Error, PoolTimeout):
        return _not_ready("does not answer, or was never migrated")
    found = row["version_num"] if row else None
    return JSONResponse({"status": "ready"}) if found == HEAD else _not_ready(f"is at revision {found}, not {HEAD}")


def _not_ready(why: str) -> Response:
    return JSONResponse({"status": "not ready", "reason": f"the database {why}"}, 503)


async def metrics(request: Request) -> Response:
    """Numbers for Prometheus."""
    services = services_of(request)
    return Response(services.metrics.text(services.database.numbers()), media_type=CONTENT_TYPE)


async def docs(request: Request) -> Response:
    """The API's reference for people."""
    return HTMLResponse(page(request.app.openapi()), headers=HEADERS)


ROUTES = (
    Route("/healthz", healthz),
    Route("/readyz", readyz),
    Route("/metrics", metrics),
    Route(f"{PREFIX}/docs", docs),
)
