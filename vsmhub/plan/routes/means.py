"""What an operator gives besides the API, and the routes that it opens."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from vsmhub.interhub.credentials import Revealing
from vsmhub.plan.desired import Desired
from vsmhub.plan.execution import RouteOfChange
from vsmhub.plan.keys import HubKeys
from vsmhub.plan.model import Plan, Route
from vsmhub.plan.routes.api import ApiRoute
from vsmhub.plan.routes.runbook import HandOver

if TYPE_CHECKING:
    from vsmhub.interhub.client import InterHub
    from vsmhub.plan.routes.sql.database import Database


@dataclass(frozen=True, slots=True)
class Means:
    """The database itself, or a file to put the `sql` route's changes into, for whoever reaches the database."""

    database: "Database | None" = None
    script: Path | None = None

    @property
    def sql(self) -> bool:
        """Whether changes may go by `sql`."""
        return self.database is not None or self.script is not None


class Reached(Protocol):
    """What routes need of a target."""

    @property
    def operator(self) -> "InterHub": ...

    @property
    def means(self) -> Means: ...

    def as_hub(self, key: Revealing) -> "InterHub": ...

    def key_of(self, hub: str) -> HubKeys: ...


@contextmanager
def open_routes(plan: Plan, declared: Desired, target: Reached) -> Iterator[Mapping[Route, RouteOfChange]]:
    """The routes that are open for `plan`; what they opened is closed afterwards."""
    api = ApiRoute(plan, target.operator, target.as_hub, target.key_of(declared.hub))
    means = target.means
    for_a_person = {Route.RUNBOOK} | ({Route.SQL} if means.database is None else set())
    waiting = [change for change in plan.steps if change.route in for_a_person]
    hand_over = HandOver(waiting, means.script if means.database is None else None)
    routes: dict[Route, RouteOfChange] = {Route.API: api, Route.RUNBOOK: hand_over}
    if means.database is not None:
        from vsmhub.plan.routes.sql.route import SqlRoute

        routes[Route.SQL] = SqlRoute(declared, plan, means.database)
    elif means.script is not None:
        routes[Route.SQL] = hand_over
    try:
        yield routes
    finally:
        api.close()
