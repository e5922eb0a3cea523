"""The surface of the reference contract, as reading its OpenAPI document gives it; known without reading it."""

from functools import cache

import vsmhub
from vsmhub.interhub.messages.wire import member
from vsmhub.interhub.surface.model import Batching, Listing, Offer, Surface
from vsmhub.interhub.surface.operations import NEEDS, Form, Need


@cache
def reference() -> Surface:
    """What the embedded Inter-Hub of this version offers; `paths` are those of the operations alone."""
    offered = {operation: _offer(need) for operation, need in NEEDS.items()}
    return Surface(
        offered, {}, frozenset(need.path for need in NEEDS.values()), title="Inter-Hub", version=vsmhub.__version__
    )


def _offer(need: Need) -> Offer:
    writes = need.method == "POST" and need.path != "/token"
    return Offer(
        method=need.method,
        path=need.path,
        takes=frozenset(need.takes.model_fields) if need.takes else frozenset(),
        tells=frozenset(need.gives.model_fields),
        listing=Listing(filters={member(name): member(name) for name in need.filters})
        if need.form is Form.LIST
        else None,
        batching=Batching() if need.form is Form.BATCH else None,
        idempotent=writes,
        matched=need.method == "PATCH" or need.path.endswith(("/activate", "/revoke")),
    )
