"""Whether the process is up and whether it can work; outside `/api/v2`, for those who run it."""

from psycopg import Error
from psycopg_pool import PoolTimeout
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from vsmhub.server.guard import Services
from vsmhub.server.migrate import HEAD


async def healthz(request: Request) -> Response:  # noqa: ARG001 - as routes are called
    """The process is up."""
    return JSONResponse({"status": "up"})


async def readyz(request: Request) -> Response:
    """The database answers and has the schema that this version needs."""
    services: Services = request.app.state.services
    try:
        async with services.database.connection() as connection:
            row = await (await connection.execute("SELECT version_num FROM alembic_version")).fetchone()
    except (Error, PoolTimeout):
        return JSONResponse({"status": "down", "database": "does not answer, or was never migrated"}, 503)
    found = row["version_num"] if row else None
    if found != HEAD:
        return JSONResponse({"status": "down", "database": f"is at revision {found}, not {HEAD}"}, 503)
    return JSONResponse({"status": "ready"})


ROUTES = (Route("/healthz", healthz), Route("/readyz", readyz))
