"""That API put together."""

from dataclasses import replace

from vsmhub.server.operations import service
from vsmhub.server.served import Served
from vsmhub.server.settings import Settings
from vsmhub.server.surface_2026_05 import document, pages
from vsmhub.server.surface_2026_05.operations import OPERATIONS

SERVED = Served(
    operations=OPERATIONS,
    routes=(*service.ROUTES, *pages.ROUTES),
    version=document.VERSION,
    description=document.DESCRIPTION,
    edit=document.aged,
    express=False,
)


def with_faults(settings: Settings) -> Settings:
    """The settings, but for webhooks that always say the same, whatever the event was."""
    return replace(settings, webhooks=replace(settings.webhooks, says="clicked"))
